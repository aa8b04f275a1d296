"""Runs the checks over one run's facts. Grain of the result: one dict per finding, in the contract's shape."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from attrib.checks.catalogue import catalogue
from attrib.checks.facts import Facts
from attrib.checks.model import SEVERITIES, Check, Finding, Needs, Place, fingerprint

MOST_FINDINGS: Final = 50
"""Findings of one check that are told one by one, the weightiest first; the report says how many more there are."""
MOST_EXAMPLES: Final = 3


def ran(needs: Needs) -> list[Check]:
    """The checks that run with so much known, by id."""
    return [check for _, check in sorted(catalogue().items()) if check.needs <= needs]


def judge(facts: Facts, needs: Needs = Needs.SURVEY) -> tuple[list[dict[str, Any]], list[str]]:
    """(findings, weightiest first; notes on what was left out)."""
    rows: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
    notes: list[str] = []
    for check in ran(needs):
        found = sorted(((_weight(check, one), one) for one in check.find(facts)), key=lambda item: item[0])
        rows += [(weight, told(check, one, facts.paths)) for weight, one in found[:MOST_FINDINGS]]
        if (more := len(found) - MOST_FINDINGS) > 0:
            notes.append(f"{check.id}: {more:,} more findings of less weight are not listed.")
    return [row for _, row in sorted(rows, key=lambda item: item[0])], notes


def _weight(check: Check, one: Finding) -> tuple[Any, ...]:
    severity = one.severity or check.severity
    subject = tuple((key, value or "") for key, value in sorted(one.subject.items()))
    return SEVERITIES.index(severity), -(one.cost or 0), -one.count, check.id, subject


def told(check: Check, one: Finding, paths: Sequence[str]) -> dict[str, Any]:
    """A finding as the documents have it."""
    return {
        "check": check.id,
        "severity": one.severity or check.severity,
        "title": check.title,
        "statement": one.statement,
        "remedy": one.remedy,
        "count": one.count,
        "rate": round(one.count / one.total, 6) if one.total else None,
        "cost": None if one.cost is None else {"symptomatic_unknown": one.cost},
        "examples": [_shown(place, paths) for place in sorted(set(one.examples))[:MOST_EXAMPLES]],
        "worst": None if one.worst is None else _shown(one.worst, paths),
        "subject": dict(one.subject),
        "fingerprint": fingerprint(check.id, one.subject),
        "data": dict(one.data),
    }


def _shown(place: Place, paths: Sequence[str]) -> dict[str, Any]:
    return {"file": paths[place.file], "line": place.line}


def counts(findings: Iterable[dict[str, Any]]) -> dict[str, int]:
    """Severity -> findings, every severity named."""
    severities = [finding["severity"] for finding in findings]
    return {severity: severities.count(severity) for severity in SEVERITIES}
