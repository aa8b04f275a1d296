"""Row numbers of the JSON reader are those of the file, whatever the threads and however many buffers it takes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from attrib.engines.connect import Engine
from attrib.engines.numbered import ROW, numbered
from attrib.safe.sql import literal

LINES = 60_000


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """8 MB of lines that say their own number, blank ones between them."""
    path = tmp_path_factory.mktemp("numbered") / "a.jsonl"
    with path.open("w", encoding="ascii") as file:
        for number in range(1, LINES + 1):
            file.write(json.dumps({"i": number, "group": number * 7919 % 13, "pad": "x" * (number % 257)}))
            file.write("\n \t\r\n" if number % 1000 == 0 else "\n")
    return path


@pytest.mark.parametrize("threads", [1, 2, 7])
@pytest.mark.parametrize("size", [512, 64 * 1024, 16 * 1024 * 1024])
def test_numbers_are_those_of_the_file(log: Path, threads: int, size: int) -> None:
    """`size` bounds an object, and buffers with it: more than ten thousand of them for the smallest."""
    rows = (
        f"SELECT i, i % 3 AS third, \"group\" FROM read_json({literal(str(log))}, format = 'newline_delimited', "
        "compression = 'uncompressed', columns = {'i': 'BIGINT', 'group': 'BIGINT', 'pad': 'VARCHAR'}, "
        f"maximum_object_size = {size})"
    )
    with Engine([str(log)], threads=threads) as engine:
        counted = engine.rows(f"SELECT count(*), count(*) FILTER (i = {ROW}), max({ROW}) FROM ({numbered(rows)})")
        assert counted == [(LINES, LINES, LINES)]
        # Grouped and filtered outside, as the survey does it.
        groups = engine.rows(
            f'SELECT "group", min({ROW}), min(i) FROM ({numbered(rows)}) WHERE third = 1 GROUP BY ALL ORDER BY ALL'
        )
        assert len(groups) == 13
        assert all(row == number for _, row, number in groups)
