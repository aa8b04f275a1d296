"""Makes log text safe in CSV: no cell is read as a formula, and every cell is quoted as RFC 4180 says.

The rows are put together here and not by the csv module, because that quotes a lone carriage return only where the
line end holds one (before Python 3.13), and line ends here are LF as everywhere else in this program.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from attrib.safe.terminal import visible

_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|-")
_FORMULA: Final = re.compile("[\\s\ufeff\u200b]*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
"""Signs with which a spreadsheet starts a formula, full-width forms included, also behind blanks that it skips.
Source: OWASP, "CSV Injection"; CWE-1236."""
_UNSHOWABLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Controls, bidi signs and lone surrogates: no spreadsheet can hold them, and CSV is often read in a terminal."""
_QUOTED: Final = re.compile('[",\r\n]|^ | $|^\ufeff')


def cell(text: str) -> str:
    """The text as a cell's content: formulas get a leading `'`, controls are written out (`\\x1b`), the rest is kept.

    Tabs and line ends inside the text are data and stay; numbers stay numbers.
    """
    text = _UNSHOWABLE.sub(lambda found: visible(found[0]), text)
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        return "'" + text
    return text


def row(cells: Iterable[str]) -> str:
    """One line of CSV, its line end included. The cells have been through `cell` (or are our own words)."""
    return ",".join('"' + c.replace('"', '""') + '"' if _QUOTED.search(c) else c for c in cells) + "\n"
