"""Turns requests into M1 lines: one line each, stages, attempts, or hops; ids, times and dirt as real writers have."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from benchmarks.generator.model import Fate, Fields, Line, Request, Scenario

BAD_IDS = (None, "", "-", "unknown", "null", "00000000-0000-0000-0000-000000000000")
JUNK = (
    "Traceback (most recent call last):",
    '{"ts":"2026-11-20T14:00:00Z","request_id":"cut off her',
    '{"ts":"2026-11-20T14:00:00Z","level":"info","message":"cache warmed","entries":1802}',
    "",
)
"""Lines that are no M1 records: the first two are malformed, the third is another program's, the last blank."""
COPY_DELAY_S = 5.0
"""Mean delay of a line that is delivered a second time."""
AHEAD = timezone(timedelta(hours=2))
BACKOFF_S = (0.05, 0.1)


class Writer:
    """Writes the lines of one log."""

    def __init__(self, scenario: Scenario, rnd: random.Random, epoch: float) -> None:
        self.scenario = scenario
        self.rnd = rnd
        self.epoch = epoch
        self.numbers = 0

    def write(self, request: Request) -> Iterator[Line]:
        """All lines of one request, copies and stray lines included."""
        if self.scenario.errors_only and request.tries[-1].status == 200:
            return
        if request.route.through:
            records = self.hops(request)
        else:
            records = {"line": self.line, "stages": self.stages, "retries": self.attempts}[request.route.shape](request)
        for end, record in records:
            record = {key: value for key, value in record.items() if value is not ...}
            text = json.dumps(record, separators=(",", ":"))
            at = end + self.rnd.expovariate(1 / self.scenario.disorder_s)
            function = str(record["function"])
            yield at, function, text
            if self.scenario.duplicates and self.rnd.random() < self.scenario.duplicates:
                yield at + self.rnd.expovariate(1 / COPY_DELAY_S), function, text
            if self.scenario.junk and self.rnd.random() < self.scenario.junk:
                yield at, function, self.rnd.choice(JUNK)

    def line(self, request: Request) -> Iterator[tuple[float, Fields]]:
        """One record a request."""
        fate = request.tries[-1]
        if fate.unfinished:
            return
        latency = (fate.upstream_ms or 0.0) + fate.own_ms
        end = request.at + latency / 1000
        base = self.base(request, self.request_id(request))
        yield end, self.stamped(end, request.host, base, self.result(fate, request.route.upstream, latency))

    def stages(self, request: Request) -> Iterator[tuple[float, Fields]]:
        """Start, the call, an exception where there was one, and the response, which does not repeat the upstream."""
        fate = request.tries[-1]
        base = self.base(request, self.request_id(request))
        start: Fields = {"stage": "start", "status": None, "latency_ms": 0}
        yield request.at, self.stamped(request.at, request.host, base, start)
        if fate.unfinished:
            return
        before = fate.own_ms / 2
        called = before + (fate.upstream_ms or 0.0)
        if fate.upstream_status is not None:
            call = {
                "stage": "call", "status": None, "latency_ms": round(called, 1),
                "upstream": request.route.upstream, "upstream_status": fate.upstream_status,
                "upstream_latency_ms": round(fate.upstream_ms, 1) if fate.upstream_ms is not None else None,
            }  # fmt: skip
            end = request.at + called / 1000
            yield end, self.stamped(end, request.host, base, call)
        latency = round(called + before, 1)
        end = request.at + latency / 1000
        if fate.error is not None:
            raised = {"stage": "exception", "status": fate.status, "latency_ms": latency, "error_code": fate.error}
            yield end, self.stamped(end, request.host, base, {**raised, "upstream_status": None})
        response = {"stage": "response", "status": fate.status, "latency_ms": latency, "error_code": None}
        yield end + 0.001, self.stamped(end + 0.001, request.host, base, response)

    def attempts(self, request: Request) -> Iterator[tuple[float, Fields]]:
        """A line for every attempt that was tried again, and the response, which is the last attempt."""
        base = self.base(request, self.request_id(request))
        now = request.at
        for number, fate in enumerate(request.tries[:-1], 1):
            now += (fate.upstream_ms or fate.own_ms) / 1000
            tried = self.result(fate, request.route.upstream, (now - request.at) * 1000)
            tried |= {"stage": "payment", "status": None, "attempt": number}
            yield now, self.stamped(now, request.host, base, tried)
            now += BACKOFF_S[number - 1]
        last = request.tries[-1]
        end = now + ((last.upstream_ms or 0.0) + last.own_ms) / 1000
        result = self.result(last, request.route.upstream, (end - request.at) * 1000)
        yield end, self.stamped(end, request.host, base, {**result, "attempt": len(request.tries)})

    def hops(self, request: Request) -> Iterator[tuple[float, Fields]]:
        """One record for each own function that the request passes, the innermost first, as they end."""
        fate, spans = request.tries[-1], self.scenario.links == "spans"
        chain = (*request.route.through, request.route.function)
        request_id, trace = self.request_id(request), f"{self.rnd.getrandbits(128):032x}"
        ids = [f"{self.rnd.getrandbits(64):016x}" for _ in chain]
        latency = (fate.upstream_ms or 0.0) + fate.own_ms
        own = [max(0.5, self.rnd.gauss(6, 2)) for _ in chain]
        begin = request.at + sum(own) / 2000
        result = self.result(fate, request.route.upstream, latency)
        for depth in range(len(chain) - 1, -1, -1):
            function = chain[depth]
            base = self.base(request, request_id) | {"service": f"{function}-svc", "function": function}
            base["host.name"] = f"{function}-{request.host[-1]}"
            if spans:
                parent = ids[depth - 1] if depth else None
                base |= {"trace_id": trace, "span_id": ids[depth], "parent_span_id": parent}
            end = begin + latency / 1000
            yield end, self.stamped(end, request.host, base, result)
            if depth == 0:
                return
            inner, status = latency + self.rnd.uniform(0.5, 2.0), result["status"]
            begin -= own[depth - 1] / 2000
            latency = inner + own[depth - 1]
            failed = not isinstance(status, int) or status >= 500
            result = {
                "stage": "response", "status": 502 if failed else status, "latency_ms": round(latency, 1),
                "error_code": "UPSTREAM_ERROR" if failed else result["error_code"],
                "upstream": f"{function}-svc" if spans else function,
                "upstream_status": status, "upstream_latency_ms": round(inner, 1),
            }  # fmt: skip

    def result(self, fate: Fate, upstream: str, latency: float) -> Fields:
        """The fields of a record that says how a request went."""
        known = fate.upstream_ms is not None
        return {
            "stage": "exception" if fate.error and fate.status == 500 else "response",
            "status": fate.status,
            "latency_ms": round(latency, 1),
            "error_code": fate.error,
            "upstream": upstream,
            "upstream_status": fate.upstream_status,
            "upstream_latency_ms": round(fate.upstream_ms, 1) if known and fate.upstream_ms is not None else None,
        }

    def base(self, request: Request, request_id: Any) -> Fields:
        """What all records of a request share."""
        version = request.version if request.version is not None else ...
        service = self.scenario.service if self.scenario.service is not None else ...
        host = {"service": service, "host.name": request.host, "service.version": version}
        return host | {"request_id": request_id, "function": request.route.function}

    def request_id(self, request: Request) -> Any:
        """A request id of the scenario's kind, or now and then one that says nothing (`...`: no such key)."""
        if self.scenario.bad_ids and self.rnd.random() < self.scenario.bad_ids:
            return self.rnd.choice((*BAD_IDS, ...))
        bits = self.rnd.getrandbits(128)
        match self.scenario.ids:
            case "uuid4":
                return str(uuid.UUID(int=bits, version=4))
            case "uuid7":
                bits = (int((self.epoch + request.at) * 1000) << 80) | (bits & ((1 << 80) - 1))
                return str(uuid.UUID(int=bits & ~(0xF << 76) & ~(0x3 << 62) | (0x7 << 76) | (0x2 << 62)))
            case "order":
                self.numbers += 1
                return f"order-{self.numbers:07d}"
            case _:
                return f"{bits:032x}"

    def stamped(self, second: float, host: str, base: Fields, rest: Fields) -> Fields:
        """A whole record: its time in the scenario's form, then `base`, then `rest`."""
        if self.scenario.times == "none":
            return base | rest
        moment = self.epoch + second
        if self.scenario.times == "mixed" and host.endswith("2"):
            ahead = datetime.fromtimestamp(moment, AHEAD)
            return {"time": ahead.isoformat(timespec="milliseconds")} | base | rest
        if self.scenario.times == "mixed" and host.endswith("3"):
            return {"timestamp": int(moment * 1000)} | base | rest
        text = datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")
        return {"ts": text.removesuffix("+00:00") + "Z"} | base | rest
