"""Rows of the JSON reader become lines of the source: blank lines and lines taken out are no rows."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attrib.analysis import survey_rows
from attrib.analysis.pieces import UNREAD, Piece
from attrib.analysis.survey_rows import lines_of

LINES = st.lists(st.sampled_from([b"{}", b'{"a":1}', b"", b" ", b"\t\r", b"\r", None]), max_size=40)
"""None: a line taken out."""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES, first=st.integers(1, 9), end=st.booleans(), chunk=st.integers(1, 40))
def test_rows_and_lines(
    lines: list[bytes | None], first: int, end: bool, chunk: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(survey_rows, "CHUNK", chunk)
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\n".join(b"   " if line is None else line for line in lines) + (b"\n" if end else b""))
    filled = [number for number, line in enumerate(lines, first) if line is not None and line.strip()]
    piece = Piece(str(path), 0, UNREAD, first, objects=len(filled), lines=len(lines))
    piece.removed = {number for number, line in enumerate(lines, first) if line is None}
    assert lines_of(piece, range(-1, len(filled) + 3)) == dict(enumerate(filled, 1))
    assert lines_of(piece, [len(filled), len(filled)]) == ({len(filled): filled[-1]} if filled else {})


def test_nothing_is_read_where_it_can_be_worked_out() -> None:
    piece = Piece("/nowhere", 0, UNREAD, 100, objects=10, lines=10)
    assert lines_of(piece, [1, 10, 11]) == {1: 100, 10: 109}
    piece = Piece("/nowhere", 0, UNREAD, 100, objects=8, lines=10, removed={100, 104})
    assert lines_of(piece, [1, 3, 4, 8]) == {1: 101, 3: 103, 4: 105, 8: 109}
