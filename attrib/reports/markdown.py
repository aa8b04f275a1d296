"""A report as Markdown (GitHub's): the same content as the text, in tables and lists."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from attrib.reports.outline import Block, Card, Figure, Grid, Heading, Items, Line, Paragraph, Piece
from attrib.reports.story import story
from attrib.reports.view import View
from attrib.safe import markdown
from attrib.safe.display import SENTENCE_LIMIT, VALUE_LIMIT


def render(report: dict[str, Any], view: View) -> str:
    """The whole report with every detail, whatever the view says; ends with a line end."""
    return draw(story(report, replace(view, verbose=True)), view)


def draw(blocks: list[Block], view: View, title: str = "Who was responsible") -> str:
    """Blocks as Markdown under a title."""
    return "\n\n".join([f"# {title}", *(_block(block, view) for block in blocks)]) + "\n"


def drawn(line: Line, view: View) -> str:
    """A line's pieces as Markdown, for a sentence or a table cell."""
    return _line(line, view)


def _block(block: Block, view: View) -> str:
    match block:
        case Heading():
            return f"## {block.text}"
        case Paragraph():
            return _line(block.line, view)
        case Items():
            return "\n".join(f"- {_line(line, view)}" for line in block.lines)
        case Grid():
            return _grid(block, view)
        case Figure():
            return markdown.fenced(block.rows)
        case Card():
            title = f"## {_line(block.title, view)} ({_line(block.aside, view)})"
            return "\n\n".join([title, *(_block(inner, view) for inner in block.blocks)])


def _grid(grid: Grid, view: View) -> str:
    rule = ["---:" if position in grid.right else "---" for position in range(len(grid.columns))]
    rows = [
        [markdown.cell(name) for name in grid.columns],
        rule,
        *([_line(cell, view) for cell in row] for row in grid.rows),
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _line(line: Line, view: View) -> str:
    return "".join(_piece(piece, view) for piece in line)


def _piece(piece: Piece, view: View) -> str:
    match piece.kind:
        case "value":
            return view.display.markdown(piece.text, VALUE_LIMIT)
        case "prose":
            return view.display.prose(piece.text, SENTENCE_LIMIT)
        case "path" | "command":
            return markdown.code(piece.text)
        case "verdict":
            return f"**{markdown.inline(piece.text.upper())}**"
        case "strong":
            return f"**{piece.text}**"
    # A line end of ours stays one, and in an item (two columns in) within the item.
    return piece.text.replace("\n", "\\\n  ")
