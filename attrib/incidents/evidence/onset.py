"""When it began, peaked and ended, and failures per minute."""

from __future__ import annotations

from typing import Final

from attrib.incidents.buckets import MINUTE_US
from attrib.incidents.evidence.case import Case, Evidence
from attrib.incidents.phrases import clock, number
from attrib.verdicts.rows import iso

STEPS: Final = 240
"""Points of the series at most; longer incidents are summed over several minutes each."""


def onset(case: Case) -> Evidence | None:
    """Grain of `series`: one point per `minutes_per_point` minutes: [start (UTC), members, all invocations]. None where
    the log has no time."""
    draft = case.draft
    if draft.onset is None:
        return None
    minutes = {minute: counts for minute, counts in draft.by_minute.items() if minute is not None}
    per_point, series = 1, []
    if minutes:
        first, last = min(minutes), max(minutes)
        per_point = -(-(last - first + 1) // STEPS)
        points: dict[int, list[int]] = {}
        for minute in sorted(minutes):
            point = points.setdefault(minute - (minute - first) % per_point, [0, 0])
            point[0] += minutes[minute][0]
            point[1] += minutes[minute][1]
        series = [[iso(minute * MINUTE_US), *points[minute]] for minute in sorted(points)]
    text = f"It began at {clock(draft.onset)}"
    if draft.peak is not None:
        most = minutes.get(draft.peak, (0, 0))[0]
        text += f", peaked at {clock(draft.peak * MINUTE_US)} with {number(most)} in one minute" if most else ""
    text += f" and ended at {clock(draft.end)}" if draft.end is not None else ""
    return Evidence(
        "onset",
        f"{text}.",
        {
            "onset": iso(draft.onset),
            "peak": None if draft.peak is None else iso(draft.peak * MINUTE_US),
            "end": iso(draft.end),
            "minutes_per_point": per_point,
            "series": series,
        },
        case.examples(case.own),
    )
