"""The pictures of a page: Altair's charts as SVG for the first incidents, a small line of our own for every one."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from attrib.reports import charts, timeline
from attrib.reports.charts_look import NARROW
from attrib.reports.outline import Line, line, prose
from attrib.reports.view import View
from attrib.safe import markup

if TYPE_CHECKING:
    from markupsafe import Markup

CHARTED: Final = 12
"""Incidents with charts: each takes about a sixth of a second and 20 kB. The others have a small timeline."""

_STEPS: Final = 96
"""Steps of a small timeline; of several in one, the highest shows."""


class Pen:
    """Draws charts beside other work: each takes 20 ms of a machine that Python does not wait for, the first 0.4 s."""

    def __init__(self) -> None:
        """Starts the drawing machine at once: it needs as long as importing Altair does."""
        self._thread = ThreadPoolExecutor(1)
        self._thread.submit(_start)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown(cancel_futures=True)

    def svg(self, chart: Any, title: str, told: str, key: str) -> Future[Markup]:
        """The chart as an `<svg>` element, once it is asked for."""
        return self._thread.submit(_svg, chart, title, told, key)


def _start() -> None:
    import vl_convert

    vl_convert.vegalite_to_svg({"mark": "point", "data": {"values": []}}, allowed_base_urls=[])


def _svg(chart: Any, title: str, told: str, key: str) -> Markup:
    return markup.ours(charts.svg(chart, title, told, key))  # made of shapes and escaped text alone


class Picture(NamedTuple):
    """A chart twice: as wide as a desk's page, and for a phone."""

    wide: Future[Markup]
    narrow: Future[Markup]


def over_time(entry: dict[str, Any], report: dict[str, Any], view: View, key: str, pen: Pen) -> Picture | None:
    """An incident's timeline; None where it has none."""
    marks, told = report.get("marks") or [], _told(entry, report, view)
    wide = charts.timeline(entry, marks, view.zone, display=view.display)
    narrow = charts.timeline(entry, marks, view.zone, display=view.display, width=NARROW, height=110)
    if wide is None or narrow is None:
        return None
    return Picture(
        pen.svg(wide, "Requests over time", told, f"{key}w"), pen.svg(narrow, "Requests over time", told, f"{key}n")
    )


def of_all(report: dict[str, Any], view: View, pen: Pen) -> Picture | None:
    """All incidents on one axis; None where that says nothing: a single one, or no times."""
    if len(report["incidents"]) < 2:
        return None
    title, told = "Incidents over time", "Each incident from start to end; cards and sections have the times in words."
    wide = charts.timeline_all(report, view.zone, display=view.display)
    narrow = charts.timeline_all(report, view.zone, display=view.display, width=NARROW - 90)
    if wide is None or narrow is None:
        return None
    return Picture(pen.svg(wide, title, told, "allw"), pen.svg(narrow, title, told, "alln"))


def time_split(entry: dict[str, Any], view: View, key: str, pen: Pen) -> Future[Markup] | None:
    """Where the time went, before and during; None where it is not known."""
    chart = charts.breakdown(entry)
    said = [evidence["statement"] for evidence in entry["evidence"] if evidence["kind"] == "time_split"]
    return pen.svg(chart, "Where the time went", view.display.plain(" ".join(said)), key) if chart else None


def _told(entry: dict[str, Any], report: dict[str, Any], view: View) -> str:
    said = [evidence["statement"] for evidence in entry["evidence"] if evidence["kind"] == "onset"]
    onset = timeline.onset(entry, report.get("marks") or [], view.zone)
    return view.display.plain(" ".join(said) or onset or "Requests over time.")


class Spark(NamedTuple):
    """A small timeline: two areas in a box of `width` by 20, drawn to one scale whose top is the busiest step."""

    width: int
    calls: Markup
    failing: Markup


def spark(entry: dict[str, Any]) -> Spark | None:
    """The failed or slow over all requests; None without figures. Words beside it say the same."""
    steps = entry.get("timeline")
    if not steps or len(steps["counts"]) < 2 or not any(steps["counts"]):
        return None
    per_step = -(-len(steps["counts"]) // _STEPS)
    calls, failing = (
        [max(steps[name][at : at + per_step]) for at in range(0, len(steps[name]), per_step)]
        for name in ("invocations", "counts")
    )
    top = max(*calls, *failing)
    return Spark(len(calls), _area(calls, top), _area(failing, top))


def _area(counts: list[int], top: int) -> Markup:
    """Steps as a path; what is more than nothing is at least one unit high."""
    rows = [f"V{20 - -(-count * 20 // top)}H{position}" for position, count in enumerate(counts, 1)]
    return markup.ours(f"M0 20{''.join(rows)}V20Z")  # digits alone


def onset_line(entry: dict[str, Any], report: dict[str, Any], view: View) -> Line:
    """`onset 14:02:11, 38 s after "deploy v42"` as a line; empty without an onset."""
    words = timeline.onset(entry, report.get("marks") or [], view.zone)
    return line(prose(words)) if words else ()
