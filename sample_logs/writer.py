"""One sample log in the making: requests at a rate, lines in M1's form, and the dirt that real files hold."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

DAY = datetime(2026, 11, 20, tzinfo=UTC)


@dataclass(frozen=True)
class Service:
    """One function on a good day; both times are medians in milliseconds."""

    name: str
    function: str
    upstream: str
    hosts: tuple[str, ...]
    upstream_ms: float
    own_ms: float
    spread: float = 0.35
    version: str = "v41"


def clock(text: str) -> float:
    """`14:02:30` as seconds of the day."""
    hours, minutes, *seconds = map(int, text.split(":"))
    return hours * 3600.0 + minutes * 60 + sum(seconds)


def within(at: float, first: str, last: str) -> bool:
    """Whether a second of the day lies between two clock times."""
    return clock(first) <= at < clock(last)


class Log:
    """One file. The same name writes the same bytes."""

    def __init__(self, name: str, zone: tzinfo = UTC) -> None:
        self.name, self.zone = name, zone
        self.rnd = random.Random(f"attrib sample log {name}")
        self.entries: list[tuple[float, str]] = []
        """(second of the day at which it was written, line)"""

    def arrivals(self, first: str, last: str, per_minute: Callable[[float], float]) -> Iterator[float]:
        """When requests come: one after the other, at random, so many per minute on average."""
        at = clock(first)
        while (at := at + self.rnd.expovariate(per_minute(at) / 60)) < clock(last):
            yield at

    def request(self, service: Service, **more: Any) -> dict[str, Any]:
        """What all lines of a new request have in common."""
        return {
            "service": service.name,
            "service.version": service.version,
            "host.name": self.rnd.choice(service.hosts),
            "request_id": self.id(),
            "function": service.function,
            **more,
        }

    def id(self) -> str:
        """Short, and never a number."""
        return f"{self.rnd.choice('abcdef')}{self.rnd.getrandbits(28):07x}"

    def around(self, median_ms: float, spread: float = 0.35) -> float:
        """A log-normal duration, as latencies are."""
        return round(median_ms * self.rnd.lognormvariate(0, spread), 1)

    def chance(self, share: float) -> bool:
        """True in this share of the calls."""
        return self.rnd.random() < share

    def line(self, at: float, base: dict[str, Any], stage: str, **more: Any) -> None:
        """One M1 line, written `at`. M1 fields that are not named are null; other fields are left out."""
        m1 = {"status": None, "latency_ms": None, "error_code": None, "upstream_status": None}
        m1["upstream_latency_ms"] = None
        line = {"ts": self.stamp(at), **base, "stage": stage, **m1, **more}
        line = {key: round(value, 1) if isinstance(value, float) else value for key, value in line.items()}
        self.raw(at, json.dumps(line, separators=(",", ":")))

    def stamp(self, at: float) -> str:
        """ISO 8601 with milliseconds and zone."""
        moment = (DAY + timedelta(seconds=at)).astimezone(self.zone)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def simple(self, service: Service, at: float, base: dict[str, Any], own: float | None = None, **more: Any) -> None:
        """A request of one line: fine, unless `more` says otherwise."""
        took = self.around(service.upstream_ms, service.spread)
        own = self.around(service.own_ms) if own is None else own
        fine = {"upstream": service.upstream, "upstream_status": 200, "upstream_latency_ms": took}
        told: dict[str, Any] = {"status": 200, **fine, **more}
        spent = took if told["upstream_latency_ms"] is None else told["upstream_latency_ms"]
        stage = "response" if told["status"] < 500 else "exception"
        self.line(at + (own + spent) / 1000, base, stage, latency_ms=own + spent, **told)

    def raw(self, at: float, *lines: str) -> None:
        """Lines as they are."""
        self.entries += [(at, line) for line in lines]

    def cut(self, at: str, *kept: int) -> None:
        """A full disk: the next lines end after so many characters."""
        self.entries.sort(key=lambda entry: entry[0])
        first = next(n for n, (when, _) in enumerate(self.entries) if when >= clock(at))
        for n, length in enumerate(kept, first):
            self.entries[n] = (self.entries[n][0], self.entries[n][1][:length])

    def twice(self, at: str, count: int) -> None:
        """At-least-once delivery: the next lines come again, a second later."""
        self.entries.sort(key=lambda entry: entry[0])
        first = next(n for n, (when, _) in enumerate(self.entries) if when >= clock(at))
        self.entries += [(when + 1, line) for when, line in self.entries[first : first + count]]

    def write(self, folder: Path, drop: int = 0) -> None:
        """The file, in order of time; without its last `drop` bytes, where it was copied while being written."""
        self.entries.sort(key=lambda entry: entry[0])
        data = "".join(line + "\n" for _, line in self.entries).encode()
        (folder / f"{self.name}.jsonl").write_bytes(data[: len(data) - drop])
