"""Which request ids reach the next hop, inside of the engine: the same figures as `survey.propagation` works out.

One reading of the files, and only where some upstream bears the name of a function or service of the log. Only hashes
of ids are kept, of the records of such pairs; what does not fit into memory is spilled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from attrib.engines import correlate, scan
from attrib.engines.connect import Engine, EngineRefused
from attrib.engines.scan import Bounds, Shape
from attrib.engines.units import minute_sql
from attrib.fields import KEYS, TRACEPARENT
from attrib.safe.sql import identifier, literal
from attrib.survey.propagation import ACCEPTED, EXAMPLES, Hop, Pair, Plan

LINKED: Final = "linked"
"""Key of a canonical line whose record carries trace or span ids."""
_LINKS: Final = tuple(key for name in ("trace_id", "parent_span_id") for key in KEYS[name].keys)
_TRACEPARENT: Final = "[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(-.*)?"


class Lost(NamedTuple):
    """A call whose id never arrived."""

    untimed: bool
    t: int
    """Epoch microseconds; 0 where there is no time."""
    request_id: str


def begin(engine: Engine, plan: Plan) -> None:
    """Create the tables of a plan and the empty one of the records that it is about."""
    names = {name: number for number, name in enumerate(plan.targets)}
    pairs = list(plan.target)
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE hop_pairs AS SELECT unnest($1::VARCHAR[]) AS function, "
        "unnest($2::VARCHAR[]) AS upstream, unnest($3::INTEGER[]) AS pair, unnest($4::INTEGER[]) AS target",
        [[p.function for p in pairs], [p.upstream for p in pairs], list(range(len(pairs))), list(plan.target.values())],
    )
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE hop_names AS SELECT unnest($1::VARCHAR[]) AS text, unnest($2::INTEGER[]) AS name",
        [list(names), list(names.values())],
    )
    rows = [(names[name], target) for name, targets in plan.targets.items() for target in targets]
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE hop_targets AS SELECT unnest($1::INTEGER[]) AS name, "
        "unnest($2::INTEGER[]) AS target",
        [[name for name, _ in rows], [target for _, target in rows]],
    )
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE hops (h UBIGINT, t BIGINT, odd VARCHAR, pair INTEGER, target INTEGER, "
        "function INTEGER, service INTEGER, ended BOOLEAN, linked BOOLEAN)"
    )


def add(engine: Engine, path: str, shape: Shape, bounds: Bounds) -> None:
    """Add the records of one file or part."""
    try:
        engine.execute(f"INSERT INTO hops {_records(path, shape, bounds, links=True)}")
    except EngineRefused:
        # Such as a line with one of the links' keys twice: they count as there, and nothing is said of such pairs.
        engine.execute(f"INSERT INTO hops {_records(path, shape, bounds, links=False)}")


def _records(path: str, shape: Shape, bounds: Bounds, *, links: bool) -> str:
    """The records of pairs and of their targets; a pair's number stands where the record is an answered call."""
    linked = _linked_sql(shape) if links else "true"
    return (
        f"SELECT CASE WHEN r.usable THEN hash(r.request_id) END, r.t, r.odd, "
        f"CASE WHEN {_is_call(shape)} THEN p.pair END AS pair, p.target, f.name, s.name, r.ended, {linked} "
        f"FROM ({_rows(path, shape, bounds, links=links)}) r {_joins(shape)} "
        "WHERE pair IS NOT NULL OR f.name IS NOT NULL OR s.name IS NOT NULL"
    )


def _rows(path: str, shape: Shape, bounds: Bounds, *, links: bool) -> str:
    """All records of a file, with what is asked of each."""
    more = _more(shape) if links else ()
    read = correlate.wide(shape) if links and not shape.ours else shape
    rows = scan.rows_sql(path, read, bounds, (None, None), dict.fromkeys(more, "VARCHAR"))
    is_record = "true" if shape.ours else "coalesce(function, status::VARCHAR, upstream_status::VARCHAR) IS NOT NULL"
    status = "status" if shape.plain else "nullif(nullif(status, ''), '-')"
    return (
        f"SELECT *, CASE WHEN t IS NULL THEN nullif(nullif(stamp, ''), '-') END AS odd, {status} IS NOT NULL AS ended "
        f"FROM ({rows}) WHERE {is_record}"
    )


def _is_call(shape: Shape) -> str:
    """An answered call with an id that can join, of a record that is not its own upstream's."""
    code = "try_cast(r.upstream_status AS DOUBLE)"
    test = f"r.usable AND {code} BETWEEN 100 AND 599 AND {code} <> {ACCEPTED}"
    if "service" not in shape.texts:
        return test
    return f"{test} AND NOT EXISTS (SELECT 1 FROM hop_targets o WHERE o.name = s.name AND o.target = p.target)"


def _joins(shape: Shape) -> str:
    """The pair, the function and the service of a record, by number."""
    service = "hop_names s ON r.service = s.text" if "service" in shape.texts else "(SELECT NULL AS name) s ON true"
    return (
        "LEFT JOIN hop_pairs p ON r.function = p.function AND r.upstream = p.upstream "
        f"LEFT JOIN hop_names f ON r.function = f.text LEFT JOIN {service}"
    )


def _more(shape: Shape) -> Sequence[str]:
    """The keys of the links that a query over this shape reads beside its own; spans are read as they are elsewhere."""
    return (LINKED,) if shape.ours else (*_LINKS, TRACEPARENT.name)


def _linked_sql(shape: Shape) -> str:
    if shape.ours:
        return f"r.{LINKED} IS NOT NULL"
    tests = [f"coalesce(r.{identifier(key)}, '') NOT IN ('', '-')" for key in (*_LINKS, "span_id")]
    tests.append(f"coalesce(regexp_full_match(r.{TRACEPARENT.name}, {literal(_TRACEPARENT)}), false)")
    return f"({' OR '.join(tests)})"


def odd_times(engine: Engine) -> list[str]:
    """The texts of times that the query does not read, each once."""
    return [row[0] for row in engine.rows("SELECT DISTINCT odd FROM hops WHERE odd IS NOT NULL ORDER BY odd")]


def read_times(engine: Engine, times: Mapping[str, int]) -> None:
    """Put the times of such texts in place, epoch microseconds."""
    engine.execute(
        "UPDATE hops SET t = m.t FROM (SELECT unnest($1::VARCHAR[]) AS odd, unnest($2::BIGINT[]) AS t) m "
        "WHERE hops.odd = m.odd",
        [list(times), list(times.values())],
    )


def settle(engine: Engine, plan: Plan) -> dict[Pair, Hop]:
    """What became of the ids of each pair; without examples."""
    for sql in (_SIDE, _COVERED, _CALLS, _IDS, _STRANGERS):
        engine.execute(sql)
    pairs = list(plan.target)
    return {pairs[row[0]]: Hop(*row[1:]) for row in engine.rows(_HOPS)}


_MINUTE: Final = f"CASE WHEN t IS NOT NULL THEN {minute_sql('t')} END"
_NEAR: Final = "unnest([-1, 0, 1])"
_SIDE: Final = (
    # The targets' records. One that belongs to a target by function and by service counts once.
    f"CREATE OR REPLACE TEMP TABLE hop_side AS SELECT n.target, h, {_MINUTE} AS minute, ended, linked FROM hops "
    "JOIN hop_targets n ON hops.function = n.name UNION ALL "
    f"SELECT n.target, h, {_MINUTE}, ended, linked FROM hops JOIN hop_targets n ON hops.service = n.name "
    "WHERE NOT EXISTS (SELECT 1 FROM hop_targets o WHERE o.name = hops.function AND o.target = n.target)"
)
_COVERED: Final = (
    f"CREATE OR REPLACE TEMP TABLE hop_near AS SELECT DISTINCT target, minute + {_NEAR} AS minute FROM "
    "(SELECT DISTINCT target, minute FROM hop_side)"
)
_CALLS: Final = (
    "CREATE OR REPLACE TEMP TABLE hop_calls AS SELECT pair, c.target, h, c.minute FROM "
    f"(SELECT pair, target, h, {_MINUTE} AS minute FROM hops WHERE pair IS NOT NULL) c "
    "WHERE EXISTS (SELECT 1 FROM hop_near n WHERE n.target = c.target AND n.minute IS NOT DISTINCT FROM c.minute)"
)
_IDS: Final = (
    "CREATE OR REPLACE TEMP TABLE hop_ids AS SELECT c.pair, c.h, s.h IS NOT NULL AS reached FROM "
    "(SELECT DISTINCT pair, target, h FROM hop_calls) c "
    "LEFT JOIN (SELECT DISTINCT target, h FROM hop_side WHERE h IS NOT NULL) s ON c.target = s.target AND c.h = s.h"
)
_STRANGERS: Final = (
    # An id counts once, in its first minute; what has none counts each time.
    "CREATE OR REPLACE TEMP TABLE hop_strangers AS SELECT target, minute, count(*) AS n FROM ("
    "SELECT s.target, s.h, min(s.minute) AS minute FROM hop_side s LEFT JOIN "
    "(SELECT DISTINCT target, h FROM hops WHERE pair IS NOT NULL) c ON s.target = c.target AND s.h = c.h "
    "WHERE c.h IS NULL AND s.h IS NOT NULL GROUP BY s.target, s.h "
    "UNION ALL SELECT target, NULL, minute FROM hop_side WHERE h IS NULL AND ended) GROUP BY target, minute"
)
_HOPS: Final = (
    "SELECT i.pair, i.calls, i.reached, coalesce(x.strangers, 0), u.untimed, a.linked AND s.linked FROM "
    "(SELECT pair, count(*) AS calls, count(*) FILTER (reached) AS reached FROM hop_ids GROUP BY pair) i "
    "JOIN (SELECT pair, any_value(target) AS target, bool_or(linked) AS linked FROM hops WHERE pair IS NOT NULL "
    "GROUP BY pair) a ON i.pair = a.pair "
    "JOIN (SELECT pair, bool_or(minute IS NULL) AS untimed FROM hop_calls GROUP BY pair) u ON i.pair = u.pair "
    "JOIN (SELECT target, bool_or(linked) AS linked FROM hop_side GROUP BY target) s ON a.target = s.target "
    "LEFT JOIN (SELECT m.pair, sum(x.n)::BIGINT AS strangers FROM "
    f"(SELECT DISTINCT pair, target, minute + {_NEAR} AS minute FROM "
    "(SELECT DISTINCT pair, target, minute FROM hop_calls)) m "
    "JOIN hop_strangers x ON m.target = x.target AND m.minute IS NOT DISTINCT FROM x.minute GROUP BY m.pair) x "
    "ON i.pair = x.pair ORDER BY i.pair"
)


def lost(engine: Engine, path: str, shape: Shape, bounds: Bounds, pairs: Sequence[int]) -> list[tuple[int, Lost]]:
    """(pair, its earliest lost calls, up to `EXAMPLES` ids) in one file or part; times that `odd_times` names are 0."""
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE hop_lost AS SELECT pair, h FROM hop_ids WHERE NOT reached "
        "AND list_contains($1::INTEGER[], pair)",
        [list(pairs)],
    )
    calls = (
        "SELECT p.pair, r.request_id, min({'untimed': r.t IS NULL AND m.t IS NULL, "
        "'t': coalesce(r.t, m.t, 0)}) AS first "
        f"FROM ({_rows(path, shape, bounds, links=False)}) r {_joins(shape)} "
        "LEFT JOIN (SELECT odd, any_value(t) AS t FROM hops WHERE odd IS NOT NULL GROUP BY odd) m ON r.odd = m.odd "
        f"JOIN hop_lost l ON l.pair = p.pair AND l.h = hash(r.request_id) WHERE {_is_call(shape)} GROUP BY ALL"
    )
    earliest = "min({'untimed': first.untimed, 't': first.t, 'id': request_id}, " + f"{EXAMPLES})"
    rows = engine.rows(f"SELECT pair, {earliest} FROM ({calls}) GROUP BY pair ORDER BY pair")
    return [(pair, Lost(one["untimed"], one["t"], one["id"])) for pair, found in rows for one in found]


def end(engine: Engine) -> None:
    """Give the memory back."""
    for table in ("hops", "hop_side", "hop_near", "hop_calls", "hop_ids", "hop_strangers"):
        engine.execute(f"DROP TABLE IF EXISTS {table}")
