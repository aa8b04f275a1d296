"""Idempotency keys with another fingerprint, in SQL: the same keys and digests as survey/idempotency.py.

Strict reading of these few columns costs one pass over a file, and the groups spill where memory ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from attrib.engines import scan
from attrib.engines.connect import Engine
from attrib.engines.numbered import ROW, numbered
from attrib.engines.scan import Bounds, Shape
from attrib.fields import KEYS
from attrib.safe.sql import identifier

SHOWN: Final = 3
"""Lines looked up for each function."""
EXACT: Final = 1 << 53
"""Doubles are whole numbers exactly below this (records.values)."""
_FIELDS: Final = ("idempotency_key", "request_fingerprint", "tenant")


def begin(engine: Engine) -> None:
    """Create the table of (slot, function, print)."""
    engine.execute("CREATE OR REPLACE TEMP TABLE keyed (slot UBIGINT, function VARCHAR, print VARCHAR)")


def add_seen(engine: Engine, rows: Sequence[tuple[int, str | None, str]]) -> None:
    """Add keys that were seen line by line: (slot, function, print)."""
    engine.execute(
        "INSERT INTO keyed SELECT unnest($1::UBIGINT[]), unnest($2::VARCHAR[]), unnest($3::VARCHAR[])",
        [[row[at] for row in rows] for at in range(3)],
    )


def add(engine: Engine, path: str, shape: Shape, bounds: Bounds) -> None:
    """Add one file's keys, each (key, fingerprint) once."""
    rows = _rows(path, shape, bounds)
    engine.execute(f"INSERT INTO keyed SELECT DISTINCT slot, function, print FROM ({_keys(rows, shape)})")


def count(engine: Engine) -> list[tuple[Any, ...]]:
    """(function, keys, keys with several fingerprints); these are then in the table `conflicting`."""
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE conflicting AS SELECT slot, min(print) AS least, max(print) AS most FROM keyed "
        "GROUP BY slot HAVING min(print) <> max(print)"
    )
    return engine.rows(
        "SELECT function, count(DISTINCT slot), count(DISTINCT slot) FILTER (slot IN (SELECT slot FROM conflicting)) "
        "FROM keyed GROUP BY function"
    )


def extremes(engine: Engine, slots: Iterable[int]) -> set[tuple[int, str]]:
    """(slot, print) of the least and the greatest fingerprint, of the conflicting ones among some slots."""
    rows = engine.rows(
        "SELECT slot, unnest([least, most]) FROM conflicting WHERE slot IN (SELECT unnest($1::UBIGINT[]))",
        [list(slots)],
    )
    return {(row[0], row[1]) for row in rows}


def places(engine: Engine, path: str, shape: Shape, bounds: Bounds) -> list[tuple[Any, ...]]:
    """(function, slot, print, row) of the first rows of each function with a conflicting key."""
    return engine.rows(
        f"SELECT function, k.slot, print, min({ROW}) AS first "
        f"FROM ({_keys(numbered(_rows(path, shape, bounds)), shape, ROW)}) k "
        "JOIN conflicting c ON k.slot = c.slot AND k.print IN (c.least, c.most) "
        "GROUP BY function, k.slot, print "
        f"QUALIFY row_number() OVER (PARTITION BY function ORDER BY first) <= {SHOWN}"
    )


def _rows(path: str, shape: Shape, bounds: Bounds) -> str:
    more = {key: "JSON" for name in _FIELDS for key in KEYS[name].keys}
    return scan.rows_sql(path, shape, bounds, (None, None), more)


def _keys(rows: str, shape: Shape, number: str = "0") -> str:
    key, fingerprint, tenant = (_text(f"{name}_first") for name in _FIELDS)
    first = ", ".join(f"{_first(KEYS[name].keys)} AS {name}_first" for name in _FIELDS)
    record = "true" if shape.ours else "coalesce(function, status::VARCHAR, upstream_status::VARCHAR) IS NOT NULL"
    slot = (
        "md5_number_lower(coalesce(function, '') || chr(31) || "
        f"coalesce({_digest('tenant_said')}, '') || chr(31) || {_digest('key_said')})"
    )
    return (
        f"SELECT {slot} AS slot, nullif(function, '') AS function, {_digest('print_said')} AS print, {number} FROM ("
        f"SELECT *, {key} AS key_said, {fingerprint} AS print_said, {tenant} AS tenant_said FROM ("
        f"SELECT *, {first} FROM ({rows}) WHERE {record})) WHERE key_said IS NOT NULL AND print_said IS NOT NULL"
    )


def _first(keys: Iterable[str]) -> str:
    """The first of some keys, as JSON, that holds anything."""
    parts = [f"CASE WHEN {key} ->> '$' NOT IN ('', '-') THEN {key} END" for key in map(identifier, keys)]
    return f"coalesce({', '.join(parts)})"


def _text(value: str) -> str:
    """A JSON value as records.values.text has it; what is no text and no whole number is null."""
    whole = f"try_cast({value} AS DOUBLE)"
    return (
        f"CASE json_type({value}) WHEN 'VARCHAR' THEN {value} ->> '$' WHEN 'UBIGINT' THEN {value}::VARCHAR "
        f"WHEN 'BIGINT' THEN {value}::VARCHAR WHEN 'DOUBLE' THEN CASE "
        f"WHEN regexp_full_match({value}::VARCHAR, '-?[0-9]+') THEN {value}::VARCHAR "
        f"WHEN {whole} = trunc({whole}) AND abs({whole}) < {EXACT} THEN {whole}::BIGINT::VARCHAR END END"
    )


def _digest(text: str) -> str:
    return f"sha256({text})[:16]"
