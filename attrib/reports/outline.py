"""What a report for people is made of: headings, paragraphs, items and grids of pieces, whatever they are drawn in.

`story.py` writes it from a report, `text.py` and `markdown.py` draw it. A piece says what its text is, so that a
drawer cannot forget to make log text safe: only `words` are our own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

Kind = Literal["words", "strong", "value", "prose", "path", "verdict", "command"]


class Piece(NamedTuple):
    """A run of text. `words` and `strong` are ours; `value` and `prose` hold log text; `path` and `command` hold what
    the user typed; `verdict` is a verdict's id."""

    kind: Kind
    text: str


Line = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a section."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One or more sentences."""

    line: Line


@dataclass(frozen=True, slots=True)
class Items:
    """A list; one line each."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. Every row has as many cells as there are columns; `right` names the columns of figures."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    right: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Figure:
    """Lines drawn with characters. Whoever draws them has made them safe for a terminal already."""

    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """What belongs to one thing, close together: a title, an id opposite to it, and all that is said of it."""

    title: Line
    aside: Line
    blocks: tuple[Block, ...]
    close: bool = False
    """One of many short ones: no empty line above it where space counts."""


Block = Heading | Paragraph | Items | Grid | Figure | Card


def words(text: str) -> Piece:
    """Text of our own."""
    return Piece("words", text)


def value(text: object) -> Piece:
    """A value from the log; null is `-`, and that is ours."""
    return Piece("words", "-") if text is None or text == "" else Piece("value", str(text))


def prose(text: str) -> Piece:
    """A sentence with log text in it."""
    return Piece("prose", text)


def place(file: object, line: object) -> Piece:
    """`file:line`."""
    return Piece("path", f"{file}:{line}" if line is not None else str(file))


def command(text: str) -> Piece:
    """A command to copy."""
    return Piece("command", text)


def line(*pieces: Piece | str) -> Line:
    """A line of pieces; plain strings are our own words."""
    return tuple(words(piece) if isinstance(piece, str) else piece for piece in pieces)


def verdict(verdict: str, responsible: object, rule: object = None) -> Line:
    """`VENDOR payments-api (m1-vendor)`."""
    pieces: list[Piece] = [Piece("verdict", verdict)]
    if responsible:
        pieces += [words(" "), value(responsible)]
    if rule:
        pieces += [words(" ("), value(rule), words(")")]
    return tuple(pieces)
