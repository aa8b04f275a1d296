"""The charts of an analysis and of its incidents as a notebook asks for them: the page's, alone or in a column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from attrib.errors import DeliveryError, UsageError
from attrib.reports.view import View

if TYPE_CHECKING:
    import altair as alt

Kind = Literal["timeline", "breakdown", "latency", "suspects"]

MOST: Final = 20
"""Incidents of one drawing; the report has them all."""
_NAME: Final = 60
_WORDS: Final[dict[str, str]] = {
    "timeline": "times",
    "breakdown": "figures of where the time went",
    "latency": "latencies",
    "suspects": "suspects",
}


def chart(kind: Kind, report: dict[str, Any], view: View, incident: str | None = None) -> Any:
    """One of `timeline`, `breakdown`, `latency`, `suspects`: of one incident by its id, else of the analysis.

    Raises UsageError where there is no such incident or nothing to draw, DeliveryError where Altair is missing.
    """
    if kind not in _WORDS:
        raise UsageError(f"chart: {kind} is not one of {', '.join(_WORDS)}.")
    try:
        found = _whole(kind, report, view) if incident is None else _one(kind, entry_of(report, incident), report, view)
    except ImportError as error:
        raise DeliveryError(f"charts need {error.name}, which is not installed: pip install altair.") from None
    if found is None:
        whose = "no incident has" if incident is None else f"{incident} has no"
        raise UsageError(f"{kind}: {whose} {_WORDS[kind]}; there is nothing to draw.")
    return found


def entry_of(report: dict[str, Any], incident: str) -> dict[str, Any]:
    """An incident by its id. Raises UsageError for one that there is not."""
    for entry in report["incidents"]:
        if entry["id"] == incident:
            return dict(entry)
    known = ", ".join(str(entry["id"]) for entry in report["incidents"][:MOST]) or "there is none"
    raise UsageError(f"{incident}: no such incident; {known}.")


def _one(kind: Kind, entry: dict[str, Any], report: dict[str, Any], view: View) -> alt.LayerChart | None:
    from attrib.reports import charts

    if kind == "timeline":
        return charts.timeline(entry, report.get("marks") or (), view.zone, display=view.display)
    if kind == "suspects":
        return charts.suspects(entry, display=view.display)
    return charts.breakdown(entry) if kind == "breakdown" else charts.latency(entry)


def _whole(kind: Kind, report: dict[str, Any], view: View) -> Any:
    import altair as alt

    from attrib.reports import charts
    from attrib.reports.charts_look import config

    if kind == "timeline":
        return charts.timeline_all(report, view.zone, display=view.display)
    drawn = []
    for entry in report["incidents"][:MOST]:
        one = _one(kind, entry, report, view)
        if one is not None:
            whom = entry["responsible"] or ", ".join(entry["functions"])
            name = view.display.terminal(f"{entry['verdict']} {whom} ({entry['id']})", _NAME)
            one.config = alt.Undefined  # only the outermost may have one
            drawn.append(one.properties(title=[name, one.title]))
    return alt.vconcat(*drawn, config=config(), spacing=24) if drawn else None
