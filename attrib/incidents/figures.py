"""Figures of an incident: its usual state, the minutes to compare with, onset, peak, end and rates."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from typing import Final

from attrib.incidents.buckets import Buckets, Count, Kind
from attrib.incidents.draft import MEMBERS, OWN, TRIPPED, UNKNOWN, Draft
from attrib.incidents.parts import Affected, affected_by
from attrib.incidents.ranges import Ranges
from attrib.incidents.scene import Zone
from attrib.incidents.series import class_of
from attrib.incidents.spans import Settings, Span
from attrib.incidents.statistics import binomial_tail, wilson

COMPARED_MIN: Final = 60
"""Unaffected minutes that an incident is compared with, at most: the nearest before it, else the nearest after."""
COMPARED_CALLS: Final = 1_000
"""And no more than hold so many calls of the incident's functions: ten of them lie beyond the p99."""
COMPARED_LEAST: Final = 50
"""Of each function this many at least, where there are."""
AROUND_MIN: Final = 10
"""Minutes before and after an incident that its timeline shows."""
ONSET_CHANCE: Final = 1e-3
"""The onset lies in the first minute whose symptoms, over all functions, are less likely than this to be as usual."""
BEGINS_CHANCE: Final = 0.05
"""The minute before it belongs to the onset already when its own are less likely than this."""


def measure(
    made: Sequence[Draft], spans: Sequence[Span], buckets: Buckets, settings: Settings, baseline: Buckets | None
) -> None:
    """Fill all figures of the drafts but verdict and scene."""
    affected = affected_by(spans, made)
    minutes = _minutes(made, buckets)
    for draft in made:
        calls = {function: sum(minutes.get(function, {}).values()) for function in draft.reach}
        share = COMPARED_CALLS / max(1, sum(calls.values()))
        for function, zone in draft.reach.items():
            wanted = max(COMPARED_LEAST, round(calls[function] * share))
            quiet = _before(minutes.get(function, {}), zone, affected.get(function, Ranges()), settings.gap_min, wanted)
            draft.before[function] = quiet
    _usual_counts(made, affected, buckets, baseline)
    _timelines(made, buckets)
    for draft in made:
        _rates(draft)
        _times(draft)


def _minutes(made: Sequence[Draft], buckets: Buckets) -> dict[str | None, dict[int, int]]:
    """Calls of each function by minute, in order."""
    functions = {function for draft in made for function in draft.reach}
    found: dict[str | None, dict[int, int]] = {}
    for minute, kind, count in buckets.of(functions):
        if minute is not None:
            calls = found.setdefault(kind.function, {})
            calls[minute] = calls.get(minute, 0) + count.n
    return {function: dict(sorted(calls.items())) for function, calls in found.items()}


def _before(calls: Mapping[int, int], zone: Zone, affected: Ranges, gap: int, wanted: int) -> tuple[Zone, ...]:
    """The nearest unaffected minutes before an incident, else after it, with so many calls, as ranges."""
    if zone.first is None or zone.last is None:
        return ()

    minutes = list(calls)

    def quiet(first: int, last: int, *, nearest_last: bool) -> list[int]:
        inside = minutes[bisect_left(minutes, first) : bisect_right(minutes, last)]
        left, chosen = wanted, []
        for minute in reversed(inside) if nearest_last else inside:
            if left > 0 and not any(near in affected for near in (minute - 1, minute, minute + 1)):
                chosen.append(minute)
                left -= calls[minute]
        return sorted(chosen)

    earlier = quiet(zone.first - gap - COMPARED_MIN, zone.first - 2, nearest_last=True)
    chosen = earlier or quiet(zone.last + 2, zone.last + gap + COMPARED_MIN, nearest_last=False)
    ranges: list[Zone] = []
    for minute in chosen:
        if ranges and ranges[-1].last == minute - 1:
            ranges[-1] = Zone(ranges[-1].first, minute)
        else:
            ranges.append(Zone(minute, minute))
    return tuple(ranges)


def _usual_counts(made: Sequence[Draft], affected: Affected, buckets: Buckets, baseline: Buckets | None) -> None:
    known = baseline.functions() if baseline is not None else set()
    sums: dict[str | None, dict[Kind, Count]] = {function: {} for draft in made for function in draft.reach}
    for minute, kind, count in buckets.of(sums):
        function = kind.function
        if function not in known and minute is not None and minute not in affected.get(function, ()):
            sums[function].setdefault(kind, Count()).merge(count)
    for _, kind, count in baseline.of(sums) if baseline is not None else ():
        sums[kind.function].setdefault(kind, Count()).merge(count)
    for draft in made:
        for function in draft.reach:
            draft.usual_counts.update(sums[function])


def _timelines(made: Sequence[Draft], buckets: Buckets) -> None:
    """`by_minute`: members and invocations, in the incident and around it."""
    ranges: dict[str | None, list[tuple[int, int, Draft]]] = {}
    for draft in made:
        whole = draft.whole
        if whole.first is not None and whole.last is not None:
            for function in draft.reach:
                found = ranges.setdefault(function, [])
                found.append((whole.first - AROUND_MIN, whole.last + AROUND_MIN, draft))
    for minute, kind, count in buckets.of(ranges):
        if minute is None:
            continue
        for first, last, draft in ranges[kind.function]:
            if first <= minute <= last:
                members, calls = draft.by_minute.get(minute, (0, 0))
                mine = draft.parts.get(kind) in MEMBERS or (kind not in draft.parts and kind.cause == draft.cause)
                draft.by_minute[minute] = members + (count.n if mine else 0), calls + count.n


def _rates(draft: Draft) -> None:
    calls = sum(count.n for count in draft.counts.values())
    members = draft.symptomatic
    has_ok = any(kind.ok for kind in (*draft.counts, *draft.usual_counts))
    draft.failure_rate = members / calls if calls and has_ok else None
    usual = sum(count.n for count in draft.usual_counts.values())
    if not usual or not has_ok:
        return
    classes = {(kind.function, class_of(kind)) for kind in draft.kinds(OWN, TRIPPED)}
    alike = sum(
        count.n
        for kind, count in draft.usual_counts.items()
        if not kind.ok
        and (kind.cause == draft.cause or kind.verdict == "unknown")
        and (kind.function, class_of(kind)) in classes
    )
    draft.baseline_rate = alike / usual


def _times(draft: Draft) -> None:
    """Onset, end and peak, from the incident's own symptoms; those without a time have none."""
    whole = draft.whole
    if whole.first is None:
        return
    own: dict[int, tuple[int, int, int]] = {}
    calls: dict[int, int] = {}
    lasts: list[int] = []
    for minute, kinds in draft.minutes.items():
        if minute is None:
            continue
        calls[minute] = sum(count.n for count in kinds.values())
        mine = [count for kind, count in kinds.items() if draft.parts[kind] in (OWN, TRIPPED, UNKNOWN)]
        firsts = [count.first for count in mine if count.first is not None]
        if firsts:
            members = sum(count.n for count in mine)
            own[minute] = (members, min(firsts), minute)
            lasts += [count.last for count in mine if count.last is not None]
    if not own:
        return
    usual = sum(count.n for count in draft.usual_counts.values())
    high = wilson((draft.baseline_rate or 0.0) * usual, usual)[1] if usual else 0.0
    minutes = sorted(own)
    onset = minutes[0]
    for minute in minutes:
        if not usual or binomial_tail(own[minute][0], max(calls[minute], 1), high) < ONSET_CHANCE:
            onset = minute
            break
    earlier = onset - 1
    if usual and earlier in own and binomial_tail(own[earlier][0], max(calls[earlier], 1), high) < BEGINS_CHANCE:
        onset = earlier
    draft.onset = own[onset][1]
    draft.end = max(lasts)
    draft.peak = min(minutes, key=lambda minute: (-own[minute][0], minute))
