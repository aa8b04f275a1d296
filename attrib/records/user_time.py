"""Times as people type them for --since, --until, --window and --mark (contract "Commands").

Three forms: ISO 8601 (`2026-11-20T02:40`, a date alone is its midnight), a span back from the newest plausible record
(`2h`, `1h30m`, `45s`, `1d`), and a clock time of the newest day in the log (`02:40`, `02:40:10`). Typed times that
name no zone are in the zone shown (--tz). Reading a time and placing it are two steps: a typing mistake is told before
any log is read, and only a span or a clock time needs the log's newest record.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Final, Literal

from attrib.errors import UsageError
from attrib.records.times import Times

_MICRO: Final = timedelta(microseconds=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS: Final = {"w": 604_800, "d": 86_400, "h": 3600, "m": 60, "s": 1}
"""Seconds."""
_SPAN: Final = re.compile(r"(?:(\d{1,6})w)?(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?", re.ASCII)
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?", re.ASCII)
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_FORMS: Final = "an ISO 8601 time (2026-11-20T02:40), a span back (2h, 30m) or a clock time (02:40)"


@dataclass(frozen=True)
class UserTime:
    """One time as typed, checked, and not yet placed."""

    typed: str
    option: str
    """The option it was given to, for messages."""
    zone: tzinfo
    form: Literal["instant", "span", "clock"]
    micros: int
    """instant: epoch; span: its length; clock: since midnight."""

    @property
    def needs_newest(self) -> bool:
        """Whether the log's newest record must be known to place it."""
        return self.form != "instant"

    def resolve(self, newest: int | None) -> int:
        """Epoch microseconds; `newest` is the newest plausible record's time, None when no record has one."""
        if self.form == "instant":
            return self.micros
        if newest is None:
            raise UsageError(f"{self.option} {self.typed}: no record has a time to count from; give an ISO 8601 time")
        if self.form == "span":
            return newest - self.micros
        day = (_EPOCH + newest * _MICRO).astimezone(self.zone).date()
        clock = (_EPOCH + self.micros * _MICRO).time()
        return (datetime.combine(day, clock, self.zone) - _EPOCH) // _MICRO


def parse_user_time(typed: str, option: str, zone: tzinfo = UTC) -> UserTime:
    """Reads one time; raises UsageError when it has none of the three forms."""
    text = typed.strip()
    if found := _CLOCK.fullmatch(text):
        hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
        try:
            time(hour, minute, second)
        except ValueError:
            raise UsageError(f"{option} {typed}: there is no such clock time; it runs from 00:00 to 23:59:59") from None
        micros = (hour * 3600 + minute * 60 + second) * 1_000_000 + int((found[4] or "0").ljust(6, "0"))
        return UserTime(typed, option, zone, "clock", micros)
    if text and (found := _SPAN.fullmatch(text)):
        seconds = sum(int(n) * _UNITS[unit] for n, unit in zip(found.groups(), _UNITS, strict=True) if n)
        return UserTime(typed, option, zone, "span", seconds * 1_000_000)
    # A bare number would be read as an epoch, which nobody types and everybody mistypes.
    if "-" in text or "T" in text.upper():
        instant, _ = Times(zone).parse(f"{text}T00:00" if _DATE.fullmatch(text) else text)
        if instant is not None:
            return UserTime(typed, option, zone, "instant", instant)
    raise UsageError(f"{option} {typed or repr(typed)}: not a time; give {_FORMS}")


@dataclass(frozen=True)
class Span:
    """What is to be looked at: from `start` up to and without `end`; None is open."""

    start: UserTime | None
    end: UserTime | None

    @property
    def needs_newest(self) -> bool:
        """Whether the log's newest record must be known to place it."""
        return any(edge is not None and edge.needs_newest for edge in (self.start, self.end))

    def resolve(self, newest: int | None) -> tuple[int | None, int | None]:
        """(start, end) in epoch microseconds; raises UsageError when it ends before it starts."""
        start = None if self.start is None else self.start.resolve(newest)
        end = None if self.end is None else self.end.resolve(newest)
        if self.start is not None and self.end is not None and start is not None and end is not None and start >= end:
            raise UsageError(_backwards(self.start, start, self.end, end))
        return start, end


def _backwards(first: UserTime, start: int, last: UserTime, end: int) -> str:
    until = last.typed if last.option == first.option else f"{last.option} {last.typed}"
    hint = "; across midnight, write the dates" if "clock" in (first.form, last.form) else ""
    return (
        f"{first.option} {first.typed} ({shown(start, first.zone)}) is not before {until} "
        f"({shown(end, last.zone)}){hint}"
    )


def parse_since_until(since: str | None, until: str | None, zone: tzinfo = UTC) -> Span:
    """--since and --until, either of them absent."""
    return Span(
        None if since is None else parse_user_time(since, "--since", zone),
        None if until is None else parse_user_time(until, "--until", zone),
    )


def parse_window(typed: str, zone: tzinfo = UTC) -> Span:
    """--window START..END; both are needed."""
    start, dots, end = typed.partition("..")
    if not dots or not start.strip() or not end.strip():
        raise UsageError(f"--window {typed}: give both ends, as START..END (02:40..03:10)")
    return Span(parse_user_time(start, "--window", zone), parse_user_time(end, "--window", zone))


def shown(micros: int, zone: tzinfo) -> str:
    """An instant as ISO 8601 in a zone, to the second."""
    try:
        return (_EPOCH + micros * _MICRO).astimezone(zone).isoformat(timespec="seconds")
    except OverflowError:
        return "out of the calendar"


@dataclass(frozen=True)
class Mark:
    """Something that happened at a time: a deploy, a flag, a status-page note."""

    at: UserTime
    text: str
    """As typed, white space at the ends aside; never empty. Renderers make it safe, like log text."""

    @property
    def needs_newest(self) -> bool:
        """Whether the log's newest record must be known to place it."""
        return self.at.needs_newest

    def resolve(self, newest: int | None) -> int:
        """Epoch microseconds; `newest` as in UserTime. Raises UsageError when it needs a time and there is none."""
        return self.at.resolve(newest)


def parse_mark(typed: str, zone: tzinfo = UTC) -> Mark:
    """--mark TIME=TEXT; the first = divides them. Raises UsageError where one of them is missing or no time."""
    time_typed, equals, text = typed.partition("=")
    if not equals or not time_typed.strip() or not text.strip():
        raise UsageError(f"--mark {typed or repr(typed)}: write TIME=TEXT, as in '14:01=deploy v42'")
    return Mark(parse_user_time(time_typed.strip(), "--mark", zone), text.strip())
