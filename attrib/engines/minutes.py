"""Sums per minute out of group tables: what each key counts as is said once, and every row of it follows in SQL.

A group table has a row per (key, minute), a key table one per key (grouping.read_groups). Whoever judges the keys hands
back one number for each, the same number for all that count as one kind; the rows are then added up by (kind, minute).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from attrib.engines.connect import Engine, EngineRefused
from attrib.engines.grouping import group_keys, keys_of
from attrib.engines.scan import Shape
from attrib.engines.units import minute_sql
from attrib.safe.sql import identifier


class Counted(NamedTuple):
    """What one key counts as."""

    kind: int
    spent: bool
    """Its upstream time is known; else the column's sums mean nothing (an attempt whose forerunners are not logged)."""
    moment: int | None
    """Epoch microseconds of all its rows, where the query could not read their time."""
    late: int | None = None
    """The kind of its rows whose time is before `cutoff`, where that is another."""
    cutoff: int | None = None
    """Epoch microseconds; only with `late`."""


Sums = tuple[int, int | None, int, int | None, int | None, int, int, int, int]
"""One (kind, minute): kind, minute, n, first, last, latency_us, timed, upstream_us, upstream_timed. Plain, for there
may be a hundred thousand. Times in epoch microseconds, durations in whole microseconds."""


def begin(engine: Engine) -> None:
    """Create the empty table of sums."""
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE sums (kind INTEGER, minute BIGINT, n BIGINT, first BIGINT, last BIGINT, "
        "latency_us HUGEINT, timed BIGINT, upstream_us HUGEINT, upstream_timed BIGINT)"
    )


def same_key(one: str, other: str, shape: Shape, filtered: bool) -> str:
    """The condition that a row of `one` and a row of `other` have the same key, nulls alike."""
    names = map(identifier, group_keys(shape, filtered))
    return " AND ".join(f"{one}.{name} IS NOT DISTINCT FROM {other}.{name}" for name in names)


def add(engine: Engine, table: str, shape: Shape, filtered: bool, counted: Sequence[Counted | None]) -> None:
    """Add a group table's rows to the sums. `counted[key - 1]`: what the key counts as; None: not at all.

    Left out are the rows that a cutoff divides: cutoffs.py adds those, from their lines.
    """
    kinds = [None if one is None else one.kind for one in counted]
    spent = [one is not None and one.spent for one in counted]
    moments = [None if one is None else one.moment for one in counted]
    late = [None if one is None else one.late for one in counted]
    cutoffs = [None if one is None else one.cutoff for one in counted]
    minute = f"coalesce(g.minute, {minute_sql('m.moment')})"
    kind = (
        "CASE WHEN m.cutoff IS NULL OR g.minute IS NULL OR g.first >= m.cutoff THEN m.kind "
        "WHEN g.last < m.cutoff THEN m.late END"
    )
    engine.execute(
        f"INSERT INTO sums SELECT {kind} AS kind, {minute}, sum(g.n), min(coalesce(g.first, m.moment)), "
        "max(coalesce(g.last, m.moment)), coalesce(sum(latency_us), 0), sum(timed), "
        "coalesce(sum(upstream_us) FILTER (m.spent), 0), coalesce(sum(upstream_timed) FILTER (m.spent), 0) "
        f"FROM {identifier(table)} g JOIN {identifier(keys_of(table))} k ON {same_key('g', 'k', shape, filtered)} "
        "JOIN (SELECT unnest($1::INTEGER[]) AS kind, unnest($2::BOOLEAN[]) AS spent, "
        "unnest($3::BIGINT[]) AS moment, unnest($4::INTEGER[]) AS late, unnest($5::BIGINT[]) AS cutoff, "
        f"generate_subscripts($1, 1) AS key) m ON m.key = k.key WHERE {kind} IS NOT NULL GROUP BY ALL",
        [kinds, spent, moments, late, cutoffs],
    )


def times(engine: Engine, table: str, shape: Shape) -> list[tuple[int, int, int, int]]:
    """(minute, rows, first time, last time) of all rows with a time of their own."""
    own = "AND NOT lent" if shape.ours else ""
    rows = engine.rows(
        f"SELECT minute, sum(n)::BIGINT, min(first), max(last) FROM {identifier(table)} WHERE minute IS NOT NULL {own} "
        "GROUP BY minute"
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def read(engine: Engine) -> list[Sums]:
    """The sums, one row per (kind, minute)."""
    sql = (
        "SELECT kind, minute, sum(n)::BIGINT, min(first), max(last), sum(latency_us){0}, sum(timed)::BIGINT, "
        "sum(upstream_us){0}, sum(upstream_timed)::BIGINT FROM sums GROUP BY kind, minute"
    )
    rows: list[Any]
    try:
        rows = engine.rows(sql.format("::BIGINT"))  # read three times as fast
    except EngineRefused:
        rows = engine.rows(sql.format(""))
    return rows


def cited(
    engine: Engine, table: str, shape: Shape, filtered: bool, keys: Sequence[int], of: Sequence[int]
) -> list[tuple[int, int | None, list[dict[str, Any]]]]:
    """(key, minute, {id, t} of up to grouping.CITED rows) of some keys in these minutes, and where no time was read."""
    rows = engine.rows(
        f"SELECT k.key, g.minute, g.cited FROM {identifier(table)} g JOIN {identifier(keys_of(table))} k "
        f"ON {same_key('g', 'k', shape, filtered)} WHERE g.cited IS NOT NULL "
        "AND k.key IN (SELECT unnest($1::BIGINT[])) "
        "AND (g.minute IS NULL OR g.minute IN (SELECT unnest($2::BIGINT[]))) ORDER BY ALL",
        [list(keys), list(of)],
    )
    return [(row[0], row[1], row[2]) for row in rows]
