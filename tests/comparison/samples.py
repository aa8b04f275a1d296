"""Small logs to compare, by the figures that matter."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def log(
    path: Path,
    requests: int = 600,
    failing: float = 0.0,
    *,
    function: str = "checkout",
    upstream: str = "payments-api",
    vendor: bool = True,
    latency_ms: float = 80.0,
    seed: int = 1,
    minutes: int = 60,
    day: int = 0,
) -> str:
    """A log of one function: a share of its requests fails, spread evenly by chance; returns its path."""
    chance = random.Random(seed)
    with path.open("a", encoding="utf-8") as out:
        for number in range(requests):
            bad = chance.random() < failing
            at = START + timedelta(days=day, minutes=minutes * number / requests)
            row = {
                "ts": at.isoformat().replace("+00:00", "Z"),
                "request_id": f"{function}-{seed}-{day}-{number}",
                "function": function,
                "stage": "response",
                "status": 502 if bad else 200,
                "latency_ms": round(latency_ms * chance.uniform(0.5, 1.5), 1),
                "upstream": upstream,
                "upstream_status": (503 if vendor else 200) if bad else 200,
                "upstream_latency_ms": round(latency_ms * 0.4, 1),
            }
            out.write(json.dumps(row) + "\n")
    return str(path)
