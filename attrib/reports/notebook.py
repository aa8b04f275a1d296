"""How results show themselves in a notebook: a piece of HTML that needs no script, no style and no network.

It is the report's own first screen: the pieces of the outline, with Altair's pictures as images beside it. Log text
gets in through `_block` and `picture` alone: redacted, made visible and escaped. Where a notebook is shown without
our style, or read as it is, what stays is headings, lists and tables.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from pydantic import PrivateAttr

from attrib.errors import AttribError
from attrib.reports import incident_model, incident_story, notebook_charts, story
from attrib.reports.html.draw import draw
from attrib.reports.notebook_charts import Kind
from attrib.reports.outline import Block, Card, Figure, Grid, Heading, Items, Line, Paragraph, Piece, line
from attrib.reports.view import View
from attrib.safe import markup

_PAPER: Final = "background:#fff;max-width:100%;height:auto"
"""Pictures are drawn for white paper, whatever the notebook's theme is."""


class Incident(incident_model.Incident):
    """An incident of an analysis: the report's own, with its charts. It shows itself in a notebook."""

    _of: tuple[dict[str, Any], View] = PrivateAttr()

    def chart(self, kind: Kind = "timeline") -> Any:
        """One of its charts (altair): `timeline`, `breakdown`, `latency` or `suspects`, as the analysis draws them.

        Raises UsageError where there is nothing to draw, DeliveryError without altair.
        """
        return notebook_charts.chart(kind, *self._of, incident=self.id)

    def _repr_html_(self) -> str:
        report, view = self._of
        return incident(report, self.id, view)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, incident_model.Incident) and self.model_dump() == other.model_dump()

    __hash__ = None  # type: ignore[assignment] # it holds lists and dicts, as the report's own does


def incidents_of(shown: dict[str, Any], report: dict[str, Any], view: View) -> list[Incident]:
    """The incidents of a report as it is shown, each with what its charts are drawn from."""
    found = []
    for entry in shown["incidents"]:
        one = Incident.model_validate(entry)
        one._of = (report, view)  # noqa: SLF001 - pydantic's way to give a frozen model what is no field
        found.append(one)
    return found


def analysis(report: dict[str, Any], view: View) -> str:
    """The first screen of a report."""
    blocks = story.story(report, replace(view, verbose=False))
    steps = (
        ("one incident, with its pictures", "analysis.incidents[0]"),
        ("one row per failed or slow request", "analysis.verdicts()"),
        ("your own question", 'analysis.sql("SELECT function, verdict, count(*) FROM invocations GROUP BY ALL")'),
    )
    over_time = picture("timeline", report, view, "Incidents over time") if len(report["incidents"]) > 1 else ""
    return _whole("Who was responsible", over_time, _without_commands(blocks), view, steps)


def incident(report: dict[str, Any], name: str, view: View) -> str:
    """Everything about one incident."""
    entry = notebook_charts.entry_of(report, name)
    alone = {**report, "incidents": [{**entry, "consequence_of": None}]}
    [card] = incident_story.incidents(alone, replace(view, verbose=True))
    assert isinstance(card, Card)  # noqa: S101 - so says incident_story of one incident, for the types' sake
    over_time = picture("timeline", report, view, "Requests over time", name)
    pictures = over_time + picture("breakdown", report, view, "Where the time went, p95", name)
    # The small timeline of characters says no more than the picture.
    blocks = [block for block in card.blocks if not (over_time and isinstance(block, Figure))]
    whom = str(entry["responsible"] or ", ".join(entry["functions"]))
    return _whole(f"{entry['verdict'].upper()} {whom} ({name})", pictures, blocks, view)


def checks(report: dict[str, Any], view: View) -> str:
    """The first screen of findings."""
    from attrib.reports import checks_story
    from attrib.reports.checks_markdown import TITLE

    return _whole(TITLE, "", checks_story.story(report, replace(view, verbose=False, width=checks_story.WIDE)), view)


def comparison(report: dict[str, Any], view: View) -> str:
    """The first screen of a comparison."""
    from attrib.reports import compare_story
    from attrib.reports.compare_text import TITLE

    return _whole(TITLE, "", compare_story.story(report, replace(view, verbose=False)), view)


def picture(kind: Kind, report: dict[str, Any], view: View, words: str, incident: str | None = None) -> str:
    """A chart as an image that carries itself; empty where there is nothing to draw, or nothing to draw with."""
    from attrib.reports import charts

    try:
        chart = notebook_charts.chart(kind, report, view, incident)
    except AttribError:
        return ""
    drawn = charts.svg(chart, words, words).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    data = b64encode(drawn.encode()).decode()
    return f'<p><img alt="{markup.text(words)}" style="{_PAPER}" src="data:image/svg+xml;base64,{data}"></p>'


def _without_commands(blocks: Sequence[Block]) -> list[Block]:
    """Without the last section: commands for a terminal."""
    kept = list(blocks)
    heads = [position for position, block in enumerate(kept) if isinstance(block, Heading) and block.text == "Next"]
    return kept[: heads[-1]] if heads else kept


def _whole(
    title: str, pictures: str, blocks: Sequence[Block], view: View, steps: Sequence[tuple[str, str]] = ()
) -> str:
    parts = [f"<h3>{view.display.html(title)}</h3>", pictures, *(_block(block, view) for block in blocks)]
    if steps:
        parts.append(_block(Items(tuple(line(f"{what}: ", Piece("command", code)) for what, code in steps)), view))
    return f'<div class="attrib">{"".join(parts)}</div>'


def _block(block: Block, view: View) -> str:
    match block:
        case Heading():
            return f"<h4>{markup.text(block.text)}</h4>"
        case Paragraph():
            return f"<p>{draw(block.line, view)}</p>"
        case Items():
            return f"<ul>{''.join(f'<li>{draw(one, view)}</li>' for one in block.lines)}</ul>"
        case Grid():
            return _grid(block, view)
        case Figure():
            return f"<pre>{markup.text(chr(10).join(block.rows))}</pre>"
        case Card():
            inner = "".join(_block(one, view) for one in block.blocks)
            return f"<h4>{draw(block.title, view)} ({draw(block.aside, view)})</h4>{inner}"


def _grid(grid: Grid, view: View) -> str:
    head = "".join(f"<th>{markup.text(name)}</th>" for name in grid.columns)
    rows = "".join(
        f"<tr>{''.join(_cell(at, cell, grid, view) for at, cell in enumerate(row))}</tr>" for row in grid.rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _cell(position: int, cell: Line, grid: Grid, view: View) -> str:
    align = "right" if position in grid.right else "left"
    return f'<td style="text-align:{align}">{draw(cell, view)}</td>'
