"""The commands that a report suggests, each of which can be copied and run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from attrib.reports.view import View

_LOGS: Final = 200
"""Characters of a command with all LOGS; beyond, `LOGS...` stands for them."""


def typable(found: object, view: View) -> str | None:
    """A request id that can be typed as shown: neither redacted, written out nor taken for an option."""
    if not isinstance(found, str) or not found or found.startswith("-") or view.display.terminal(found) != found:
        return None
    return found


def first_id(examples: Iterable[dict[str, Any]], view: View) -> str | None:
    """The first request id of some examples that can be typed."""
    return next((found for entry in examples if (found := typable(entry.get("request_id"), view)) is not None), None)


def example_id(report: dict[str, Any], view: View) -> str | None:
    """A request of the report to begin with."""
    examples = [e for incident in report["incidents"] for ev in incident["evidence"] for e in ev.get("examples") or ()]
    return first_id([*examples, *report["isolated"]], view)


def short(view: View, *words: str) -> str:
    """A command with the logs as typed, or with `LOGS...` where these are many."""
    whole = view.command(*words)
    return whole if len(whole) <= _LOGS else replace(view, logs=()).command(*words)


def ticket(entry: dict[str, Any], report: dict[str, Any], view: View) -> str | None:
    """The command that writes a ticket to the vendor an incident names; None where none is, or it cannot be typed.

    The incident is named only where the command would take another one, a larger one of the same vendor.
    """
    vendor = typable(entry["responsible"], view)
    if entry["verdict"] != "vendor" or vendor is None:
        return None
    largest = next(one for one in report["incidents"] if one["verdict"] == "vendor" and one["responsible"] == vendor)
    more = ["--incident", entry["id"]] if largest["id"] != entry["id"] else []
    return short(view, "report", "vendor", "--vendor", vendor, *more)
