"""The times of a file inside the query: exact for the one form a sample showed, NULL for every other text."""

from __future__ import annotations

from dataclasses import dataclass

from attrib.safe.sql import literal


@dataclass(frozen=True)
class Clock:
    """The form of the times in a file, from a sample of it."""

    key: str
    zones: tuple[str, ...]
    """`Z` or `+hh:mm`, as seen."""
    length: int = 0
    """Length of every time text, when the sample showed but one zone and one length; else 0."""
    digits: int = 0
    """Digits of the fraction: 0, 3 or 6 (nine would be rounded, and times are cut); only with `length`."""


def instant_sql(column: str, clock: Clock) -> str:
    """Epoch microseconds of a text column, NULL for every text that is not exactly of the clock's form.

    Such texts come back as groups of their own and are parsed in Python, so the form only has to be exact, not wide:
    2026-11-20T10:00:00[.fraction] and one of the zones the sample showed.
    """
    if clock.length:
        # All fields have a fixed width here: with the total length given, no field can borrow a digit from another.
        layout = "%Y-%m-%dT%H:%M:%S" + {0: "", 3: ".%g", 6: ".%f"}[clock.digits] + clock.zones[0]
        parsed = f"epoch_us(try_strptime({column}, {literal(layout)})) - {zone_offset_us(clock.zones[0])}"
        return f"CASE WHEN strlen({column}) = {clock.length} THEN {parsed} END"
    zones = " OR ".join(f"ends_with({column}, {literal(zone)})" for zone in clock.zones)
    longest = len("2026-11-20T10:00:00.123456789") + max(map(len, clock.zones))
    return (
        f"CASE WHEN strlen({column}) <= {longest} AND {column} LIKE '____-__-__T__:__:__%' AND ({zones}) "
        f"AND substr({column}, 12, 2) < '24' AND substr({column}, 19, 1) BETWEEN '0' AND '9' "
        f"THEN epoch_us(try_cast({column} AS TIMESTAMPTZ)) END"
    )


def zone_offset_us(zone: str) -> int:
    """`Z` or `+hh:mm` as microseconds east of UTC."""
    if zone == "Z":
        return 0
    sign = -1 if zone[0] == "-" else 1
    return sign * (int(zone[1:3]) * 60 + int(zone[4:6])) * 60_000_000
