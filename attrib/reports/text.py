"""A report as text for a terminal: readable at 80 columns, in colour only where asked for."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

from attrib.reports.outline import Block, Card, Figure, Grid, Heading, Items, Line, Paragraph, Piece
from attrib.reports.story import story
from attrib.reports.view import NARROWEST, View
from attrib.safe.display import SENTENCE_LIMIT, VALUE_LIMIT
from attrib.safe.terminal import visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

STYLES: Final = {
    "verdict:vendor": "bold red", "verdict:application": "bold yellow", "verdict:app_bottleneck": "bold magenta",
    "verdict:unknown": "bold", "verdict:caller": "bold cyan", "verdict:error": "bold red",
    "verdict:warning": "bold yellow", "verdict:info": "bold", "heading": "bold", "strong": "bold", "command": "cyan",
    "path": "dim", "header": "dim",
}  # fmt: skip
_GAP: Final = 2
"""Columns between those of a table."""
_RIGHT: Final = 100
"""Columns beyond which nothing is set to the right: it would lose sight of what it belongs to."""
_ENDLESS: Final = 10_000


def render(report: dict[str, Any], view: View) -> str:
    """The whole report; ends with a line end. Same report and view, same text."""
    return draw(story(report, view), view)


def draw(blocks: list[Block], view: View) -> str:
    """Blocks as text."""
    out = io.StringIO()
    console = make_console(out, view)
    for position, block in enumerate(blocks):
        if position and not _belongs(block, blocks[position - 1]):
            console.print()
        _block(console, block, view)
    # Rich fills lines up with spaces: no use to a reader, and noise in a file.
    return "\n".join(row.rstrip() for row in out.getvalue().split("\n"))


def _belongs(block: Block, to: Block) -> bool:
    """True for what stands right below: a list or table below its own title or sentence, a short card."""
    if isinstance(block, Card):
        return block.close
    return isinstance(block, Items | Grid) and isinstance(to, Heading | Paragraph)


def make_console(out: io.StringIO, view: View) -> Console:
    """A rich console that guesses nothing from its surroundings and reads no markup."""
    from rich.console import Console

    return Console(
        file=out, width=max(view.width, NARROWEST), force_terminal=view.color, no_color=not view.color,
        color_system="standard" if view.color else None, markup=False, emoji=False, highlight=False,
        legacy_windows=False, _environ={},
    )  # fmt: skip


def piece_text(piece: Piece, view: View) -> str:
    """A piece as it may be shown."""
    match piece.kind:
        case "value":
            return view.display.terminal(piece.text, VALUE_LIMIT)
        case "prose":
            return view.display.terminal(piece.text, SENTENCE_LIMIT)
        case "path" | "command":
            return visible(piece.text)
        case "verdict":
            return visible(piece.text.upper())
    return piece.text


def to_text(line: Line, view: View, style: str = "") -> Text:
    """A line for rich."""
    from rich.text import Text

    text = Text(style=style)
    for piece in line:
        key = f"verdict:{piece.text}" if piece.kind == "verdict" else piece.kind
        text.append(piece_text(piece, view), STYLES.get(key))
    return text


def _block(console: Console, block: Block, view: View) -> None:
    match block:
        case Heading():
            console.print(to_text((Piece("strong", block.text),), view))
        case Paragraph():
            console.print(to_text(block.line, view), overflow="fold")
        case Items():
            for line in block.lines:
                _item(console, to_text(line, view))
        case Grid():
            _grid(console, block, view)
        case Figure():
            for row in block.rows:
                console.print(row, soft_wrap=True)
        case Card():
            _card(console, block, view)


def _card(console: Console, card: Card, view: View) -> None:
    """A title with its id at the right, where both fit, and the rest close beneath."""
    title, aside = to_text(card.title, view, "bold"), to_text(card.aside, view, "dim")
    room = min(console.width, _RIGHT) - title.cell_len - aside.cell_len
    if room >= _GAP:
        console.print(title.append(" " * room).append_text(aside), soft_wrap=True)
    else:
        console.print(title, overflow="fold")
        _item(console, aside)
    for block in card.blocks:
        if isinstance(block, Paragraph):
            console.print()
        _block(console, block, view)


def _item(console: Console, text: Text) -> None:
    """One item, two columns in; its further lines four."""
    from rich.text import Text

    for position, row in enumerate(text.wrap(console, console.width - 4, overflow="fold")):
        row.rstrip()
        console.print(Text("    " if position else "  ") + row, soft_wrap=True)


def _grid(console: Console, grid: Grid, view: View) -> None:
    from rich.measure import Measurement
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    rows = [[Text(name) for name in grid.columns], *([to_text(cell, view) for cell in row] for row in grid.rows)]
    options = console.options.update(max_width=_ENDLESS)
    sizes = [[Measurement.get(console, options, cell) for cell in column] for column in zip(*rows, strict=True)]
    whole = [max(size.maximum for size in column) for column in sizes]
    least = [whole[at] if at in grid.right else max(size.minimum for size in sizes[at]) for at in range(len(whole))]
    room = console.width - 2 - _GAP * (len(whole) - 1)
    if sum(least) > room:
        # Too narrow for whole words: names folded in the middle are hard to read and to search for.
        for row in rows[1:]:
            _item(console, Text("  ").join(row))
        return
    table = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style=STYLES["header"])
    for at, (name, width) in enumerate(zip(grid.columns, _widths(whole, least, room), strict=True)):
        right = at in grid.right
        table.add_column(name, justify="right" if right else "left", no_wrap=right, overflow="fold", width=width)
    for row in rows[1:]:
        table.add_row(*row)
    console.print(Padding(table, (0, 0, 0, 2)))


def _widths(whole: list[int], least: list[int], room: int) -> list[int]:
    """Columns of a table: none narrower than its longest word, and who needs little gets it whole."""
    widths, left = list(least), room - sum(least)
    wanting = sorted(range(len(whole)), key=lambda at: whole[at] - least[at])
    for position, at in enumerate(wanting):
        more = min(whole[at] - least[at], left // (len(wanting) - position))
        widths[at] += more
        left -= more
    return widths
