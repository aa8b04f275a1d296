"""Minutes, whole microseconds and histogram bins in SQL: the same integers as in incidents.histogram and buckets."""

from __future__ import annotations

from typing import Final

MINUTE_US: Final = 60_000_000
_SHIFT: Final = 2_000_000_000
MOST_US: Final = 1 << 45
"""Longer durations count as this one: incidents.histogram.MOST_US, which a test holds to this."""


def minute_sql(t: str) -> str:
    """Minutes since the epoch of microseconds: rounded down, also before 1970, where `//` would round up."""
    return f"({t} + {_SHIFT * MINUTE_US}) // {MINUTE_US} - {_SHIFT}"


def whole_us(ms: str) -> str:
    """incidents.histogram.whole_us of a column of milliseconds: the same double operations."""
    us = f"{ms} * 1e3 + 0.5::DOUBLE"
    return f"CAST(CASE WHEN {us} >= {MOST_US} THEN {MOST_US}::DOUBLE ELSE floor({us}) END AS BIGINT)"


def bin_sql(us: str) -> str:
    """incidents.histogram.bin_of of whole microseconds."""
    shift = "(floor(log2(greatest(x, 64)))::INTEGER - 6)"
    return f"CASE WHEN x < 64 THEN x ELSE ({shift} << 6) + (x >> {shift}) END".replace("x", f"({us})")
