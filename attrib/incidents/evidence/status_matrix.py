"""What the upstream answered, by what the function answered."""

from __future__ import annotations

from collections import Counter
from typing import Final

from attrib.incidents.buckets import Kind
from attrib.incidents.evidence.case import Case, Evidence
from attrib.incidents.phrases import listed, number, upstream_of

_TOLD: Final = {
    "timeout": "timed out on {n}",
    "no_response": "left {n} without a response",
    "missing": "has no outcome logged for {n}",
    "not_contacted": "was not asked by {n}",
    "short_circuited": "was spared {n} by our circuit breaker",
}
MOST: Final = 4
"""Outcomes told in the sentence; `rows` has them all."""


def status_matrix(case: Case) -> Evidence | None:
    """Grain of `rows`: one per upstream outcome and code x function status, over the incident's members."""
    members = case.members
    if not members:
        return None
    cells: Counter[tuple[str, str, str, str]] = Counter()
    answers: Counter[tuple[str, str]] = Counter()
    statuses: Counter[str] = Counter()
    for kind in members:
        n = case.draft.counts[kind].n
        code, status = _text(kind.code), _text(kind.status)
        cells[kind.outcome, code, kind.status_class, status] += n
        answers[kind.outcome, code if kind.outcome[1:] == "xx" else ""] += n
        statuses[status or "no status"] += n
    total = case.n(members)
    names = {kind.upstream for kind in members}
    name = upstream_of(next(iter(names))) if len(names) == 1 else "the upstream"
    ranked = sorted(answers.items(), key=lambda item: (-item[1], item[0]))
    told = listed((_said(outcome, code, _all(n, total)) for (outcome, code), n in ranked), MOST)
    well = sum(n for (outcome, _), n in answers.items() if outcome == "2xx")
    returned = listed(
        f"{status} ({_all(n, total)})" for status, n in sorted(statuses.items(), key=lambda item: (-item[1], item[0]))
    )
    return Evidence(
        "status_matrix",
        f"Of {number(total)}, {name} {told}{'' if well else '; none got a 2xx'}; "
        f"{_functions(members)} answered {returned}.",
        {
            "rows": [
                {"upstream": outcome, "upstream_status": code or None, "status_class": known, "status": status or None,
                 "count": n}
                for (outcome, code, known, status), n in sorted(cells.items(), key=lambda item: (-item[1], item[0]))
            ],
            "total": total,
        },
        case.examples(members),
    )  # fmt: skip


def _all(n: int, total: int) -> str:
    return f"all {number(n)}" if n == total else number(n)


def _said(outcome: str, code: str, n: str) -> str:
    template = _TOLD.get(outcome)
    return template.format(n=n) if template else f"answered {code or outcome} to {n}"


def _functions(members: list[Kind]) -> str:
    names = sorted({kind.function or "an unnamed function" for kind in members})
    return names[0] if len(names) == 1 else "the functions"


def _text(value: int | str | None) -> str:
    return "" if value is None else str(value)
