"""Calm requests joined inside the query: records that are all fine make an invocation that is fine.

What is left to find of each are its time, its latency, the upstream it names and the time spent there. This follows
invocations.many for the requests whose records are plain: at most one call that its ends repeat, or several calls
whose attempts were all answered well. Where their meaning hangs on more, the request is made hot, and the reference
code joins it. tests/engines hold both to the same buckets.

All records here are calm (correlate.calm): statuses and upstream statuses are 1xx to 3xx or missing, nothing is slow,
and an error code stands only where the upstream answered, so it changes no outcome.
"""

from __future__ import annotations

from collections.abc import Sequence

from attrib.engines.connect import Engine
from attrib.engines.scan import Bounds
from attrib.engines.units import minute_sql, whole_us
from attrib.safe.sql import literal

_INVOCATION = "h, function, span_id"
_NO_TIME = -(1 << 62)
_RANKS = ((2, 1), (3, 2), (1, 3))
"""Class of an upstream status -> how bad it is (invocations.order); one that is missing is worse."""


def same(one: str, other: str) -> str:
    """The condition that rows of two tables are of the same invocation."""
    return (
        f"{one}.h = {other}.h AND {one}.function IS NOT DISTINCT FROM {other}.function "
        f"AND {one}.span_id IS NOT DISTINCT FROM {other}.span_id"
    )


def settle(engine: Engine, bounds: Bounds) -> None:
    """Create the table `calm`, one row per calm invocation, from `repeated`; knotty requests become hot.

    Columns: h, request_id, function, span_id, upstream, outcome, t, latency_ms, upstream_ms, n (records), ended, began.
    """
    engine.execute(_REQUESTS)
    engine.execute(f"INSERT INTO hot SELECT DISTINCT h FROM requests WHERE {_KNOTTY}")
    engine.execute(_MANY)
    engine.execute(_CALLS)
    engine.execute(_SEVERAL)
    engine.execute("INSERT INTO hot SELECT DISTINCT h FROM several WHERE unclear")
    engine.execute(_calm_sql(bounds))
    for table in ("requests", "many", "calls", "several"):
        engine.execute(f"DROP TABLE {table}")


_RECORDS = (
    "(SELECT *, code IS NOT NULL OR ul IS NOT NULL AS tried, "
    "try_cast(coalesce(ul, 0) * 1e3 AS BIGINT) AS us FROM repeated WHERE h NOT IN (SELECT h FROM hot))"
)
_REQUESTS = (
    # The time is that of the record that decides the status: the last answered end, else the last answered at all.
    f"CREATE OR REPLACE TEMP TABLE requests AS SELECT {_INVOCATION}, count(*) AS n, max(lat) AS lat, "
    "coalesce(CASE WHEN bool_or(ends AND answered) THEN max(t) FILTER (ends AND answered) "
    "WHEN bool_or(answered) THEN max(t) FILTER (answered) WHEN bool_or(ends) THEN max(t) FILTER (ends) "
    "WHEN count(attempt) > 0 THEN max(t) FILTER (attempt IS NOT NULL) ELSE max(t) END, max(t)) AS t, "
    "count(*) FILTER (tried AND NOT ends) AS tried, count(*) FILTER (tried AND ends) AS echoes, "
    "min(upstream) AS name, min(upstream) IS DISTINCT FROM max(upstream) AS names_differ, "
    "bool_or(answered OR ends) AS ended, min(t) FILTER (NOT lent) AS began, "
    "any_value(request_id) AS request_id, max(upstream) FILTER (tried) AS tried_name,"
    "count(upstream) FILTER (tried AND NOT ends) AS named, "
    "count(code) FILTER (tried AND NOT ends) AS coded, count(code) FILTER (ends) AS ends_coded, "
    "max(code) FILTER (NOT ends) AS code, max(code) FILTER (ends) AS end_code, "
    "min(code) IS DISTINCT FROM max(code) AS codes_differ, "
    "bool_or(coalesce(attempt <> '1', false) OR us IS NULL) AS odd, "
    "max(us) FILTER (ends) AS echo_us, max(us) AS us, max(ul) AS ul "
    f"FROM {_RECORDS} GROUP BY {_INVOCATION}"
)
_KNOTTY = (
    "odd OR (tried = 0 AND echoes > 1) "
    # A single attempt, and several names of which it bears none.
    "OR (tried + echoes = 1 AND names_differ AND tried_name IS NULL) "
    # Ends that do not repeat what the calls say.
    "OR (tried = 1 AND echoes > 0 AND names_differ) "
    "OR (ends_coded > 0 AND tried > 0 AND (coded < tried OR codes_differ)) "
    # Calls with a name and calls without one.
    "OR (tried > 1 AND named < tried AND name IS NOT NULL)"
)
_MANY = (
    f"CREATE OR REPLACE TEMP TABLE many AS SELECT r.* FROM {_RECORDS} r JOIN requests q ON q.tried > 1 AND r.h = q.h "
    "AND r.function IS NOT DISTINCT FROM q.function AND r.span_id IS NOT DISTINCT FROM q.span_id WHERE r.tried"
)
_CALLS = (
    f"CREATE OR REPLACE TEMP TABLE calls AS SELECT {_INVOCATION}, coalesce(upstream, stage) AS call, "
    "max(upstream) AS name, max(code) AS code, "
    # Which call took most of the time, else which is the worse, else the later.
    f"{{'us': sum(us)::BIGINT, 'rank': CASE max(code) // 100 {' '.join(f'WHEN {c} THEN {r}' for c, r in _RANKS)} "
    f"ELSE 4 END, 'code': coalesce(max(code), -1), 't': coalesce(max(t), {_NO_TIME})}} AS weight, "
    "sum(us)::BIGINT AS us, "
    "count(*) > 1 AND (count(code) < count(*) OR min(code) <> max(code)) AS knotty, bool_or(us = 0) AS untimed, "
    "count(DISTINCT t) = count(*) AS told, bool_and(coalesce(t % 1000000 = 0, false)) AS seconds "
    "FROM many WHERE NOT ends GROUP BY ALL"
)
_BUSY = (
    f"SELECT {_INVOCATION}, sum(greatest(0, t - greatest(t - us, coalesce(reached, t - us))))::BIGINT AS busy, "
    "list(DISTINCT upstream) FILTER (upstream IS NOT NULL) AS called "
    f"FROM (SELECT *, max(t) OVER (PARTITION BY {_INVOCATION} ORDER BY t - us, t "
    "ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached FROM many WHERE NOT ends) GROUP BY ALL"
)
_SAID = (
    f"SELECT {_INVOCATION}, list(DISTINCT upstream) AS said FROM many "
    "WHERE ends AND code IS NOT NULL AND upstream IS NOT NULL GROUP BY ALL"
)
_SEVERAL = (
    f"CREATE OR REPLACE TEMP TABLE several AS SELECT c.*, b.busy, "
    "c.knotty OR c.tied OR NOT list_has_all(coalesce(b.called, []), coalesce(s.said, [])) AS unclear FROM ("
    f"SELECT {_INVOCATION}, sum(us)::BIGINT AS total, max(us) AS longest, bool_or(untimed) AS untimed, "
    "bool_and(told) AND NOT bool_and(seconds) AS fine, bool_or(knotty) AS knotty, "
    "arg_max(coalesce(name, ''), weight) AS name, arg_max(coalesce(code, 0), weight) AS code, "
    "(min(name) IS DISTINCT FROM max(name) OR min(coalesce(code, 0) // 100) <> max(coalesce(code, 0) // 100)) "
    "AND len(max(weight, 2)) = 2 AND max(weight, 2)[1] = max(weight, 2)[2] AS tied "
    "FROM calls GROUP BY ALL) c "
    f"JOIN ({_BUSY}) b ON {same('c', 'b')} LEFT JOIN ({_SAID}) s ON {same('c', 's')}"
)


def _calm_sql(bounds: Bounds) -> str:
    one = _spent("q.ul", "q.ul", "q.ul", bounds)
    us = "nullif(q.us, 0)::DOUBLE / 1e3"
    echo = "nullif(q.echo_us, 0)::DOUBLE / 1e3"
    least, likely = (
        f"greatest(CASE WHEN s.fine THEN s.busy ELSE s.{name} END, coalesce(q.echo_us, 0))::DOUBLE / 1e3"
        for name in ("longest", "total")
    )
    spent = (
        f"CASE WHEN q.n = 1 THEN {one} WHEN s.total IS NULL THEN {_spent(us, us, us, bounds)} "
        f"WHEN s.untimed THEN CASE WHEN q.lat > 0 THEN {_spent(echo, echo, 'q.lat', bounds)} END "
        f"ELSE {_spent(least, likely, likely, bounds)} END"
    )
    code = "CASE WHEN s.total IS NOT NULL THEN nullif(s.code, 0) WHEN q.tried = 1 THEN q.code ELSE q.end_code END"
    name = (
        "CASE WHEN s.total IS NOT NULL THEN nullif(s.name, '') WHEN q.tried + q.echoes = 1 "
        "THEN coalesce(q.tried_name, q.name) WHEN NOT q.names_differ THEN q.name END"
    )
    return (
        f"CREATE OR REPLACE TEMP TABLE calm AS SELECT q.h, q.request_id, q.function, q.span_id, {name} AS upstream, "
        f"coalesce(({code}) // 100 || 'xx', 'missing') AS outcome, q.t, q.lat AS latency_ms, "
        f"{spent} AS upstream_ms, q.n, q.ended, q.began "
        f"FROM requests q LEFT JOIN several s ON {same('q', 's')} WHERE q.h NOT IN (SELECT h FROM hot)"
    )


def _spent(least: str, likely: str, most: str, bounds: Bounds) -> str:
    """invocations.times.share in ms: NULL where the bounds give two facets, or the least is more than all of it."""
    return (
        f"CASE WHEN {likely} IS NULL OR {likely} <= 0 THEN NULL WHEN q.lat IS NULL OR q.lat <= 0 THEN {likely} "
        f"WHEN {least} > q.lat + 1.0::DOUBLE AND {least} > q.lat * 1.05::DOUBLE THEN NULL "
        f"WHEN {_facet(least, bounds)} <> {_facet(most, bounds)} THEN NULL ELSE least({likely}, q.lat) END"
    )


def _facet(spent: str, bounds: Bounds) -> str:
    low, dominant = (f"{literal(share)}::DOUBLE * q.lat" for share in (bounds.low, bounds.dominant))
    return f"CASE WHEN least({spent}, q.lat) <= {low} THEN 1 WHEN least({spent}, q.lat) >= {dominant} THEN 3 ELSE 2 END"


def ends(engine: Engine) -> list[tuple[str | None, int, int, float | None]]:
    """(function, invocations, how many of them ended, the highest latency in ms)."""
    sql = "SELECT function, count(*), count(*) FILTER (ended), max(latency_ms) FROM calm GROUP BY ALL ORDER BY ALL"
    return [(row[0], row[1], row[2], row[3]) for row in engine.rows(sql)]


def silent_functions(engine: Engine) -> list[str | None]:
    """Functions of which some invocation has not ended."""
    rows = engine.rows("SELECT DISTINCT function FROM calm WHERE NOT ended AND began IS NOT NULL ORDER BY ALL")
    return [row[0] for row in rows]


def take_late(engine: Engine, cutoffs: Sequence[tuple[str | None, int]]) -> list[str]:
    """Make hot, and take from `calm`, the requests with an invocation that began before its function's cutoff and has
    not ended. Returns their ids.
    """
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE late_requests AS SELECT DISTINCT c.h, c.request_id FROM calm c JOIN ("
        "SELECT unnest($1::VARCHAR[]) AS function, unnest($2::BIGINT[]) AS cutoff) m "
        "ON c.function IS NOT DISTINCT FROM m.function WHERE NOT c.ended AND c.began < m.cutoff",
        [[function for function, _ in cutoffs], [cutoff for _, cutoff in cutoffs]],
    )
    engine.execute("INSERT INTO hot SELECT h FROM late_requests")
    engine.execute("DELETE FROM calm WHERE h IN (SELECT h FROM late_requests)")
    return [row[0] for row in engine.rows("SELECT request_id FROM late_requests ORDER BY request_id")]


def latencies(engine: Engine, function: str | None) -> list[tuple[float, int]]:
    """(latency in ms, invocations) of a function."""
    sql = "SELECT latency_ms, count(*) FROM calm WHERE function IS NOT DISTINCT FROM $1 AND latency_ms IS NOT NULL "
    return [(row[0], row[1]) for row in engine.rows(f"{sql} GROUP BY ALL", [function])]


def kinds(engine: Engine) -> list[tuple[str | None, str | None, str, int]]:
    """(function, upstream, outcome, invocations) of the calm ones."""
    sql = "SELECT function, upstream, outcome, count(*) FROM calm GROUP BY ALL ORDER BY ALL"
    return [(row[0], row[1], row[2], row[3]) for row in engine.rows(sql)]


def add(engine: Engine, numbers: list[int]) -> None:
    """Add the calm invocations to the sums of minutes.py; `numbers`: the kind of each row of `kinds`."""
    rows = kinds(engine)
    names = [[row[at] for row in rows] for at in range(3)]
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE calm_kinds AS SELECT unnest($1::VARCHAR[]) AS function, "
        "unnest($2::VARCHAR[]) AS upstream, unnest($3::VARCHAR[]) AS outcome, unnest($4::INTEGER[]) AS kind",
        [*names, numbers],
    )
    engine.execute(
        f"INSERT INTO sums SELECT m.kind, {minute_sql('c.t')}, count(*), min(c.t), max(c.t), "
        f"coalesce(sum({whole_us('c.latency_ms')}), 0), count(c.latency_ms), "
        f"coalesce(sum({whole_us('c.upstream_ms')}), 0), count(c.upstream_ms) "
        f"FROM calm c JOIN calm_kinds m ON {OF_KIND} GROUP BY ALL"
    )


OF_KIND = (
    "c.function IS NOT DISTINCT FROM m.function AND c.upstream IS NOT DISTINCT FROM m.upstream "
    "AND c.outcome = m.outcome"
)
"""The condition that a row `c` of `calm` is of the kind of a row `m` of `calm_kinds`."""
