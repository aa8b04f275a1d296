"""Runs the checks over one run's facts. Grain of the result: one dict per finding, in the contract's shape."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from attrib.checks.catalogue import catalogue
from attrib.checks.facts import Facts
from attrib.checks.model import SEVERITIES, Check, Finding, Needs, Place, fingerprint

MOST_FINDINGS: Final = 50
"""Findings of one check that are told one by one, the weightiest first; the report says how many more there are."""
MOST_EXAMPLES: Final = 3


def ran(needs: Needs) -> list[Check]:
    """The checks that run with so much known, by id."""
    return [check for _, check in sorted(catalogue(needs).items()) if check.needs <= needs]


@dataclass(slots=True)
class Judged:
    """What the checks found."""

    findings: list[dict[str, Any]] = field(default_factory=list)
    """Weightiest first."""
    notes: list[str] = field(default_factory=list)
    """What was left out, a sentence each."""
    unlisted: list[str] = field(default_factory=list)
    """Fingerprints of the findings of less weight that were left out, so that a later run knows them."""
    known: list[str] = field(default_factory=list)
    """Fingerprints of the findings that were found, and left out because they are known."""


def judge(facts: Facts, needs: Needs = Needs.SURVEY) -> tuple[list[dict[str, Any]], list[str]]:
    """(findings, weightiest first; notes on what was left out) of every check."""
    found = judge_by(ran(needs), facts)
    return found.findings, found.notes


def judge_by(checks: Iterable[Check], facts: Facts, known: Collection[str] = ()) -> Judged:
    """What some checks find, less what is known by its fingerprint."""
    rows: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
    out = Judged()
    for check in checks:
        found = sorted(((_weight(check, one), one) for one in check.find(facts)), key=lambda item: item[0])
        prints = [fingerprint(check.id, one.subject) for _, one in found]
        fresh = [item for item, text in zip(found, prints, strict=True) if text not in known]
        out.known += [text for text in prints if text in known]
        rows += [(weight, told(check, one, facts.paths)) for weight, one in fresh[:MOST_FINDINGS]]
        out.unlisted += [text for text in prints if text not in known][MOST_FINDINGS:]
        if (more := len(fresh) - MOST_FINDINGS) > 0:
            out.notes.append(f"{check.id}: {more:,} more findings of less weight are not listed.")
    out.findings = [row for _, row in sorted(rows, key=lambda item: item[0])]
    out.known.sort()
    out.unlisted.sort()
    return out


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
