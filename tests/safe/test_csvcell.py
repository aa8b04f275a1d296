"""Log text cannot become a formula, nor break a row."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrib.safe import csvcell

nasty = st.text(st.sampled_from("=+-@\t\r\n ,\"'0123456789.eEa\ufeff\x00\x1b")) | st.text()


@given(st.lists(nasty, min_size=2, max_size=5))
def test_a_row_is_read_back_as_it_was_written(texts: list[str]) -> None:
    cells = [csvcell.cell(text) for text in texts]
    assert list(csv.reader(io.StringIO(csvcell.row(cells), newline=""))) == [cells]


@given(nasty)
def test_no_cell_but_a_number_starts_a_formula(text: str) -> None:
    cell = csvcell.cell(text)
    start = cell.lstrip(" \ufeff")[:1]
    assert start not in "=+-@\t\r＝＋－＠" or start == "" or re.fullmatch(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?|-", cell)


@given(st.text(st.characters(categories=["L", "N", "S", "P", "Zs"], exclude_characters="=+-@＝＋－＠")))
def test_printable_text_is_kept(text: str) -> None:
    assert csvcell.cell(text) == text


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("  =1", "'  =1"),
        ("\ufeff@x", "'\ufeff@x"),
        ("-2+3", "'-2+3"),
        ("-12.5", "-12.5"),
        ("-1E+02", "-1E+02"),
        ("-", "-"),
        ("\x1b[2J", r"\x1b[2J"),
        ("two\nlines", "two\nlines"),
    ],
)
def test_examples(text: str, cell: str) -> None:
    assert csvcell.cell(text) == cell
