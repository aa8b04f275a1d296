"""What is seen around incidents, out of a few byte ranges of a log: rows kept in one small table, then counted.

Grain of `seen`: one row per (scene, zone, invocation). Zones are numbers of the caller's, fields are raw JSON, and
nothing is judged here: a row's kind is that of its key, which the caller knows from the first reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from attrib.engines import grouping, scan
from attrib.engines.connect import Engine
from attrib.engines.correlate import RECURRING
from attrib.engines.grouping import keys_of
from attrib.engines.minutes import Counted
from attrib.engines.scan import UPSTREAM, Bounds, Shape
from attrib.engines.units import bin_sql, minute_sql, whole_us
from attrib.safe.sql import identifier, literal

EXAMPLES: Final = 4
"""incidents.scene.EXAMPLES, which a test holds to this."""
FIRST: Final = -(1 << 40)
LAST: Final = 1 << 41
"""Bounds of a stretch that is open; the last is also the minute of what has no time."""


class Stretch(NamedTuple):
    """Minutes of one kind that belong to one zone of one scene, both ends included."""

    scene: int
    zone: int
    kind: int
    first: int
    last: int


class Columns(NamedTuple):
    """The optional fields of the lines: `of[i]` are the keys that may hold the i-th, the first with a value counts."""

    of: tuple[tuple[str, ...], ...]
    raw: frozenset[int]
    """The fields that are read as raw JSON. The others come as texts, four times as fast, which does not tell true from
    "true"; `doubtful` says where that matters."""
    said: tuple[str, ...] = ()
    """The key under which ids stand that can join nothing, if not in their own place."""

    @property
    def types(self) -> dict[str, str]:
        """All keys to read, with their types; one that two fields share is raw for both."""
        types = dict.fromkeys(self.said, "JSON")
        for at, keys in enumerate(self.of):
            for key in keys:
                types[key] = "JSON" if at in self.raw else types.get(key, "VARCHAR")
        return types

    def values(self) -> list[str]:
        """One expression per field: a text or raw JSON, or NULL where there is no value."""
        return [self._value(at, keys) if keys else "NULL" for at, keys in enumerate(self.of)]

    def _value(self, at: int, keys: tuple[str, ...]) -> str:
        empty, dash = ("'\"\"'", "'\"-\"'") if at in self.raw else ("''", "'-'")
        return f"coalesce({', '.join(f'nullif(nullif({key}, {empty}), {dash})' for key in map(identifier, keys))})"


DOUBTFUL: Final = (
    "({0} IN ('true', 'false') OR starts_with({0}, '[') OR starts_with({0}, '{{') "
    "OR (regexp_full_match({0}, '(?i)-?([0-9.]+(e[-+]?[0-9]+)?|inf|infinity|nan)') "
    "AND NOT regexp_full_match({0}, '0|-?[1-9][0-9]{{0,17}}')))"
)
"""Texts that may have been something else in the file: no text, or a number that the reader wrote in its own way."""


def begin(engine: Engine, stretches: Sequence[Stretch], fields: int) -> None:
    """Create the tables of the stretches and of what is seen in them."""
    columns = [[stretch[at] for stretch in stretches] for at in range(5)]
    names = ", ".join(f"unnest(${at + 1}::BIGINT[]) AS {name}" for at, name in enumerate(Stretch._fields))
    engine.execute(f"CREATE OR REPLACE TEMP TABLE stretches AS SELECT {names}", columns)
    more = "".join(f", f{at} VARCHAR" for at in range(fields))
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE seen (scene INTEGER, zone INTEGER, kind INTEGER, t BIGINT, id VARCHAR, "
        f"latency INTEGER, upstream INTEGER, own INTEGER{more})"
    )


def add_lines(
    engine: Engine,
    path: str,
    shape: Shape,
    bounds: Bounds,
    limits: tuple[int | None, int | None],
    columns: Columns,
    table: str,
    counted: Sequence[Counted | None],
    *,
    recurring: bool,
) -> None:
    """Add the lines of a file whose ids do not recur; keys are those of the group table, each counted as it was."""
    filtered = limits != (None, None)
    rows = scan.rows_sql(path, shape, bounds, limits, columns.types)
    of: list[list[object]] = [[], [], [], [], [], []]
    for key, one in enumerate(counted, 1):
        if one is not None:
            parts = [(one.kind, one.cutoff, None)] + ([(one.late, None, one.cutoff)] if one.late is not None else [])
            for kind, since, before in parts:
                for column, value in zip(of, (key, kind, one.spent, one.moment, since, before), strict=True):
                    column.append(value)
    own = "CASE WHEN share BETWEEN 1 AND 3 THEN lat - least(ul, lat) END"
    latency, upstream, rest = (bin_sql(whole_us(ms)) for ms in ("lat", UPSTREAM, own))
    shown = "request_id" if not columns.said else f"coalesce(request_id, {columns.said[0]} ->> '$')"
    where = f"WHERE NOT ({RECURRING})" if recurring else ""
    # The names of the key's columns are those of the rows: only the rows' may go without a prefix.
    keys = [identifier(name) for name in grouping.group_keys(shape, filtered)]
    renamed = ", ".join(f"k.{name} AS k{at}" for at, name in enumerate(keys))
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE chosen AS SELECT {renamed}, s.scene, s.zone, m.kind, m.spent, m.moment, "
        f"s.first AS begins, s.last AS ends, m.since, m.before FROM {identifier(keys_of(table))} k JOIN (SELECT "
        "unnest($1::BIGINT[]) AS key, unnest($2::INTEGER[]) AS kind, unnest($3::BOOLEAN[]) AS spent, "
        "unnest($4::BIGINT[]) AS moment, unnest($5::BIGINT[]) AS since, unnest($6::BIGINT[]) AS before) m "
        "ON m.key = k.key JOIN stretches s ON s.kind = m.kind "
        f"AND (m.moment IS NULL OR {minute_sql('m.moment')} BETWEEN s.first AND s.last)",
        of,
    )
    same = " AND ".join(f"r.{name} IS NOT DISTINCT FROM k.k{at}" for at, name in enumerate(keys))
    values = "".join(f", {value}" for value in columns.values())
    engine.execute(
        f"INSERT INTO seen SELECT k.scene, k.zone, k.kind, coalesce(t, k.moment), {shown}, {latency}, "
        f"CASE WHEN k.spent THEN {upstream} END, CASE WHEN k.spent THEN {rest} END{values} "
        f"FROM (SELECT * FROM ({rows}) {where}) r JOIN chosen k ON {same} "
        f"AND (k.moment IS NOT NULL OR coalesce({minute_sql('t')}, {LAST}) BETWEEN k.begins AND k.ends) "
        "AND (t IS NULL OR ((k.since IS NULL OR t >= k.since) AND (k.before IS NULL OR t < k.before))) "
        "AND (t IS NOT NULL OR k.before IS NULL)"
    )


def doubtful(engine: Engine, table: str, texts: Sequence[int]) -> list[int]:
    """Which of these fields of `seen` (or another table of them), read as texts, hold a text that may be none."""
    tests = ", ".join(f"coalesce(bool_or({DOUBTFUL.format(f'f{at}')}), false)" for at in texts)
    if not tests:
        return []
    found = engine.rows(f"SELECT {tests} FROM {identifier(table)}")[0]
    return [at for at, doubt in zip(texts, found, strict=True) if doubt]


def sights(engine: Engine) -> list[tuple[Any, ...]]:
    """(scene, zone, kind, n, three histograms as {bin: count} or None, the earliest examples as {t, id})."""
    return engine.rows(
        "SELECT scene, zone, kind, count(*), histogram(latency), histogram(upstream), histogram(own), "
        f"min({{'t': coalesce(t, -1), 'id': coalesce(id, '')}}, {EXAMPLES}) FROM seen GROUP BY ALL ORDER BY ALL"
    )


def counts(engine: Engine) -> dict[tuple[int, int, int], int]:
    """(scene, zone, kind) -> invocations seen."""
    rows = engine.rows("SELECT scene, zone, kind, count(*) FROM seen GROUP BY ALL")
    return {(row[0], row[1], row[2]): row[3] for row in rows}


def values(engine: Engine, at: int) -> Iterator[tuple[int, int, int, str, int]]:
    """(scene, zone, kind, value, n) of one field; of a scene with more than `MOST_RAW` values nothing."""
    name = f"f{at}"
    engine.execute(
        f"WITH counts AS (SELECT scene, zone, kind, {name} AS value, count(*) AS n FROM seen WHERE {name} IS NOT NULL "
        "GROUP BY ALL) SELECT * FROM counts WHERE scene NOT IN (SELECT scene FROM counts GROUP BY scene "
        f"HAVING count(DISTINCT value) > {MOST_RAW}) ORDER BY ALL"
    )
    while rows := engine.connection.fetchmany(10_000):
        yield from rows


MOST_RAW: Final = 20_000
"""Distinct raw values of a field in one scene beyond which it is not looked at: it tells nothing apart."""


def expected(engine: Engine) -> dict[tuple[int, int, int], int]:
    """(scene, zone, kind) -> invocations, by the sums of the first reading: what `seen` has to come to."""
    rows = engine.rows(
        "SELECT s.scene, s.zone, s.kind, sum(m.n)::BIGINT FROM stretches s JOIN sums m ON m.kind = s.kind "
        f"AND coalesce(m.minute, {literal(LAST)}) BETWEEN s.first AND s.last GROUP BY ALL"
    )
    return {(row[0], row[1], row[2]): row[3] for row in rows}
