"""Writes names as TOML. The one place where log text becomes part of a configuration file."""

from __future__ import annotations

import re
from typing import Final

from attrib.safe.terminal import is_hidden

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_SHORT: Final = {'"': r"\"", "\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"}


def toml_string(text: str) -> str:
    """The text as a basic string on one line; `tomllib` reads the same text back.

    Every character that is no ink is written out, so that nothing hides in an editor or moves a terminal's cursor. Half
    a surrogate pair, which TOML cannot hold, becomes U+FFFD.
    """
    return f'"{"".join(map(_escaped, text))}"'


def toml_key(text: str) -> str:
    """The text as a key: bare where that is legal, else a string."""
    return text if _BARE.fullmatch(text) else toml_string(text)


def _escaped(char: str) -> str:
    if char in _SHORT:
        return _SHORT[char]
    if " " <= char <= "~" or (char.isprintable() and not is_hidden(char)):
        return char
    code = ord(char)
    if 0xD800 <= code <= 0xDFFF:
        code = 0xFFFD
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
