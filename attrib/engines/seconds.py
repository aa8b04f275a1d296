"""The calls of some minutes, second by second: the same as survey/seconds.py, in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from attrib.engines import scan
from attrib.engines.connect import Engine
from attrib.engines.scan import Bounds, Shape
from attrib.engines.units import minute_sql
from attrib.safe.sql import literal


def begin(engine: Engine, watched: Sequence[tuple[str | None, int]], odd: Mapping[str, int]) -> None:
    """Create the tables: `watched` (function, minute) to look at, `odd` times that SQL cannot read, `struck` calls."""
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE watched AS SELECT unnest($1::VARCHAR[]) AS function, "
        "unnest($2::BIGINT[]) AS minute",
        [[function for function, _ in watched], [minute for _, minute in watched]],
    )
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE odd_times AS SELECT unnest($1::VARCHAR[]) AS stamp, unnest($2::BIGINT[]) AS at",
        [list(odd), list(odd.values())],
    )
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE struck (function VARCHAR, upstream VARCHAR, answers BOOLEAN, second BIGINT, "
        "id UBIGINT, said VARCHAR)"
    )


class Said(NamedTuple):
    """Words of upstream_status, folded, by what they say."""

    failed: Sequence[str]
    refused: Sequence[str]
    """Our breaker answered; also as error_code, where upstream_status says nothing."""
    unasked: Sequence[str]


def add(engine: Engine, path: str, shape: Shape, bounds: Bounds, said: Said) -> None:
    """Add one file's calls."""
    rows = scan.rows_sql(path, shape, bounds, (None, None))
    code = "upstream_status" if shape.plain else "try_cast(upstream_status AS DOUBLE)"
    words = (
        ""
        if shape.plain
        else f"WHEN {_among('upstream_status', said.failed)} THEN 'failed' "
        f"WHEN {_among('upstream_status', said.refused)} THEN 'refused' "
        f"WHEN {_among('upstream_status', said.unasked)} THEN NULL "
    )
    outcome = (
        f"CASE WHEN {code} BETWEEN 500 AND 599 OR {code} = 0 THEN 'failed' WHEN {code} BETWEEN 100 AND 499 THEN 'fine' "
        f"{words} WHEN {_among('error_code', said.refused)} THEN 'refused' END"
    )
    answers = "status IS NOT NULL" if shape.plain else "nullif(nullif(status, ''), '-') IS NOT NULL"
    told = shape.plain or shape.ours
    instant = "t" if told else "coalesce(t, o.at)"
    join = "" if told else "LEFT JOIN odd_times o ON r.t IS NULL AND r.stamp = o.stamp"
    records = "true" if shape.ours else "coalesce(r.function, status::VARCHAR, upstream_status::VARCHAR) IS NOT NULL"
    engine.execute(
        "INSERT INTO struck SELECT * FROM (SELECT nullif(r.function, ''), nullif(nullif(upstream, ''), '-'), "
        f"{answers}, {instant} // 1000000, CASE WHEN usable THEN hash(request_id, {instant}) END, {outcome} AS said "
        f"FROM ({rows}) r {join} JOIN watched w ON w.minute = {minute_sql(instant)} "
        f"AND w.function IS NOT DISTINCT FROM nullif(r.function, '') WHERE {records}) WHERE said IS NOT NULL"
    )


def read(engine: Engine) -> list[tuple[Any, ...]]:
    """(function, upstream, answers, second, asked, failed, refused)."""
    count = "(count(DISTINCT id) FILTER ({0}) + count(*) FILTER (id IS NULL AND {0}))::BIGINT"
    tests = ("said <> 'refused'", "said = 'failed'", "said = 'refused'")
    counts = ", ".join(count.format(test) for test in tests)
    return engine.rows(f"SELECT function, upstream, answers, second, {counts} FROM struck GROUP BY ALL")


def _among(column: str, words: Sequence[str]) -> str:
    folded = f"regexp_replace(lower(trim({column}, ' \t\r\n')), '[\\s.\\-]+', '_', 'g')"
    return f"list_contains({literal(sorted(words))}::VARCHAR[], {folded})"
