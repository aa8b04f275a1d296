"""Which request ids occur more than once, and which of those need the careful joining.

An id that occurs once is an invocation by itself, and its group tells everything. Of the ids that recur, most requests
are calm: every record of theirs is fine, so whatever joins them is fine too, and only their number counts. The rest is
`hot`: it is read again, line by line, and joined by the reference code.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from attrib.engines import scan
from attrib.engines.connect import Engine, EngineRefused
from attrib.engines.scan import Bounds, Shape
from attrib.fields import KEYS
from attrib.safe.sql import identifier, literal

RECURRING: Final = "usable AND hash(request_id) IN (SELECT h FROM recurring)"
FRESH: Final = f"NOT ({RECURRING})"
HOT_AT_ONCE: Final = 50_000
"""Ids read again in one go: their records are held in memory, about 1 kB each."""


def find_recurring(engine: Engine, tables: Iterable[tuple[str, Shape]]) -> int:
    """Fill the table `recurring` with the hashes of usable ids that occur more than once in these group tables."""
    # In a plain file every id is usable, and there is no such column.
    ids = " UNION ALL ".join(
        f"SELECT unnest(hashes) AS h FROM {identifier(table)}{'' if shape.plain else ' WHERE usable'}"
        for table, shape in tables
    )
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE recurring AS SELECT h FROM "
        f"({ids or 'SELECT NULL::UBIGINT AS h LIMIT 0'}) GROUP BY h HAVING count(*) > 1"
    )
    return int(engine.rows("SELECT count(*) FROM recurring")[0][0])


def begin(engine: Engine) -> None:
    """Create the table of the records of recurring ids: one row per record."""
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE repeated (h UBIGINT, request_id VARCHAR, function VARCHAR, span_id VARCHAR, "
        "upstream VARCHAR, speaks BOOLEAN, t BIGINT, calm BOOLEAN, answered BOOLEAN, "
        "odd BOOLEAN, signature UBIGINT, stage VARCHAR, ends BOOLEAN, attempt VARCHAR, code SMALLINT, lat DOUBLE, "
        "ul DOUBLE, lent BOOLEAN)"
    )


def add(engine: Engine, path: str, shape: Shape, bounds: Bounds, ends: Sequence[str]) -> None:
    """Add the records of recurring ids in one file or part. `ends`: the texts under `stage` that end an invocation."""
    try:
        _add(engine, path, wide(shape), bounds, calm(shape), ends)
    except EngineRefused:
        # Such as a line with one of these keys twice: nothing is calm then, and the careful parser reads them all.
        narrow = {name: keys for name, keys in shape.texts.items() if name != "span_id"}
        _add(engine, path, replace(shape, texts=narrow), bounds, "false", ends)


def wide(shape: Shape) -> Shape:
    """A shape with all keys of spans: they decide only here, so the sample did not say which of them the file has."""
    return replace(shape, texts={**shape.texts, "span_id": KEYS["span_id"].keys})


def _add(engine: Engine, path: str, shape: Shape, bounds: Bounds, calm_test: str, ends: Sequence[str]) -> None:
    rows = scan.rows_sql(path, shape, bounds, (None, None))
    records = "true" if shape.ours else "coalesce(function, status::VARCHAR, upstream_status::VARCHAR) IS NOT NULL"
    # The same line gives the same signature in a file of any shape; that others may share it costs time only.
    texts = [f"nullif(nullif({n}, ''), '-')" for n in ("function", "stage", "error_code", "upstream", "span_id")]
    numbers = [f"try_cast({n} AS DOUBLE)" for n in ("attempt", "status", "upstream_status")]
    columns = ", ".join([*texts, *numbers, "lat", "ul", "t"])
    # A list, not IN (...): that becomes a join.
    last = f"coalesce(list_contains([{', '.join(map(literal, ends))}]::VARCHAR[], stage), false)"
    name = "nullif(nullif(upstream, ''), '-')"
    engine.execute(
        "INSERT INTO repeated SELECT hash(request_id), request_id, nullif(function, ''), span_id, "
        f"{name}, {name} IS NOT NULL OR upstream_status IS NOT NULL, "
        f"t, {calm_test}, status IS NOT NULL, {ODD}, hash(({columns})), nullif(stage, ''), {last}, "
        f"nullif(nullif(attempt, ''), '-'), try_cast(upstream_status AS SMALLINT), lat, ul, lent "
        f"FROM ({rows}) WHERE {RECURRING} AND {records}"
    )


ODD: Final = (
    "coalesce((stamp IS NOT NULL AND t IS NULL) OR span_id IN ('true', 'false') "
    "OR regexp_matches(span_id, '^([[{]|-?[0-9]+[.eE])'), false)"
)
"""A time that the query does not read, or a span that may have been no text."""


def calm(shape: Shape) -> str:
    """The test of a record that can be part of no symptom and no masked failure, whatever it is joined with."""
    test = "{0} BETWEEN 100 AND 399" if shape.plain else "regexp_full_match({0}, '[123][0-9][0-9]')"
    status, upstream_status = (f"({name} IS NULL OR {test.format(name)})" for name in ("status", "upstream_status"))
    return (
        f"{status} AND {upstream_status} AND NOT coalesce(high, false) "
        "AND (error_code IS NULL OR upstream_status IS NOT NULL)"
    )


def noisy_ids(engine: Engine, path: str, shape: Shape, bounds: Bounds) -> list[str]:
    """The usable request ids of a file's records that are not calm."""
    rows = scan.rows_sql(path, shape, bounds, (None, None))
    found = engine.rows(f"SELECT DISTINCT request_id FROM ({rows}) WHERE usable AND NOT coalesce({calm(shape)}, false)")
    return [row[0] for row in found]


def find_hot(engine: Engine, gap_s: float, most: float, *, everything: bool) -> None:
    """Fill the table `hot` with the ids that need careful joining; `everything`: all recurring ones.

    Calm alone is not enough: copies must be counted, a plainly reused id correlates nothing, and spans may belong
    together. Each test here is wider than the reference's, so that nothing it would treat specially is missed.
    """
    gap_us = literal(int(gap_s * 1_000_000))
    tests = (
        "NOT bool_and(calm)",
        f"count(*) > least({literal(int(most))}, 1000)",
        f"max(t) - min(t) > {gap_us}",
        "bool_or(odd)",
        "bool_or(lent) AND NOT bool_and(lent)",
        "count(DISTINCT signature) < count(*)",
        "(count(span_id) > 0 AND (count(span_id) < count(*) OR NOT bool_and(answered)))",
    )
    test = "true" if everything else " OR ".join(tests)
    engine.execute(f"CREATE OR REPLACE TEMP TABLE hot AS SELECT h FROM repeated GROUP BY h HAVING {test}")


def find_again(engine: Engine, apart_us: int, most: int) -> int:
    """Make hot, of the requests that are not, those with an end of one function some time after another one.

    At most `most` of them, in the order of their hashes; returns how many there are beyond.
    """
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE again AS SELECT DISTINCT h FROM ("
        "SELECT h FROM repeated WHERE ends AND answered AND attempt IS NULL "
        "AND nullif(nullif(span_id, ''), '-') IS NULL AND h NOT IN (SELECT h FROM hot) "
        f"GROUP BY h, function, stage HAVING count(*) > 1 AND max(t) - min(t) >= {literal(apart_us)})"
    )
    found = int(engine.rows("SELECT count(*) FROM again")[0][0])
    engine.execute(f"INSERT INTO hot SELECT h FROM again ORDER BY h LIMIT {literal(most)}")
    return max(0, found - most)


def hot_ids(engine: Engine) -> list[str]:
    """The hot ids, sorted."""
    rows = engine.rows("SELECT DISTINCT request_id FROM repeated WHERE h IN (SELECT h FROM hot) ORDER BY request_id")
    return [row[0] for row in rows]


def recurring_ids(engine: Engine) -> list[str]:
    """All usable ids that occur more than once."""
    return [row[0] for row in engine.rows("SELECT DISTINCT request_id FROM repeated")]


def calm_upstreams(engine: Engine) -> list[tuple[str | None, int]]:
    """(upstream, records) of the recurring ids that are calm, where a record speaks of an upstream."""
    return [
        (row[0], row[1])
        for row in engine.rows(
            "SELECT upstream, count(*) FROM repeated WHERE speaks AND h NOT IN (SELECT h FROM hot) GROUP BY upstream"
        )
    ]
