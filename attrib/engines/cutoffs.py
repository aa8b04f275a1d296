"""Keys that count as one kind before a moment and as another after it: invocations that fell silent long ago.

Whole minutes on either side are added up by minutes.py. In the minute of the moment itself the lines decide.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrib.engines.connect import Engine
from attrib.engines.grouping import keys_of
from attrib.engines.minutes import Counted, same_key
from attrib.engines.scan import UPSTREAM, Shape
from attrib.engines.units import minute_sql, whole_us
from attrib.safe.sql import identifier

Divided = Mapping[int, Counted]
"""Key -> what it counts as, of the keys with a cutoff."""


def choose(engine: Engine, table: str, shape: Shape, filtered: bool, divided: Divided) -> list[tuple[int, int]]:
    """Create the tables of the rows that a cutoff divides (`mixed`) and of all others of these keys that are late.

    Returns the times (first, last) of the former.
    """
    of: list[list[object]] = [[], [], [], [], []]
    for key, one in divided.items():
        for column, value in zip(of, (key, one.kind, one.spent, one.late, one.cutoff), strict=True):
            column.append(value)
    rows = (
        f"SELECT g.*, m.* FROM {identifier(table)} g JOIN {identifier(keys_of(table))} k "
        f"ON {same_key('g', 'k', shape, filtered)} JOIN (SELECT unnest($1::BIGINT[]) AS key, "
        "unnest($2::INTEGER[]) AS kind, unnest($3::BOOLEAN[]) AS spent, unnest($4::INTEGER[]) AS late, "
        "unnest($5::BIGINT[]) AS cutoff) m ON m.key = k.key WHERE g.first < m.cutoff"
    )
    engine.execute(f"CREATE OR REPLACE TEMP TABLE dividable AS {rows}", of)
    engine.execute("CREATE OR REPLACE TEMP TABLE mixed AS SELECT * FROM dividable WHERE last >= cutoff")
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE late AS SELECT key, sum(n)::BIGINT AS n FROM dividable WHERE last < cutoff "
        "GROUP BY key"
    )
    return [(row[0], row[1]) for row in engine.rows("SELECT DISTINCT first, last FROM mixed ORDER BY ALL")]


def divide(engine: Engine, rows: str, where: str, shape: Shape, filtered: bool) -> bool:
    """Add the rows of `mixed` to the sums, out of their lines. False, and nothing added: `rows` lacks some of them.

    `rows` is the SELECT of (at least) the lines of these times (scan.rows_sql), `where` which of them count.
    """
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE split AS SELECT m.key, r.t < m.cutoff AS before, "
        "CASE WHEN r.t < m.cutoff THEN m.late ELSE m.kind END AS kind, m.minute AS minute, count(*) AS n, "
        f"min(r.t) AS first, max(r.t) AS last, coalesce(sum({whole_us('r.lat')}), 0) AS latency_us, "
        f"count(r.lat) AS timed, coalesce(sum({whole_us('r.known')}) FILTER (m.spent), 0) AS upstream_us, "
        "count(r.known) FILTER (m.spent) AS upstream_timed "
        f"FROM (SELECT *, {UPSTREAM} AS known FROM ({rows}) WHERE {where}) r "
        f"JOIN mixed m ON {same_key('r', 'm', shape, filtered)} AND {minute_sql('r.t')} = m.minute GROUP BY ALL"
    )
    if engine.rows("SELECT (SELECT sum(n) FROM mixed) IS DISTINCT FROM (SELECT sum(n) FROM split)")[0][0]:
        return False
    engine.execute("INSERT INTO sums BY NAME SELECT * EXCLUDE (key, before) FROM split")
    engine.execute("INSERT INTO late SELECT key, sum(n) FROM split WHERE before GROUP BY key")
    return True


def late(engine: Engine) -> dict[int, int]:
    """Key -> how many of its rows are before its cutoff."""
    return {row[0]: row[1] for row in engine.rows("SELECT key, sum(n)::BIGINT FROM late GROUP BY key")}
