"""What every kind is made with: chance, the caller's parameters, and where in the log a fault lies."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from benchmarks.generator.model import Fault, Route, Scenario
from benchmarks.generator.world import world

SCENARIO_KNOBS = ("noise", "slow_tail", "bad_ids", "duplicates", "disorder_s", "junk", "ids", "times", "links")
"""Parameters that replace a field of the finished scenario, whatever the kind set."""
KNOBS = ("lines", "minutes", "share", "fault_minutes", "missing", "hops", *SCENARIO_KNOBS)
"""All parameters of `make`."""


@dataclass
class Plan:
    """Draws one log's numbers; what the caller gave is taken instead."""

    rnd: random.Random
    given: Mapping[str, Any] = field(default_factory=dict)

    def number(self, name: str, low: float, high: float) -> float:
        """A parameter between two bounds."""
        return float(self.given[name]) if self.given.get(name) is not None else self.rnd.uniform(low, high)

    def whole(self, name: str, low: int, high: int) -> int:
        """A whole parameter, both bounds included."""
        return int(self.given[name]) if self.given.get(name) is not None else self.rnd.randint(low, high)

    def share(self, low: float = 0.6, high: float = 1.0) -> float:
        """Share of the requests that the fault hits."""
        return self.number("share", low, high)

    def routes(self, **how: Any) -> list[Route]:
        """The routes of one company (`world`)."""
        return world(self.rnd, **how)

    def scenario(
        self, routes: list[Route], lines: int = 12_000, minutes: float | tuple[float, float] = (120, 180)
    ) -> Scenario:
        """A scenario of about `lines` lines over `minutes`."""
        low, high = minutes if isinstance(minutes, tuple) else (minutes, minutes)
        lasts = self.number("minutes", low, high)
        total = sum(route.weight for route in routes)
        each = sum(route.weight * _lines(route) for route in routes) / total
        return Scenario(routes, lasts, self.whole("lines", lines, lines) / lasts / each)

    def span(self, scenario: Scenario, low: float = 10, high: float = 25) -> tuple[float, float]:
        """First and last second of a fault of `low` to `high` minutes, with quiet time before and after it."""
        lasts = min(self.number("fault_minutes", low, high), scenario.minutes * 0.6) * 60
        whole = scenario.minutes * 60
        margin = min(1500.0, (whole - lasts) * 0.4)
        begin = self.rnd.uniform(margin, whole - lasts - margin)
        return begin, begin + lasts

    def finished(self, scenario: Scenario) -> Scenario:
        """The scenario with what the caller gave for it."""
        for name in SCENARIO_KNOBS:
            if self.given.get(name) is not None:
                setattr(scenario, name, self.given[name])
        return scenario


def _lines(route: Route) -> float:
    """Lines that one good request of a route makes."""
    return len(route.through) + 1 if route.through else {"line": 1, "stages": 3, "retries": 1}[route.shape]


Kind = Callable[[Plan], Scenario]
INCIDENTS: dict[str, Kind] = {}
"""Kinds of logs with at least one label."""
QUIET: dict[str, Kind] = {}
"""Kinds of logs in which nothing happened that is an incident."""


def incident(kind: Kind) -> Kind:
    """Registers a kind with incidents under its function's name."""
    INCIDENTS[kind.__name__] = kind
    return kind


def quiet(kind: Kind) -> Kind:
    """Registers a quiet kind under its function's name."""
    QUIET[kind.__name__] = kind
    return kind


def vendor_fault(route: Route, effect: Any, span: tuple[float, float], share: float, **more: Any) -> Fault:
    """The vendor that a route calls fails."""
    return Fault(effect, (route.function,), *span, share, "vendor", route.upstream, route.upstream, **more)


def own_fault(
    route: Route, effect: Any, span: tuple[float, float], share: float, verdict: str = "application", **more: Any
) -> Fault:
    """The function itself fails."""
    return Fault(effect, (route.function,), *span, share, verdict, route.function, None, **more)


def unknown_fault(
    route: Route, effect: Any, span: tuple[float, float], share: float, lean: str | None, **more: Any
) -> Fault:
    """Something fails of which the log does not prove who did it."""
    return Fault(effect, (route.function,), *span, share, "unknown", None, None, lean, **more)
