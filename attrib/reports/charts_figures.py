"""Charts of an incident's figures: where the time went, how slow it was, who is suspected, what answered what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from attrib.reports.charts_look import COLOURS, NARROW, dressed, names
from attrib.reports.figures import figure, milliseconds
from attrib.reports.incident_details import part_of, rows_of
from attrib.safe.display import Display

if TYPE_CHECKING:
    import altair as alt

ROWS: Final = 20
"""Suspects drawn; the report has them all."""
QUANTILES: Final = ("p50", "p95", "p99")
_NAME: Final = 40
"""Characters of a name."""
_PARTS: Final = {"latency": "whole request", "upstream": "upstream", "own": "own time"}
_USUAL, _DURING = "before", "during"


def breakdown(entry: dict[str, Any], *, width: int = NARROW) -> alt.LayerChart | None:
    """Where the time went: the whole request, the wait for the upstream and our own part, p95 in ms, before and during.

    The parts do not add up to the whole: each is a percentile of its own.
    """
    rows = [
        {"name": words, "when": when, "ms": found["p95"]}
        for name, words in _PARTS.items()
        for when, times in _times(entry)
        if figure((found := part_of(times, name)).get("p95")) is not None
    ]
    return _compared(rows, width, "Where the time went (p95)")


def latency(entry: dict[str, Any], *, width: int = NARROW) -> alt.LayerChart | None:
    """How slow it was: p50, p95 and p99 of the whole request in ms, before and during."""
    rows = [
        {"name": quantile, "when": when, "ms": found[quantile]}
        for quantile in QUANTILES
        for when, times in _times(entry)
        if figure((found := part_of(times, "latency")).get(quantile)) is not None
    ]
    return _compared(rows, width, "Latency")


def suspects(entry: dict[str, Any], *, display: Display | None = None, width: int = NARROW) -> alt.LayerChart | None:
    """The components, the likeliest first, each with its score of 0 to 1."""
    import altair as alt

    display = display or Display()
    rows = [
        {"name": display.terminal(f"{position}. {one['component']} ({one['kind']})", _NAME),
         "score": one["score"], "text": f"{one['score']:.2f}"}
        for position, one in enumerate(entry["suspects"][:ROWS], 1)
    ]  # fmt: skip
    if not rows:
        return None
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("score:Q", title="score (0 to 1)").scale(domain=[0, 1]).axis(tickCount=4), y=names("name", rows, 170)
    )
    bars = base.mark_bar(color=COLOURS["during"], height=12, cornerRadiusEnd=2)
    return dressed([bars, _figures(base, "text:N")], width, 24 * len(rows), "Suspects, the likeliest first")


def outcomes(entry: dict[str, Any], *, display: Display | None = None, width: int = NARROW) -> alt.LayerChart | None:
    """What the upstream answered, by what the function returned: requests per pair."""
    import altair as alt

    display = display or Display()
    rows = [
        {"upstream": display.terminal(f"{row.get('upstream')} {row.get('upstream_status') or ''}".strip(), _NAME),
         "status": display.terminal(str(row.get("status") or "none"), _NAME), "n": row["count"]}
        for row in rows_of(_data(entry, "status_matrix"))
        if figure(row.get("count")) is not None
    ]  # fmt: skip
    if not rows:
        return None
    height = 26 * len({row["upstream"] for row in rows})
    top = max(row["n"] for row in rows)
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("status:N", sort=None, title="the function returned").axis(labelAngle=0, orient="top", domain=False),
        y=names("upstream", rows, 160),
    )
    cells = base.mark_rect(cornerRadius=2, color=COLOURS["failing"]).encode(
        opacity=alt.Opacity("n:Q", legend=None).scale(domain=[0, top], range=[0.12, 0.55])
    )
    words = base.mark_text(fontWeight=600).encode(text=alt.Text("n:Q", format=","))
    return dressed([cells, words], width, height, "Outcome by status, requests")


def _data(entry: dict[str, Any], kind: str) -> dict[str, Any]:
    """The figures behind one kind of evidence; empty without it."""
    return next((evidence["data"] for evidence in entry["evidence"] if evidence["kind"] == kind), {})


def _times(entry: dict[str, Any]) -> tuple[tuple[str, dict[str, Any]], ...]:
    data = _data(entry, "time_split")
    return (_USUAL, part_of(data, "before")), (_DURING, part_of(data, "during"))


def _compared(rows: list[dict[str, Any]], width: int, title: str) -> alt.LayerChart | None:
    """Two bars for each name: before and during, with their figures."""
    import altair as alt

    if not rows:
        return None
    rows = [{**row, "text": milliseconds(round(row["ms"], 0 if row["ms"] >= 100 else 1))} for row in rows]
    scale = alt.Scale(domain=[_USUAL, _DURING], range=[COLOURS["usual"], COLOURS["during"]])
    top = max(row["ms"] for row in rows)
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("ms:Q", title="milliseconds").scale(domain=[0, top * 1.25 or 1], nice=False).axis(tickCount=4),
        y=names("name", rows, 120),
        yOffset=alt.YOffset("when:N").scale(domain=[_USUAL, _DURING]),
    )
    bars = base.mark_bar(cornerRadiusEnd=2).encode(
        color=alt.Color("when:N", scale=scale).legend(direction="horizontal")
    )
    height = 38 * len({row["name"] for row in rows})
    return dressed([bars, _figures(base, "text:N")], width, height, title)


def _figures(base: alt.Chart, field: str) -> alt.Chart:
    """The figure behind the end of each bar."""
    text: alt.Chart = base.mark_text(align="left", dx=4, color=COLOURS["ink"]).encode(text=field)
    return text
