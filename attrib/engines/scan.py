"""The one query of the fast path: M1 lines, typed by DuckDB's strict JSON reader, grouped by what the rules read.

Grain of the result: one row per distinct combination of (function, upstream, service, stage, error_code, attempt,
status, upstream_status, latency class, upstream-latency class, ...): small on any ordinary log, whatever its length.
Nothing is judged here; `fast.py` turns each row into a record and asks the same code the careful path asks.

Why the reader can be trusted where it succeeds (each point has a test in tests/engines/test_exactness.py): strict mode
refuses malformed lines, two values on a line, a value over two lines, invalid UTF-8 and duplicate keys of known
columns. What it lets pass (trailing commas, NaN literals) the bulk validator refuses; what it coerces (500.5, true,
words) the sanity flags of this query show.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from attrib.engines.clock import Clock, instant_sql
from attrib.engines.connect import Engine, EngineRefused
from attrib.engines.ids import ID_TIME, STRANGE_ID, plain_id, usable
from attrib.fields import KEYS
from attrib.safe.sql import glob_escape, identifier, literal

ID_TEXTS = ("request_id", "function", "stage", "error_code", "upstream", "service", "attempt", "span_id")
NUMBERS = ("status", "latency_ms", "upstream_status", "upstream_latency_ms")
PLAIN_LINE = 1024 * 1024
"""Longest line of a plain file. The reader's buffers are twice this: small ones let all processors share a part."""
MAX_LINE = 16 * 1024 * 1024
"""Contract "Accounting": longer lines are quarantined; the reader refuses the file then."""


NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class Bounds:
    """What the classes of the query are cut by; from the rule packs."""

    latency_high_ms: float
    by_function: tuple[tuple[str, float], ...]
    low: float
    dominant: float
    placeholders: tuple[str, ...]


@dataclass(frozen=True)
class Shape:
    """What a sample of the file says about its keys; anything else in the file shows in the sanity counts."""

    texts: dict[str, tuple[str, ...]]
    """Canonical name of each text column that occurs -> the keys that may hold it; the first with a value counts."""
    clock: Clock | None
    """The key and form of the times; None: no time, or none the query can read."""
    absent: tuple[str, ...]
    """Known keys the sample did not show and whose presence would change an answer."""
    plain: bool
    """Statuses and latencies are numbers, request ids long and ordinary, times of the clock's form: one cheap test
    each, and the file is not proven where one fails. Otherwise everything is read as text and told apart (slower)."""
    ours: bool = False
    """Written by this program: every line is a record, and an id that can join nothing is left out."""


def source(path: str, shape: Shape, more: Mapping[str, str] = NOTHING) -> str:
    """The read_json call for one plain file of M1 lines; `more`: further keys and their types."""
    number = "DOUBLE" if shape.plain else "VARCHAR"
    columns = {
        **{key: "VARCHAR" for keys in shape.texts.values() for key in keys},
        **dict.fromkeys(NUMBERS, number),
        **({shape.clock.key: "VARCHAR"} if shape.clock else {}),
        **dict.fromkeys(shape.absent, "VARCHAR"),
        **more,
    }
    spec = ", ".join(f"{identifier(name)}: {literal(kind)}" for name, kind in columns.items())
    return (
        f"read_json({literal(glob_escape(path))}, format = 'newline_delimited', compression = 'uncompressed', "
        f"columns = {{{spec}}}, maximum_object_size = {PLAIN_LINE if shape.plain else MAX_LINE})"
    )


def text(name: str, shape: Shape) -> str:
    """A text column as it stands in the file ("" and "-" become null in Python); NULL where there is no such key."""
    keys = shape.texts.get(name, ())
    if len(keys) == 1:
        return identifier(keys[0])
    parts = [f"nullif(nullif({identifier(key)}, ''), '-')" for key in keys]
    return f"coalesce({', '.join(parts)})" if parts else "NULL::VARCHAR"


def number(name: str, shape: Shape) -> str:
    """A latency as DOUBLE; a text that is no number makes the whole query fail, which is what proves the rest."""
    column = identifier(name)
    return column if shape.plain else f"CASE WHEN {column} IN ('', '-') THEN NULL ELSE CAST({column} AS DOUBLE) END"


LENT = "lent_time"
"""Key of a canonical line whose time is that within its id: the record itself has none."""
UPSTREAM = "CASE WHEN share BETWEEN 1 AND 3 THEN least(ul, lat) WHEN share = 5 AND ul > 0 THEN ul END"
"""invocations.outcome.upstream_share's upstream time of a row, in ms."""


def rows_sql(
    path: str,
    shape: Shape,
    bounds: Bounds,
    window: tuple[int | None, int | None],
    more: Mapping[str, str] = NOTHING,
) -> str:
    """Every row of a file with the columns and classes the other queries need, and `more` columns (key -> type)."""
    lat, ul = "lat", "ul"
    high = f"{lat} > {literal(bounds.latency_high_ms)}"
    if bounds.by_function:
        cases = " ".join(f"WHEN {literal(name)} THEN {literal(value)}" for name, value in bounds.by_function)
        high = f"{lat} > CASE function {cases} ELSE {literal(bounds.latency_high_ms)} END"
    # The literals are DOUBLE, and each comparison has the form of invocations.outcome: the same cell for every input.
    low, dominant = f"{literal(bounds.low)}::DOUBLE * {lat}", f"{literal(bounds.dominant)}::DOUBLE * {lat}"
    # The first three say nothing that the rest does not: they settle the usual row with two comparisons.
    share = (
        f"CASE WHEN {ul} > 0 AND {ul} <= {low} THEN 1 WHEN {ul} >= {dominant} AND {ul} <= {lat} AND {lat} > 0 THEN 3 "
        f"WHEN {ul} > {low} AND {ul} < {lat} THEN 2 "
        f"WHEN {ul} IS NULL THEN 0 WHEN {lat} IS NULL OR {ul} = 0 OR {lat} = 0 THEN 5 "
        f"WHEN {ul} > {lat} + 1.0::DOUBLE AND {ul} > {lat} * 1.05::DOUBLE THEN 4 "
        f"WHEN least({ul}, {lat}) <= {low} THEN 1 WHEN least({ul}, {lat}) >= {dominant} THEN 3 ELSE 2 END"
    )
    columns = [f"{text(n, shape)} AS {identifier(n)}" for n in ID_TEXTS]
    columns += ["status", "upstream_status"]
    columns += [f"{number('latency_ms', shape)} AS lat", f"{number('upstream_latency_ms', shape)} AS ul"]
    columns.append(f"{identifier(shape.clock.key)} AS stamp" if shape.clock else "NULL::VARCHAR AS stamp")
    instant = instant_sql(identifier(shape.clock.key), shape.clock) if shape.clock else "NULL::BIGINT"
    columns.append(f"{instant} AS t")
    # Every surprise is a reason not to believe the plain reading: a key the sample did not show, another form of time.
    surprises = [*map(identifier, shape.absent)]
    columns.append(f"coalesce({', '.join(surprises)}) AS surprise" if surprises else "NULL AS surprise")
    if not shape.plain:
        columns.append("regexp_matches(concat_ws(' ', latency_ms, upstream_latency_ms), '[_+]') AS lenient")
    columns += map(identifier, more)
    more = {**more, LENT: "VARCHAR"} if shape.ours else more
    columns.append(f"{identifier(LENT)} IS NOT NULL AS lent" if shape.ours else "false AS lent")
    inner = f"SELECT {', '.join(columns)} FROM {source(path, shape, more)}"
    since, until = window
    limits = [f"t >= {since}" if since is not None else "", f"t < {until}" if until is not None else ""]
    in_range = f"coalesce({' AND '.join(x for x in limits if x)}, false)" if any(limits) else "true"
    timed = " AND t IS NOT NULL" if shape.clock else ""
    told = (
        f"true AS usable, {plain_id(bounds.placeholders)} AND surprise IS NULL{timed} AS ordinary, "
        "NULL::VARCHAR AS odd_time, "
        f"{lat} NOT BETWEEN 1.0000001 AND 1e300 OR {ul} NOT BETWEEN 1.0000001 AND 1e300 AS edge"
        if shape.plain
        else f"{usable(bounds.placeholders)} AS usable, surprise IS NULL "
        f"AND NOT coalesce({STRANGE_ID if 'request_id' in shape.texts else 'false'}, false) AS ordinary, "
        f"{'CASE WHEN t IS NULL THEN stamp END' if shape.clock else 'NULL::VARCHAR'} AS odd_time, "
        f"lenient OR {lat} NOT BETWEEN 0 AND 1e300 OR {ul} NOT BETWEEN 0 AND 1e300 AS edge"
    )
    if shape.ours:
        told = (
            "request_id IS NOT NULL AS usable, true AS ordinary, CASE WHEN t IS NULL THEN stamp END AS odd_time, "
            "false AS edge"
        )
    # In a plain file with a clock, a line without a time is a surprise already.
    untimed = not shape.ours and "request_id" in shape.texts and not (shape.plain and shape.clock)
    told += f", {f'CASE WHEN t IS NULL THEN {ID_TIME} END' if untimed else 'false'} AS id_time"
    return f"SELECT *, {high} AS high, {share} AS share, {in_range} AS in_range, {told} FROM ({inner})"


def latencies(engine: Engine, rows: str, function: str | None, where: str) -> list[tuple[float, int]]:
    """(latency in ms, rows) of one function."""
    found = engine.rows(
        f"SELECT lat, count(*) FROM ({rows}) WHERE nullif(function, '') IS NOT DISTINCT FROM $1 "
        f"AND lat IS NOT NULL AND {where} GROUP BY ALL",
        [function],
    )
    return [(row[0], row[1]) for row in found]


def edges(engine: Engine, path: str, shape: Shape) -> bool:
    """Whether a status or latency of a plain file is a boolean (read as 0 or 1), negative or not finite."""
    as_text = replace(shape, plain=False)
    booleans = " OR ".join(f"{name} IN ('true', 'false')" for name in NUMBERS)
    numbers = " OR ".join(
        f"try_cast({name} AS DOUBLE) NOT BETWEEN 0 AND 1e300" for name in ("latency_ms", "upstream_latency_ms")
    )
    return bool(engine.rows(f"SELECT count(*) FROM {source(path, as_text)} WHERE {booleans} OR {numbers}")[0][0])


def lines_without_keys(engine: Engine, path: str, keys: Iterable[str]) -> tuple[int, int]:
    """(lines that are not blank as the line reader sees them, those of them that surely hold none of `keys`)."""
    none = " AND ".join(f"NOT contains(line, {literal(chr(34) + key + chr(34))})" for key in keys)
    # A delimiter that no valid JSON line can hold, no quote and no escape: one column = the whole line.
    reader = (
        f"read_csv({literal(glob_escape(path))}, columns = {{'line': 'VARCHAR'}}, delim = '\x01', quote = '', "
        f"escape = '', header = false, auto_detect = false, strict_mode = false, compression = 'none', "
        f"max_line_size = {MAX_LINE + 1024})"
    )
    surely = f"{none} AND NOT contains(line, '\\u') AND starts_with(ltrim(line, ' \t\r'), '{{')"
    sql = f"SELECT count(*) FILTER (trim(line, ' \t\r') <> ''), count(*) FILTER ({surely}) FROM {reader}"
    row: Sequence[Any] = engine.rows(sql)[0]
    return row[0], row[1]


def host_rows(engine: Engine, path: str, shape: Shape) -> list[dict[str, Any]]:
    """The distinct (upstream, upstream_status, error_code, host) of a file, as fields of a record."""
    hosts = [key for name in ("host.name", "k8s.pod.name") for key in KEYS[name].keys]
    texts = {name: keys for name, keys in shape.texts.items() if name in ("upstream", "error_code")}
    wide = Shape({**texts, **{key: (key,) for key in hosts}}, None, (), plain=False)
    host = f"coalesce({', '.join(map(identifier, hosts))})"
    columns = f"{text('upstream', wide)}, upstream_status, {text('error_code', wide)}, {host}"
    try:
        rows = engine.rows(f"SELECT DISTINCT {columns} FROM {source(path, wide)} WHERE {host} IS NOT NULL")
    except EngineRefused:  # such as a host named twice on one line: hosts that are not known prove nothing
        return []
    return [dict(zip(("upstream", "upstream_status", "error_code", "host.name"), row, strict=True)) for row in rows]
