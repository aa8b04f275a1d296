"""Findings as a table, one row each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from attrib.reports.tables import csv_lines
from attrib.reports.view import View

COLUMNS: Final[Mapping[str, type]] = {
    "check": str, "severity": str, "statement": str, "count": int, "rate": float, "symptomatic_unknown": int,
    "file": str, "line": int, "worst_file": str, "worst_line": int, "subject": str, "remedy": str, "title": str,
    "fingerprint": str,
}  # fmt: skip
"""Columns of `check --to csv`. file and line are those of the first example; subject is `name=value`, joined by `; `;
symptomatic_unknown is what the finding costs. Null: there is none, or it is not known."""


def rows(findings: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The findings as rows of the columns, weightiest first."""
    return [_row(finding) for finding in findings]


def _row(finding: Mapping[str, Any]) -> dict[str, Any]:
    first = finding["examples"][0] if finding["examples"] else {}
    worst = finding["worst"] or {}
    return {name: finding.get(name) for name in COLUMNS} | {
        "symptomatic_unknown": (finding["cost"] or {}).get("symptomatic_unknown"),
        "file": first.get("file"),
        "line": first.get("line"),
        "worst_file": worst.get("file"),
        "worst_line": worst.get("line"),
        "subject": "; ".join(f"{key}={'' if text is None else text}" for key, text in finding["subject"].items()),
    }


def render(report: dict[str, Any], view: View) -> str:
    """CSV with a header; null is an empty cell."""
    return "".join(csv_lines(rows(report["findings"]), COLUMNS, view))
