"""Which incident a post-mortem is about."""

from __future__ import annotations

from typing import Any, Final

from attrib.errors import UsageError
from attrib.reports.figures import number, plural

LISTED: Final = 10
"""Ids named in one message."""


def chosen(report: dict[str, Any], wanted: str | None = None) -> dict[str, Any]:
    """The incident with this id (a beginning that only one has will do); None: the one with the most requests.

    Raises UsageError where there is no such incident, or nothing to write about.
    """
    found = [one for one in report["incidents"] if one["symptomatic"]]
    if not found:
        raise UsageError(_nothing(report))
    if wanted is None:
        return dict(found[0])  # the report's order: the most symptomatic first
    exact = [one for one in found if one["id"] == wanted]
    named = exact or [one for one in found if one["id"].startswith(wanted)]
    if len(named) == 1:
        return dict(named[0])
    many = "several incidents begin so" if named else "no such incident"
    raise UsageError(f"--incident {wanted}: {many}. There are: {listed(named or found)}.")


def listed(incidents: list[dict[str, Any]]) -> str:
    """`inc-cb2a2902 (vendor, 171 requests), ...`: ids to choose from."""
    told = [f"{one['id']} ({one['verdict']}, {plural(one['symptomatic'], 'request')})" for one in incidents[:LISTED]]
    more = len(incidents) - LISTED
    return ", ".join(told) + (f" and {number(more)} more" if more > 0 else "")


def _nothing(report: dict[str, Any]) -> str:
    summary = report["summary"]
    bad, total = summary["symptomatic"], summary["invocations"]
    if not bad:
        return f"nothing to write a post-mortem of: none of {plural(total, 'invocation')} failed or was slow."
    if report["incidents"]:  # the window that the user named, without a symptom in it
        return "nothing to write a post-mortem of: nothing failed or was slow in that window. Name other minutes."
    return (
        f"no incident to write a post-mortem of: {number(bad)} of {plural(total, 'invocation')} failed or were slow, "
        "which is too little, or no more than usual. If you know the minutes, name them: --window START..END."
    )
