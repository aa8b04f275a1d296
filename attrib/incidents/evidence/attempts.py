"""Attempts per request."""

from __future__ import annotations

from collections import Counter

from attrib.incidents.buckets import MOST_ATTEMPTS
from attrib.incidents.evidence.case import Case, Evidence
from attrib.incidents.phrases import number

NOT_TRIED = ("short_circuited", "not_contacted")
"""Outcomes of calls that nobody made."""


def attempts(case: Case) -> Evidence | None:
    """Attempts -> members; the last step holds ten and more. None where no call is logged."""
    spread: Counter[int] = Counter()
    for kind in case.members:
        if kind.attempts and kind.outcome not in NOT_TRIED:
            spread[kind.attempts] += case.draft.counts[kind].n
    if not spread:
        return None
    total = sum(spread.values())
    mean = round(sum(tries * n for tries, n in spread.items()) / total, 3)
    data = {"per_request": mean, "spread": {str(tries): spread[tries] for tries in sorted(spread)}, "of": total}
    most = max(spread)
    if most == 1:
        return Evidence("attempts", f"No retry is logged: one attempt each for all {number(total)}.", data)
    up_to = f"{most} or more" if most == MOST_ATTEMPTS else str(most)
    retried = total - spread[1]
    text = f"{number(retried)} of {number(total)} were retried: {mean:.1f} attempts per request, up to {up_to}."
    return Evidence("attempts", text, data, case.examples(kind for kind in case.members if kind.attempts > 1))
