"""What a made-up log consists of: routes, effects, faults, and the scenario that holds them. Data, no chance in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Status = int | str | None


@dataclass(frozen=True)
class Effect:
    """How a request ends when something hits it. Tuples are drawn from evenly; times are milliseconds."""

    status: tuple[Status, ...] = (200,)
    upstream: tuple[Status, ...] = (200,)
    errors: tuple[str | None, ...] = (None,)
    upstream_ms: float | None = None
    """Median of the upstream time; None: as usual."""
    deadline: bool = False
    """The upstream time is the route's deadline, plus a few ticks of the clock."""
    cut_ms: float | None = None
    """A deadline of ours: hits exactly the requests whose upstream takes longer, whatever the fault's share."""
    own_ms: float | None = None
    """Median of own time that is added."""
    missing: float = 0.0
    """Share of its lines that lack both upstream fields."""
    unfinished: bool = False
    """Nothing is logged after the start."""
    upstream_failed: bool = False
    """A route that retries tries again."""


@dataclass(frozen=True)
class Route:
    """How one function behaves on a good day: one call to one upstream. Times are medians in ms."""

    function: str
    upstream: str
    weight: float
    """Its part of the requests, relative to the other routes."""
    upstream_ms: float
    own_ms: float
    deadline_ms: float = 5000.0
    shape: str = "line"
    """`line` (one record a request), `stages` (start, call, exception, response) or `retries` (attempts 1 to 3)."""
    usual: tuple[tuple[float, Effect], ...] = ()
    """What goes wrong all day long: rate (share of requests) and effect."""
    through: tuple[str, ...] = ()
    """Own functions that a request passes before it reaches this one, outermost first."""


@dataclass
class Fault:
    """One thing that goes wrong for a time; becomes one label. Times are seconds since the first line."""

    effect: Effect
    functions: tuple[str, ...]
    begin: float
    end: float
    share: float
    """Share of the functions' requests that it hits."""
    verdict: str
    responsible: str | None
    upstream: str | None = None
    """The vendor that did it: the only one that may be named in its time."""
    lean: str | None = None
    """For an expected `unknown`: what it must lean to; None: not tested."""
    accept: tuple[tuple[str, str | None], ...] = ()
    """Other (verdict, responsible) that are right too."""
    accept_unknown: bool = False
    split: bool = False
    """Several incidents, each of them right, may stand for it."""
    labelled: bool = True
    """False: too small to be an incident of its own; it joins another."""
    only: tuple[str, str] | None = None
    """(field, value): hits only requests that bear it."""
    breaker: bool = False
    """Our circuit breaker opens while it lasts: most failures are then short-circuited."""
    see: tuple[str, ...] = ()
    """Functions that show it besides `functions` (callers along a chain)."""
    seen: int = 0
    """Requests that it hit, counted while the log is made."""
    first: float | None = None
    """Second of the first such request's end."""
    last: float | None = None


def flat(_second: float) -> float:
    """A day without waves: the factor of the volume at a second of the log."""
    return 1.0


@dataclass
class Scenario:
    """Everything one log is made from."""

    routes: list[Route]
    minutes: float
    per_minute: float
    """Requests a minute over all routes, on average."""
    faults: list[Fault] = field(default_factory=list)
    noise: float = 1.0
    """Factor of all background noise."""
    slow_tail: float = 0.004
    """Share of requests that are slow for no reason that is anybody's fault."""
    hosts: tuple[str, ...] = ("app-1", "app-2", "app-3")
    versions: Callable[[float, str], str] | None = None
    """Version that a host runs at a second of the log."""
    volume: Callable[[float], float] = flat
    ids: str = "hex"
    """`hex`, `uuid4`, `uuid7` or `order` (a word and a number)."""
    bad_ids: float = 0.0
    times: str = "iso"
    """`iso`, `none` or `mixed` (offsets, epoch ms and other keys, by host)."""
    duplicates: float = 0.0
    disorder_s: float = 0.05
    """Mean delay of a line in its writer, seconds."""
    junk: float = 0.0
    """Share of lines, added, that are malformed or another program's."""
    service: str | None = None
    """The service that all functions belong to, where lines say so."""
    links: str = "names"
    """How hops are linked: `names` (request id and upstream name) or `spans`."""
    gap: tuple[float, float] | None = None
    """Seconds in which nothing was logged at all."""
    errors_only: bool = False
    """The log is a grep of failures."""


Line = tuple[float, str, str]
"""Second at which it was written, function, JSON text."""
Fields = dict[str, Any]


@dataclass(slots=True)
class Fate:
    """How one call went. Times in ms; `fault` is what did it (None: nothing or noise)."""

    status: Status
    upstream_status: Status
    error: str | None
    upstream_ms: float | None
    own_ms: float
    fault: Fault | None = None
    unfinished: bool = False
    upstream_failed: bool = False


@dataclass(slots=True)
class Request:
    """One request at one route, complete, before it is written."""

    at: float
    """Second of its arrival."""
    route: Route
    host: str
    version: str | None
    tries: list[Fate] = field(default_factory=list)
    """Every attempt; the last one is its end."""
