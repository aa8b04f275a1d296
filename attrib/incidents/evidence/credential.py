"""A credential of ours that plainly expired."""

from __future__ import annotations

from attrib.incidents.draft import OWN
from attrib.incidents.evidence.case import Case, Evidence
from attrib.incidents.phrases import percent, upstream_of
from attrib.incidents.verdict import expired_credential


def credential(case: Case) -> Evidence | None:
    """Each refusal alone may be the caller's; where nobody gets through any more, it is our credential (design 4)."""
    found = expired_credential(case.draft)
    if found is None or case.judged.verdict != "application":
        return None
    return Evidence(
        "credential",
        f"{upstream_of(found.upstream)} answered {percent(found.now)} of these calls well, usually "
        f"{percent(found.usual)}: nobody gets through any more, so the evidence points to our credential.",
        {"upstream": found.upstream, "well": round(found.now, 6), "usually_well": round(found.usual, 6)},
        case.examples(case.draft.kinds(OWN)),
    )
