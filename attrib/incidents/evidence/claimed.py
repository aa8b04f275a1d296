"""What an incident of unknowns claims, as evidence: claimed, not proven."""

from __future__ import annotations

from attrib.incidents.evidence.case import Case, Evidence
from attrib.incidents.evidence.claims import claims


def claimed(case: Case) -> Evidence | None:
    """The sentence behind a lean that rests on claims alone."""
    found = claims(case.draft, case.words) if case.judged.claimed else None
    if found is None:
        return None
    lean, sentence = found
    return Evidence("claims", sentence, {"lean": lean}, case.examples(case.own))
