from __future__ import annotations

import pytest

from attrib.invocations.ids import plainly_reused, usable_id
from attrib.records.model import Record
from tests.invocations.making import WORDS, Defaults, invocations, rec


@pytest.mark.parametrize(
    "request_id", [None, "", "-", "null", "NULL", " Unknown ", "0", "0000", "00000000-0000-0000-0000-000000000000"]
)
def test_a_placeholder_is_no_id(request_id: str | None) -> None:
    assert not usable_id(request_id, WORDS)


@pytest.mark.parametrize("request_id", ["r1", "10", "00000000-0000-0000-0000-000000000001", "unknown-7"])
def test_anything_else_is_an_id(request_id: str) -> None:
    assert usable_id(request_id, WORDS)


def test_records_without_a_usable_id_stand_alone_and_are_marked() -> None:
    found = invocations([rec(request_id=None), rec(request_id="null"), rec(request_id="null")])
    assert [(len(i.records), i.correlated) for i in found] == [(1, False)] * 3


def reused(*records: Record) -> bool:
    return plainly_reused(records, Defaults(), WORDS)


def test_three_clusters_in_time_are_a_reused_id() -> None:
    assert reused(rec(at=0), rec(at=100_000), rec(at=200_000))


def test_one_gap_is_no_reuse() -> None:
    assert not reused(rec(at=0), rec(at=10), rec(at=100_000), rec(at=100_010))


def test_the_gap_is_more_than_a_minute() -> None:
    assert not reused(rec(at=0), rec(at=60_000), rec(at=120_000))
    assert reused(rec(at=0), rec(at=60_001), rec(at=120_002))


def test_a_latency_bridges_a_gap() -> None:
    assert not reused(rec("start", at=0), rec("work", at=100_000), rec("response", at=200_000, lat=200_000))


def test_more_terminal_records_than_a_request_can_have() -> None:
    assert not reused(*(rec() for _ in range(20)))
    assert reused(*(rec() for _ in range(21)))


def test_a_long_trace_is_told_apart_by_its_spans() -> None:
    assert not reused(*(rec(span_id=f"s{n}", at=n * 100_000) for n in range(30)))
    assert not reused(*(rec(function=f"f{n}") for n in range(30)))


def test_a_reused_id_correlates_nothing() -> None:
    found = invocations([rec(at=n * 100_000, status=500) for n in range(3)])
    assert [(len(i.records), i.correlated) for i in found] == [(1, False)] * 3


def test_both_bounds_are_parameters() -> None:
    records = [rec(at=n * 100_000) for n in range(3)]
    assert len(invocations(records, reuse_gap_s=100)) == 1
    assert len(invocations([rec(), rec(), rec()], reuse_max_terminals=2)) == 3
