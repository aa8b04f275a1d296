"""Suspects: every component seen, ranked by how much of what is unusual it explains (design section 6).

A failure is explained by the component that its verdict names. One that proves nothing counts half for the function it
was seen in and half for the upstream it called, so that a log without evidence suspects both alike. Time is explained
by where it was spent: in a function itself, or waiting for an upstream. Only the excess over the usual state counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from attrib.incidents.buckets import Count, Kind
from attrib.incidents.draft import MEMBERS, OTHER, Draft
from attrib.incidents.index import Index

MOST: Final = 100
"""Components listed; a log with ids in its names has more than anybody reads."""
_DECIMALS: Final = 6
_LOST: Final = frozenset({"5xx", "timeout", "no_response", "short_circuited"})
"""Outcomes that are the upstream's failure, whoever it belongs to."""


@dataclass
class _Tally:
    """Of one function, over some minutes. Times in microseconds."""

    n: int = 0
    failures: dict[str | None, float] = field(default_factory=dict)
    """Component -> failed invocations of this function that it explains; None: nobody that has a name."""
    latency_us: int = 0
    own_us: int = 0
    """Of the invocations whose upstream time is known, or who asked no upstream."""
    waits: dict[str | None, int] = field(default_factory=dict)
    """Upstream -> time waited for it."""


def suspects(draft: Draft, index: Index) -> list[dict[str, Any]]:
    """Components, most suspect first, ties by name.

    Each: `component`, `kind` (`function`, `upstream`; an own upstream that is a function is named once, as function; a
    link is named by its callee), `score` 0..1, `excess_failures` (invocations, 3 decimals; halves occur), `excess_ms`,
    `share_failures` and `share_time` (0..1; null where there is no excess to share). The score weighs the two shares by
    how many of the members failed, and how many were merely slow.
    """
    during, usual = _sides(draft, index)
    failures, times = _excess_failures(during, usual), _excess_times(during, usual)
    names = {name for name in (*failures, *times, *during) if name is not None}
    failed = sum(failures.values())
    total_us = sum(times.values())
    slow = sum(draft.counts[kind].n for kind in draft.kinds(*MEMBERS) if kind.symptom == "slow")
    members = draft.n(*MEMBERS)
    weight = slow / members if members else 0.0
    rows: list[dict[str, Any]] = []
    for name in sorted(names):
        excess, us = failures.get(name, 0.0), times.get(name, 0.0)
        of_failures = excess / failed if failed > 0 else None
        of_time = us / total_us if total_us > 0 else None
        score = (1 - weight) * (of_failures or 0.0) + weight * (of_time or 0.0)
        rows.append(
            {
                "component": name,
                "kind": "function" if name in index.functions else "upstream",
                "score": round(min(max(score, 0.0), 1.0), _DECIMALS),
                "excess_failures": round(excess, 3),
                "excess_ms": round(us / 1000, 3),
                "share_failures": None if of_failures is None else round(of_failures, _DECIMALS),
                "share_time": None if of_time is None else round(of_time, _DECIMALS),
            }
        )
    rows.sort(key=lambda row: (-row["score"], row["component"]))
    return rows[:MOST]


Tallies = dict[str | None, _Tally]


def _sides(draft: Draft, index: Index) -> tuple[Tallies, Tallies]:
    """Tallies by function of the incident's minutes (less what another incident accounts for) and of unaffected ones.

    An own upstream that is a function, yet not in the incident, is looked up in the whole log, for its time only.
    """
    during: Tallies = {}
    _tally(during, {kind: count for kind, count in draft.counts.items() if draft.parts[kind] != OTHER})
    usual: Tallies = {}
    _tally(usual, draft.usual_counts)
    around: Mapping[Kind, Count] | None = None
    while missing := {u for tally in during.values() for u in tally.waits if u in index.functions} - during.keys():
        around = index.during(draft.whole) if around is None else around
        _tally(during, {kind: count for kind, count in around.items() if kind.function in missing}, failures=False)
        outside = {
            kind: _less(count, around.get(kind)) for kind, count in index.totals.items() if kind.function in missing
        }
        _tally(usual, outside, failures=False)
        for name in missing:
            during.setdefault(name, _Tally())
    return during, usual


def _less(count: Count, part: Count | None) -> Count:
    """The sums without a part's."""
    if part is None:
        return count
    return Count(
        count.n - part.n,
        latency_us=count.latency_us - part.latency_us,
        timed=count.timed - part.timed,
        upstream_us=count.upstream_us - part.upstream_us,
        upstream_timed=count.upstream_timed - part.upstream_timed,
    )


def _tally(tallies: Tallies, counts: Mapping[Kind, Count], *, failures: bool = True) -> None:
    for kind, count in counts.items():
        tally = tallies.setdefault(kind.function, _Tally())
        tally.n += count.n
        tally.latency_us += count.latency_us
        if count.upstream_timed:
            tally.waits[kind.upstream] = tally.waits.get(kind.upstream, 0) + count.upstream_us
            split = count.latency_us * count.upstream_timed // max(count.timed, count.upstream_timed)
            tally.own_us += max(0, split - count.upstream_us)
        elif kind.outcome == "not_contacted":
            tally.own_us += count.latency_us
        if failures and kind.symptom is not None and kind.symptom != "slow":
            for name, weight in _explained_by(kind):
                tally.failures[name] = tally.failures.get(name, 0.0) + weight * count.n


def _explained_by(kind: Kind) -> tuple[tuple[str | None, float], ...]:
    """Components that explain one failed invocation, with their weights (they add up to 1)."""
    if kind.verdict != "unknown":
        return ((kind.responsible, 1.0),)
    if kind.outcome in _LOST and kind.rule != "contradiction" and kind.upstream is not None:
        return ((kind.upstream, 1.0),)
    return (kind.function, 0.5), (kind.upstream, 0.5)


def _by_name(item: tuple[str | None, object]) -> tuple[bool, str]:
    return item[0] is not None, item[0] or ""


def _in_order(tallies: Tallies) -> list[tuple[str | None, _Tally]]:
    """By name: sums of fractions come out the same whatever order the buckets came in."""
    return sorted(tallies.items(), key=_by_name)


def _excess_failures(during: Tallies, usual: Tallies) -> dict[str | None, float]:
    found: dict[str | None, float] = {}
    for function, tally in _in_order(during):
        before, scale = _usual(usual, function, tally)
        for name, n in sorted(tally.failures.items(), key=_by_name):
            excess = n - before.failures.get(name, 0.0) * scale
            found[name] = found.get(name, 0.0) + max(0.0, excess)
    return found


def _excess_times(during: Tallies, usual: Tallies) -> dict[str | None, float]:
    """Component -> microseconds above the usual. Time that callers waited for a function beyond its own latency is the
    link's, and counts for the callee (design section 5)."""
    found: dict[str | None, float] = {}
    waited: dict[str | None, float] = {}
    for function, tally in _in_order(during):
        before, scale = _usual(usual, function, tally)
        found[function] = found.get(function, 0.0) + max(0.0, tally.own_us - before.own_us * scale)
        for name, wait_us in sorted(tally.waits.items(), key=_by_name):
            waited[name] = waited.get(name, 0.0) + max(0.0, wait_us - before.waits.get(name, 0) * scale)
    for name, us in waited.items():
        if name is not None and name in during:
            callee = during[name]
            before, scale = _usual(usual, name, callee)
            us -= max(0.0, callee.latency_us - before.latency_us * scale)
        found[name] = found.get(name, 0.0) + max(0.0, us)
    return found


def _usual(usual: Tallies, function: str | None, tally: _Tally) -> tuple[_Tally, float]:
    """The function's usual tally, and the factor that brings it to as many invocations; 0 where nothing is usual."""
    before = usual.get(function)
    return (before, tally.n / before.n) if before is not None and before.n else (_Tally(), 0.0)
