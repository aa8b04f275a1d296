"""From rows of a query back to lines of a file: the JSON reader numbers values, a place names a line.

The reader skips blank lines, and lines taken out of a piece are blanked in it, so row and line differ by the blank
lines before. Blank means: nothing but space, tab and CR.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from attrib.analysis.pieces import Piece

CHUNK: Final = 4 * 1024 * 1024
"""Bytes read at a time, before they are filled up to the end of a line."""
_BLANK: Final = re.compile(rb"\n[ \t\r]*(?=\n)")
"""A blank line with the LF before it; the LF after it is the next one's."""
_WHITE: Final = b" \t\r"


def lines_of(piece: Piece, rows: Iterable[int]) -> dict[int, int]:
    """Row number (from 1) of the JSON reader -> line number in the source file, for each of `rows`.

    Rows that the piece has not are left out. Arithmetic where only taken-out lines are blank; else the bytes up to the
    last row asked for are read once.
    """
    wanted = sorted({row for row in rows if 1 <= row <= piece.objects})
    if not wanted:
        return {}
    if piece.objects == piece.lines:
        return {row: piece.first_line + row - 1 for row in wanted}
    if piece.lines - len(piece.removed) == piece.objects:
        return _around(piece, wanted)
    return dict(_counted(piece, wanted))


def _around(piece: Piece, wanted: Iterable[int]) -> dict[int, int]:
    """The lines where those taken out are the only blank ones."""
    # The k-th line taken out has so many rows before it: rows beyond that are shifted by k more.
    before = [number - piece.first_line - at for at, number in enumerate(sorted(piece.removed))]
    return {row: piece.first_line + row - 1 + bisect_right(before, row - 1) for row in wanted}


def _counted(piece: Piece, wanted: list[int]) -> Iterator[tuple[int, int]]:
    """(row, line) of each, by counting the lines that are not blank."""
    row, line, at = 0, piece.first_line, 0
    for data in _chunks(piece.path):
        lines = data.count(b"\n")
        # A LF in front makes the first line like the others.
        filled = lines - sum(1 for _ in _BLANK.finditer(b"\n" + data))
        if row + filled >= wanted[at]:
            here = row
            for number, text in enumerate(data.split(b"\n")[:-1], line):
                here += bool(text.strip(_WHITE))
                if text.strip(_WHITE) and here == wanted[at]:
                    yield here, number
                    at += 1
                    if at == len(wanted):
                        return
        row += filled
        line += lines


def _chunks(path: str) -> Iterator[bytes]:
    """The bytes of a file in whole lines; a last one without LF gets one."""
    with Path(path).open("rb") as file:
        while data := file.read(CHUNK):
            data += file.readline()
            yield data if data.endswith(b"\n") else data + b"\n"
