"""Lines of made-up logs, for the checks' samples."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

START: Final = datetime(2026, 11, 20, 14, tzinfo=UTC)
_USUAL: Final[dict[str, Any]] = {
    "function": "checkout",
    "stage": "response",
    "status": 200,
    "latency_ms": 40.5,
    "error_code": None,
    "upstream": "payments-api",
    "upstream_status": 200,
    "upstream_latency_ms": 30.25,
}


def line(number: int = 0, at: float | None = None, drop: Iterable[str] = (), **fields: Any) -> str:
    """A sound M1 line. Its id follows from `number`; it lies `at` seconds (default: `number`) after START.

    `fields` replace or add; a dot in a name is written as two underscores (`service__version`). `drop`: keys left out.
    """
    stamp = START + timedelta(seconds=number if at is None else at)
    record = {
        "ts": stamp.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        # UUIDs of version 4 with the number in them.
        "request_id": f"{number:08x}-7a1c-4e5b-9d3f-{number * 2654435761 % (1 << 48):012x}",
        **_USUAL,
        **{name.replace("__", "."): value for name, value in fields.items()},
    }
    return json.dumps({name: value for name, value in record.items() if name not in drop}, ensure_ascii=False)


def log(*lines: str) -> str:
    """Lines as a log."""
    return "".join(f"{one}\n" for one in lines)


def quiet(n: int = 200, **fields: Any) -> str:
    """A log in which nothing is wrong, or what `fields` say is wrong with every line."""
    return log(*(line(number, **fields) for number in range(n)))
