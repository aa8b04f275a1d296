"""Makes log text safe for a terminal. The one place: whatever a log holds goes through `visible` before it is shown.

Left alone, log text can move the cursor, set the window title, open links (ESC, OSC, C1), turn the reading order
round (bidi controls: "Trojan Source", CVE-2021-42574) or hide in characters that take no room (tag characters).
Rich passes all of these through, in `Text` too.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.text import Text

CUT: Final = "…"
"""Stands for what `cut` took away."""

_SHORT: Final = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}
_HIDDEN_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_HIDDEN_LETTERS: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Characters that Unicode counts as letters or marks and yet shows as nothing (Default_Ignorable_Code_Point in
DerivedCoreProperties.txt, less those in the categories above)."""
_OTHER_THAN_PLAIN: Final = re.compile(r"[^\x20-\x7e]")


def visible(text: str) -> str:
    r"""The text with every character that is no ink written out: `\n`, `\x1b`, `\u202e`, `\U000e0041`.

    Printable text of any script stays as it is. One way only: a backslash in the text is not doubled, so the result
    is for reading and not for turning back.
    """
    if text.isascii() and text.isprintable():
        return text
    return _OTHER_THAN_PLAIN.sub(_written_out, text)


def is_hidden(char: str) -> bool:
    """True for one character that `visible` writes out."""
    return unicodedata.category(char) in _HIDDEN_CATEGORIES or _HIDDEN_LETTERS.match(char) is not None


def cut(text: str, limit: int | None) -> str:
    """At most `limit` characters, the last of them `…` where something was taken away; None: no limit."""
    if limit is None or len(text) <= limit:
        return text
    return text[: max(limit - 1, 0)] + CUT


def as_text(text: str, style: str | None = None) -> Text:
    """The text for rich: never read as markup, emoji code or link."""
    from rich.text import Text  # 38 ms that JSON output does not need

    return Text(visible(text), style=style or "")


def _written_out(match: re.Match[str]) -> str:
    return _escape(match[0])


@lru_cache(maxsize=4096)
def _escape(char: str) -> str:
    if not is_hidden(char):
        return char
    code = ord(char)
    if code <= 0xFF:
        return _SHORT.get(char) or f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
