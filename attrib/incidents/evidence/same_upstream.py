"""Counter-evidence from the upstream's own answers: who else called it in these minutes, and what it answered."""

from __future__ import annotations

from typing import Final

from attrib.incidents.compare import OTHERS
from attrib.incidents.contrast import difference
from attrib.incidents.deadline import WELL
from attrib.incidents.draft import OWN
from attrib.incidents.evidence.case import Case, Evidence
from attrib.incidents.phrases import listed, name_of, number, percent, upstream_of

FINE: Final = 0.95
"""Share of calls answered well from which a function counts as not failing (the mirror of incident_min_rate)."""
RATIO: Final = 2.0
"""Least ratio of two functions' failure rates that is worth a sentence (attrib's own)."""


def others_fine(case: Case) -> list[Evidence]:
    """Functions outside the incident whose calls to the same upstream were answered well. An upstream without a name
    cannot be known to be the same."""
    draft, name = case.draft, case.draft.cause.responsible
    if draft.cause.verdict != "vendor" or name is None:
        return []
    calls: dict[str | None, list[int]] = {}
    for kind, count in case.index.during(draft.whole).items():
        if kind.upstream == name and kind.function not in draft.reach and kind.outcome != "missing":
            sums = calls.setdefault(kind.function, [0, 0])
            sums[0] += count.n if kind.outcome in WELL and kind.verdict != "vendor" else 0
            sums[1] += count.n
    fine = {function: (well, n) for function, (well, n) in calls.items() if n >= OTHERS and well >= FINE * n}
    if not fine:
        return []
    ranked = sorted(fine, key=lambda function: (-fine[function][1], function or ""))
    told = listed(f"{number(fine[f][0])} of {number(fine[f][1])} calls of {name_of(f)}" for f in ranked)
    rows = [{"function": f, "well": fine[f][0], "calls": fine[f][1]} for f in ranked]
    text = (
        f"In the same minutes {name} answered {told} well: only some of its endpoints may be down, or only our calls."
    )
    seen = [kind for kind in case.around() if kind.upstream == name and kind.function in fine and kind.outcome in WELL]
    return [Evidence("others_fine", text, {"functions": rows}, case.examples(seen))]


def upstream_fine(case: Case) -> list[Evidence]:
    """Calls of the incident's own functions that the same upstream answered well in the same minutes."""
    draft, name = case.draft, case.draft.cause.responsible
    if draft.cause.verdict != "vendor":
        return []
    calls = [kind for kind in draft.counts if kind.upstream == name and kind.outcome != "missing"]
    well = [
        kind
        for kind in sorted(calls, key=lambda kind: (-draft.counts[kind].n, repr(kind)))
        if kind.outcome in WELL and draft.parts[kind] != OWN
    ]
    n, of, late = case.n(well), case.n(calls), case.n(kind for kind in well if kind.masked)
    if not n:
        return []
    retried = f", {number(late)} of them after a retry" if late else ""
    text = (
        f"In the same minutes {upstream_of(name)} answered {number(n)} of {number(of)} requests of "
        f"{listed(map(name_of, draft.functions))} well ({percent(n, of)}{retried}): it failed in part, not as a whole."
    )
    data = {"well": n, "after_retry": late, "calls": of}
    return [Evidence("upstream_fine", text, data, case.examples(well))]


def differences(case: Case) -> list[Evidence]:
    """Functions of the incident that fail at very different rates on the same upstream: one endpoint of a vendor may be
    down, so this demotes nothing (design section 6)."""
    draft, name = case.draft, case.draft.cause.responsible
    if draft.cause.verdict != "vendor":
        return []
    rates: dict[str | None, list[int]] = {}
    for kind, count in draft.counts.items():
        if kind.upstream == name:
            sums = rates.setdefault(kind.function, [0, 0])
            sums[0] += count.n if draft.parts[kind] == OWN else 0
            sums[1] += count.n
    many = {function: sums for function, sums in rates.items() if sums[1] >= OTHERS}
    if len(many) < 2:
        return []
    ranked = sorted(many, key=lambda f: (-many[f][0] / many[f][1], f or ""))
    (most, of_most), (least, of_least) = many[ranked[0]], many[ranked[-1]]
    low, _ = difference(most, of_most, least, of_least)
    if low <= 0 or most * of_least < RATIO * least * of_most:
        return []
    text = (
        f"{name_of(ranked[0])} fails on {percent(most, of_most)} of its {number(of_most)} calls to "
        f"{upstream_of(name)}, "
        f"{name_of(ranked[-1])} on {percent(least, of_least)} of {number(of_least)}: one endpoint may be down."
    )
    rows = [{"function": f, "failed": many[f][0], "calls": many[f][1]} for f in ranked]
    return [Evidence("differences", text, {"functions": rows})]
