"""Calm invocations of recurring ids in scenes: their figures are in `calm`, their optional fields in their lines."""

from __future__ import annotations

from typing import NamedTuple

from attrib.engines import scan
from attrib.engines.calm import OF_KIND, same
from attrib.engines.connect import Engine
from attrib.engines.correlate import RECURRING, wide
from attrib.engines.scan import Bounds, Shape
from attrib.engines.scenes import LAST, Columns
from attrib.engines.units import bin_sql, minute_sql, whole_us


class Seen(NamedTuple):
    """What became of the calm invocations of some scenes."""

    left: list[str]
    """Ids of those that are left to the reference code."""
    counts: dict[tuple[int, int, int], int]
    """(scene, zone, kind) -> how many of them."""
    complete: bool
    """All lines of the invocations were among those read."""


def begin(engine: Engine, fields: int) -> None:
    """Create the table of the lines of calm requests: one row per line, `fields` optional fields as raw JSON."""
    more = "".join(f", f{at} VARCHAR" for at in range(fields))
    engine.execute(f"CREATE OR REPLACE TEMP TABLE bits (h UBIGINT, function VARCHAR, span_id VARCHAR{more})")


def add_lines(engine: Engine, path: str, shape: Shape, bounds: Bounds, columns: Columns) -> None:
    """Add the lines of calm requests in a file."""
    rows = scan.rows_sql(path, wide(shape), bounds, (None, None), columns.types)
    values = "".join(f", {value}" for value in columns.values())
    engine.execute(
        f"INSERT INTO bits SELECT hash(request_id), nullif(function, ''), span_id{values} FROM ({rows}) "
        f"WHERE {RECURRING} AND hash(request_id) NOT IN (SELECT h FROM hot)"
    )


def see(engine: Engine, fields: int, *, everything: bool) -> Seen:
    """Add the calm invocations to `seen`, but for those whose lines differ in a field (`everything`: none of them):
    which value counts there is for the reference code to say.
    """
    names = [f"f{at}" for at in range(fields)]
    values = "".join(f", min({name}) AS {name}" for name in names)
    differ = " OR ".join(f"min({name}) <> max({name})" for name in names)
    if fields > 1:  # the first field holds all values of a canonical line: beside a plain one they stand there twice
        differ += f" OR (count({names[0]}) > 0 AND {' + '.join(f'count({name})' for name in names[1:])} > 0)"
    differ = "true" if everything or not differ else f"coalesce({differ}, false)"
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE told AS SELECT h, function, span_id{values}, {differ} AS differ, count(*) AS n "
        "FROM bits GROUP BY ALL"
    )
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE calm_here AS SELECT s.scene, s.zone, s.kind, c.h, c.request_id, c.function, "
        f"c.span_id, c.t, c.latency_ms, c.upstream_ms, c.n FROM calm c JOIN calm_kinds m ON {OF_KIND} "
        f"JOIN stretches s ON s.kind = m.kind AND coalesce({minute_sql('c.t')}, {LAST}) BETWEEN s.first AND s.last"
    )
    odd = "c.h IN (SELECT h FROM told WHERE differ)" if not everything else "true"
    own = "CASE WHEN c.latency_ms > 0 THEN c.latency_ms - c.upstream_ms END"
    times = ", ".join(bin_sql(whole_us(ms)) for ms in ("c.latency_ms", "c.upstream_ms", own))
    told = "".join(f", b.{name}" for name in names)
    engine.execute(
        f"INSERT INTO seen SELECT c.scene, c.zone, c.kind, c.t, c.request_id, {times}{told} FROM calm_here c "
        f"LEFT JOIN told b ON {same('c', 'b')} WHERE NOT ({odd})"
    )
    ids = engine.rows(f"SELECT DISTINCT c.request_id FROM calm_here c WHERE {odd} ORDER BY ALL")
    left = engine.rows(f"SELECT c.scene, c.zone, c.kind, count(*) FROM calm_here c WHERE {odd} GROUP BY ALL")
    short = engine.rows(
        f"SELECT count(*) FROM calm_here c LEFT JOIN told b ON {same('c', 'b')} WHERE b.n IS DISTINCT FROM c.n"
    )
    return Seen([row[0] for row in ids], {(row[0], row[1], row[2]): row[3] for row in left}, not short[0][0])
