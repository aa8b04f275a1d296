"""Calls that go on at full rate although the upstream fails: nothing opens a circuit.

Per function and upstream, second by second: five failures (5xx, timeout, no response) within 10 s, and at least half
of the calls in them, would open a usual breaker. Told is an upstream whose calls then go on for another 30 s: still
failing at that share, no pause of 5 s between two calls, at no less than half the rate, and no line that says that a
breaker answered. Attempts are counted where their lines are logged, else answers; copies of a line count once. Calls
without a time and probe traffic are left out. Minutes in which the upstream seldom fails are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from attrib.checks.facts import Facts
from attrib.checks.model import Finding, Place, Sample
from attrib.checks.samples import line, log, quiet
from attrib.checks.traffic._names import calls_to
from attrib.survey.seconds import Line, Second
from attrib.survey.traits import Bit

_OPEN_S = 30
"""How long a breaker stays open: the usual half-open time, as in the remedy."""
_RATE = 0.5
"""Calls that go on at less than this share of their rate before have been cut down by something."""


class _Limits(NamedTuple):
    failures: float
    window_s: int
    share: float
    pause_s: int


class _Told(NamedTuple):
    """What went on behind the points at which a breaker would have opened."""

    times: int
    failed: int
    asked: int


def find(facts: Facts) -> Iterator[Finding]:
    """One finding per function and upstream."""
    value = facts.settings
    limits = _Limits(
        value("no-circuit-breaker", "failures"),
        max(1, int(value("no-circuit-breaker", "window_s"))),
        value("no-circuit-breaker", "share"),
        max(1, int(value("no-circuit-breaker", "pause_s"))),
    )
    lines = facts.survey.seconds.lines
    found: dict[tuple[str | None, str | None], _Told] = {}
    # The lines of attempts come first: where they tell, the answers' lines only say it again.
    for kind in sorted(lines, key=lambda one: (one.answers, repr(one))):
        pair = kind.function, kind.upstream
        if pair not in found and not facts.is_probe(kind.function):
            refused = _refused(lines, kind)
            if told := _went_on(lines[kind], refused, limits):
                found[pair] = told
    for (function, upstream), told in found.items():
        yield _finding(facts, function, upstream, told, limits)


def _refused(lines: Mapping[Line, Mapping[int, Second]], kind: Line) -> set[int]:
    """The seconds in which a line of the function, of whatever sort, says that a breaker answered."""
    return {
        second
        for other, seconds in lines.items()
        if other.function == kind.function and other.upstream in (kind.upstream, None)
        for second, calls in seconds.items()
        if calls.refused
    }


def _went_on(seconds: Mapping[int, Second], refused: set[int], limits: _Limits) -> _Told | None:
    """The calls made after a breaker would have opened; None: it paused, or the upstream was well again."""
    times = failed = asked = 0
    skip = -1
    for second in sorted(second for second, calls in seconds.items() if calls.failed):
        if second <= skip:
            continue
        before = _sum(seconds, second - limits.window_s + 1, second)
        if before.failed < limits.failures or before.failed < limits.share * before.asked:
            continue
        last = second + _OPEN_S
        after = _sum(seconds, second + 1, last)
        if (
            after.failed >= max(limits.failures, limits.share * after.asked)
            and after.asked / _OPEN_S >= _RATE * before.asked / limits.window_s
            and not _paused(seconds, second, last, limits.pause_s)
            and refused.isdisjoint(range(second - limits.window_s + 1, last + 1))
        ):
            times, failed, asked = times + 1, failed + after.failed, asked + after.asked
            skip = last
    return _Told(times, failed, asked) if times else None


def _sum(seconds: Mapping[int, Second], first: int, last: int) -> Second:
    some = [seconds[at] for at in range(first, last + 1) if at in seconds]
    return Second(sum(one.asked for one in some), sum(one.failed for one in some))


def _paused(seconds: Mapping[int, Second], first: int, last: int, pause_s: int) -> bool:
    """Whether no call ended for so many seconds on end, from `first` to `last`."""
    called = [first, *(at for at in range(first + 1, last + 1) if at in seconds and seconds[at].asked), last + 1]
    return any(after - before > pause_s for before, after in pairwise(called))


def _finding(facts: Facts, function: str | None, upstream: str | None, told: _Told, limits: _Limits) -> Finding:
    def failing(function_: str | None, upstream_: str | None, bits: int) -> bool:
        return function_ == function and upstream_ == upstream and bits & Bit.UPSTREAM_FAILED != 0

    examples: list[Place] = facts.first(lambda trait: failing(trait.function, trait.upstream, trait.bits))
    return Finding(
        {"function": function, "upstream": upstream},
        f"{calls_to(function, upstream)}: after {limits.failures:g} failures in {limits.window_s} s the calls went on "
        f"without a pause for {told.times * _OPEN_S:,} s in all: {told.failed:,} of {told.asked:,} calls failed then.",
        f"Open a circuit after {limits.failures:g} failures in {limits.window_s} s, half-open after {_OPEN_S} s "
        "(resilience4j, Polly, Envoy outlier detection); during the next failure attrib check then sees a pause of "
        f"{limits.pause_s} s or more between calls.",
        told.failed,
        told.asked,
        examples,
        facts.slowest(lambda trait: failing(trait.function, trait.upstream, trait.bits)),
        data={"function": function, "upstream": upstream, "stretches_of_30_s": told.times},
    )


def _outage(every: float, seconds: int, start: int = 1000, **fields: Any) -> str:
    """Calls at a steady rate that all fail."""
    given: dict[str, Any] = {"status": 502, "upstream_status": 503, "error_code": "UPSTREAM_ERROR"} | fields
    return log(*(line(start + n, 60 + n * every, **given) for n in range(int(seconds / every))))


SAMPLES = (
    Sample("a call a second fails for a minute", lambda: quiet(60) + _outage(1, 60)),
    Sample(
        "timeouts, attempts logged",
        lambda: quiet(60) + _outage(1, 60, stage="up", status=None, upstream_status="timeout"),
    ),
    Sample("no response, ten calls a second", lambda: quiet(60) + _outage(0.1, 60, upstream_status=0)),
    Sample(
        "calls pause for half a minute after each five failures",
        lambda: quiet(60) + "".join(_outage(1, 5, 1000 * n).replace("14:01:", f"14:{n:02}:") for n in range(1, 9)),
        0,
    ),
    Sample(
        "the breaker's answers",
        lambda: quiet(60) + _outage(1, 60) + _outage(1, 60, 2000, upstream_status="circuit_open"),
        0,
    ),
    Sample(
        "a burst of ten seconds",
        lambda: quiet(60) + _outage(1, 10) + log(*(line(5000 + n, 70 + n) for n in range(99))),
        0,
    ),
    Sample(
        "one call in five fails",
        lambda: log(*(line(n, upstream_status=503 if n % 5 == 0 else 200) for n in range(300))),
        0,
    ),
    Sample("a call every six seconds", lambda: quiet(60) + _outage(6, 300), 0),
    Sample("nothing fails", quiet, 0),
)
