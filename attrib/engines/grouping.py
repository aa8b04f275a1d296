"""The grouping query: one row per minute and distinct combination of what the rules read, and the keys of these."""

from __future__ import annotations

from typing import NamedTuple

from attrib.engines.connect import Engine
from attrib.engines.scan import UPSTREAM, Shape
from attrib.engines.units import minute_sql, whole_us
from attrib.safe.sql import identifier


class Group(NamedTuple):
    """One row of the scan. Null means not logged."""

    function: str | None
    upstream: str | None
    service: str | None
    stage: str | None
    error_code: str | None
    attempt: str | None
    status: str | float | None
    upstream_status: str | float | None
    high: bool | None
    """Latency above the threshold; None: no latency."""
    share: int
    """Upstream-latency class: 0 missing, 1 low, 2 middle, 3 dominant, 4 slower than the whole (a contradiction), 5 a
    time that is no share: it or the latency is 0, or there is no latency."""
    usable: bool
    odd_time: str | None
    in_range: bool
    n: int
    first: int | None
    last: int | None
    edge: bool
    """A latency that is negative, not finite or, where numbers were read as such, 0 or 1 (perhaps true or false)."""
    ordinary: bool
    """No value stands under a key the sample did not show, and every request id was a text in the file; in a plain
    file, also usable, and every line has a time of the clock's form."""
    id_time: bool
    """A line without a time the query reads has a request id that may hold one (UUIDv7, ULID)."""
    slowest: float | None
    """The highest latency, ms."""
    lent: bool
    """The times are those within the request ids: the records have none of their own."""
    key: int
    """Number of this row in the table of keys (minutes.py)."""

    @property
    def skipped(self) -> bool:
        """Whether these are another program's lines: none of the keys that make a record has a value."""
        return self.function is None and self.status is None and self.upstream_status is None


def group_keys(shape: Shape, filtered: bool) -> tuple[str, ...]:
    """The keys of the grouping; what is constant in this file is left out, because hashing nothing costs time too."""
    names = [n for n in ("function", "upstream", "service", "stage", "error_code", "attempt") if n in shape.texts]
    told = ("usable", "odd_time", "lent") if shape.ours else () if shape.plain else ("usable", "odd_time")
    return (*names, "status", "upstream_status", "high", "share", *told, *(["in_range"] if filtered else []))


def group_sql(table: str, rows: str, shape: Shape, filtered: bool, where: str = "true") -> str:
    """Create `table` with one row per group and minute of the rows `where` holds; the hashes of their ids beside."""
    keys = ", ".join(identifier(k) for k in group_keys(shape, filtered))
    minute = f"{minute_sql('t')} AS minute, " if shape.clock else "NULL::BIGINT AS minute, "
    # Only what can have a symptom is cited: it failed, was slow, or has not answered.
    calm = "status BETWEEN 100 AND 399 AND high IS NOT TRUE" if shape.plain else "false"
    return (
        f"CREATE OR REPLACE TEMP TABLE {identifier(table)} AS SELECT {keys}, {minute}count(*) AS n, min(t) AS first, "
        f"max(t) AS last, min({{'id': request_id, 't': t}}, {CITED}) FILTER (NOT coalesce({calm}, false)) AS cited, "
        "coalesce(bool_or(edge), false) AS edge, bool_and(coalesce(ordinary, false)) AS ordinary, "
        f"coalesce(bool_or(id_time), false) AS id_time, max(lat) AS slowest, "
        f"sum({whole_us('lat')}) AS latency_us, count(lat) AS timed, "
        f"sum({whole_us(UPSTREAM)}) AS upstream_us, count({UPSTREAM}) AS upstream_timed, "
        f"list(hash(request_id)) AS hashes FROM ({rows}) WHERE {where} GROUP BY ALL"
    )


CITED = 4
"""Ids kept per group. An isolated failure belongs to a (function, verdict) with fewer than 5 (contract), so 4 do."""


def read_groups(engine: Engine, table: str, shape: Shape, filtered: bool) -> list[Group]:
    """The groups of a table over all minutes, in a fixed order; also makes the table of their keys (minutes.py)."""
    there = group_keys(shape, filtered)
    columns = ", ".join(map(identifier, there))
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE {identifier(keys_of(table))} AS SELECT row_number() OVER () AS key, * FROM ("
        f"SELECT {columns}, sum(n)::BIGINT AS n, min(first) AS first, max(last) AS last, "
        "bool_or(edge) AS edge, bool_and(ordinary) AS ordinary, bool_or(id_time) AS id_time, max(slowest) AS slowest "
        f"FROM {identifier(table)} GROUP BY {columns})"
    )
    constants = {"in_range": "true", "usable": "true"}
    keys = ", ".join(identifier(k) if k in there else constants.get(k, "NULL") for k in Group._fields[:13])
    lent = "lent" if shape.ours else "false"
    rest = f"n, first, last, edge, ordinary, id_time, slowest, {lent}, key"
    rows = engine.rows(f"SELECT {keys}, {rest} FROM {identifier(keys_of(table))} ORDER BY ALL")
    return [Group(*row) for row in rows]


def keys_of(table: str) -> str:
    """The table of a group table's keys: one row per group, numbered by `key`."""
    return f"{table}_keys"
