"""Draws the outline's pieces as HTML, and makes sure that nothing gets into a page in another way.

Every value that a template shows passes `finalize`: what is not markup of ours is redacted, made visible and escaped.
So a template needs no filter for safety and cannot forget one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from attrib.reports.html.panels import Matrix
from attrib.reports.html.rest import Table
from attrib.reports.outline import Items, Line, Paragraph, Piece
from attrib.reports.view import View
from attrib.safe import markup
from attrib.safe.display import SENTENCE_LIMIT, VALUE_LIMIT

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_TEMPLATES: Final = Path(__file__).with_name("templates")
_NUMBER: Final = re.compile(r"\A[0-9]+\. ")
VERDICTS: Final = frozenset({"vendor", "application", "app_bottleneck", "caller", "unknown"})


def environment(view: View) -> Environment:
    """The templates, with filters: `line` draws a line of pieces, `place` and `typed` what the user named or types
    (escaped, and not redacted: it has to lead back), `unnumbered` takes the number off a step of a numbered list."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    def finalize(value: Any) -> Markup:
        if isinstance(value, Markup):
            return value
        return markup.ours("-" if value is None else view.display.html(str(value), SENTENCE_LIMIT))

    made = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, finalize=finalize, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    made.filters["line"] = lambda pieces: draw(pieces, view)
    made.filters["verdict"] = lambda name: draw((Piece("verdict", name),), view)
    made.filters["tone"] = tone
    made.filters["place"] = lambda file, line: markup.ours(markup.text(f"{file}:{line}"))
    made.filters["typed"] = lambda text: markup.ours(markup.text(text))
    made.filters["unnumbered"] = lambda text: _NUMBER.sub("", text)
    for kind in (Items, Paragraph, Matrix, Table):
        made.tests[kind.__name__.lower()] = _is(kind)
    return made


def _is(kind: type) -> Callable[[object], bool]:
    return lambda found: isinstance(found, kind)


def tone(verdict: object) -> str:
    """The class of a verdict: a known one or `unknown`."""
    return str(verdict) if verdict in VERDICTS else "unknown"


def draw(line: Line, view: View) -> Markup:
    """A line of pieces. Values stand apart (`bdi`), so that names written from right to left turn nothing round."""
    return markup.ours("".join(_piece(piece, view) for piece in line))


def _piece(piece: Piece, view: View) -> str:
    match piece.kind:
        case "value":
            return f"<bdi>{view.display.html(piece.text, VALUE_LIMIT)}</bdi>"
        case "prose":
            return view.display.html(piece.text, SENTENCE_LIMIT)
        case "path" | "command":
            return f'<code class="{piece.kind}">{markup.text(piece.text)}</code>'
        case "verdict":
            return f'<b class="verdict {tone(piece.text)}">{markup.text(piece.text.upper())}</b>'
        case "strong":
            return f"<strong>{markup.text(piece.text)}</strong>"
    # A line end of ours stays one, and a figure keeps its sign.
    return "<br>".join(markup.text(row).replace(" %", "&nbsp;%") for row in piece.text.split("\n"))
