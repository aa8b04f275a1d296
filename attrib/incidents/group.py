"""Grouping: spans of one component that overlap in time are one incident, over all its functions."""

from __future__ import annotations

from collections.abc import Sequence

from attrib.incidents.buckets import Buckets, Cause
from attrib.incidents.draft import Draft
from attrib.incidents.figures import measure
from attrib.incidents.parts import give_parts
from attrib.incidents.scene import Zone
from attrib.incidents.series import UNKNOWN
from attrib.incidents.spans import Settings, Span, UsualRates


def grouped(spans: Sequence[Span], gap: int) -> list[list[Span]]:
    """Spans of one component that overlap, over functions; a cause that names no component stays with its function."""
    groups: list[list[Span]] = []
    open_groups: dict[tuple[Cause, str | None, bool], list[Span]] = {}
    for span in sorted(spans, key=lambda s: (s.first is None, s.first or 0, s.last or 0, repr(s))):
        apart = repr(span.function) if span.cause.responsible is None else None
        key = (span.cause, apart, span.first is None)
        group = open_groups.get(key)
        if group and (span.first is None or span.first - max(s.last or 0 for s in group) - 1 <= gap):
            group.append(span)
        else:
            open_groups[key] = group = [span]
            groups.append(group)
    return groups


def drafts(
    spans: Sequence[Span], buckets: Buckets, usual: UsualRates, settings: Settings, baseline: Buckets | None = None
) -> list[Draft]:
    """One draft per group of spans, measured."""
    made = [_draft(group) for group in grouped(spans, settings.gap_min)]
    give_parts(made, spans, buckets, usual, baseline)
    measure(made, spans, buckets, settings, baseline)
    return made


def _draft(group: Sequence[Span]) -> Draft:
    reach: dict[str | None, Zone] = {}
    for span in group:
        zone = reach.get(span.function)
        if zone is None or zone.first is None or zone.last is None or span.first is None or span.last is None:
            reach[span.function] = Zone(span.first, span.last)
        else:
            reach[span.function] = Zone(min(zone.first, span.first), max(zone.last, span.last))
    return Draft(group[0].cause, reach, {}, whole_log=all(span.whole for span in group))


def forced_draft(
    window: tuple[int, int],
    spans: Sequence[Span],
    buckets: Buckets,
    usual: UsualRates,
    settings: Settings,
    baseline: Buckets | None,
) -> Draft:
    """The one incident of a window that the user named: its cause is the one most of its known symptoms have.

    `spans` are what detection finds: minutes of other trouble are no usual state.
    """
    zone = Zone(*window)
    counts: dict[Cause, int] = {}
    calm: set[str | None] = set()
    functions: set[str | None] = set()
    for minute, kind, count in buckets:
        if minute is None or not zone.holds(minute):
            continue
        if kind.ok:
            calm.add(kind.function)
        else:
            counts[kind.cause] = counts.get(kind.cause, 0) + count.n
            functions.add(kind.function)
    cause = min(counts, key=lambda c: (c == UNKNOWN, -counts[c], repr(c)), default=UNKNOWN)
    draft = Draft(cause, dict.fromkeys(functions or calm, zone), {}, forced=True, window=zone)
    give_parts([draft], spans, buckets, usual, baseline)
    measure([draft], spans, buckets, settings, baseline)
    return draft
