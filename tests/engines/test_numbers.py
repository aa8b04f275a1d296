"""The parser's grammar of decimal texts is that of the engine's cast, so that a latency means the same to both."""

from __future__ import annotations

import math
from itertools import product

import duckdb

from attrib.records import values

ALPHABET = "10.eE+- _x"


def careful(text: str) -> float | None:
    try:
        return values.number(text)
    except ValueError:
        return None


def test_every_short_text() -> None:
    """All texts of up to four characters. What the query flags instead (`_` and `+`, see scan.rows_sql) is left out."""
    texts = ["".join(chars) for size in range(1, 5) for chars in product(ALPHABET, repeat=size)]
    connection = duckdb.connect()
    connection.execute("CREATE TABLE texts AS SELECT unnest(?) AS text", [texts])
    rows = connection.execute("SELECT text, try_cast(text AS DOUBLE) FROM texts").fetchall()
    assert len(rows) == len(texts)
    wrong = []
    for text, cast in rows:
        known = cast if cast is not None and math.isfinite(cast) and 0 <= cast <= 1e300 else None
        if text != "-" and not set(text) & set("_+") and careful(text) != known:
            wrong.append((text, careful(text), cast))
    assert not wrong
