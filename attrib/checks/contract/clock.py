"""Clocks that cannot be right: times in the future, hops whose clocks differ, times without a zone, time that runs
backwards from line to line.

The future is what lies after the time of reading by more than the tolerance. Hops are compared where a request that
failed or was slow shows both: a callee that begins before its caller called. Times without a zone are info where no
time names one, for they are at least alike; beside times that do, one of the two is wrong. Time running backwards is
always info: writers buffer, files are merged, and the order of lines decides nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from attrib.checks.contract._said import by_file, first_of, named
from attrib.checks.facts import Facts
from attrib.checks.model import Finding, Place, Sample
from attrib.checks.samples import line, log, quiet
from attrib.survey.traits import Bit

_CALLS: Final = 3
"""Early callees below which a pair of functions is not told: one may be a line out of place."""
_SECOND: Final = 1_000_000


def find(facts: Facts) -> Iterator[Finding]:
    """One finding per kind, of hops per pair of functions."""
    yield from _future(facts)
    yield from _skewed(facts)
    yield from _without_zone(facts)
    yield from _backwards(facts)


def _timed(facts: Facts) -> int:
    return sum(seen.n for trait, seen in facts.survey.traits if not trait.bits & Bit.NO_TIME)


def _future(facts: Facts) -> Iterator[Finding]:
    n = sum(seen.n for trait, seen in facts.survey.traits if trait.bits & Bit.FUTURE)
    if not n:
        return
    total, ahead = _timed(facts), facts.settings("clock", "future_s")
    yield Finding(
        {"kind": "future"},
        f"{n:,} of {total:,} times lie more than {ahead:g} s after the time of reading.",
        "Run NTP (chrony) on the hosts that wrote these lines, and log UTC; done when chronyc tracking shows an offset "
        "below 1 s and attrib check counts 0.",
        n,
        total,
        facts.first(lambda trait: trait.bits & Bit.FUTURE != 0),
        data={"kind": "future", "tolerance_s": ahead},
    )


def _skewed(facts: Facts) -> Iterator[Finding]:
    bound = facts.settings("clock", "skew_ms")
    for (caller, callee), skew in facts.survey.skews:
        if skew.early < _CALLS:
            continue
        most = skew.worst.measure / 1000
        yield Finding(
            {"kind": "skew", "function": caller, "callee": callee},
            f"{named(callee)} begins before {named(caller)} calls it in {skew.early:,} of {skew.calls:,} calls, by up "
            f"to {most:,.0f} ms.",
            f"Run NTP (chrony) on the hosts of both, and log the end of a request as its time; done when no call is "
            f"more than {bound:g} ms early.",
            skew.early,
            skew.calls,
            first_of(skew.examples),
            None if skew.worst.spot is None else Place(*skew.worst.spot),
            data={"kind": "skew", "most_ms": round(most, 3)},
        )


def _without_zone(facts: Facts) -> Iterator[Finding]:
    n, total = facts.account.totals()["zone_less_time"], _timed(facts)
    if not n:
        return
    mixed = n < total
    yield Finding(
        {"kind": "no-zone"},
        f"{n:,} of {total:,} times name no zone"
        f"{', the others do' if mixed else ''}; they are taken for those of --input-tz (UTC by default).",
        f"Log UTC with a Z or an offset (2026-11-20T14:02:11.480Z) on these {n:,} lines, or say --input-tz; done when "
        "attrib check counts 0.",
        n,
        total,
        facts.first(lambda trait: trait.bits & Bit.ZONE_LESS_TIME != 0),
        severity=None if mixed else "info",
        data={"kind": "no-zone", "files": by_file(facts, lambda account: account.zone_less_time)},
    )


def _backwards(facts: Facts) -> Iterator[Finding]:
    steps = facts.survey.order.steps()
    n = sum(one.n for one in steps.values())
    if not n:
        return
    total, bound = _timed(facts), facts.settings("clock", "backwards_s")
    longest = max(one.longest_us for one in steps.values()) / _SECOND
    places = sorted(Place(file, one.line) for file, one in steps.items())
    data: dict[str, Any] = {"kind": "backwards", "longest_s": round(longest, 3)}
    data["files"] = {facts.paths[file]: one.n for file, one in list(steps.items())[:50]}
    yield Finding(
        {"kind": "backwards"},
        f"Time runs backwards by more than {bound:g} s from one record to the next {n:,} times in {total:,}, by up to "
        f"{longest:,.0f} s.",
        f"Ship each host's log as a file of its own, in order; done when no step back is longer than {bound:g} s.",
        n,
        total,
        places[:3],
        severity="info",
        data=data,
    )


def _hop(number: int, early_s: float, status: int = 503) -> str:
    """A request of two hops, of which the lower one's clock runs `early_s` ahead of time."""
    own: dict[str, Any] = {"function": "charge", "upstream": None, "upstream_status": None, "upstream_latency_ms": None}
    at = number * 0.5
    return log(
        line(number, at=at - early_s, status=status, error_code="E", **own),
        line(number, at=at + 0.01, upstream="charge", status=status, error_code="E", upstream_status=status),
    )


SAMPLES = (
    Sample("a time next year", lambda: quiet(9) + log(line(9, ts="2126-11-20T14:00:00Z"))),
    Sample("a callee two seconds early", lambda: "".join(_hop(n, 2.0) for n in range(5))),
    Sample("times without a zone", lambda: quiet(9) + log(line(9, ts="2026-11-20T14:00:09"))),
    Sample("time runs backwards by ten minutes", lambda: log(line(1, at=1200), line(2, at=600), line(3, at=601))),
    Sample("a callee in time", lambda: "".join(_hop(n, 0.0) for n in range(5)), finds=0),
    Sample("two early callees are an accident", lambda: "".join(_hop(n, 2.0) for n in range(2)), finds=0),
    Sample(
        "lines are out of order by half a minute", lambda: log(line(1, at=40), line(2, at=10), line(3, at=50)), finds=0
    ),
    Sample("other offsets", lambda: quiet(9) + log(line(9, ts="2026-11-20T15:00:09+01:00")), finds=0),
    Sample("no times", lambda: quiet(9, ts=None), finds=0),
)
