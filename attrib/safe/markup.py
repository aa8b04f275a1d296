"""Makes log text safe in HTML and SVG: no markup can come alive, nothing hides, nothing turns the reading order round.

Escaping is for text and for quoted attributes alike, so there is one way to do it. What no markup may hold (NUL, lone
surrogates) and what a reader cannot see (controls, bidi signs: "Trojan Source", CVE-2021-42574) is written out before,
as in a terminal.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from attrib.safe.terminal import visible

if TYPE_CHECKING:
    from markupsafe import Markup


def text(value: str) -> str:
    """The value as text of an element or of a quoted attribute: `&`, `<`, `>` and both quotes as entities."""
    return escape(visible(value), quote=True)


def ours(html: str) -> Markup:
    """HTML as templates take it unescaped: put together by this program, with all else in it through `text`.

    The only place that says so; whoever calls it answers for every part.
    """
    from markupsafe import Markup

    return Markup(html)  # noqa: S704 - see above
