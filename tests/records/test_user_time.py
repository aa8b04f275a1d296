"""Times as people type them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from attrib.errors import UsageError
from attrib.records.user_time import parse_mark, parse_since_until, parse_user_time, parse_window

BERLIN = ZoneInfo("Europe/Berlin")
SECOND = 1_000_000


def us(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp()) * SECOND


NEWEST = us("2026-11-20T23:30:00+00:00")


@pytest.mark.parametrize(
    ("typed", "instant"),
    [
        ("2026-11-20T02:40:00Z", "2026-11-20T02:40:00+00:00"),
        ("2026-11-20T02:40", "2026-11-20T02:40:00+01:00"),
        ("2026-11-20 02:40", "2026-11-20T02:40:00+01:00"),
        ("2026-11-20", "2026-11-20T00:00:00+01:00"),
        ("2h", "2026-11-20T21:30:00+00:00"),
        ("1h30m", "2026-11-20T22:00:00+00:00"),
        ("45s", "2026-11-20T23:29:15+00:00"),
        ("1d", "2026-11-19T23:30:00+00:00"),
        ("02:40", "2026-11-21T02:40:00+01:00"),  # the newest day is Berlin's
        ("2:40:10", "2026-11-21T02:40:10+01:00"),
    ],
)
def test_the_forms(typed: str, instant: str) -> None:
    assert parse_user_time(typed, "--since", BERLIN).resolve(NEWEST) == us(instant)


@pytest.mark.parametrize(
    "typed", ["", "now", "25:00", "02:60", "2 hours", "1795183200", "2026-13-01", "-2h", "2h..", "h"]
)
def test_what_is_no_time(typed: str) -> None:
    with pytest.raises(UsageError, match="--until") as caught:
        parse_user_time(typed, "--until")
    assert "\n" not in str(caught.value)


def test_only_relative_times_need_the_log() -> None:
    assert not parse_user_time("2026-11-20", "--since").needs_newest
    assert parse_since_until("2h", None).needs_newest
    assert parse_since_until(None, None).resolve(None) == (None, None)
    with pytest.raises(UsageError, match="no record has a time"):
        parse_user_time("2h", "--since").resolve(None)


def test_windows() -> None:
    window = parse_window("02:40..03:10", BERLIN)
    assert window.resolve(NEWEST) == (us("2026-11-21T02:40:00+01:00"), us("2026-11-21T03:10:00+01:00"))
    assert parse_window("2026-11-20T01:00..2026-11-20T02:00").resolve(None)[0] == us("2026-11-20T01:00:00+00:00")
    assert parse_window("2h..1h").resolve(NEWEST) == (NEWEST - 7200 * SECOND, NEWEST - 3600 * SECOND)
    for half in ("02:40", "02:40..", "..03:10", "02:40-03:10"):
        with pytest.raises(UsageError, match="both ends"):
            parse_window(half)


def test_backwards_is_refused() -> None:
    for typed in ("03:10..02:40", "02:40..02:40", "1h..2h"):
        with pytest.raises(UsageError, match="not before"):
            parse_window(typed).resolve(NEWEST)
    with pytest.raises(UsageError, match="across midnight"):
        parse_window("23:50..00:10").resolve(NEWEST)
    with pytest.raises(UsageError, match=r"--since 1h .* --until 2h"):
        parse_since_until("1h", "2h").resolve(NEWEST)


@pytest.mark.parametrize(
    ("typed", "instant", "text"),
    [
        ("2026-11-20T02:40:00Z=deploy v42", "2026-11-20T02:40:00+00:00", "deploy v42"),
        ("2026-11-20T02:40=deploy", "2026-11-20T02:40:00+01:00", "deploy"),
        ("02:40 = flag new_pay=on ", "2026-11-21T02:40:00+01:00", "flag new_pay=on"),
        ("2h=vendor's status page", "2026-11-20T21:30:00+00:00", "vendor's status page"),
    ],
)
def test_marks(typed: str, instant: str, text: str) -> None:
    mark = parse_mark(typed, BERLIN)
    assert (mark.resolve(NEWEST), mark.text) == (us(instant), text)


def test_a_mark_with_a_date_needs_no_record() -> None:
    assert parse_mark("2026-11-20T02:40Z=x").resolve(None) == us("2026-11-20T02:40:00+00:00")
    assert parse_mark("02:40=x").needs_newest
    with pytest.raises(UsageError, match=r"--mark 02:40: no record has a time to count from"):
        parse_mark("02:40=x").resolve(None)


@pytest.mark.parametrize("typed", ["", "deploy", "02:40", "02:40=", "=deploy", " = ", "soon=deploy", "25:00=deploy"])
def test_what_is_no_mark(typed: str) -> None:
    with pytest.raises(UsageError, match="--mark") as caught:
        parse_mark(typed)
    assert "\n" not in str(caught.value)
