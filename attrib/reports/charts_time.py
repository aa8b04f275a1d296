"""Time on a chart: an axis in the zone shown, the steps of a timeline, and lines for what happened when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from attrib.reports.charts_look import COLOURS, LETTER
from attrib.reports.figures import duration, moment, zone_name
from attrib.safe.display import Display

if TYPE_CHECKING:
    import altair as alt

MARKS: Final = 3
"""Marks named on one chart; further ones are lines only."""
ROW: Final = 14
"""Pixels between two lines of words above a chart."""
_LETTERS: Final = 44
"""Letters of one event's words."""
_GAP: Final = 3
"""Pixels between a line and its words."""


class Axis(NamedTuple):
    """A stretch of time in one zone. Vega draws in UTC or in the zone of the machine, so times are given to it as if
    the zone's clock, as it stood at the start, were UTC."""

    start: datetime
    end: datetime
    offset: timedelta

    def at(self, then: datetime) -> int:
        """Where a time stands on the axis, ms."""
        return round((then.astimezone(UTC) + self.offset).timestamp() * 1000)

    def share(self, then: datetime) -> float:
        """The same, of 0 to 1."""
        whole = (self.end - self.start) / timedelta(seconds=1)
        return (then - self.start) / timedelta(seconds=1) / whole if whole else 0.0

    def title(self) -> str:
        """`time on 2026-11-20 (UTC)`; with the offset where the zone has one."""
        whole = round(self.offset.total_seconds() / 60)
        hours, minutes = divmod(abs(whole), 60)
        offset = "" if self.start.tzinfo is UTC else f", UTC{'-' if whole < 0 else '+'}{hours:02d}:{minutes:02d}"
        day = f" on {self.start:%Y-%m-%d}" if self.start.date() == self.end.date() else f" from {self.start:%Y-%m-%d}"
        return f"time{day} ({zone_name(self.start.tzinfo or UTC, self.start)}{offset})"

    def encoding(self, width: int) -> alt.X:
        """The x of a chart whose rows have their time as `at`."""
        import altair as alt

        long = self.end - self.start
        form = "%H:%M:%S" if long < timedelta(minutes=10) else "%H:%M" if long < timedelta(days=1) else "%m-%d %H:%M"
        if long > timedelta(days=6):
            form = "%m-%d"
        axis = alt.Axis(format=form, title=self.title(), tickCount=max(width // 110, 2), labelFlush=True)
        domain = [self.at(self.start), self.at(self.end)]
        return alt.X("at:T").scale(type="utc", domain=domain, nice=False).axis(axis)


def axis(start: str | None, end: datetime | str | None, zone: tzinfo) -> Axis | None:
    """The axis between two times of a report; None where one is not known, or nothing lies between them."""
    first, last = moment(start, zone), end if isinstance(end, datetime) else moment(end, zone)
    if first is None or last is None or last.astimezone(UTC) <= first.astimezone(UTC):
        return None
    return Axis(first, last, first.utcoffset() or timedelta())


def later(start: str, seconds: float, zone: tzinfo) -> datetime | None:
    """A time of the report and that much more."""
    first = moment(start, UTC)
    try:
        return (first + timedelta(seconds=seconds)).astimezone(zone) if first else None
    except OverflowError:  # beyond the calendar's last day
        return None


def per(step_s: float) -> str:
    """`a minute`, `in 5 min`: what the figures of one step stand for."""
    return "a minute" if step_s == 60 else f"in {duration(step_s)}"


class Event(NamedTuple):
    """Something to draw a line for."""

    at: datetime
    text: str
    """Raw; empty: a line only."""
    colour: str
    left: bool = False
    """Whether its words are rather put to the left of its line."""


def marked(marks: Sequence[dict[str, Any]], along: Axis) -> list[Event]:
    """The marks that lie on the axis, the first of them with their text."""
    zone = along.start.tzinfo or UTC
    timed = [(at, str(mark["text"])) for mark in marks if (at := moment(mark["time"], zone)) is not None]
    within = sorted((at, text) for at, text in timed if along.start <= at <= along.end)
    return [Event(at, text if position < MARKS else "", COLOURS["mark"]) for position, (at, text) in enumerate(within)]


class Label(NamedTuple):
    """An event's words and where they stand."""

    event: Event
    text: str
    """Safe to show, cut to what fits."""
    left: bool
    row: int
    """Line of words above the chart, 0 the nearest."""


def placed(events: Sequence[Event], along: Axis, width: int, display: Display) -> list[Label]:
    """Each event's words on a side of its line where there is room, in the lowest row where they cover no others."""
    labels: list[Label] = []
    taken: list[list[tuple[float, float]]] = []
    for event in events:
        x = along.share(event.at) * width
        text = display.terminal(event.text, min(_LETTERS, int(max(x, width - x) / LETTER)))
        long = len(text) * LETTER + 2 * _GAP
        left = (event.left and x >= long) or width - x < long
        covers = (x - long, x) if left else (x, x + long)
        row = 0
        while text and row < len(taken) and any(a < covers[1] and covers[0] < b for a, b in taken[row]):
            row += 1
        if text:
            taken.extend([] for _ in range(row + 1 - len(taken)))
            taken[row].append(covers)
        labels.append(Label(event, text, left, row))
    return labels


def rows_of(labels: Sequence[Label]) -> int:
    """Lines of words that they take."""
    return max((label.row + 1 for label in labels if label.text), default=0)


def lines(labels: Sequence[Label], along: Axis, width: int) -> list[Any]:
    """Layers: a line for each event, and its words above."""
    import altair as alt

    x = along.encoding(width)
    ends = [{"at": along.at(label.event.at), "colour": label.event.colour} for label in labels]
    layers = []
    if ends:
        rules = alt.Chart(alt.InlineData(values=ends)).mark_rule(strokeWidth=1, strokeDash=[4, 3])
        layers.append(rules.encode(x=x, stroke=alt.Stroke("colour:N", scale=None, legend=None)))
    for left in (True, False):
        rows = [
            {**end, "text": label.text, "y": -4 - ROW * label.row}
            for end, label in zip(ends, labels, strict=True)
            if label.text and label.left == left
        ]
        if rows:
            words = alt.Chart(alt.InlineData(values=rows)).mark_text(
                align="right" if left else "left", dx=-_GAP if left else _GAP, baseline="bottom", fontSize=11
            )
            fill, y = alt.Fill("colour:N", scale=None, legend=None), alt.Y("y:Q", scale=None, axis=None)
            layers.append(words.encode(x=x, y=y, fill=fill, text="text:N"))
    return layers
