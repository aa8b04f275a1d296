"""Consequences are not causes: a bottleneck that begins in a service while it waits for a slow vendor.

Design section 6: linked where it begins during the vendor's slowness, in the same service, with the calls in flight
(upstream milliseconds per minute / 60,000) on a plateau: whatever is bounded - a pool, a queue - is full.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import mean, pstdev
from typing import Final

from attrib.incidents.buckets import MINUTE_US
from attrib.incidents.draft import OWN, Draft

PLATEAU_MIN: Final = 3
"""Minutes that a plateau takes at least."""
PLATEAU_SPREAD: Final = 0.25
"""Standard deviation over mean of the calls in flight, at most."""
FULLER: Final = 1.5
"""Calls in flight over their usual number, at least."""


def link(drafts: Sequence[Draft]) -> None:
    """Set `consequence_of` where one incident follows from another. Ids must be set."""
    vendors = [d for d in drafts if d.cause.verdict == "vendor" and any(k.symptom != "failed" for k in d.kinds(OWN))]
    for draft in drafts:
        if draft.cause.verdict != "app_bottleneck":
            continue
        for vendor in vendors:
            if set(vendor.reach) & set(draft.reach) and _during(draft, vendor) and plateau(vendor):
                draft.consequence_of = vendor.id
                break


def _during(draft: Draft, vendor: Draft) -> bool:
    """Whether one begins while the other lasts, and not before it."""
    mine, theirs = draft.whole, vendor.whole
    if mine.first is None or theirs.first is None or theirs.last is None:
        return False
    return theirs.first <= mine.first <= theirs.last


def in_flight(draft: Draft) -> list[float]:
    """Calls in flight, minute by minute: upstream time per minute of time."""
    return [
        sum(count.upstream_us for count in draft.minutes[minute].values()) / MINUTE_US
        for minute in sorted(m for m in draft.minutes if m is not None)
    ]


def plateau(draft: Draft) -> bool:
    """Whether the calls in flight stand at one level above the usual while the incident lasts."""
    flight = in_flight(draft)[1:-1]
    if len(flight) < PLATEAU_MIN or not mean(flight):
        return False
    usual = sum(count.upstream_us for count in draft.usual_counts.values()) / MINUTE_US
    calls = sum(count.n for count in draft.usual_counts.values())
    now = sum(count.n for count in draft.counts.values())
    level = mean(flight)
    expected = usual / calls * now / len(draft.minutes) if calls else 0.0
    return pstdev(flight) <= PLATEAU_SPREAD * level and level >= FULLER * expected
