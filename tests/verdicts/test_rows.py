"""Times that were computed carry no noise; times that were logged stay as logged."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from attrib.verdicts.decide import judge
from attrib.verdicts.rows import computed_ms, row
from tests.invocations.making import M1, one, rec


def shown(*records: Any, **changed: Any) -> dict[str, Any]:
    invocation = replace(one(*records), **changed)
    return row(invocation, judge(invocation, M1()), ["a.jsonl"])


def test_computed_times_are_rounded() -> None:
    assert computed_ms(107.3 - 100) == 7.3
    assert computed_ms(0.1 + 0.2) == 0.3
    assert computed_ms(0.1234567) == 0.123457
    assert computed_ms(None) is None
    assert computed_ms(1e300) == 1e300
    assert shown(rec(upstream_status=200, status=500), own_ms=107.3 - 100)["own_ms"] == 7.3


def test_an_upstream_time_that_one_record_logged_stays_as_logged() -> None:
    logged = 0.12345678901234
    record = rec(upstream_status=200, status=500, latency_ms=1.0, upstream_latency_ms=logged)
    assert shown(record)["upstream_latency_ms"] == logged
    assert shown(record, upstream_latency_ms=0.1 + 0.2)["upstream_latency_ms"] == 0.3
