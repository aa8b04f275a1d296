"""Which requests called an upstream: the ids to read again for a ticket to its vendor."""

from __future__ import annotations

from attrib.engines import scan
from attrib.engines.connect import Engine
from attrib.engines.scan import Bounds, Shape
from attrib.safe.sql import literal


def begin(engine: Engine) -> None:
    """Create the table of the requests: one row per file or part and id; null: some without a usable id."""
    engine.execute("CREATE OR REPLACE TEMP TABLE callers (request_id VARCHAR)")


def add(
    engine: Engine, path: str, shape: Shape, bounds: Bounds, upstream: str | None, since: int | None, until: int | None
) -> None:
    """Add the requests of one file or part with a record that names `upstream` (None: none) in [since, until).

    Times are epoch microseconds, None is open. A record whose time the query cannot read counts as inside: whoever
    reads it again knows better.
    """
    rows = scan.rows_sql(path, shape, bounds, (None, None))
    tests = ["nullif(nullif(upstream, ''), '-') IS NOT DISTINCT FROM $1"]
    tests += [f"(t IS NULL OR t >= {literal(since)})"] if since is not None else []
    tests += [f"(t IS NULL OR t < {literal(until)})"] if until is not None else []
    engine.execute(
        "INSERT INTO callers SELECT DISTINCT CASE WHEN usable THEN request_id END "
        f"FROM ({rows}) WHERE {' AND '.join(tests)}",
        [upstream],
    )


def count(engine: Engine) -> tuple[int, bool]:
    """(rows with an id, whether there are some without)."""
    found = engine.rows("SELECT count(request_id), count(*) FROM callers")[0]
    return found[0], found[1] > found[0]


def part(engine: Engine, number: int, parts: int) -> list[str]:
    """One of `parts` parts of the ids, each id in one of them, sorted."""
    found = engine.rows(
        "SELECT DISTINCT request_id FROM callers WHERE request_id IS NOT NULL "
        f"AND hash(request_id) % {literal(parts)} = {literal(number)} ORDER BY request_id"
    )
    return [row[0] for row in found]
