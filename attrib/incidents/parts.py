"""Parts: what each kind of symptom in an incident's reach means for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from attrib.incidents.buckets import Buckets, Count, Kind, Minute
from attrib.incidents.draft import FINE, JOINED, OTHER, OWN, TRIPPED, UNKNOWN, USUAL, Draft
from attrib.incidents.ranges import Ranges
from attrib.incidents.scene import Zone
from attrib.incidents.series import SHORT_CIRCUITED, Key, class_of, key_of
from attrib.incidents.spans import Span, UsualRates
from attrib.incidents.usual import Usual

ABOVE: Final = 0.05
"""A small cause beside an incident joins it when its symptoms are less likely than this to be as usual."""
Affected = dict[str | None, Ranges]
"""Function -> minutes that belong to some span."""


def give_parts(
    made: Sequence[Draft], spans: Sequence[Span], buckets: Buckets, usual: UsualRates, baseline: Buckets | None
) -> None:
    """Fill `counts`, `minutes`, `parts` and `usual` of every draft from the buckets in its reach."""
    by_function: dict[str | None, list[Draft]] = {}
    for draft in made:
        for function in draft.reach:
            by_function.setdefault(function, []).append(draft)
    for minute, kind, count in buckets.of(by_function):
        for draft in by_function[kind.function]:
            if reaches(draft, kind.function, minute):
                draft.counts.setdefault(kind, Count()).merge(count)
                draft.minutes.setdefault(minute, {}).setdefault(kind, Count()).merge(count)
    affected = affected_by(spans, made)
    rates = _unknown_rates(made, affected, buckets, baseline)
    for draft in made:
        parts = _Parts(draft, made, spans, usual, affected)
        draft.parts = {kind: parts.of(kind) for kind in draft.counts}
        draft.usual = _usual_unknowns(draft, rates)


def reaches(draft: Draft, function: str | None, minute: Minute) -> bool:
    """Whether a minute of one of its functions belongs to a draft. What has no time is apart from what has."""
    zone = draft.reach[function]
    return (minute is None) if zone.first is None else zone.holds(minute)


def affected_by(spans: Sequence[Span], made: Sequence[Draft] = ()) -> Affected:
    """Minutes of each function that belong to a span or to a draft: a window that the user named is no span."""
    stretches = [(span.function, span.first, span.last) for span in spans]
    stretches += [(function, zone.first, zone.last) for draft in made for function, zone in draft.reach.items()]
    found: dict[str | None, list[tuple[int, int]]] = {}
    for function, first, last in stretches:
        if first is not None and last is not None:
            found.setdefault(function, []).append((first, last))
    return {function: Ranges(ranges) for function, ranges in found.items()}


TWICE: Final = 2.0
"""Symptoms over the usual number from which those of another class join an incident of their own cause."""


class _Parts:
    """Which part each kind of one draft has."""

    def __init__(
        self, draft: Draft, made: Sequence[Draft], spans: Sequence[Span], usual: UsualRates, affected: Affected
    ) -> None:
        self.draft, self.usual, self.affected = draft, usual, affected
        self.others = [other for other in made if other is not draft]
        self.classes: set[tuple[str | None, str]] = set()
        for span in spans:
            if span.cause == draft.cause and span.function in draft.reach and _within(span, draft.reach[span.function]):
                self.classes.update((span.function, of) for of in span.classes)
        self.calls: Counter[str | None] = Counter()
        self.symptoms: Counter[Key] = Counter()
        for kind, count in draft.counts.items():
            self.calls[kind.function] += count.n
            if not kind.ok:
                self.symptoms[key_of(kind)] += count.n
        self._usual: dict[Key, Usual] = {}

    def of(self, kind: Kind) -> str:
        """The part of one kind."""
        if kind.ok:
            return FINE
        if kind.cause == self.draft.cause:
            own = self.draft.forced or (kind.function, class_of(kind)) in self.classes or self._is_more(kind)
            return OWN if own else USUAL
        if kind.verdict == "unknown":
            return TRIPPED if kind.outcome == SHORT_CIRCUITED and self._trips(kind) else UNKNOWN
        if any(_holds(other, kind, self.draft.reach[kind.function]) for other in self.others):
            return OTHER
        return JOINED if self._is_above(kind) else USUAL

    def _trips(self, kind: Kind) -> bool:
        """Whether an open breaker's answer belongs to this draft's failures: same function, same upstream."""
        own = (k for k in self.draft.counts if k.cause == self.draft.cause and k.function == kind.function)
        return kind.upstream in {k.upstream for k in own}

    def _is_more(self, kind: Kind) -> bool:
        """Whether symptoms of its own cause, of another class, are twice the usual: the same trouble, then."""
        n, usual = self._seen(kind)
        return n > TWICE * (usual.rate or 0.0) * self.calls[kind.function]

    def _is_above(self, kind: Kind) -> bool:
        """Whether the symptoms of this cause and class are more than usual in the draft's minutes."""
        n, usual = self._seen(kind)
        return not usual.trials or usual.chance(n, max(1, self.calls[kind.function])) < ABOVE

    def _seen(self, kind: Kind) -> tuple[int, Usual]:
        """Symptoms of a kind's cause and class in the draft's minutes, and their usual rate."""
        key = key_of(kind)
        if key not in self._usual:
            left_out = self.affected.get(key.function, ())
            self._usual[key] = self.usual.of(key.function, key.of, frozenset({key.cause}), left_out)
        return self.symptoms[key], self._usual[key]


def _within(span: Span, zone: Zone) -> bool:
    if span.first is None or zone.first is None or span.last is None or zone.last is None:
        return span.first is None and zone.first is None
    return zone.first <= span.first and span.last <= zone.last


def _holds(other: Draft, kind: Kind, zone: Zone) -> bool:
    """Whether another incident of this function accounts for a kind in these minutes."""
    theirs = other.reach.get(kind.function)
    if theirs is None or kind.cause != other.cause:
        return False
    if theirs.first is None or zone.first is None or theirs.last is None or zone.last is None:
        return theirs.first is None and zone.first is None
    return theirs.first <= zone.last and zone.first <= theirs.last


Alike = tuple[str | None, int | str | None, str | None]
"""(function, status, error_code): unknowns of the same sort (design section 6)."""


def _alike(kind: Kind) -> Alike:
    return kind.function, kind.status, kind.error_code


def _unknown_rates(
    made: Sequence[Draft], affected: Affected, buckets: Buckets, baseline: Buckets | None
) -> dict[Alike, float]:
    """Usual share of each sort of unknown among its function's invocations, outside of all incidents."""
    wanted = {_alike(kind) for draft in made for kind in draft.counts if kind.verdict == "unknown"}
    functions = {function for function, *_ in wanted}
    counts: dict[Alike, int] = dict.fromkeys(wanted, 0)
    calls: dict[str | None, int] = {}
    for source in (buckets, baseline):
        known = source.functions() if source is baseline and source is not None else functions
        if source is None:
            continue
        for function in functions & known if source is baseline else ():  # the baseline is asked instead of the log
            calls[function] = 0
            counts.update({alike: 0 for alike in wanted if alike[0] == function})
        for minute, kind, count in source.of(sorted(functions & known, key=repr)):
            if source is buckets and (minute is None or minute in affected.get(kind.function, ())):
                continue
            calls[kind.function] = calls.get(kind.function, 0) + count.n
            if kind.verdict == "unknown" and _alike(kind) in counts:
                counts[_alike(kind)] += count.n
    return {alike: n / calls[alike[0]] for alike, n in counts.items() if calls.get(alike[0])}


def _usual_unknowns(draft: Draft, rates: dict[Alike, float]) -> dict[Kind, float]:
    """How many of each unknown kind are as usual in the draft's reach, at most all of them."""
    calls: dict[str | None, int] = {}
    sorts: dict[Alike, int] = {}
    for kind, count in draft.counts.items():
        calls[kind.function] = calls.get(kind.function, 0) + count.n
        if draft.parts[kind] == UNKNOWN:
            sorts[_alike(kind)] = sorts.get(_alike(kind), 0) + count.n
    result: dict[Kind, float] = {}
    for kind, count in draft.counts.items():
        if draft.parts[kind] == UNKNOWN:
            alike = _alike(kind)
            expected = rates.get(alike, 0.0) * calls[kind.function]
            result[kind] = round(min(1.0, expected / sorts[alike]) * count.n, 6)
    return result
