"""Charts over time: one incident step by step, and all of them from start to end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, Any, Final

from attrib.reports.charts_look import COLOURS, WIDE, dressed, names
from attrib.reports.charts_time import ROW, Event, axis, later, lines, marked, per, placed, rows_of
from attrib.reports.figures import moment
from attrib.safe.display import Display

if TYPE_CHECKING:
    import altair as alt

INCIDENTS: Final = 20
"""Incidents drawn on one chart: the report's first."""
_NAME: Final = 60
"""Characters of a name."""
_CALLS, _FAILING = "all requests", "failed or slow"


def timeline(
    entry: dict[str, Any], marks: Sequence[dict[str, Any]] = (), zone: tzinfo = UTC, *,
    display: Display | None = None, width: int = WIDE, height: int = 120,
) -> alt.LayerChart | None:  # fmt: skip
    """Failed or slow requests over all requests, step by step, with onset, end and marks."""
    import altair as alt

    steps = entry.get("timeline")
    along = steps and axis(steps["start"], later(steps["start"], len(steps["counts"]) * steps["step_s"], zone), zone)
    if not steps or not along or not any(steps["counts"]):
        return None
    rows = []
    for what, name in ((_CALLS, "invocations"), (_FAILING, "counts")):
        counts = steps[name]
        # The last step has an end as well: without it, it would have no width.
        for position, count in enumerate([*counts, counts[-1]]):
            at = later(steps["start"], position * steps["step_s"], zone)
            rows += [{"at": along.at(at), "n": count, "what": what}] if at else []
    events = [
        Event(at, text, COLOURS["ink"], left=name == "onset")
        for name, form in (("onset", "onset %H:%M:%S"), ("end", "end %H:%M"))
        if (at := moment(entry.get(name), zone)) is not None and along.start <= at <= along.end
        for text in (at.strftime(form),)
    ]
    labels = placed([*events, *marked(marks, along)], along, width, display or Display())
    scale = alt.Scale(domain=[_CALLS, _FAILING], range=[COLOURS["calls"], COLOURS["failing"]])
    area = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_area(interpolate="step-after", line=False, opacity=1)
        .encode(
            x=along.encoding(width),
            y=alt.Y("n:Q", stack=None, title=f"requests {per(steps['step_s'])}").axis(tickCount=3, tickMinStep=1),
            color=alt.Color("what:N", scale=scale).legend(direction="horizontal", offset=6 + ROW * rows_of(labels)),
        )
    )
    return dressed(
        [area, *lines(labels, along, width)], width, height, f"Failed or slow requests {per(steps['step_s'])}"
    )


def timeline_all(
    report: dict[str, Any], zone: tzinfo = UTC, *, display: Display | None = None, width: int = WIDE,
) -> alt.LayerChart | None:  # fmt: skip
    """Incidents as bars from start to end, the report's first `INCIDENTS` where they have a time, and the marks."""
    import altair as alt

    display = display or Display()
    times = report["input"]["time_range"] or {}
    along = axis(times.get("start"), times.get("end"), zone)
    if along is None:
        return None
    rows = []
    for position, entry in enumerate(report["incidents"][:INCIDENTS], 1):
        first, last = moment(entry["start"], zone), moment(entry["end"], zone)
        if first is not None and last is not None:
            whom = entry["responsible"] or ", ".join(entry["functions"])
            name = display.terminal(f"{position} {entry['verdict']} {whom}", _NAME)
            # As wide as a line at least: a short incident in a long log would not be seen.
            start, end = along.at(max(first, along.start)), along.at(min(last, along.end))
            ends = {"at": start, "to": max(end, start + (along.at(along.end) - along.at(along.start)) // 250)}
            rows.append({**ends, "name": name, "verdict": entry["verdict"]})
    if not rows:
        return None
    verdicts = sorted({row["verdict"] for row in rows})
    scale = alt.Scale(domain=verdicts, range=[COLOURS.get(verdict, COLOURS["unknown"]) for verdict in verdicts])
    bars = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_bar(height=12, cornerRadius=1.5)
        .encode(
            x=along.encoding(width), x2="to", y=names("name", rows, 230 if width >= WIDE else 130),
            color=alt.Color("verdict:N", scale=scale, legend=None),
        )
    )  # fmt: skip
    labels = placed(marked(report.get("marks") or (), along), along, width, display)
    return dressed([bars, *lines(labels, along, width)], width, 22 * len(rows), "Incidents over time")
