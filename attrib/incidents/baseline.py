"""The usual state that a baseline shows: what is itself an incident in it is no part of that."""

from __future__ import annotations

from dataclasses import dataclass

from attrib.incidents.buckets import Buckets
from attrib.incidents.detect import detect
from attrib.incidents.parts import affected_by
from attrib.incidents.series import series_of
from attrib.incidents.spans import Settings, Span, UsualRates


@dataclass
class UsualState:
    """A baseline without its own incidents."""

    buckets: Buckets
    left_out: list[Span]
    """Stretches that are incidents of the baseline's own."""
    only_failures: list[str | None]
    """Functions of which the baseline holds nothing but symptoms: it does not know their usual state."""


def usual_state(baseline: Buckets, settings: Settings) -> UsualState:
    """What is left of a baseline: the user named it as usual, so what was always so stays, and stretches that stand
    out from the rest of it do not."""
    found = series_of(baseline)
    spans = [
        span
        for span in detect(found, UsualRates(found, None, settings), settings)
        if span.first is not None and not span.whole
    ]
    useless = {function for function, totals in found.totals.items() if not totals.ok}
    affected = affected_by(spans)
    result = Buckets()
    for minute, kind, count in baseline:
        if kind.function not in useless and minute not in affected.get(kind.function, ()):
            result.add(minute, kind, count)
    left_out = [span for span in spans if span.function not in useless]
    return UsualState(result, left_out, sorted(useless, key=repr))
