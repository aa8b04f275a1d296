"""Rows of a query with their number in the file, so that a finding can name the line.

`row_number() OVER ()` without an order is a streaming window: DuckDB runs everything below it, the reader included, in
one thread, and that one takes the file's buffers in the order in which they lie. So numbers are those of the file
whatever `threads` and `preserve_insertion_order` are (tests/engines/test_numbered.py holds it to that for many
buffers). It costs no more processor time, but all of it in one thread: 0.75 s for 2 million lines (0.5 GB) where two
threads take 0.45 s; run another pass beside it.
"""

from __future__ import annotations

from typing import Final

ROW: Final = "row_nr"
"""The column added: number of the value in the file, from 1, blank lines not counted."""


def numbered(rows: str) -> str:
    """A SELECT over all rows of one file with the column `row_nr` beside.

    `rows` must read every value of one file, and filter, sort and join nothing: do that outside.
    """
    return f"SELECT *, row_number() OVER () AS {ROW} FROM ({rows})"
