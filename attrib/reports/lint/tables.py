"""The tables and list items of a Markdown document, read as GitHub reads it, each with its line.

markdown-it reads, because people edit: code spans, escaped bars, tables in quotes and lists, text in comments and code
blocks that is no text of the document. It comes with rich, which the program needs anyway.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.token import Token


@dataclass(frozen=True)
class Row:
    """A row of a table."""

    line: int
    """In the document, from 1."""
    cells: tuple[str, ...]
    """As people see them: no markup, no space at the ends; as many as the table has columns."""
    typed: int
    """Cells that were typed; more than columns are lost, fewer are empty."""


@dataclass(frozen=True)
class Table:
    """A table under its heading."""

    line: int
    heading: str
    """The nearest heading above; empty: none."""
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Item:
    """A paragraph of a list."""

    line: int
    heading: str
    text: str


@dataclass
class Outline:
    """What a document holds, in its order."""

    tables: list[Table] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    texts: list[tuple[int, str]] = field(default_factory=list)
    """(line, what people see there): every line of text, cells and headings included, code left out."""


def outline(text: str) -> Outline:
    """The parts of a document; a line ends at LF or CRLF. A document of any text has one."""
    from markdown_it import MarkdownIt  # 30 ms

    source = text.replace("\r\n", "\n").replace("\r", "\n")
    tokens = MarkdownIt("commonmark", {"maxNesting": 50}).enable("table").parse(source)
    lines, found, heading, depth = source.split("\n"), Outline(), "", 0
    for position, token in enumerate(tokens):
        depth += token.type == "list_item_open"
        depth -= token.type == "list_item_close"
        if token.type == "table_open":
            found.tables.append(_table(tokens[position:], heading, lines))
        elif token.type == "inline":
            shown, at = _shown(token), token.map[0] + 1 if token.map else 1
            said = _shown(token, code=False)
            found.texts += [(at + down, part) for down, part in enumerate(said.split("\n"))]
            before = tokens[position - 1].type
            if before == "heading_open":
                heading = " ".join(shown.split())
            elif before == "paragraph_open" and depth:
                found.items.append(Item(at, heading, " ".join(shown.split())))
    return found


def _table(tokens: Sequence[Token], heading: str, lines: list[str]) -> Table:
    rows: list[Row] = []
    for line, cells in _rows(tokens):
        rows.append(Row(line + 1, tuple(cells), _typed(lines[line]) if line < len(lines) else len(cells)))
    return Table(rows[0].line, heading, rows[0].cells, tuple(rows[1:]))


def _rows(tokens: Sequence[Token]) -> Iterator[tuple[int, list[str]]]:
    cells: list[str] = []
    line = 0
    for token in tokens:
        if token.type == "tr_open":
            cells, line = [], token.map[0] if token.map else line
        elif token.type == "inline":
            cells.append(" ".join(_shown(token).split()))
        elif token.type == "tr_close":
            yield line, cells
        elif token.type == "table_close":
            return


def _shown(token: Token, *, code: bool = True) -> str:
    """An inline's text as people see it: words, code and names of pictures, a line end where one was typed."""
    parts = []
    for child in token.children or ():
        if child.type in ("text", "image", "text_special") or (code and child.type == "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif child.type == "html_inline":
            parts.append(" ")
    return "".join(parts)


def _typed(line: str) -> int:
    """Cells of a row's line: its bars, escaped ones and those at its ends left out, and one."""
    bare = line.replace("\\|", "").strip().lstrip("> ").strip()
    return bare.removeprefix("|").removesuffix("|").count("|") + 1
