"""What `attrib compare` tells people, in its order: the outcome, what is worse, better or new, and why that holds."""

from __future__ import annotations

from typing import Any, Final

from attrib.reports import compare_words as words
from attrib.reports.figures import clock, number, percent, plural, span
from attrib.reports.incident_words import functions, who
from attrib.reports.outline import Block, Grid, Heading, Items, Line, Paragraph, Piece, line, prose, value
from attrib.reports.view import View

SHOWN: Final = 12
"""Rows of the figures that did not change on the first screen; `-v` shows all."""
NAMES: Final = 10
"""Functions and upstreams named that one side alone has."""


def story(report: dict[str, Any], view: View) -> list[Block]:
    """The blocks of a whole comparison."""
    blocks: list[Block] = [
        Items((_side("Before", report["before"], view), _side("After", report["after"], view))),
        Paragraph(line(Piece("strong", words.outcome(report)))),
    ]
    for result, title in (("worse", "Worse"), ("better", "Better")):
        rows = [row for row in report["figures"] if row["result"] == result]
        if rows:
            blocks += [Heading(title), _grid(rows)]
    blocks += _incidents(report, view)
    blocks += _only(report)
    blocks += _rest(report, view)
    if report["notes"]:
        blocks += [Heading("Notes"), Items(tuple(line(prose(note)) for note in report["notes"]))]
    if report["figures"]:
        blocks.append(Paragraph(line(words.method(report))))
    return blocks


def _side(title: str, side: dict[str, Any], view: View) -> Line:
    times = span(side["time_range"]["start"], side["time_range"]["end"], view.zone)
    kind = {"logs": "", "report": "a saved report, ", "bundle": "a bundle, "}[side["kind"]]
    counts = f"{plural(side['invocations'], 'invocation')}, {number(side['symptomatic'])} failed or slow"
    sample = ", a sample" if side["sampled"] else ""
    return line(f"{title}: ", Piece("path", side["name"]), f" ({kind}{times or 'no time in it'}): {counts}{sample}.")


def _grid(rows: list[dict[str, Any]]) -> Grid:
    return Grid(
        ("figure", "before", "after", "change (interval)"),
        tuple(
            (words.name(row), line(words.one(row, "before")), line(words.one(row, "after")), line(words.change(row)))
            for row in rows
        ),
        frozenset({1, 2, 3}),
    )


def _incidents(report: dict[str, Any], view: View) -> list[Block]:
    rows = report["incidents"]
    if not rows:
        return []
    titles = {"new": "New: ", "same": "Same cause as before: ", "gone": "Gone: "}
    return [Heading("Incidents"), Items(tuple(line(titles[row["result"]], *_incident(row, view)) for row in rows))]


def _incident(row: dict[str, Any], view: View) -> Line:
    entry = row["after"] or row["before"]
    at = f" from {clock(entry['start'], view.zone, full=True)}" if entry["start"] else ""
    told = _count(row["after"]) if row["after"] else _count(row["before"])
    if row["result"] == "same":
        told = f"{_count(row['before'])} before, {told} after"
    return line(*who({**entry, "verdicts": {}}), ", ", *functions(entry), f"{at}: {told} (", value(entry["id"]), ")")


def _count(entry: dict[str, Any]) -> str:
    rate = f", {percent(entry['failure_rate'])}" if entry["failure_rate"] is not None else ""
    return f"{number(entry['symptomatic'])} of {number(entry['invocations'])} failed or were slow{rate}"


def _only(report: dict[str, Any]) -> list[Block]:
    lines: list[Line] = []
    for key, side in (("only_before", "before"), ("only_after", "after")):
        for kind in ("functions", "upstreams"):
            names = report[key][kind]
            if names:
                lines.append(line(f"{kind.capitalize()} {side} only: ", *_named(names), "."))
    return [Heading("On one side only"), Items(tuple(lines))] if lines else []


def _named(names: list[str | None]) -> Line:
    pieces: list[Piece | str] = []
    for position, one in enumerate(names[:NAMES]):
        pieces += [", " if position else "", value(one) if one else "function not named"]
    if len(names) > NAMES:
        pieces.append(f" and {number(len(names) - NAMES)} more")
    return line(*pieces)


def _rest(report: dict[str, Any], view: View) -> list[Block]:
    """What did not change: the smallest change that would have shown says how much that is worth."""
    rows = [row for row in report["figures"] if row["result"] in ("none", "unclear")]
    if not rows:
        return []
    shown = rows if view.verbose else [row for row in rows if _is_main(row)][:SHOWN]
    cells = tuple(
        (words.name(row), line(words.one(row, "before")), line(words.one(row, "after")), line(_smallest(row)))
        for row in shown
    )
    blocks: list[Block] = [
        Heading("No change that the counts can show"),
        Grid(("figure", "before", "after", "would have shown from"), cells, frozenset({1, 2, 3})),
    ]
    if len(rows) > len(shown):
        blocks.append(Paragraph(line(f"and {plural(len(rows) - len(shown), 'figure')} more: -v shows them.")))
    return blocks


def _is_main(row: dict[str, Any]) -> bool:
    return row["figure"] in ("failed", "p99", "coverage") and (row["after"]["value"] or row["before"]["value"] or 0) > 0


def _smallest(row: dict[str, Any]) -> str:
    if row["smallest"] is None:
        return "too few to tell"
    return words.amount(row, row["smallest"])
