"""Latencies that pile up at one value."""

from __future__ import annotations

from typing import Final

from attrib.incidents.evidence.case import Case, Evidence
from attrib.incidents.phrases import ms, number
from attrib.incidents.pile_up import Pile, durations
from attrib.incidents.pile_up import pile_up as piled

LEAST_MS: Final = 100.0
"""Shorter waits are no deadline: a fast refusal takes the same time, too (attrib's own)."""
CUT: Final = frozenset({"timeout", "no_response", "missing", "5xx"})
"""Outcomes of calls that a deadline may have cut off."""


def pile_of(case: Case) -> Pile | None:
    """Where the latencies of the members pile up, if they do at a value that can be a deadline."""
    found = piled(durations(((1, sight) for _, sight in case.seen(case.members)), "latency"))
    return found if found is not None and found.ms >= LEAST_MS else None


def pile_up(case: Case) -> Evidence | None:
    """A deadline's mark. None where latencies are spread out, or short."""
    found = pile_of(case)
    if found is None:
        return None
    cut = case.n(kind for kind in case.members if kind.outcome in CUT or kind.status_class == "timeout")
    # What was answered well ended by itself: nothing cut it off.
    mark = ", as at a deadline" if 2 * cut > case.n(case.members) else ""
    return Evidence(
        "pile_up",
        f"{number(found.n)} of {number(found.of)} ended at about {ms(found.ms)}{mark}.",
        {"ms": found.ms, "count": found.n, "of": found.of},
        case.examples(case.members),
    )
