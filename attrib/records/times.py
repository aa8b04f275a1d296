"""Reads the time of a record: ISO 8601 with any offset, or an epoch number in s, ms, us or ns; kept as UTC.

Results are whole microseconds since 1970-01-01T00:00Z; finer fractions are cut off, never rounded up into the next
second. What cannot be read is None, and the caller counts it: a record with an unreadable time is still a record.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

_SECOND: Final = 1_000_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_END: Final = 253_402_300_800 * _SECOND
"""Year 10000: calendars of other programs end there, so later numbers are no times."""

_MAGNITUDES: Final = ((10**11, _SECOND), (10**14, 1000), (10**17, 1))
"""Below the bound a number is seconds, milliseconds, microseconds; else nanoseconds. Each unit then covers 1973 to
beyond 5000, so that no plausible log time falls between two."""

_ISO: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[Tt]| {1,2})(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,18}))?)?"
    r"(?: ?([Zz]|UTC|GMT|[+-]\d\d(?::?\d\d)?))?",
    re.ASCII,
)
_BASIC: Final = re.compile(
    r"(\d{4})(\d\d)(\d\d)[Tt](\d\d)(\d\d)(?:(\d\d)(?:[.,](\d{1,18}))?)?([Zz]|[+-]\d\d(?::?\d\d)?)?", re.ASCII
)
_DECIMAL: Final = re.compile(r"(\d{1,20})(?:\.(\d{1,18}))?", re.ASCII)
_TWO: Final = {f"{n:02}": n * _SECOND for n in range(60)}
_THREE: Final = {f"{n:03}": n * 1000 for n in range(1000)}
_SIZES: Final = (19, 23, 26)
"""Lengths up to the offset: with whole seconds, milliseconds, microseconds."""
_OFFSETS: Final = {
    f"{sign}{hour:02}:{minute:02}": factor * (hour * 3600 + minute * 60) * _SECOND
    for sign, factor in (("+", 1), ("-", -1))
    for hour in range(15)
    for minute in (0, 15, 30, 45)
}
"""The offsets that zones of today have; any other takes the longer way."""
_CACHE_MAX: Final = 4096
"""A log's lines come in about the order of time, so a few minutes are asked again and again."""


class Times:
    """Reads times; zone-less ones are taken in `zone`. Keeps the last minutes it met, so use one per run."""

    def __init__(self, zone: tzinfo = UTC) -> None:
        self.zone = zone
        self._minutes: dict[str, int | None] = {}

    def parse(self, value: object) -> tuple[int | None, bool]:
        """(epoch microseconds or None when unreadable, whether the text named no zone). A Boolean is no time."""
        if type(value) is str:
            micros = self._usual(value)
            return self._text(value) if micros is None else (micros, False)
        if type(value) is int:
            return _epoch(value), False
        if type(value) is float:
            return _epoch_float(value), False
        return None, False

    def _usual(self, text: str) -> int | None:
        """The forms most logs have, 2026-11-20T14:00:02[.087[087]](Z|+01:00), without a regular expression."""
        if text[16:17] != ":":
            return None
        zulu = text[-1:] == "Z"
        size = len(text) - (1 if zulu else 6)
        shift = 0 if zulu else _OFFSETS.get(text[-6:])
        if size not in _SIZES or shift is None:
            return None
        minute, second = self._minute(text[:16]), _TWO.get(text[17:19])
        if minute is None or second is None:
            return None
        if size == 19:
            return minute + second - shift
        milli, micro = _THREE.get(text[20:23]), _THREE.get(text[23:26]) if size == 26 else 0
        if milli is None or micro is None or text[19] != ".":
            return None
        return minute + second - shift + milli + micro // 1000

    def _minute(self, text: str) -> int | None:
        """Epoch of `2026-11-20T14:00` in UTC; None when it is no such text."""
        try:
            return self._minutes[text]
        except KeyError:
            pass
        found = _ISO.fullmatch(text)
        result = _instant(*map(int, found.groups()[:5]), zone=UTC) if found else None
        if len(self._minutes) >= _CACHE_MAX:
            self._minutes.clear()
        self._minutes[text] = result
        return result

    def _text(self, text: str) -> tuple[int | None, bool]:
        text = text.strip(" \t\r\n")
        found = _ISO.fullmatch(text) or _BASIC.fullmatch(text)
        if found is None:
            return _decimal(text), False
        year, month, day, hour, minute, second, fraction, offset = found.groups()
        start = _instant(int(year), int(month), int(day), int(hour), int(minute), zone=UTC if offset else self.zone)
        # A leap second is a second like any other: the next minute begins with it.
        seconds = int(second or 0)
        shift = _offset(offset or "Z")
        if start is None or shift is None or seconds > 60:
            return None, False
        micros = int((fraction or "0")[:6].ljust(6, "0"))
        return start - shift + seconds * _SECOND + micros, not offset


def _instant(year: int, month: int, day: int, hour: int, minute: int, *, zone: tzinfo) -> int | None:
    """Epoch microseconds of a minute of the calendar; None when there is no such minute."""
    try:
        return (datetime(year, month, day, hour, minute, tzinfo=zone) - _EPOCH) // timedelta(microseconds=1)
    except (ValueError, OverflowError):
        return None


def _offset(text: str) -> int | None:
    """Microseconds east of UTC; None when there is no such offset."""
    if text[0] not in "+-":
        return 0
    digits = text[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 23 or minutes > 59:
        return None
    return (hours * 3600 + minutes * 60) * (_SECOND if text[0] == "+" else -_SECOND)


def _epoch(number: int) -> int | None:
    """An epoch number of whole units; negative ones are no log's times."""
    if number < 0:
        return None
    for bound, factor in _MAGNITUDES:
        if number < bound:
            return number * factor
    micros = number // 1000
    return micros if micros < _END else None


def _epoch_float(number: float) -> int | None:
    """An epoch number with a fraction; to the nearest microsecond, as a double of that size holds no finer."""
    if not 0 <= number < 1e24:
        return None
    for bound, factor in _MAGNITUDES:
        if number < bound:
            return round(number * factor)
    return _epoch(int(number))


def _decimal(text: str) -> int | None:
    """An epoch number written as text, exactly."""
    found = _DECIMAL.fullmatch(text)
    if found is None:
        return None
    whole, fraction = int(found[1]), found[2] or ""
    for bound, factor in _MAGNITUDES:
        if whole < bound:
            digits = len(str(factor)) - 1
            return whole * factor + (int(fraction[:digits].ljust(digits, "0")) if digits else 0)
    return _epoch(whole)


_CROCKFORD: Final = {c: n for n, c in enumerate("0123456789ABCDEFGHJKMNPQRSTVWXYZ")}
_UUID7: Final = re.compile(
    r"([0-9a-f]{8})-?([0-9a-f]{4})-?7[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}", re.IGNORECASE | re.ASCII
)
_ULID: Final = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", re.IGNORECASE | re.ASCII)
_ID_FIRST: Final = 1_420_070_400 * _SECOND
_ID_LAST: Final = 4_102_444_800 * _SECOND
"""2015 to 2100: ULIDs exist since 2016, and a random id that looks like one falls outside more often than not."""


def id_time(request_id: str) -> int | None:
    """The time inside a UUIDv7 (RFC 9562, 48 bits of milliseconds) or a ULID; None for any other id.

    A UUIDv4 never passes (its version differs). An id outside 2015..2100 is taken for a coincidence.
    """
    if found := _UUID7.fullmatch(request_id):
        micros = int(found[1] + found[2], 16) * 1000
    elif _ULID.fullmatch(request_id):
        millis = 0
        for char in request_id[:10].upper():
            millis = millis * 32 + _CROCKFORD[char]
        micros = millis * 1000
    else:
        return None
    return micros if _ID_FIRST <= micros < _ID_LAST else None


def parse_time(value: object, zone: tzinfo = UTC) -> tuple[int | None, bool]:
    """One time, without a cache; see `Times.parse`."""
    return Times(zone).parse(value)
