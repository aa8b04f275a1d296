"""Checks as SARIF rules: what a viewer shows beside a result."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

LEVELS: Final = {"error": "error", "warning": "warning", "info": "note"}
_PROBLEM: Final = {"error": "error", "warning": "warning", "info": "recommendation"}
"""GitHub's own words for a rule's severity."""
_WORDS: Final = re.compile(r"[A-Za-z0-9]+")
_LONGEST: Final = 1000
"""Characters of a description. GitHub allows 1,024."""


def rule(check: Mapping[str, Any]) -> dict[str, Any]:
    """A reporting descriptor. All of its text is ours, none of it from a log."""
    return {
        "id": check["check"],
        # Not of the id: a name that is the id in other letters says nothing (SARIF1001).
        "name": "".join(word[0].upper() + word[1:] for word in _WORDS.findall(check["title"])),
        "shortDescription": {"text": check["title"]},
        "fullDescription": {"text": _cut(check["reason"])},
        "help": {"text": _help(check), "markdown": _markdown(check)},
        "defaultConfiguration": {"level": LEVELS[check["severity"]]},
        "properties": {
            "tags": ["logs", check["area"]],
            "problem.severity": _PROBLEM[check["severity"]],
        },
    }


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _help(check: Mapping[str, Any]) -> str:
    parts = [check["reason"], check["explanation"], f"To do: {check['remedy']}", f"Source: {check['source']}"]
    return "\n\n".join([*parts, *(f"{one['name']}: {_bound(one)}" for one in check["parameters"])])


def _markdown(check: Mapping[str, Any]) -> str:
    parts = [check["reason"], check["explanation"], f"**To do.** {check['remedy']}", f"**Source.** {check['source']}"]
    bounds = "\n".join(f"- `{one['name']}`: {_bound(one)}" for one in check["parameters"])
    return "\n\n".join([*parts, *([f"**Bounds**\n\n{bounds}"] if bounds else [])])


def _bound(parameter: Mapping[str, Any]) -> str:
    return f"{parameter['value']:g} {parameter['unit']} ({parameter['source']})"
