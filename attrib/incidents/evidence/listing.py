"""Every kind of evidence, in the order in which it is shown. To add one: a file with a function, and its name here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from attrib.incidents.evidence.against import demoted, minority, worst_case
from attrib.incidents.evidence.attempts import attempts
from attrib.incidents.evidence.case import Case, Evidence
from attrib.incidents.evidence.claimed import claimed
from attrib.incidents.evidence.contrast import alike, contrast
from attrib.incidents.evidence.credential import credential
from attrib.incidents.evidence.hops import hops
from attrib.incidents.evidence.missing import missing
from attrib.incidents.evidence.onset import onset
from attrib.incidents.evidence.pile_up import pile_up
from attrib.incidents.evidence.rule_hits import rule_hits
from attrib.incidents.evidence.same_upstream import differences, others_fine, upstream_fine
from attrib.incidents.evidence.status_matrix import status_matrix
from attrib.incidents.evidence.time_split import time_split
from attrib.incidents.evidence.tripped import tripped
from attrib.incidents.evidence.usual_unknowns import usual_unknowns

FOR: Final[tuple[Callable[[Case], Evidence | None], ...]] = (
    status_matrix,
    credential,
    claimed,
    onset,
    time_split,
    contrast,
    alike,
    hops,
    attempts,
    pile_up,
    tripped,
    usual_unknowns,
    rule_hits,
)
AGAINST: Final[tuple[Callable[[Case], list[Evidence]], ...]] = (
    demoted,
    minority,
    upstream_fine,
    others_fine,
    differences,
    worst_case,
)
MISSING: Final[tuple[Callable[[Case], list[Evidence]], ...]] = (missing,)


def evidence(case: Case) -> list[Evidence]:
    """What the incident shows."""
    return [found for kind in FOR if (found := kind(case)) is not None]


def counter_evidence(case: Case) -> list[Evidence]:
    """What speaks against its verdict."""
    return [found for kind in AGAINST for found in kind(case)]


def missing_evidence(case: Case) -> list[Evidence]:
    """What would settle it."""
    return [found for kind in MISSING for found in kind(case)]
