"""Writes the sample logs: one made-up hour of a small shop, 2026-11-20 14:00 to 15:00 UTC, always the same bytes.

    python sample_logs/generate.py [--into FOLDER]

README.md beside this file tells each story; tests/test_sample_logs.py holds the files, the stories and this script
together. Nothing in here is real: companies, hosts, ids and faults are invented.
"""

from __future__ import annotations

import argparse
import json
import random
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

START = datetime(2026, 11, 20, 14, tzinfo=UTC)
HOSTS = ("api-1", "api-2", "api-3")
WORKER_ZONE = timezone(timedelta(hours=1))
"""The worker logs local time with its offset, as many programs do."""
BACKOFF_MS = (50, 100)
"""What checkout waits before its second and its third attempt."""

Entry = tuple[float, str]
"""A line and the second of the hour at which it was written."""


@dataclass(frozen=True)
class Route:
    """How one function behaves on a good day; both times are medians in milliseconds."""

    function: str
    upstream: str
    per_minute: int
    upstream_ms: float
    own_ms: float


ROUTES = (
    Route("checkout", "payments-api", 5, 85, 14),
    Route("search", "geo-api", 5, 38, 22),
    Route("profile", "redis", 4, 4, 18),
    Route("orders", "orders-db", 3, 12, 16),
    Route("address", "geo-api", 2, 31, 8),
)


def within(at: float, first_minute: float, last_minute: float) -> bool:
    """Whether a second of the hour lies in a span of minutes."""
    return first_minute * 60 <= at < last_minute * 60


class Api:
    """The shop's API: one line per request, and one more for each attempt that was tried again."""

    def __init__(self, rnd: random.Random) -> None:
        self.rnd = rnd
        self.entries: list[Entry] = []
        self.sold: list[tuple[float, str]] = []
        """When a checkout succeeded, and its request id."""

    def hour(self) -> list[Entry]:
        """Every request of the hour, then what else ends up in such a file."""
        for minute in range(60):
            for route in ROUTES:
                for _ in range(route.per_minute):
                    self.request(route, minute * 60 + self.rnd.uniform(0, 60))
        self.entries.sort()
        self.traceback()
        self.noise()
        self.entries.sort(key=lambda entry: entry[0])
        return self.entries

    def request(self, route: Route, at: float) -> None:
        """One request that arrives `at`; which story it belongs to follows from the time."""
        host = self.rnd.choice(HOSTS)
        canary = within(at, 30, 38) and host != "api-3"
        base: dict[str, Any] = {
            "service": "shop-api",
            "service.version": "4.2.0" if canary else "4.1.3",
            "host.name": host,
            "cloud.region": "eu-central-1",
            "request_id": f"{self.rnd.getrandbits(128):032x}",
            "function": route.function,
        }
        own = self.around(route.own_ms, 0.5)
        if route.function == "checkout":
            base["cart_items"] = 1 + int(self.rnd.random() ** 2 * 9)
            self.checkout(base, at, own)
            return
        upstream, status, error, upstream_status = self.around(route.upstream_ms, 0.35), 200, None, 200
        stage = "response"
        if route.function == "profile" and canary and self.rnd.random() < 0.9:
            stage, status, error = "exception", 500, "TypeError"
        elif route.function == "orders" and within(at, 20.5, 26.5) and self.rnd.random() < 0.85:
            # The logger of this path forgot what the database answered.
            stage, status, error = "exception", 500, "ORDERS_READ_FAILED"
            self.write(at, base, stage, status, own + upstream, error, "orders-db", None, None)
            return
        elif route.function == "search" and within(at, 45, 53):
            own = self.around(1400, 0.3)
        elif route.function == "address" and self.rnd.random() < 0.12:
            status, error, upstream_status = 404, "ADDRESS_NOT_FOUND", 404
        self.write(at, base, stage, status, own + upstream, error, route.upstream, upstream_status, upstream)

    def checkout(self, base: dict[str, Any], at: float, own: float) -> None:
        """A payment with up to three attempts: each failed one that is tried again has a line of its own."""
        broken = within(at, 10, 17.5)
        elapsed = own / 2
        for attempt in (1, 2, 3):
            fails = broken and self.rnd.random() < 0.88
            took = self.around(24 if fails else 85, 0.3)
            elapsed += took
            code = 503 if fails else 200
            if fails and attempt < 3:
                self.write(
                    at, base, "payment", None, elapsed, "UPSTREAM_ERROR", "payments-api", code, took, attempt=attempt
                )
                elapsed += BACKOFF_MS[attempt - 1]
                continue
            status, error = (502, "UPSTREAM_ERROR") if fails else (200, None)
            known = not (fails and self.rnd.random() < 0.08)
            self.write(
                at,
                base,
                "response",
                status,
                elapsed + own / 2,
                error,
                "payments-api",
                code if known else None,
                took if known else None,
                attempt=attempt,
            )
            if not fails:
                self.sold.append((at + elapsed / 1000, base["request_id"]))
            return

    def write(
        self,
        at: float,
        base: dict[str, Any],
        stage: str,
        status: int | None,
        latency: float,
        error: str | None,
        upstream: str,
        upstream_status: int | None,
        upstream_latency: float | None,
        **more: Any,
    ) -> None:
        """One M1 line, written when what it reports has ended."""
        end = at + latency / 1000
        line = {
            "ts": (START + timedelta(seconds=end)).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            **base,
            "stage": stage,
            "status": status,
            "latency_ms": round(latency, 1),
            "error_code": error,
            "upstream": upstream,
            "upstream_status": upstream_status,
            "upstream_latency_ms": None if upstream_latency is None else round(upstream_latency, 1),
            **more,
        }
        self.entries.append((end, dump(line)))

    def around(self, median_ms: float, spread: float) -> float:
        """A log-normal duration, as latencies are, in tenths of a millisecond."""
        return round(median_ms * self.rnd.lognormvariate(0, spread), 1)

    def traceback(self) -> None:
        """The first TypeError also went to stderr, and both streams end in this file."""
        at = next(at for at, line in self.entries if '"TypeError"' in line)
        text = (
            "Traceback (most recent call last):",
            '  File "/srv/shop/api/profile.py", line 88, in profile',
            '    return {**card, "badges": len(card["badges"])}',
            "TypeError: object of type 'NoneType' has no len()",
        )
        self.entries += [(at, line) for line in text]

    def noise(self) -> None:
        """What real files hold beside good lines: cut lines, other programs, copies, requests without an id."""
        base: dict[str, Any] = {"service": "shop-api", "service.version": "4.1.3", "host.name": "api-2"}
        # A full disk at 14:05 cut two lines in the middle.
        first = next(n for n, (at, _) in enumerate(self.entries) if at > 305)
        for n, kept in ((first, 141), (first + 2, 63)):
            self.entries[n] = (self.entries[n][0], self.entries[n][1][:kept])
        # A hand-written serialiser: NaN is no JSON.
        nan = {**base, "request_id": f"{self.rnd.getrandbits(128):032x}", "function": "search", "stage": "response"}
        nan |= {"status": 200, "latency_ms": 41.2, "upstream": "geo-api", "upstream_status": 200}
        self.entries.append((1990.0, dump(nan | {"upstream_latency_ms": float("nan")})))
        # The scheduler beside the API writes JSON too, and nothing of it is a request.
        for n in range(6):
            at = 420.0 + 540 * n
            moment = (START + timedelta(seconds=at)).isoformat().replace("+00:00", "Z")
            self.entries.append((at, dump({"ts": moment, "level": "info", "logger": "scheduler", "msg": "tick"})))
        # Blank lines of a log shipper that restarted.
        self.entries += [(1500.0, ""), (1500.0, ""), (2800.0, "  ")]
        # At-least-once delivery: five lines came twice, a second later.
        copies = [entry for entry in self.entries if '"stage":"response"' in entry[1] and '"status":200' in entry[1]]
        self.entries += [(at + 1, line) for at, line in copies[100:105]]
        # A health probe and an old client send no usable id.
        for at, request_id in ((610.0, "-"), (1210.0, "null"), (2410.0, "-")):
            probe = {**base, "request_id": request_id, "function": "search"}
            self.write(at, probe, "response", 200, self.around(30, 0.3), None, "geo-api", 200, 12.0)
        # The customer went away.
        gone = {**base, "request_id": f"{self.rnd.getrandbits(128):032x}", "function": "search"}
        self.write(3420.0, gone, "response", 499, 212.4, "CLIENT_CLOSED_REQUEST", "geo-api", 200, 37.1)


def worker(rnd: random.Random, sold: list[tuple[float, str]]) -> list[Entry]:
    """The mail worker: each job has a line at its start, one per call, and one when it is done."""
    entries: list[Entry] = []

    def write(at: float, base: dict[str, Any], stage: str, **more: Any) -> None:
        moment = (START + timedelta(seconds=at)).astimezone(WORKER_ZONE).isoformat(timespec="milliseconds")
        entries.append((at, dump({"time": moment, **base, "stage": stage, **more})))

    for job, (paid_at, trace_id) in enumerate(sorted(sold)[2 :: len(sold) // 60][:60]):
        at = paid_at + rnd.uniform(0.1, 4)
        base = {
            "service": "shop-worker",
            "service.version": "2.0.1",
            "host.name": "worker-1",
            "request_id": str(uuid.UUID(int=rnd.getrandbits(128), version=4)),
            "trace_id": trace_id,
            "function": "send-invoice" if job % 4 == 3 else "send-receipt",
        }
        call_ms = round(120 * rnd.lognormvariate(0, 0.3), 1)
        answer: int | str = 200
        status, error = 200, None
        if job in {19, 35}:
            status, error = 500, "TemplateError"  # after mail-api had accepted the first part
        elif job == 28:
            answer, call_ms, status, error = "timeout", 10000.0, 504, "UPSTREAM_TIMEOUT"
        elif job == 42:
            answer, status, error = 429, 500, "MAIL_RATE_LIMITED"
        write(at, base, "start", status=None, latency_ms=0)
        called = at + 0.006 + call_ms / 1000
        total = round(call_ms + 6 + rnd.uniform(1, 9), 1)
        call = {"upstream": "mail-api", "upstream_status": answer, "upstream_latency_ms": call_ms}
        write(called, base, "call", status=None, latency_ms=round(call_ms + 6, 1), **call)
        if job != 24:  # the process was killed in the middle of this job
            write(at + total / 1000, base, "response", status=status, latency_ms=total, error_code=error)
    entries.sort(key=lambda entry: entry[0])
    return entries


def dump(line: dict[str, Any]) -> str:
    """One line of JSON, as compact as loggers write it."""
    return json.dumps(line, separators=(",", ":"))


def main() -> None:
    """Writes api.jsonl and worker.jsonl."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, default=Path(__file__).parent, help="folder (default: this one)")
    into: Path = parser.parse_args().into
    into.mkdir(parents=True, exist_ok=True)
    shop = Api(random.Random(20261120))
    api = "\n".join(line for _, line in shop.hour())
    # The copy was taken while the program wrote: its last line is not whole.
    (into / "api.jsonl").write_bytes(api[:-97].encode())
    jobs = "".join(line + "\n" for _, line in worker(random.Random(1120), shop.sold))
    (into / "worker.jsonl").write_bytes(jobs.encode())


if __name__ == "__main__":
    main()
