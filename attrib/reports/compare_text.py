"""A comparison as text for a terminal, as Markdown for a pull request, and as lines for chat and CI."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from attrib.reports import compare_words as words
from attrib.reports import markdown, text
from attrib.reports.compare_story import story
from attrib.reports.incident_words import functions, who
from attrib.reports.outline import Line, line, value
from attrib.reports.view import View

TITLE: Final = "What got worse, what got better"


def render_text(report: dict[str, Any], view: View) -> str:
    """The comparison for a terminal; ends with a line end."""
    return text.draw(story(report, view), view)


def render_markdown(report: dict[str, Any], view: View) -> str:
    """The comparison as Markdown, with every figure; ends with a line end."""
    return markdown.draw(story(report, replace(view, verbose=True)), view, TITLE)


def render_line(report: dict[str, Any], view: View) -> str:
    """The outcome, then a line for each figure that got worse and each new incident."""
    lines: list[Line] = [line(words.outcome(report))]
    for row in report["figures"]:
        if row["result"] == "worse":
            sides = f" {words.one(row, 'before')} before, {words.one(row, 'after')} after, {words.change(row)}."
            lines.append(line("Worse: ", *words.name(row), sides))
    for row in report["incidents"]:
        if row["result"] == "new":
            entry = row["after"]
            named = (*who({**entry, "verdicts": {}}), *line(", "), *functions(entry))
            lines.append(line("New: ", *named, " (", value(entry["id"]), ")."))
    return "".join("".join(text.piece_text(piece, view) for piece in one) + "\n" for one in lines)
