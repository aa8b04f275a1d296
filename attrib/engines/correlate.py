"""Which request ids occur more than once, and which of those need the careful joining.

An id that occurs once is an invocation by itself, and its group tells everything. Of the ids that recur, most requests
are calm: every record of theirs is fine, so whatever joins them is fine too, and only their number counts. The rest is
`hot`: it is read again, line by line, and joined by the reference code.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from attrib.engines import scan
from attrib.engines.connect import Engine
from attrib.engines.scan import Bounds, Shape
from attrib.safe.sql import identifier, literal

RECURRING: Final = "usable AND hash(request_id) IN (SELECT h FROM recurring)"
FRESH: Final = f"NOT ({RECURRING})"
HOT_AT_ONCE: Final = 50_000
"""Ids read again in one go: their records are held in memory, about 1 kB each."""


def find_recurring(engine: Engine, tables: Iterable[tuple[str, Shape]]) -> int:
    """Fill the table `recurring` with the hashes of usable ids that occur more than once in these group tables."""
    engine.execute("CREATE OR REPLACE TEMP TABLE ids (h UBIGINT)")
    for table, shape in tables:
        # In a plain file every id is usable, and there is no such column.
        where = "" if shape.plain else " WHERE usable"
        engine.execute(f"INSERT INTO ids SELECT unnest(hashes) FROM {identifier(table)}{where}")
    engine.execute("CREATE OR REPLACE TEMP TABLE recurring AS SELECT h FROM ids GROUP BY h HAVING count(*) > 1")
    engine.execute("DROP TABLE ids")
    return int(engine.rows("SELECT count(*) FROM recurring")[0][0])


def begin(engine: Engine) -> None:
    """Create the table of the records of recurring ids: one row per record."""
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE repeated (h UBIGINT, request_id VARCHAR, function VARCHAR, span_id VARCHAR, "
        "upstream VARCHAR, speaks BOOLEAN, t BIGINT, calm BOOLEAN, answered BOOLEAN, signature UBIGINT)"
    )


def add(engine: Engine, path: str, shape: Shape, bounds: Bounds) -> None:
    """Add the records of recurring ids in one file or part."""
    rows = scan.rows_sql(path, shape, bounds, (None, None))
    columns = "request_id, function, span_id, upstream, stage, error_code, attempt, status, upstream_status, lat, ul, stamp"
    engine.execute(
        "INSERT INTO repeated SELECT hash(request_id), request_id, function, span_id, upstream, "
        f"upstream IS NOT NULL OR upstream_status IS NOT NULL, t, {calm(shape)}, status IS NOT NULL, hash(({columns})) "
        f"FROM ({rows}) WHERE {RECURRING}"
    )


def calm(shape: Shape) -> str:
    """The test of a record that can be part of no symptom and no masked failure, whatever it is joined with."""
    well = "({0} IS NULL OR {0} BETWEEN 100 AND 399)" if shape.plain else "({0} IS NULL OR regexp_full_match({0}, '[123][0-9][0-9]'))"
    return (
        f"{well.format('status')} AND {well.format('upstream_status')} AND NOT coalesce(high, false) "
        "AND (error_code IS NULL OR upstream_status IS NOT NULL)"
    )


def noisy_ids(engine: Engine, path: str, shape: Shape, bounds: Bounds) -> list[str]:
    """The usable request ids of a file's records that are not calm."""
    rows = scan.rows_sql(path, shape, bounds, (None, None))
    found = engine.rows(f"SELECT DISTINCT request_id FROM ({rows}) WHERE usable AND NOT coalesce({calm(shape)}, false)")
    return [row[0] for row in found]


def find_hot(engine: Engine, gap_s: float, most: float, *, everything: bool) -> list[str]:
    """The ids that need careful joining, sorted; `everything`: all recurring ones.

    Calm alone is not enough: copies must be counted, a plainly reused id correlates nothing, and spans may belong
    together. Each test here is wider than the reference's, so that nothing it would treat specially is missed.
    """
    test = "true" if everything else (
        "NOT bool_and(calm) OR count(*) > least({most}, 1000) OR max(t) - min(t) > {gap} "
        "OR count(DISTINCT signature) < count(*) OR (count(span_id) > 0 AND (count(span_id) < count(*) OR NOT bool_and(answered)))"
    ).format(most=literal(int(most)), gap=literal(int(gap_s * 1_000_000)))
    engine.execute(f"CREATE OR REPLACE TEMP TABLE hot AS SELECT h FROM repeated GROUP BY h HAVING {test}")
    rows = engine.rows("SELECT DISTINCT request_id FROM repeated WHERE h IN (SELECT h FROM hot) ORDER BY request_id")
    return [row[0] for row in rows]


def calm_invocations(engine: Engine) -> list[tuple[str | None, int]]:
    """(function, invocations) of the recurring ids that are calm."""
    return [
        (row[0], row[1])
        for row in engine.rows(
            "SELECT function, count(*) FROM (SELECT DISTINCT h, function, span_id FROM repeated "
            "WHERE h NOT IN (SELECT h FROM hot)) GROUP BY function ORDER BY function"
        )
    ]


def calm_upstreams(engine: Engine) -> list[tuple[str | None, int]]:
    """(upstream, records) of the recurring ids that are calm, where a record speaks of an upstream."""
    return [
        (row[0], row[1])
        for row in engine.rows(
            "SELECT upstream, count(*) FROM repeated WHERE speaks AND h NOT IN (SELECT h FROM hot) GROUP BY upstream"
        )
    ]
