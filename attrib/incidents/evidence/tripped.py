"""Answers of our own open circuit breaker."""

from __future__ import annotations

from attrib.incidents.draft import TRIPPED
from attrib.incidents.evidence.case import Case, Evidence
from attrib.incidents.phrases import number, upstream_of


def tripped(case: Case) -> Evidence | None:
    """They inherit the verdict of the failures that opened the breaker, and are listed apart (design section 4)."""
    kinds = case.draft.kinds(TRIPPED)
    if not kinds:
        return None
    n, of = case.n(kinds), case.n(case.members)
    return Evidence(
        "tripped",
        f"{number(n)} of {number(of)} were answered by our own open circuit breaker: they follow the failures of "
        f"{upstream_of(case.upstream)} that opened it, and inherit their verdict.",
        {"count": n, "of": of},
        case.examples(kinds),
    )
