"""Made-up reports of `attrib check`: what the renderers get, without running a check."""

from __future__ import annotations

from typing import Any

ESC = "\x1b[31m\u202e[link](1)<b>|@team"
"""Log text that would come alive in a terminal, in Markdown or in a viewer."""
TOKEN = "ghp_16C7e42F292c6912E7710c838347Ae178B4a"


def finding(check: str = "error-rate", severity: str = "warning", number: int = 0, **other: Any) -> dict[str, Any]:
    """A finding with all of its keys."""
    return {
        "check": check,
        "severity": severity,
        "title": "Functions that fail too often",
        "statement": f"checkout-{number}: 36 of 3,310 invocations failed (1.1 %).",
        "remedy": "Bring it to 5 % or less: attrib analyze names who is responsible.",
        "count": 36,
        "rate": 0.010876,
        "cost": None,
        "examples": [{"file": "logs/a.jsonl", "line": 7}, {"file": "logs/b.jsonl", "line": 9}],
        "worst": {"file": "logs/b.jsonl", "line": 11},
        "subject": {"function": f"checkout-{number}"},
        "fingerprint": f"{number:016x}",
        "data": {"function": "checkout"},
        **other,
    }


def hostile(number: int = 0) -> dict[str, Any]:
    """A finding with hostile text and a secret wherever log text may stand."""
    text = f"{ESC} {TOKEN}"
    return finding(
        number=number, statement=f"{text}: 1 of 2.", remedy=f"Look at {text}.", subject={"function": text},
        data={"function": text, text: 1},
    )  # fmt: skip


def report(*findings: dict[str, Any], **other: Any) -> dict[str, Any]:
    """A document as `attrib.checking.check` gives it."""
    counts = {"lines_read": 4000, "accepted": 4000, "quarantined": 0, "skipped": 0, "blank": 0, "duplicates": 0}
    file = {
        "path": "logs/a.jsonl", "format": "m1", **counts, "repaired": 0, "records": 4000, "unreadable_time": 0,
        "zone_less_time": 0, "error": None,
    }  # fmt: skip
    return {
        "schema": "attrib.checks/1",
        "attrib_version": "0.1.0",
        "input": {
            "files": [file],
            "totals": {**counts, "repaired": 0, "records": 4000},
            "reasons": {},
            "unknown_fields": {},
            "unknown_fields_sampled": False,
            "time_range": {"start": "2026-11-20T14:00:00Z", "end": "2026-11-20T15:00:00Z"},
        },
        "config": None,
        "sampled": False,
        "ran": ["error-rate", "latency-budget"],
        "parameters": {"error-rate": {"rate": 0.05}},
        "findings": list(findings),
        "ids": [],
        "known": [],
        "unlisted": [],
        "notes": [],
        **other,
    }


def id_row(**other: Any) -> dict[str, Any]:
    """A row of the table of request ids."""
    return {
        "function": "checkout", "file": "logs/a.jsonl", "records": 4000, "missing": 0, "placeholder": 0, "malformed": 0,
        "kinds": {"uuid4": 4000}, **other,
    }  # fmt: skip


CHECKS: list[dict[str, Any]] = [
    {
        "check": name,
        "area": "traffic",
        "severity": "warning",
        "title": "Functions that fail too often",
        "reason": "A function that fails more than one time in twenty is broken for somebody.",
        "explanation": "One paragraph,\nover two lines.\n\nAnother with `code`.",
        "remedy": "Name who is responsible.",
        "source": "design",
        "parameters": [{"name": "rate", "value": 0.05, "unit": "share", "source": "design"}],
        "samples": [{"title": "one in ten fails", "finds": 1}, {"title": "none fails", "finds": 0}],
    }
    for name in ("error-rate", "latency-budget")
]
