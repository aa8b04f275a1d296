"""Unknowns that are as usual, and so count neither for nor against."""

from __future__ import annotations

from attrib.incidents.draft import USUAL
from attrib.incidents.evidence.case import Case, Evidence
from attrib.incidents.phrases import listed, name_of, number


def usual_unknowns(case: Case) -> Evidence | None:
    """The daily rejected logins and their like: same function, status and error code, at their usual rate."""
    draft = case.draft
    kinds = [kind for kind in draft.kinds(USUAL) if kind.verdict == "unknown"]
    expected = {kind: draft.usual[kind] for kind in draft.usual if kind in draft.counts and draft.usual[kind] > 0}
    ranked = sorted({*kinds, *expected}, key=lambda kind: (-draft.counts[kind].n, repr(kind)))
    rows = [
        {
            "function": kind.function,
            "status": kind.status,
            "error_code": kind.error_code,
            "count": draft.counts[kind].n,
            "usual": round(expected.get(kind, float(draft.counts[kind].n)), 3),
        }
        for kind in ranked
    ]
    left_out = round(sum(expected.get(kind, float(draft.counts[kind].n)) for kind in ranked))
    if not left_out:
        return None
    names = listed(dict.fromkeys(f"{name_of(kind.function)} {kind.status or ''}".strip() for kind in ranked))
    return Evidence(
        "usual_unknowns",
        f"About {number(left_out)} of {number(case.n(ranked))} unknown are as usual ({names}) and do not count.",
        {"kinds": rows, "left_out": left_out},
        case.examples(ranked),
    )
