"""When calls failed: a bar of characters and a short table, in steps that fit on a page whatever the window."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from attrib.reports.figures import duration, moment, number, part
from attrib.reports.outline import Block, Figure, Grid, Paragraph, line
from attrib.reports.timeline import spark
from attrib.reports.vendor.words import kind_of_trouble, rated
from attrib.reports.view import View

ROWS: Final = 12
CELLS: Final = 60
_STEPS: Final = (1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 720)
"""Minutes; beyond, whole days."""
_DAY: Final = 1440
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SAID: Final = {"failed": "Failed", "turned_away": "Turned away", "slow": "Slow"}


class _Step(NamedTuple):
    """Calls of one step; `bad` are those that the ticket is about."""

    at: int
    """Its first minute since the epoch."""
    calls: int
    bad: int


def when(ticket: dict[str, Any], view: View) -> list[Block]:
    """The blocks; none where nothing has a time or nothing was wrong."""
    trouble = kind_of_trouble(ticket)
    if trouble not in _SAID:
        return []
    minutes = [
        (int((at - _EPOCH).total_seconds()) // 60, row["calls"], row[trouble])
        for row in ticket["minutes"]
        if (at := moment(row["start"], UTC)) is not None
    ]
    bad = [minute for minute, _, n in minutes if n]
    if not bad:
        return []
    first, last = bad[0], bad[-1]
    fine, coarse = (_steps(minutes, first, last, most) for most in (CELLS, ROWS))
    drawn, _ = spark([step.bad for step in fine.rows], CELLS, plain=view.ascii)
    told = f"{_SAID[trouble]} calls per {_length(fine.size)}, from the first to the last; all times UTC."
    cells = f"{_clock(first)} {drawn} {_clock(last + 1)}"
    share = rated(ticket)
    rows = tuple(
        tuple(
            line(text)
            for text in (_day(step.at), number(step.calls), number(step.bad), *([part(step.bad, step.calls)] * share))
        )
        for step in coarse.rows
    )
    columns = (f"From (UTC), {_length(coarse.size)} each", "Calls", _SAID[trouble], *(["Share"] * share))
    return [Paragraph(line(told)), Figure((cells,)), Grid(columns, rows, frozenset(range(1, len(columns))))]


class _Table(NamedTuple):
    size: int
    """Minutes of a step."""
    rows: list[_Step]


def _steps(minutes: list[tuple[int, int, int]], first: int, last: int, most: int) -> _Table:
    """At most `most` steps from the first to the last minute, on even boundaries; those without a call too."""
    least = -(-(last - first + 1) // (most - 1)) if last - first + 1 > most else 1
    size = next((step for step in _STEPS if step >= least), -(-least // _DAY) * _DAY)
    sums = {at: [0, 0] for at in range(first // size, last // size + 1)}
    for minute, n, bad in minutes:
        if (found := sums.get(minute // size)) is not None:
            found[0] += n
            found[1] += bad
    return _Table(size, [_Step(at * size, n, bad) for at, (n, bad) in sums.items()])


def _at(minute: int) -> datetime:
    return _EPOCH + timedelta(minutes=minute)


def _length(minutes: int) -> str:
    return "minute" if minutes == 1 else duration(minutes * 60)


def _clock(minute: int) -> str:
    return f"{_at(minute):%H:%M}"


def _day(minute: int) -> str:
    return f"{_at(minute):%Y-%m-%d %H:%M}"
