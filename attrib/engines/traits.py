"""The survey's table of traits in one query over a proven file: what `survey.traits` counts record by record.

One GROUP BY over numbered rows. Status codes, waits and times become bits inside the query. What only the parser can
tell (words in a status, a stage that may end an invocation) is grouped by as it stands and made bits afterwards
(analysis/survey_traits.py); a record that has answered needs no stage, so this is little.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from attrib.engines import scan
from attrib.engines.clock import instant_sql
from attrib.engines.connect import Engine
from attrib.engines.id_kinds import kind_name, kind_sql
from attrib.engines.ids import usable
from attrib.engines.numbered import ROW, numbered
from attrib.engines.scan import Shape
from attrib.engines.units import bin_sql, whole_us
from attrib.fields import KEYS
from attrib.safe.sql import identifier, literal
from attrib.survey.names import HOLE, ID, OTHERS
from attrib.survey.traits import NO_ERRORS, Bit, Bounds

QUEUED: Final = KEYS["queued_ms"].keys
_KEYED_BY: Final = KEYS["idempotency_key"].keys
_WITH_ERROR: Final = 1 << 30
"""Bit of the query's own: there is an error_code."""
_CLAIMS: Final = 1 << 29
"""Bit of the query's own: its error_code claims an upstream failure."""
_BACKWARDS: Final = 1 << 31
"""Bit of the query's own: it lies before the record before it."""
_LABELLED: Final = 1 << 32
_KEYED: Final = 1 << 33
"""Bits of the query's own: it has labels, an idempotency key. Other queries are only for files that have them."""
_FLAGS: Final = (_WITH_ERROR, _CLAIMS, _BACKWARDS, _LABELLED, _KEYED)
MOST_ODD: Final = 1000


class Row(NamedTuple):
    """Records alike. Null means not logged; texts are null where "" or "-" stands, if the field says so."""

    function: str | None
    upstream: str | None
    id_kind: str
    bits: int
    """All that need no text."""
    error: bool
    """Where statuses are texts: there is an error_code that means one."""
    claims: bool
    """Where statuses are texts: it claims an upstream failure."""
    backwards: bool
    """It lies before the record before it, by more than the bound."""
    labelled: bool
    """It has labels."""
    keyed: bool
    """It has an idempotency key."""
    bin: int | None
    status: str | None
    """As text, where words may stand; else null, and in the bits."""
    upstream_status: str | None
    stage: str | None
    """Only where there is no status."""
    n: int
    row: int
    """The first one's number, from 1."""
    step_us: int | None
    """The longest step back in time; null where there is none."""


def odd_times(engine: Engine, path: str, shape: Shape, reading: scan.Bounds) -> list[str]:
    """Up to `MOST_ODD` + 1 of the time texts that no query reads; none in a plain file."""
    if shape.plain or shape.clock is None:
        return []
    rows = scan.rows_sql(path, shape, reading, (None, None))
    found = engine.rows(
        f"SELECT DISTINCT stamp FROM ({rows}) WHERE {_IS_RECORD} AND stamp NOT IN ('', '-') AND ({_INSTANT}) IS NULL "
        f"LIMIT {MOST_ODD + 1}"
    )
    return sorted(row[0] for row in found)


class Plan(NamedTuple):
    """What is known of a file before, so that less is asked of it."""

    levels: tuple[int, int] = (0, 0)
    """How names of functions and upstreams are counted (survey/names.py)."""
    all_records: bool = False
    """Every value is a record: none is another program's."""
    future: bool = True
    """There may be times in the future."""
    claims: tuple[str, ...] = ()
    """The error_codes of the file that claim an upstream failure."""


def read_traits(
    engine: Engine, path: str, shape: Shape, reading: scan.Bounds, bounds: Bounds, plan: Plan
) -> Iterator[Row]:
    """The rows of one proven file, in no order. Raises EngineRefused, such as for a line with a key read here twice."""
    for row in engine.rows(traits_sql(path, shape, reading, bounds, plan)):
        bits = row[3]
        told = bits & ~sum(_FLAGS)
        flags = [bool(bits & flag) for flag in _FLAGS]
        yield Row._make((*row[:2], kind_name(row[2]), told, *flags, *row[4:]))


def traits_sql(path: str, shape: Shape, reading: scan.Bounds, bounds: Bounds, plan: Plan) -> str:
    """The query behind `read_traits`."""
    rows = scan.rows_sql(path, shape, reading, (None, None), dict.fromkeys((*QUEUED, "labels", *_KEYED_BY), "VARCHAR"))
    where = "true" if plan.all_records else _IS_RECORD
    text = "NULL::VARCHAR AS {0}" if shape.plain else "nullif(nullif({0}, ''), '-') AS {0}"
    columns = (
        f"{_name('function', plan.levels[0], nulls=('',))} AS function",
        f"{_name('upstream', plan.levels[1], nulls=('', '-'))} AS upstream",
        f"{kind_sql('request_id', None if shape.plain else usable(reading.placeholders))} AS id_kind",
        f"{_bits(shape, bounds, plan)} AS bits",
        f"{bin_sql(whole_us('lat'))} AS bin",
        text.format("status"),
        text.format("upstream_status"),
        f"CASE WHEN {_silent(shape)} THEN nullif(stage, '') END AS stage",
    )
    return (
        f"SELECT * EXCLUDE ({ROW}, step), count(*) AS n, min({ROW}), max(CASE WHEN step > {bounds.backwards_us} "
        f"THEN step END) FROM (SELECT {', '.join(columns)}, {ROW}, step FROM ({_stepped(rows, shape, plan)}) "
        f"WHERE {where}) GROUP BY ALL"
    )


def _stepped(rows: str, shape: Shape, plan: Plan) -> str:
    """The rows with their number, their time as `moment` and the step back from the record before as `step`, in us.

    The window takes the times of records only, so that other programs' lines are no steps. Times of one zone and
    length are in order as texts: most steps need no calendar.
    """
    clock = shape.clock
    if clock is None:
        return f"SELECT *, NULL::BIGINT AS moment, NULL::BIGINT AS step FROM ({numbered(rows)})"
    as_text = shape.plain and clock.length
    moment = ("stamp" if as_text else "t") if shape.plain else _INSTANT
    timed = (
        f"SELECT *, {moment if plan.all_records else f'CASE WHEN {_IS_RECORD} THEN {moment} END'} AS mark FROM ({rows})"
    )
    # A plain file has a time on every line.
    nulls = "" if shape.plain and plan.all_records else " IGNORE NULLS"
    before = f"SELECT *, lag(mark{nulls}) OVER () AS before FROM ({numbered(timed)})"
    # Not `t`: it stands below the window, and would be worked out for every row.
    exact = instant_sql("mark", clock) if as_text else "mark"
    step = f"{instant_sql('before', clock) if as_text else 'before'} - {exact}"
    return f"SELECT *, {exact} AS moment, CASE WHEN mark < before THEN {step} END AS step FROM ({before})"


_IS_RECORD: Final = "(function IS NOT NULL OR status IS NOT NULL OR upstream_status IS NOT NULL)"
_EPOCH: Final = "CAST(CAST(stamp AS UBIGINT) {0} AS BIGINT)"
_INSTANT: Final = (
    "CASE WHEN t IS NOT NULL THEN t WHEN NOT regexp_full_match(stamp, '[0-9]{1,19}') THEN NULL "
    f"WHEN CAST(stamp AS UBIGINT) < 100000000000 THEN {_EPOCH.format('* 1000000')} "
    f"WHEN CAST(stamp AS UBIGINT) < 100000000000000 THEN {_EPOCH.format('* 1000')} "
    f"WHEN CAST(stamp AS UBIGINT) < 100000000000000000 THEN {_EPOCH.format('')} ELSE {_EPOCH.format('// 1000')} END"
)
"""records.times of a text that is of the clock's form, or an epoch number of whole units; null for every other."""


def _name(column: str, level: int, nulls: tuple[str, ...]) -> str:
    name = column
    for null in nulls:
        name = f"nullif({name}, {literal(null)})"
    if level == 0:
        return name
    if level == 1:
        return f"regexp_replace({name}, {literal(ID)}, {literal(HOLE)}, 'g')"
    return f"CASE WHEN {name} IS NOT NULL THEN {literal(OTHERS)} END"


def _silent(shape: Shape) -> str:
    return "status IS NULL" if shape.plain else "status IS NULL OR status IN ('', '-')"


def _bits(shape: Shape, bounds: Bounds, plan: Plan) -> str:
    tests: dict[int, str] = {
        Bit.SLOW: "high",
        Bit.NO_STAGE: "stage IS NULL OR stage = ''",
        Bit.UPSTREAM_LONGER: "lat > 0 AND ul > lat + 1.0::DOUBLE AND ul > lat * 1.05::DOUBLE",
        Bit.LONG_WAIT: f"lat > {_double(bounds.long_wait_ms)}",
        Bit.LONG_UPSTREAM_WAIT: f"ul > {_double(bounds.long_wait_ms)}",
        Bit.LONG_STORE_WAIT: f"ul > {_double(bounds.long_store_wait_ms)}",
        Bit.LONG_QUEUED: f"{queued_sql()} > {_double(bounds.long_queued_ms)}",
    }
    error = f"lower(error_code) NOT IN ({', '.join(map(literal, ('', '-', *sorted(NO_ERRORS))))})"
    # A list, not IN (...): that becomes a join.
    claims = f"list_contains([{', '.join(map(literal, plan.claims))}], error_code)" if plan.claims else "false"
    tests |= _plain_bits(error, claims) if shape.plain else {_WITH_ERROR: error, _CLAIMS: claims}
    bits = _sum(tests)
    if shape.plain:
        bits = f"CASE WHEN {_usual(bounds)} THEN {int(Bit.ANSWERED)} ELSE {bits} END"
    keyed = f"coalesce({', '.join(map(identifier, _KEYED_BY))}) IS NOT NULL"
    there = {_LABELLED: "labels IS NOT NULL", _KEYED: keyed}
    return f"{bits} + {_sum({**_time_bits(shape, bounds, plan), **there})}"


def _sum(tests: Mapping[int, str]) -> str:
    return " + ".join(f"CASE WHEN {test} THEN {int(bit)}::BIGINT ELSE 0 END" for bit, test in tests.items())


def _time_bits(shape: Shape, bounds: Bounds, plan: Plan) -> Mapping[int, str]:
    if shape.clock is None:
        return {Bit.NO_TIME: "true"}
    tests: dict[int, str] = {_BACKWARDS: f"step > {bounds.backwards_us}"}
    if not shape.plain:
        tests[Bit.NO_TIME] = "moment IS NULL"
        tests[Bit.UNREADABLE_TIME] = "moment IS NULL AND stamp NOT IN ('', '-')"
    if plan.future:
        tests[Bit.FUTURE] = f"moment > {bounds.future_us}"
    return tests


def _usual(bounds: Bounds) -> str:
    """A cheap test of rows that have none of the bits but `ANSWERED`: most rows of most logs."""
    highs = (bounds.latency_high_ms(None), *(high for _, high in bounds.by_function))
    low = min(bounds.long_wait_ms, bounds.long_store_wait_ms, *highs)
    queued = " AND ".join(f"{identifier(key)} IS NULL" for key in QUEUED)
    return (
        f"status BETWEEN 200 AND 399 AND lat <= {_double(low)} AND (ul <= lat OR ul IS NULL) AND stage > '' "
        f"AND upstream_status BETWEEN 100 AND 499 AND error_code IS NULL AND {queued}"
    )


def _plain_bits(error: str, claims: str) -> Mapping[int, str]:
    """The outcome's bits where statuses are numbers (proven to be whole, 0..999)."""
    return {
        Bit.ANSWERED: "status IS NOT NULL",
        Bit.FAILED: "status >= 400",
        Bit.NO_LATENCY: "status IS NOT NULL AND lat IS NULL",
        Bit.ERROR_ON_SUCCESS: f"status BETWEEN 200 AND 299 AND {error}",
        Bit.FAILURE_WITHOUT_ERROR: f"status >= 500 AND ({error}) IS NOT TRUE",
        Bit.NO_UPSTREAM_STATUS: "upstream_status IS NULL",
        Bit.UPSTREAM_FAILED: "upstream_status = 0 OR upstream_status BETWEEN 500 AND 599",
        Bit.CLAIM_DENIED: f"upstream_status BETWEEN 200 AND 299 AND {claims}",
    }


def _double(value: float) -> str:
    return f"{literal(float(value))}::DOUBLE"


_WHITE: Final = "' \t\n\r\x0b\x0c'"
_DECIMAL: Final = r"'-?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,5})?'"


def queued_sql() -> str:
    """queued_ms as records.values.number reads it, from the texts of its keys: null for what that drops.

    Digits beyond 400 are as good as none: the parser refuses them, and no queue is that long.
    """
    keys = [f"nullif(nullif({identifier(key)}, ''), '-')" for key in QUEUED]
    first = f"coalesce({', '.join(keys)})"
    trimmed = f"trim({first}, {_WHITE})"
    return (
        f"CASE WHEN {first} IS NULL THEN NULL WHEN strlen({trimmed}) < 400 AND "
        f"regexp_full_match({trimmed}, {_DECIMAL}) AND isfinite(try_cast({trimmed} AS DOUBLE)) "
        f"THEN try_cast({trimmed} AS DOUBLE) END"
    )
