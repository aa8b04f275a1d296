"""The one query of the fast path: a file of M1 lines, typed by DuckDB's strict JSON reader, grouped by what the rules read.

Grain of the result: one row per distinct combination of (function, upstream, service, stage, error_code, attempt,
status, upstream_status, latency class, upstream-latency class, ...): small on any ordinary log, whatever its length.
Nothing is judged here; `fast.py` turns each row into a record and asks the same code the careful path asks.

Why the reader can be trusted where it succeeds (each point has a test in tests/engines/test_exactness.py): strict mode
refuses malformed lines, two values on a line, a value over two lines, invalid UTF-8 and duplicate keys of known
columns. What it lets pass (trailing commas, NaN literals) the bulk validator refuses; what it coerces (500.5, true,
words) the sanity flags of this query show.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from attrib.engines.connect import Engine
from attrib.safe.sql import glob_escape, identifier, literal

ID_TEXTS = ("request_id", "function", "stage", "error_code", "upstream", "service", "attempt", "span_id")
NUMBERS = ("status", "latency_ms", "upstream_status", "upstream_latency_ms")
MAX_LINE = 16 * 1024 * 1024
"""Contract "Accounting": longer lines are quarantined; the reader refuses the file then."""

def instant_sql(column: str, clock: Clock) -> str:
    """Epoch microseconds of a text column, NULL for every text that is not exactly of the clock's form.

    Such texts come back as groups of their own and are parsed in Python, so the form only has to be exact, not wide:
    2026-11-20T10:00:00[.fraction] and one of the zones the sample showed.
    """
    if clock.length:
        # All fields have a fixed width here: with the total length given, no field can borrow a digit from another.
        layout = "%Y-%m-%dT%H:%M:%S" + {0: "", 3: ".%g", 6: ".%f", 9: ".%n"}[clock.digits] + clock.zones[0]
        parsed = f"epoch_us(try_strptime({column}, {literal(layout)})) - {zone_offset_us(clock.zones[0])}"
        return f"CASE WHEN strlen({column}) = {clock.length} THEN {parsed} END"
    zones = " OR ".join(f"ends_with({column}, {literal(zone)})" for zone in clock.zones)
    longest = len("2026-11-20T10:00:00.123456789") + max(map(len, clock.zones))
    return (
        f"CASE WHEN strlen({column}) <= {longest} AND {column} LIKE '____-__-__T__:__:__%' AND ({zones}) "
        f"AND substr({column}, 12, 2) < '24' "
        f"THEN epoch_us(try_cast({column} AS TIMESTAMPTZ)) END"
    )


def zone_offset_us(zone: str) -> int:
    """`Z` or `+hh:mm` as microseconds east of UTC."""
    if zone == "Z":
        return 0
    sign = -1 if zone[0] == "-" else 1
    return sign * (int(zone[1:3]) * 60 + int(zone[4:6])) * 60_000_000


@dataclass(frozen=True)
class Clock:
    """The form of the times in a file, from a sample of it."""

    key: str
    zones: tuple[str, ...]
    """`Z` or `+hh:mm`, as seen."""
    length: int = 0
    """Length of every time text, when the sample showed but one zone and one length; else 0."""
    digits: int = 0
    """Digits of the fraction: 0, 3, 6 or 9; only with `length`."""


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

    texts: dict[str, str]
    """Canonical name of each text column that occurs -> its key in the file."""
    clock: Clock | None
    """The key and form of the times; None: no time, or none the query can read."""
    absent: tuple[str, ...]
    """Known keys the sample did not show and whose presence would change an answer."""
    words: bool
    """Statuses or latencies are not all plain numbers: read them as text (slower)."""


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
    """Upstream-latency class: 0 missing, 1 low, 2 middle, 3 dominant, 4 slower than the whole (a contradiction)."""
    usable: bool
    odd_time: str | None
    in_range: bool
    n: int
    first: int | None
    last: int | None
    ids: list[str]
    """The four smallest request ids of the group: enough to cite every invocation of an isolated failure."""
    stamped: int
    doubtful: bool
    ambiguous: bool
    strange_id: bool
    surprises: int
    """Values under keys the sample did not show."""


def source(path: str, shape: Shape) -> str:
    """The read_json call for one plain file of M1 lines."""
    number = "VARCHAR" if shape.words else "DOUBLE"
    columns = {
        **{key: "VARCHAR" for key in shape.texts.values()},
        **{name: number for name in NUMBERS},
        **({shape.clock.key: "VARCHAR"} if shape.clock else {}),
        **{name: "VARCHAR" for name in shape.absent},
    }
    spec = ", ".join(f"{identifier(name)}: {literal(kind)}" for name, kind in columns.items())
    return (
        f"read_json({literal(glob_escape(path))}, format = 'newline_delimited', compression = 'uncompressed', "
        f"columns = {{{spec}}}, maximum_object_size = {MAX_LINE})"
    )


def text(name: str, shape: Shape) -> str:
    """A text column as it stands in the file ("" and "-" become null in Python); NULL where there is no such key."""
    return identifier(shape.texts[name]) if name in shape.texts else "NULL::VARCHAR"


def number(name: str, shape: Shape) -> str:
    """A latency as DOUBLE; a text that is no number makes the whole query fail, which is what proves the rest."""
    column = identifier(name)
    return f"CASE WHEN {column} IN ('', '-') THEN NULL ELSE CAST({column} AS DOUBLE) END" if shape.words else column


def usable(bounds: Bounds) -> str:
    """Whether request_id is an id at all; the same rule as invocations.ids.usable_id."""
    longest = max((len(p) for p in bounds.placeholders), default=0)
    listed = ", ".join(literal(p) for p in bounds.placeholders)
    return (
        f"CASE WHEN strlen(request_id) > {longest} AND request_id >= '00000001' THEN true WHEN request_id IS NULL THEN false "
        f"WHEN strlen(request_id) <= {longest} AND lower(request_id) IN ('', '-', {listed}) THEN false "
        "ELSE trim(request_id, '0-') <> '' END"
    )


STRANGE_ID = (
    "CASE WHEN strlen(request_id) > 26 AND NOT (request_id >= '[' AND request_id < '\\') AND request_id < '{' THEN false "
    "ELSE request_id IN ('true', 'false') OR (request_id[1:1] IN ('[', '{') AND json_valid(request_id)) "
    "OR (strlen(request_id) <= 26 AND request_id < ':' AND request_id >= '-' "
    "AND try_cast(request_id AS DOUBLE) IS NOT NULL AND NOT regexp_full_match(request_id, '-?[0-9]+')) END"
)
"""request_ids that may have been a boolean, a list, an object or a fraction in the file: read again carefully."""


def rows_sql(path: str, shape: Shape, bounds: Bounds, window: tuple[int | None, int | None]) -> str:
    """Every row of a file with the columns and classes the other queries need."""
    lat, ul = "lat", "ul"
    high = f"{lat} > {literal(bounds.latency_high_ms)}"
    if bounds.by_function:
        cases = " ".join(f"WHEN {literal(name)} THEN {literal(value)}" for name, value in bounds.by_function)
        high = f"{lat} > CASE function {cases} ELSE {literal(bounds.latency_high_ms)} END"
    share = (
        f"CASE WHEN {ul} IS NULL OR {lat} IS NULL OR {ul} = 0 OR {lat} = 0 THEN 0 "
        f"WHEN {ul} > {lat} + 1.0 AND {ul} > {lat} * 1.05 THEN 4 "
        f"WHEN least({ul}, {lat}) <= {literal(bounds.low)} * {lat} THEN 1 "
        f"WHEN least({ul}, {lat}) >= {literal(bounds.dominant)} * {lat} THEN 3 ELSE 2 END"
    )
    if shape.words:
        # The cast of a text to a number is more lenient than JSON and the parser: 1_000 and +5.
        number_doubt = "regexp_matches(concat_ws(' ', latency_ms, upstream_latency_ms), '[_+]')"
    else:
        number_doubt = (
            "status <> floor(status) OR status NOT BETWEEN 0 AND 999 "
            "OR upstream_status <> floor(upstream_status) OR upstream_status NOT BETWEEN 0 AND 999"
        )
    columns = [f"{text(n, shape)} AS {identifier(n)}" for n in ID_TEXTS]
    columns += ["status", "upstream_status"]
    columns += [f"{number('latency_ms', shape)} AS lat", f"{number('upstream_latency_ms', shape)} AS ul"]
    columns.append(f"{identifier(shape.clock.key)} AS stamp" if shape.clock else "NULL::VARCHAR AS stamp")
    columns.append(f"{instant_sql(identifier(shape.clock.key), shape.clock)} AS t" if shape.clock else "NULL::BIGINT AS t")
    columns.append(f"coalesce({', '.join(map(identifier, shape.absent))}) AS surprise" if shape.absent else "NULL AS surprise")
    inner = f"SELECT {', '.join(columns)} FROM {source(path, shape)}"
    since, until = window
    limits = [f"t >= {since}" if since is not None else "", f"t < {until}" if until is not None else ""]
    in_range = f"coalesce({' AND '.join(x for x in limits if x)}, false)" if any(limits) else "true"
    odd_time = "CASE WHEN t IS NULL THEN stamp END" if shape.clock else "NULL::VARCHAR"
    return (
        f"SELECT *, {high} AS high, {share} AS share, {usable(bounds)} AS usable, {in_range} AS in_range, "
        f"{odd_time} AS odd_time, {number_doubt} OR {lat} NOT BETWEEN 0 AND 1e300 OR {ul} NOT BETWEEN 0 AND 1e300 AS doubtful, "
        f"{lat} IN (0, 1) OR {ul} IN (0, 1) AS zero_one FROM ({inner})"
    )


def group_keys(shape: Shape, filtered: bool) -> tuple[str, ...]:
    """The keys of the grouping; what is constant in this file is left out, because hashing nothing costs time too."""
    names = [n for n in ("function", "upstream", "service", "stage", "error_code", "attempt") if n in shape.texts]
    return (*names, "status", "upstream_status", "high", "share", "usable", *(["odd_time"] if shape.clock else []),
            *(["in_range"] if filtered else []))


def group_sql(table: str, rows: str, shape: Shape, filtered: bool) -> str:
    """Create `table` with one row per group, and the hashes of its request ids beside."""
    keys = ", ".join(identifier(k) for k in group_keys(shape, filtered))
    zero_one = "false" if shape.words else "bool_or(zero_one)"
    strange = STRANGE_ID if "request_id" in shape.texts else "false"
    calm = "false" if shape.words else "status < 400 AND upstream_status < 400 AND NOT high"
    return (
        f"CREATE TEMP TABLE {identifier(table)} AS SELECT {keys}, count(*) AS n, min(t) AS first, max(t) AS last, "
        f"min(request_id, {CITED}) FILTER (NOT coalesce({calm}, false)) AS ids, count(t) AS stamped, "
        f"coalesce(bool_or(doubtful), false) AS doubtful, coalesce({zero_one}, false) AS ambiguous, "
        f"coalesce(bool_or({strange}), false) AS strange_id, count(surprise) AS surprises, "
        f"list(hash(request_id)) AS hashes FROM ({rows}) GROUP BY ALL"
    )


CITED = 4
"""Ids kept per group. An isolated failure belongs to a (function, verdict) with fewer than 5 (contract), so 4 are all."""


def read_groups(engine: Engine, table: str, shape: Shape, filtered: bool) -> list[Group]:
    """The rows of a group table, in a fixed order."""
    there = group_keys(shape, filtered)
    constants = {"in_range": "true"}
    keys = ", ".join(identifier(k) if k in there else constants.get(k, "NULL") for k in Group._fields[:13])
    rest = "n, first, last, coalesce(ids, []), stamped, doubtful, ambiguous, strange_id, surprises"
    return [Group(*row) for row in engine.rows(f"SELECT {keys}, {rest} FROM {identifier(table)} ORDER BY ALL")]


def has_booleans(engine: Engine, path: str, shape: Shape) -> bool:
    """Whether any status or latency is a JSON boolean, which DOUBLE columns read as 0 or 1."""
    as_text = Shape(shape.texts, shape.clock, shape.absent, words=True)
    test = " OR ".join(f"{name} IN ('true', 'false')" for name in NUMBERS)
    return bool(engine.rows(f"SELECT count(*) FROM {source(path, as_text)} WHERE {test}")[0][0])


def lines_without_keys(engine: Engine, path: str, keys: Iterable[str]) -> tuple[int, int]:
    """(lines of the file as the line reader sees them, lines that surely hold none of `keys`); blanks are not counted."""
    none = " AND ".join(f"NOT contains(line, {literal(chr(34) + key + chr(34))})" for key in keys)
    # A quote, a delimiter and an escape that no valid JSON line can hold: one column = the whole line.
    reader = (
        f"read_csv({literal(glob_escape(path))}, columns = {{'line': 'VARCHAR'}}, delim = '\x01', quote = '', escape = '', "
        f"header = false, auto_detect = false, strict_mode = false, compression = 'none', max_line_size = {MAX_LINE + 1024})"
    )
    sql = (
        f"SELECT count(*), count(*) FILTER ({none} AND NOT contains(line, '\\u') AND trim(line, ' \t\r') <> '') FROM {reader}"
    )
    row: Sequence[Any] = engine.rows(sql)[0]
    return row[0], row[1]
