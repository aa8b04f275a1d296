"""Names, values and paths reach DuckDB as they are."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrib.safe import sql

storable = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)


@given(storable, storable | st.integers(-(2**62), 2**62) | st.booleans() | st.none() | st.floats(allow_nan=False))
def test_duckdb_reads_back_the_same(name: str, value: str | float | bool | None) -> None:
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        with pytest.raises(ValueError, match="no SQL literal"):
            sql.literal(value)
        return
    result = duckdb.execute(f"SELECT {sql.literal(value)} AS {sql.identifier(name)}")
    assert [column[0] for column in result.description or ()] == [name]
    ((read,),) = result.fetchall()
    assert read == value or float(read) == value  # 0.1 is a DECIMAL to DuckDB


def test_a_list_of_texts() -> None:
    items = ["a", "b'c"]
    assert duckdb.execute(f"SELECT {sql.literal(items)}").fetchall() == [(items,)]


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
def test_what_cannot_be_stored_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="cannot hold"):
        sql.literal(text)
    with pytest.raises(ValueError, match="cannot hold"):
        sql.identifier(text)


def test_an_empty_name_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        sql.identifier("")


@pytest.mark.parametrize("name", ["a[1]", "b*?", "c{x,y}", "d\\e", "e]", "f[!a]", "[[]", "**", "?", "i'j", "k[a-z]"])
def test_a_file_name_is_taken_by_the_letter(name: str, tmp_path: Path) -> None:
    for number, file in enumerate([name, "a1", "bxy", "cx", "e", "fb", "kb", "z"]):
        (tmp_path / f"{file}.jsonl").write_text(f'{{"a": {number}}}\n')
    path = sql.glob_escape(str(tmp_path / f"{name}.jsonl"))
    rows = duckdb.execute("SELECT a FROM read_json(?, format = 'newline_delimited')", [path]).fetchall()
    assert rows == [(0,)]


def test_a_name_that_no_pattern_fits_is_refused() -> None:
    with pytest.raises(ValueError, match="no pattern"):
        sql.glob_escape("/logs/a\\[1].jsonl")
