"""The small timeline of an incident, drawn with characters, and its onset relative to what the user marked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final, NamedTuple

from rich.cells import cell_len

from attrib.reports.figures import duration, moment
from attrib.reports.view import NARROWEST, View

BLOCKS: Final = "▁▂▃▄▅▆▇█"
"""None, then ever more: the lowest is for steps in which nothing happened, so that little is never nothing."""
LETTERS: Final = "_.:-=+*#"
"""The same where the encoding has no block elements."""

_WIDEST: Final = 60
_LEAST: Final = 20
"""Cells that the onset to the right must leave; else it goes to a line of its own."""
_MARK_TEXT: Final = 40
"""Characters of one mark's text."""
_MARKS: Final = 3
"""Marks told of beside the one nearest to the onset."""
_NEAR: Final = timedelta(hours=6)
"""A mark further away than this says nothing about an onset."""
_INDENT: Final = "  "
_GAP: Final = "   "


class Timeline(NamedTuple):
    """An incident's timeline: rows safe for a terminal, and what did not fit beside them, still raw."""

    rows: tuple[str, ...]
    told: tuple[str, ...]


def fits(encoding: str | None) -> bool:
    """Whether an encoding (of standard output, say) has the block elements; one that is not known may not."""
    try:
        BLOCKS.encode(encoding or "ascii")
    except (LookupError, UnicodeEncodeError):
        return False
    return True


def spark(counts: list[int], room: int, *, plain: bool = False) -> tuple[str, int]:
    """Counts as at most `room` characters, the highest the tallest, and the number of steps in one of them.

    A character of several steps shows the highest of these, so that a short burst is not averaged away.
    """
    per_cell = max(-(-len(counts) // max(room, 1)), 1)
    merged = [max(counts[at : at + per_cell]) for at in range(0, len(counts), per_cell)]
    levels = LETTERS if plain else BLOCKS
    top, steps = max(merged, default=0), len(levels) - 1
    return "".join(levels[-(-count * steps // top) if top else 0] for count in merged), per_cell


def draw(entry: dict[str, Any], marks: list[dict[str, Any]], view: View) -> Timeline:
    """The timeline of an incident: its bars between two times, marks beneath, the onset to the right.

    No rows where the incident has no timeline; nothing told where it has no onset either.
    """
    words = onset(entry, marks, view.zone)
    line = entry.get("timeline")
    first = moment(line["start"], view.zone) if line else None
    if not line or first is None or len(line["counts"]) < 2 or not any(line["counts"]):
        return Timeline((), _told(words))
    counts, step_s = line["counts"], line["step_s"]
    last = _later(first, len(counts) * step_s)
    begin, end = _ends(first, last)
    room = max(view.width, NARROWEST) - len(_INDENT) - len(begin) - len(end) - 2
    beside = _GAP + view.display.terminal(words) if words else ""
    fitting = room - cell_len(beside) >= min(len(counts), _LEAST)
    cells, per_cell = spark(counts, min(room - cell_len(beside) if fitting else room, _WIDEST), plain=view.ascii)
    rows = [f"{_INDENT}{begin} {cells} {end}{beside if fitting else ''}"]
    within = [mark for mark in marks if (at := moment(mark["time"], view.zone)) is not None and first <= at < last]
    if within:
        step = step_s * per_cell
        at_cells = {int((_moment(mark, view.zone) - first).total_seconds() // step) for mark in within}
        carets = "".join("^" if at in at_cells else " " for at in range(max(at_cells) + 1))
        rows.append(f"{_INDENT}{' ' * len(begin)} {carets}")
    told = () if fitting else _told(words)
    peak = (_peak(entry, line, first),) if view.verbose else ()
    return Timeline(tuple(rows), (*told, *peak, *_others(entry, marks, within, view)))


def onset(entry: dict[str, Any], marks: list[dict[str, Any]], zone: tzinfo) -> str:
    """`onset 14:02:11, 38 s after "deploy v42"`, raw; empty without an onset. The mark is the nearest to it."""
    at = moment(entry.get("onset"), zone)
    if at is None:
        return ""
    text = f"onset {_at(at, entry, zone)}"
    nearest = _nearest(at, marks)
    if nearest is None:
        return text
    away = (at - _moment(nearest, zone)).total_seconds()
    relation = f"{duration(away)} {'before' if away < 0 else 'after'}" if round(away) else "at"
    return f"{text}, {relation} {_quoted(nearest)}"


def _nearest(at: datetime, marks: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The mark next to a time, if one is near; of two as near, the first given."""
    near = [mark for mark in marks if (then := moment(mark["time"], UTC)) is not None and abs(then - at) <= _NEAR]
    return min(near, key=lambda mark: abs(_moment(mark, UTC) - at)) if near else None


def _others(
    entry: dict[str, Any], marks: list[dict[str, Any]], within: list[dict[str, Any]], view: View
) -> tuple[str, ...]:
    """Marks within the timeline that the onset does not name."""
    at = moment(entry.get("onset"), UTC)
    nearest = _nearest(at, marks) if at is not None else None
    others = [mark for mark in within if mark is not nearest]
    if not others:
        return ()
    named = [f"{_at(_moment(mark, view.zone), entry, view.zone)} {_quoted(mark)}" for mark in others[:_MARKS]]
    more = f" and {len(others) - _MARKS:,} more" if len(others) > _MARKS else ""
    return (f"marked: {', '.join(named)}{more}",)


def _peak(entry: dict[str, Any], line: dict[str, Any], first: datetime) -> str:
    """`peak 84 a minute at 14:09:00`."""
    top, step_s = max(line["counts"]), line["step_s"]
    at = _at(_later(first, line["counts"].index(top) * step_s), entry, first.tzinfo or UTC)
    return f"peak {top:,} a minute at {at}" if step_s == 60 else f"peak {top:,} in {duration(step_s)} from {at}"


def _at(at: datetime, entry: dict[str, Any], zone: tzinfo) -> str:
    """Time of day; with its date where that is another than the incident's first."""
    start = moment(entry.get("start"), zone)
    return f"{at:%H:%M:%S}" if start is not None and start.date() == at.date() else f"{at:%Y-%m-%d %H:%M:%S}"


def _ends(first: datetime, last: datetime) -> tuple[str, str]:
    short = (last - first).total_seconds() < 600
    form = "%m-%d %H:%M" if first.date() != last.date() else "%H:%M:%S" if short else "%H:%M"
    return first.strftime(form), last.strftime(form)


def _later(first: datetime, seconds: float) -> datetime:
    """Elapsed time later, also where the clocks changed between."""
    try:
        return (first.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(first.tzinfo)
    except OverflowError:  # the zone may lie beyond the calendar's last day
        return first


def _moment(mark: dict[str, Any], zone: tzinfo) -> datetime:
    """A mark's time; only for those that have one."""
    return moment(mark["time"], zone) or datetime.max.replace(tzinfo=UTC)


def _quoted(mark: dict[str, Any]) -> str:
    text = str(mark["text"])
    return f'"{text if len(text) <= _MARK_TEXT else text[: _MARK_TEXT - 1] + "…"}"'


def _told(words: str) -> tuple[str, ...]:
    return (words,) if words else ()
