"""Hops and reused ids: whichever way a log is read, the survey says the same of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attrib import checking
from attrib.analysis import reading
from attrib.checks.facts import Facts
from attrib.checks.judge import judge_by
from attrib.engines import shape
from attrib.options import Options
from attrib.survey.survey import Survey
from tests.engines.both import ROUTES, SAMPLED, Route, as_is, in_parts, write

IDS = [f"{n:08x}-7a1c-4e5b-9d3f-{n * 7919:012x}" for n in range(6)]
TIMES = [None, *(f"2026-11-20T14:{minute:02}:{second:02}.000Z" for minute in (0, 1, 4) for second in (0, 30))]


def surveyed(paths: list[str], fast: bool) -> Survey:
    """The survey of a run."""
    found: list[Survey] = []

    def spy(wanted: Any, facts: Facts, known: Any) -> Any:
        found.append(facts.survey)
        return judge_by(wanted, facts, known)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checking, "judge_by", spy)
        checking.check(paths, Options(fast=fast))
    return found[0]


def told(survey: Survey) -> dict[str, Any]:
    return {"hops": survey.propagation.hops, "reuse": survey.reuse.functions}


def assert_agree(folder: Path, *contents: bytes, routes: tuple[Route, ...] = ROUTES) -> dict[str, Any]:
    """Every way of reading gives the same hops and reused ids. Returns them."""
    logs = folder / "logs"
    logs.mkdir(exist_ok=True)
    careful = told(surveyed(write(logs, *contents), fast=False))
    for route in routes:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(reading, "SMALL", 0)
            patch.setattr(shape, "SAMPLE_LINES", SAMPLED)
            route(patch)
            fast = told(surveyed(write(logs, *contents), fast=True))
        assert fast == careful, route.__name__
    return careful


def log(*records: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


RECORD = st.fixed_dictionaries(
    {
        "request_id": st.sampled_from([*IDS, *IDS, "-", None, "short"]),
        "function": st.sampled_from(["shop", "shop", "Pay", "bank", None]),
        "status": st.sampled_from([200, 503, None, "timeout"]),
        "upstream": st.sampled_from(["pay", "http://pay.prod.svc:80/x", "BANK", "vendor", None, "-", ""]),
        "upstream_status": st.sampled_from([200, 500, "200", 202, 0, "ETIMEDOUT", None]),
    },
    optional={
        "ts": st.sampled_from([*TIMES, "20 Nov 2026 14:00:05", ""]),
        "service": st.sampled_from(["pay", "bank ", "other", "-", None]),
        "trace_id": st.sampled_from(["4bf92f3577b34da6a3ce929d0e0e4736", "", "-", None]),
        "span_id": st.sampled_from(["00f067aa0ba902b7", None]),
        "traceparent": st.sampled_from(["00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "none", None]),
    },
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(RECORD, min_size=1, max_size=40), st.data())
def test_any_log_says_the_same(tmp_path: Path, records: list[dict[str, Any]], data: st.DataObject) -> None:
    middle = data.draw(st.integers(0, len(records)))
    route = data.draw(st.sampled_from(ROUTES))
    assert_agree(tmp_path, log(*records[:middle]), log(*records[middle:]), routes=(route,))


def call(n: int, seconds: float, **fields: Any) -> dict[str, Any]:
    stamp = f"2026-11-20T14:{int(seconds // 60):02}:{seconds % 60:06.3f}Z"
    return {
        "ts": stamp,
        "request_id": f"{n:032x}",
        "function": "shop",
        "stage": "response",
        "status": 200,
        "latency_ms": 12.5,
        "upstream": "pay",
        "upstream_status": 200,
        "upstream_latency_ms": 9.5,
        **fields,
    }


def callee(n: int, seconds: float, **fields: Any) -> dict[str, Any]:
    return call(n, seconds, **{"function": "pay", "upstream": "bank-of-x", **fields})


def test_counts_of_both_sides_and_the_first_lost_lines(tmp_path: Path) -> None:
    kept = [one for n in range(1, 31) for one in (call(n, n), callee(n if n % 3 else n + 900, n))]
    found = assert_agree(tmp_path, log(*kept))["hops"]
    hop = found["shop", "pay"]
    assert (hop.calls, hop.reached, hop.strangers, hop.untimed, hop.linked) == (30, 20, 10, False, False)
    assert hop.examples == [(0, 5), (0, 11), (0, 17)]


def test_only_times_that_the_upstream_logs_are_compared(tmp_path: Path) -> None:
    early = [call(n, n) for n in range(1, 11)]
    late = [one for n in range(11, 21) for one in (call(n, 600 + n), callee(n + 900, 600 + n))]
    hop = assert_agree(tmp_path, log(*early), log(*late))["hops"]["shop", "pay"]
    assert (hop.calls, hop.reached, hop.strangers) == (10, 0, 10)
    assert hop.examples == [(1, 1), (1, 3), (1, 5)]


def test_neither_copies_nor_order_nor_files_change_a_hop(tmp_path: Path) -> None:
    lines = [one for n in range(1, 21) for one in (call(n, n), callee(n + n % 2 * 900, n))]
    once = assert_agree(tmp_path, log(*lines))["hops"]["shop", "pay"]
    again = assert_agree(tmp_path, log(*lines[::-1]), log(*lines))["hops"]["shop", "pay"]
    assert (once.calls, once.reached, once.strangers) == (again.calls, again.reached, again.strangers)


def test_a_log_without_such_a_pair_has_no_hop_and_asks_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("attrib.engines.propagation.add", None)
    assert not assert_agree(tmp_path, log(*(call(n, n) for n in range(1, 20))))["hops"]


def test_a_call_to_itself_is_no_hop(tmp_path: Path) -> None:
    own = [call(n, n, function="pay") for n in range(1, 20)]
    served = [call(n, n, service="pay") for n in range(20, 40)]
    assert not assert_agree(tmp_path, log(*own, *served))["hops"]


def test_reused_ids_are_counted_by_function(tmp_path: Path) -> None:
    apart = [call(7, 200 * n, function=("shop", "cart")[n % 2]) for n in range(8)]
    often = [call(8, 1 + n / 50) for n in range(30)]
    sound = [call(100 + n, n) for n in range(40)]
    reuse = assert_agree(tmp_path, log(*apart, *sound), log(*often))["reuse"]
    assert {name: (row.ids, row.records, row.most) for name, row in reuse.items()} == {
        "shop": (2, 34, 30),
        "cart": (1, 4, 4),
    }
    assert reuse["shop"].first == [(0, 1), (1, 1)]
    assert reuse["shop"].worst == (1, 1)


def test_calm_reused_ids_reach_the_survey_in_parts_too(tmp_path: Path) -> None:
    lines = [call(7, 300 * n + 5) for n in range(9)] + [call(100 + n, n) for n in range(30)]
    reuse = assert_agree(tmp_path, log(*lines), routes=(as_is, in_parts))["reuse"]
    assert (reuse["shop"].ids, reuse["shop"].records) == (1, 9)
