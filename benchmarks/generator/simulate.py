"""Runs a scenario minute by minute: requests arrive, meet faults and noise, and are written as lines."""

from __future__ import annotations

import heapq
import math
import random
from collections.abc import Iterator

from benchmarks.generator.model import Effect, Fate, Fault, Line, Request, Route, Scenario
from benchmarks.generator.world import OK_WITHOUT_UPSTREAM, SHORT_CIRCUITED, SINGLES
from benchmarks.generator.write import Writer

HOLD_S = 300.0
"""A line is held back until no earlier one can come: longer than any latency and delay."""
BREAKER_OPEN_S = 20.0
BREAKER_AFTER = 5
"""Failures in a row that open the circuit breaker."""
MOST_ATTEMPTS = 3


class Simulation:
    """One log in the making. `lines()` may be read once; the faults' counts are complete when it is exhausted."""

    def __init__(self, scenario: Scenario, rnd: random.Random, epoch: float) -> None:
        """`epoch` is the time of the first second of the log, UTC, in epoch seconds."""
        self.scenario = scenario
        self.rnd = rnd
        self.writer = Writer(scenario, rnd, epoch)
        self.singles = tuple((rate * scenario.noise, effect) for rate, effect in SINGLES)
        self.breakers: dict[str, tuple[int, float]] = {}

    def lines(self) -> Iterator[Line]:
        """All lines, in the order in which their writers wrote them."""
        held: list[tuple[float, int, Line]] = []
        total = sum(route.weight for route in self.scenario.routes)
        number = 0
        for minute in range(math.ceil(self.scenario.minutes)):
            part = min(1.0, self.scenario.minutes - minute)
            factor = self.scenario.volume((minute + part / 2) * 60) * part * self.scenario.per_minute / total
            for route in self.scenario.routes:
                for _ in range(self.poisson(route.weight * factor)):
                    at = (minute + self.rnd.random() * part) * 60
                    if self.scenario.gap and self.scenario.gap[0] <= at < self.scenario.gap[1]:
                        continue
                    for line in self.writer.write(self.request(route, at)):
                        number += 1
                        heapq.heappush(held, (line[0], number, line))
            while held and held[0][0] < (minute + 1) * 60 - HOLD_S:
                yield heapq.heappop(held)[2]
        while held:
            yield heapq.heappop(held)[2]

    def poisson(self, mean: float) -> int:
        """A Poisson number; beyond 400 the normal distribution serves."""
        if mean > 400:
            return max(0, round(self.rnd.gauss(mean, math.sqrt(mean))))
        bound, count, product = math.exp(-mean), 0, self.rnd.random()
        while product > bound:
            count += 1
            product *= self.rnd.random()
        return count

    def around(self, median: float, sigma: float = 0.35) -> float:
        """A lognormal time, ms."""
        return median * math.exp(self.rnd.gauss(0.0, sigma))

    def request(self, route: Route, at: float) -> Request:
        """One request that arrives `at`, with all its attempts."""
        host = self.rnd.choice(self.scenario.hosts)
        version = self.scenario.versions(at, host) if self.scenario.versions else None
        request = Request(at, route, host, version)
        for attempt in range(MOST_ATTEMPTS if route.shape == "retries" else 1):
            fate = self.fate(request)
            request.tries.append(fate)
            if not fate.upstream_failed or attempt + 1 == MOST_ATTEMPTS:
                break
        self.count(request)
        return request

    def count(self, request: Request) -> None:
        """Keep the books of the fault that spoiled a request, if one did."""
        fault = request.tries[-1].fault
        if fault is None:
            return
        took = sum((fate.upstream_ms or 0.0) + fate.own_ms for fate in request.tries)
        end = request.at + (0.0 if request.tries[-1].unfinished else took / 1000)
        fault.seen += 1
        fault.first = end if fault.first is None else min(fault.first, end)
        fault.last = end if fault.last is None else max(fault.last, end)

    def fate(self, request: Request) -> Fate:
        """What one call meets: a fault, else the noise of every day, else a good answer."""
        for fault in self.scenario.faults:
            if fault.begin <= request.at < fault.end and request.route.function in fault.functions:
                fields = {"host.name": request.host, "service.version": request.version}
                if fault.only and fields[fault.only[0]] != fault.only[1]:
                    continue
                if fault.effect.cut_ms is not None:
                    return self.cut(request.route, fault.effect.cut_ms, fault)
                if self.rnd.random() < fault.share:
                    if fault.breaker and self.open_breaker(request):
                        return self.suffer(request.route, SHORT_CIRCUITED, fault)
                    return self.suffer(request.route, fault.effect, fault)
        draw = self.rnd.random()
        for rate, effect in (*request.route.usual, *self.singles):
            draw -= rate
            if draw < 0:
                return self.suffer(request.route, effect, None)
        return self.good(request.route)

    def cut(self, route: Route, deadline: float, fault: Fault) -> Fate:
        """A call under a deadline of ours: what would have taken longer times out, ms."""
        fate = self.good(route)
        if fate.upstream_ms is None or fate.upstream_ms <= deadline:
            return fate
        spoiled = self.suffer(route, fault.effect, fault)
        spoiled.upstream_ms = deadline + self.rnd.expovariate(1 / 2)
        return spoiled

    def open_breaker(self, request: Request) -> bool:
        """Whether our circuit breaker answers instead of the upstream; it lets failures through to trip it again."""
        failures, until = self.breakers.get(request.route.function, (0, 0.0))
        if request.at < until:
            return True
        failures += 1
        opens = failures >= BREAKER_AFTER
        self.breakers[request.route.function] = (0, request.at + BREAKER_OPEN_S) if opens else (failures, 0.0)
        return False

    def good(self, route: Route) -> Fate:
        """A good answer; now and then it took long, and now and then nobody logged what the upstream said."""
        upstream, own = self.around(route.upstream_ms), self.around(route.own_ms, 0.5)
        if self.rnd.random() < self.scenario.slow_tail:
            if self.rnd.random() < 0.5:
                upstream += self.around(800, 0.3)
            else:
                own += self.around(800, 0.3)
        if self.rnd.random() < OK_WITHOUT_UPSTREAM:
            return Fate(200, None, None, None, own + upstream)
        return Fate(200, 200, None, upstream, own)

    def suffer(self, route: Route, effect: Effect, fault: Fault | None) -> Fate:
        """A call that `effect` spoils."""
        choose = self.rnd.choice
        upstream = self.around(route.upstream_ms if effect.upstream_ms is None else effect.upstream_ms, 0.3)
        if effect.deadline:
            upstream = route.deadline_ms + self.rnd.expovariate(1 / 3)
        own = self.around(route.own_ms, 0.5)
        if effect.own_ms is not None:
            own += self.around(effect.own_ms, 0.2)
        known = self.rnd.random() >= effect.missing
        return Fate(
            choose(effect.status),
            choose(effect.upstream) if known else None,
            choose(effect.errors),
            upstream if known and upstream > 0 else None,
            own if known else own + upstream,
            fault,
            effect.unfinished,
            effect.upstream_failed,
        )
