"""Figures and times as people read them: separators, percentages with a sensible end, times with their zone."""

from __future__ import annotations

import math
from datetime import UTC, datetime, tzinfo
from typing import Final

_ONE_DECIMAL_BELOW: Final = 0.1
_SMALLEST: Final = 0.001


def number(value: float | None) -> str:
    """`12,304`, `12.5`; null is `-`."""
    if value is None:
        return "-"
    if isinstance(value, int) or value == int(value):
        return f"{int(value):,}"
    return f"{value:,.1f}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """`1 line`, `2 lines`."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def percent(share: float | None) -> str:
    """A share of 0..1 as `36 %`, `0.2 %`, `<0.1 %`, `>99.9 %`; null is `-`. 0 and 100 mean exactly that."""
    if share is None:
        return "-"
    if 0 < share < _SMALLEST:
        return "<0.1 %"
    if 1 - _SMALLEST < share < 1:
        return ">99.9 %"
    if 0 < share < _ONE_DECIMAL_BELOW or 1 - _ONE_DECIMAL_BELOW / 10 < share < 1:
        return f"{share * 100:.1f} %"
    return f"{share * 100:.0f} %"


def part(count: int, of: int) -> str:
    """The share of a count as `percent` has it; `-` where there is nothing to have a share of."""
    return percent(count / of if of else None)


def milliseconds(value: float | None) -> str:
    """`61 ms`, `12.5 ms`; null is `-`."""
    return "-" if value is None else f"{number(round(value, 1))} ms"


def moment(text: str | None, zone: tzinfo) -> datetime | None:
    """A report's UTC time in the zone shown; None for null and for what is no time."""
    try:
        return datetime.fromisoformat(text).astimezone(zone) if text else None
    except (ValueError, OverflowError):  # the zone may lie beyond the calendar's first or last day
        return None


def zone_name(zone: tzinfo, at: datetime | None = None) -> str:
    """The zone's own name (`Europe/Berlin`), else its abbreviation at that time."""
    if zone is UTC:
        return "UTC"
    return getattr(zone, "key", None) or (at or datetime.now(zone)).tzname() or "UTC"


def clock(text: str | None, zone: tzinfo, *, full: bool = False) -> str:
    """`14:02`, or in full `2026-11-20 14:02:11.480 UTC`; null is `-`."""
    at = moment(text, zone)
    if at is None:
        return "-"
    if not full:
        return at.strftime("%H:%M")
    fraction = f".{at.microsecond // 1000:03d}" if at.microsecond else ""
    return f"{at:%Y-%m-%d %H:%M:%S}{fraction} {zone_name(zone, at)}"


def span(start: str | None, end: str | None, zone: tzinfo) -> str | None:
    """`2026-11-20 13:00 to 15:00 UTC`; seconds where it is shorter than ten minutes; None without a start."""
    a, b = moment(start, zone), moment(end, zone)
    if a is None or b is None:
        return None
    form = "%H:%M:%S" if (b - a).total_seconds() < 600 else "%H:%M"
    day = "" if a.date() == b.date() else "%Y-%m-%d "
    return f"{a.strftime(f'%Y-%m-%d {form}')} to {b.strftime(day + form)} {zone_name(zone, a)}"


def duration(seconds: float) -> str:
    """`38 s`, `17 min`, `2 h 5 min`, `3 d 4 h`: the two largest units at most."""
    whole = round(abs(seconds))
    if whole < 120:
        return f"{whole} s"
    minutes = round(whole / 60)
    if minutes < 60:
        return f"{minutes} min"
    large, small, units = (*divmod(minutes, 60), "h min") if minutes < 2880 else (*divmod(minutes // 60, 24), "d h")
    first, second = units.split()
    return f"{number(large)} {first} {small} {second}" if small else f"{number(large)} {first}"


def figure(value: object) -> str | None:
    """A number of a loosely typed table; None for what is none, so that nobody takes log text for a figure."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return number(value) if value == int(value) or abs(value) >= 10 else f"{value:.2f}"
