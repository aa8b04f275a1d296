"""Minutes, microseconds and bins mean the same inside the engine and outside."""

from __future__ import annotations

import duckdb
from hypothesis import given
from hypothesis import strategies as st

from attrib.engines import scenes, units
from attrib.incidents import buckets, histogram, scene

EDGES = [power + more for power in (1 << shift for shift in range(46)) for more in (-1, 0, 1)]


def test_the_same_constants() -> None:
    assert (units.MINUTE_US, units.MOST_US) == (buckets.MINUTE_US, histogram.MOST_US)
    assert scenes.EXAMPLES == scene.EXAMPLES


@given(st.lists(st.integers(0, histogram.MOST_US), max_size=50))
def test_bins(numbers: list[int]) -> None:
    numbers = [*numbers, *(edge for edge in EDGES if edge <= histogram.MOST_US)]
    sql = f"SELECT {units.bin_sql('us')} FROM (SELECT unnest($1::BIGINT[]) AS us)"
    assert [row[0] for row in duckdb.execute(sql, [numbers]).fetchall()] == [histogram.bin_of(us) for us in numbers]


@given(st.lists(st.floats(0, 1e300), max_size=50), st.lists(st.integers(0, 10_000_000), max_size=50))
def test_whole_microseconds(numbers: list[float], halves: list[int]) -> None:
    times = [*numbers, *(half / 2000 for half in halves), *(half / 10 for half in halves)]
    sql = f"SELECT {units.whole_us('ms')} FROM (SELECT unnest($1::DOUBLE[]) AS ms)"
    assert [row[0] for row in duckdb.execute(sql, [times]).fetchall()] == [histogram.whole_us(ms) for ms in times]
    assert duckdb.execute(f"SELECT {units.whole_us('NULL::DOUBLE')}").fetchall() == [(None,)]


@given(st.lists(st.integers(-62_135_596_800_000_000, 253_402_300_799_999_999), max_size=50))
def test_minutes(times: list[int]) -> None:
    sql = f"SELECT {units.minute_sql('t')} FROM (SELECT unnest($1::BIGINT[]) AS t)"
    assert [row[0] for row in duckdb.execute(sql, [times]).fetchall()] == [buckets.minute_of(t) for t in times]
