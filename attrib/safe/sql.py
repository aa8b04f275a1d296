"""Puts names and values into DuckDB statements where a parameter is not accepted (SET, COPY, CREATE VIEW).

Where a parameter is accepted, use one.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Sequence
from typing import Final

_GLOB: Final = re.compile(r"[\[*?]")


def identifier(name: str) -> str:
    """A quoted identifier. Raises ValueError for an empty name or one that holds NUL or a lone surrogate."""
    if not name:
        raise ValueError("an SQL identifier cannot be empty")
    return '"' + _storable(name).replace('"', '""') + '"'


def literal(value: str | float | bool | Sequence[str] | None) -> str:
    """A literal: text, number, truth, NULL, or a list of texts. Raises ValueError for NUL, NaN and infinities."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):  # before int: True is one
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return "'" + _storable(value).replace("'", "''") + "'"
    if isinstance(value, int | float):
        if not math.isfinite(value):
            raise ValueError(f"{value} has no SQL literal")
        return repr(value)
    return "[" + ", ".join(literal(item) for item in value) + "]"


def glob_escape(path: str) -> str:
    """A path that DuckDB's readers take by the letter: they read every file name as a glob (`a[1]` reads `a1`).

    Raises ValueError for a name that holds both a glob sign and a backslash: a pattern of DuckDB 2.0 takes the
    backslash for a folder's end and cannot name that file, so it has to be read in another way. Curly brackets are
    no glob signs to it. Checked against it in the tests.
    """
    if os.sep == "\\":
        path = path.replace("\\", "/")
    escaped = _GLOB.sub(r"[\g<0>]", path)
    if escaped != path and "\\" in path:
        raise ValueError(f"DuckDB has no pattern for the name {path!r}")
    return escaped


def _storable(text: str) -> str:
    if "\0" in text:
        raise ValueError("an SQL name or text cannot hold NUL")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("an SQL name or text cannot hold a lone surrogate") from None
    return text
