"""Figures and names as the sentences of an incident write them. Log text stays raw: it is made safe where shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

DECIMALS: Final = 6
"""Of shares and scores in `data`."""
NAMED: Final = 3
"""Names listed in one sentence; the rest is counted."""


def number(value: int) -> str:
    """`12,304`."""
    return f"{value:,}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """`1 call`, `2,001 calls`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def percent(part: float, of: float = 1.0) -> str:
    """`36 %`, `0.2 %`; 0 and 100 mean exactly that; `-` of nothing."""
    if not of:
        return "-"
    share = part / of
    if 0 < share < 0.001:
        return "<0.1 %"
    if 0.999 < share < 1:
        return ">99.9 %"
    return f"{share * 100:.1f} %" if 0 < share < 0.1 or 0.99 < share < 1 else f"{share * 100:.0f} %"


def share(part: int, of: int) -> float | None:
    """A share for `data`; None of nothing."""
    return round(part / of, DECIMALS) if of else None


def ms(value: float) -> str:
    """Milliseconds from a histogram: the roundest figure within its bin (0.8 % either way), so that a deadline of
    2,000 ms does not read 2,007 ms."""
    if value <= 0:
        return "0 ms"
    for digits in range(1, 7):
        rounded = float(f"{value:.{digits}g}")
        if abs(rounded - value) <= 0.008 * value:
            return f"{rounded:,.0f} ms" if rounded >= 10 or rounded == int(rounded) else f"{rounded:g} ms"
    return f"{value:g} ms"


def listed(names: Iterable[str], most: int = NAMED) -> str:
    """`a, b and c`, `a, b, c and 4 more`."""
    every = list(names)
    shown, more = every[:most], len(every) - most
    if more > 0:
        return f"{', '.join(shown)} and {more:,} more"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}" if shown else ""


def name_of(function: str | None) -> str:
    """A function's name, or words for one that is not logged."""
    return function or "an unnamed function"


def upstream_of(upstream: str | None) -> str:
    """An upstream's name, or words for one that is not logged."""
    return upstream or "the upstream"


def clock(ts: int) -> str:
    """`14:02:11 UTC`, of epoch microseconds; empty for what has no such form."""
    try:
        return f"{datetime.fromtimestamp(ts // 1_000_000, UTC):%H:%M:%S} UTC"
    except (ValueError, OverflowError, OSError):
        return ""


def place(files: Sequence[str], file: int, line: int) -> str:
    """`logs/a.jsonl:411`; empty where the place is not known."""
    return f"{files[file]}:{line}" if 0 <= file < len(files) and line > 0 else ""
