"""Counter-evidence from the incident's own figures: smaller causes, the worst case, and each failed comparison."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from attrib.incidents.buckets import Cause
from attrib.incidents.draft import JOINED, UNKNOWN
from attrib.incidents.evidence.case import BLAME, Case, Evidence
from attrib.incidents.phrases import listed, number, percent

HALF: Final = 0.5
"""The bound that a verdict must be above (design section 6)."""


def minority(case: Case) -> list[Evidence]:
    """Causes too small to stand alone: they joined the incident and count against it."""
    kinds = case.draft.kinds(JOINED)
    causes: Counter[Cause] = Counter()
    for kind in kinds:
        causes[kind.cause] += case.draft.counts[kind].n
    if not causes:
        return []
    ranked = sorted(causes.items(), key=lambda item: (-item[1], repr(item[0])))
    told = listed(f"{number(n)} to {_said(cause)}" for cause, n in ranked)
    rows = [{"verdict": cause.verdict, "responsible": cause.responsible, "count": n} for cause, n in ranked]
    of = case.n(case.members)
    text = f"Of {number(of)}, {told} point elsewhere: too few to stand alone, they count against this verdict."
    return [Evidence("minority", text, {"causes": rows, "of": of}, case.examples(kinds))]


def worst_case(case: Case) -> list[Evidence]:
    """What is left of the verdict if no unknown was its doing. None where nothing is unknown or nothing is known."""
    judged, kinds = case.judged, case.draft.kinds(UNKNOWN)
    unknown = case.n(kinds)
    if not unknown or judged.worst_case_share is None or judged.worst_case_low is None:
        return []
    counted = round(case.draft.unknown_excess)
    if not counted:
        return []
    cause = case.draft.cause if judged.verdict == "unknown" else Cause(judged.verdict, judged.responsible)
    share, low = percent(judged.worst_case_share), percent(judged.worst_case_low)
    verdict = "still more than half" if judged.worst_case_low > HALF else "not surely more than half"
    text = (
        f"If all {number(counted)} unknown were another's doing, {share} would point to {_said(cause)} (95 % bound "
        f"{low}): {verdict}."
    )
    data: dict[str, Any] = {"unknown": counted, "as_usual": unknown - counted, "share": judged.worst_case_share}
    data |= {"low": judged.worst_case_low, "method": judged.method}
    return [Evidence("worst_case", text, data, case.examples(kinds))]


def demoted(case: Case) -> list[Evidence]:
    """Each comparison that a vendor verdict did not survive."""
    return [
        Evidence(found.kind, found.statement, dict(found.data), case.examples(case.own))
        for found in case.judged.demotions
    ]


def _said(cause: Cause) -> str:
    verdict = cause.verdict if cause.verdict in BLAME or cause.verdict == "caller" else "nobody"
    return (
        f"{cause.responsible} ({verdict})"
        if cause.responsible
        else f"the {verdict.replace('app_bottleneck', 'bottleneck')}"
    )
