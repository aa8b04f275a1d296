"""Makes log text safe in Markdown: no markup, HTML, table break, link or mention can come alive.

What GitHub does to text after it was parsed (e-mail and URL autolinks, @mentions, #references, $formulas$) does not
respect backslashes; it stops only at code. So a value is shown as code, and in a sentence the few characters that
start such a thing are shown as code. Backslash, backtick and bar become numeric entities outside of code, because
parsers differ on how they escape each other inside a table's code span.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from attrib.safe.terminal import visible

_CODE_PARTS: Final = re.compile(r"[`|\\]|[^`|\\]+")
_BACKTICKS: Final = re.compile(r"`+")
_PROSE: Final = re.compile(
    r"(?P<code>(?:[@#$]|://|(?<=www)\.)+)"
    r"|(?P<entity>[\\`|<>&])"
    r"|(?P<escape>[*_\[\]{}~!^])"
    r"|(?P<start>\A(?:[-+=:]|[0-9]{1,9}[.)]|\ +)|\ \Z)",
    re.IGNORECASE,
)


def code(text: str) -> str:
    """A value (name, id, path) as code, for a sentence or a table cell alike; empty text stays empty."""
    return "".join(_code_part(part) for part in _CODE_PARTS.findall(visible(text)))


def inline(text: str) -> str:
    """A sentence that holds log text, as plain words: for a paragraph, a list item or a table cell."""
    return _PROSE.sub(_prose_part, visible(text))


def cell(text: str) -> str:
    """A table cell. It holds no `|` at all, so a row's number of unescaped bars depends on its columns only."""
    return inline(text)


def fenced(rows: Iterable[str]) -> str:
    """Lines as a code block, under a fence longer than any in them."""
    lines = [visible(row) for row in rows]
    longest = max((len(run) for line in lines for run in _BACKTICKS.findall(line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join([fence, *lines, fence])


def _code_part(part: str) -> str:
    if part in "`|\\":
        return _entity(part)
    # A parser takes one space off each end where both ends have one.
    padded = part[0] == part[-1] == " " and part.strip(" ")
    return f"` {part} `" if padded else f"`{part}`"


def _prose_part(match: re.Match[str]) -> str:
    found = match[0]
    match match.lastgroup:
        case "code":
            return f"`{found}`"
        case "entity":
            return {"<": "&lt;", ">": "&gt;", "&": "&amp;"}.get(found) or _entity(found)
        case "escape":
            return f"\\{found}"
    if found.startswith(" "):
        return "&#32;" * len(found)
    return f"{found[:-1]}\\{found[-1]}"


def _entity(char: str) -> str:
    return f"&#{ord(char)};"
