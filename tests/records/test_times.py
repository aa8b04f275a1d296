"""Times of records and of request ids."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrib.records.times import Times, id_time, parse_time

NOON = 1795183200_000_000  # 2026-11-20T14:00:00Z


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("2026-11-20T14:00:00Z", 0),
        ("2026-11-20T14:00:00.087Z", 87_000),
        ("2026-11-20T14:00:00.087654Z", 87_654),
        ("2026-11-20T14:00:00.087654999Z", 87_654),
        ("2026-11-20T14:00:00.5Z", 500_000),
        ("2026-11-20T14:00:00,5Z", 500_000),
        ("2026-11-20t14:00:00z", 0),
        ("2026-11-20 14:00:00Z", 0),
        ("2026-11-20 14:00:00 UTC", 0),
        ("2026-11-20T15:00:00.087+01:00", 87_000),
        ("2026-11-20T15:00:00+0100", 0),
        ("2026-11-20T15:00:00+01", 0),
        ("2026-11-20 15:00:00 +0100", 0),
        ("2026-11-20T08:30:00-05:30", 0),
        ("2026-11-20T14:00Z", 0),
        ("20261120T140000Z", 0),
        ("20261120T140000.25Z", 250_000),
        ("2026-11-20T13:59:60Z", 0),
        (" 2026-11-20T14:00:00Z ", 0),
    ],
)
def test_iso(text: str, micros: int) -> None:
    assert parse_time(text) == (NOON + micros, False)


@pytest.mark.parametrize(
    ("value", "micros"),
    [
        (1795183200, 0), (1795183200.125, 125_000), (1795183200125, 125_000), (1795183200125.5, 125_500),
        (1795183200125500, 125_500), (1795183200125500999, 125_500), ("1795183200", 0), ("1795183200.125", 125_000),
        ("1795183200125.5", 125_500), ("1795183200.1234567", 123_456), ("1795183200125500999", 125_500),
    ],
)  # fmt: skip
def test_epochs(value: float | str, micros: int) -> None:
    assert parse_time(value) == (NOON + micros, False)


@pytest.mark.parametrize(
    "value",
    ["yesterday", "2026-13-45T99:00:00Z", "2026-02-30T00:00:00Z", "2026-11-20", "2026-11-20T24:00:00Z", "T14:00",
     "2026-11-20T14:00:61Z", "2026-11-20T14:00:00+24:00", "2026-11-20T14:60:00Z", "2026-11-20T14:00:00.Z", "14:00",
     "2026-11-20T14:00:0x.123Z", "2026-11-20T14:00:00x123Z", "2026-11-20T14:00:00.12xZ", "٢٠٢٦-11-20T14:00:00Z",
     "20/Nov/2026:14:00:00 +0000", "-1", "1e9", "9" * 30, True, False, None, [], {}, -1, -0.5, 10**40, float("inf"),
     float("nan"), "2026-11-20T14:00:00Z trailing"],
)  # fmt: skip
def test_unreadable(value: object) -> None:
    assert parse_time(value) == (None, False)


def test_times_without_a_zone_are_taken_in_the_input_zone() -> None:
    assert parse_time("2026-11-20T14:00:00") == (NOON, True)
    berlin = Times(ZoneInfo("Europe/Berlin"))
    assert berlin.parse("2026-11-20T15:00:00") == (NOON, True)
    assert berlin.parse("2026-11-20T14:00:00Z") == (NOON, False)
    summer = datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert berlin.parse("2026-07-01 14:00:00,000") == (int(summer.timestamp()) * 1_000_000, True)


@given(
    st.datetimes(datetime(1970, 1, 2), datetime(9999, 12, 30)),  # noqa: DTZ001 (Hypothesis wants them naive)
    st.integers(-14 * 4, 14 * 4),
    st.sampled_from(["seconds", "milliseconds", "microseconds"]),
    st.sampled_from("T "),
)
def test_any_instant_is_read_as_datetime_reads_it(naive: datetime, quarters: int, spec: str, sep: str) -> None:
    text = naive.replace(tzinfo=timezone(timedelta(minutes=15 * quarters))).isoformat(sep, spec)
    expected = (datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    assert parse_time(text) == (expected, False)
    assert parse_time(text.replace("+00:00", "Z")) == (expected, False)


def test_the_cache_is_bounded() -> None:
    times = Times()
    for n in range(10_000):
        times.parse(f"{n:04}-11-20T14:00:00Z")
        times.parse(f"{n:016}:00Z")
    assert len(times._minutes) <= 4096


def test_times_in_request_ids() -> None:
    assert id_time("019a0e00-0000-7000-8000-000000000000") == 0x019A0E000000 * 1000
    assert id_time("019A0E00000070008000000000000000") == 0x019A0E000000 * 1000
    assert id_time("01ARZ3NDEKTSV4RRFFQ69G5FAV") == 1469922850259 * 1000  # the example of the ULID specification
    for other in (
        "019a0e00-0000-4000-8000-000000000000",  # a UUIDv4
        "019a0e00-0000-7000-0000-000000000000",  # another variant
        "7ZZZZZZZZZZZZZZZZZZZZZZZZZ",  # the year 10889
        "00000000-0000-7000-8000-000000000000",  # 1970
        "81ARZ3NDEKTSV4RRFFQ69G5FAV",  # beyond 48 bits
        "01ARZ3NDEKTSV4RRFFQ69G5FAU",  # no Crockford letter
        "r0001",
        "",
    ):
        assert id_time(other) is None
