"""`--fail-on`: conditions on a report that decide the exit code and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from attrib.errors import UsageError
from attrib.rules.facets import VERDICTS

Condition = Callable[[dict[str, Any]], bool]
WORDS = (*VERDICTS, "any", "isolated", "coverage<SHARE")


def parse_fail_on(text: str | None) -> list[Condition]:
    """The conditions of a comma-separated list; any of them is enough. Raises UsageError."""
    return [_condition(word.strip()) for word in (text or "").split(",") if word.strip()]


def _condition(word: str) -> Condition:
    if word in VERDICTS:
        return lambda report: any(incident["verdict"] == word for incident in _incidents(report))
    if word == "any":
        return lambda report: bool(_incidents(report))
    if word == "isolated":
        return lambda report: bool(report["isolated"])
    if found := re.fullmatch(r"coverage\s*<\s*(0?\.\d+|0|1(?:\.0+)?)", word):
        least = float(found[1])
        return lambda report: _less(report["summary"]["evidence_coverage"], least)
    from attrib.rules.hints import hint

    raise UsageError(f"--fail-on {word}: not one of {', '.join(WORDS)}.{hint(word, WORDS)}")


def _incidents(report: dict[str, Any]) -> list[dict[str, Any]]:
    """Incidents with a symptom: a window in which nothing failed is none that a build should fail on."""
    return [incident for incident in report["incidents"] if incident.get("symptomatic", 1)]


def _less(coverage: float | None, least: float) -> bool:
    # No symptom at all: nothing that the evidence could fail to cover.
    return coverage is not None and coverage < least


def parse_fail_on_findings(text: str | None) -> Callable[[dict[str, Any]], bool]:
    """Whether a finding is one to fail on: of a named severity or worse, or of a named check. Raises UsageError."""
    words = [word.strip() for word in (text or "").split(",") if word.strip()]
    if not words:
        return lambda _: False
    from attrib.checks.catalogue import catalogue
    from attrib.checks.model import SEVERITIES
    from attrib.rules.hints import hint

    severities: tuple[str, ...] = SEVERITIES
    for word in words:
        if word not in severities and word not in catalogue():
            known = (*severities, *catalogue())
            raise UsageError(f"--fail-on {word}: neither a severity nor a check.{hint(word, known)}")
    least = max((severities.index(word) for word in words if word in severities), default=-1)
    return lambda finding: severities.index(finding["severity"]) <= least or finding["check"] in words
