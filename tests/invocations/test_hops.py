"""Who called whom: by spans, by names, and where the log cannot tell."""

from __future__ import annotations

from typing import Any

import pytest

from attrib.invocations.hops import LEAF, MISSING_CALLEE, Hops, Link, linkable
from attrib.invocations.model import Invocation
from attrib.invocations.names import names_of
from attrib.invocations.own_time import below, between_ms, own_ms
from attrib.records.model import Record
from tests.invocations.making import WORDS, invocations, rec

Found = tuple[list[Invocation], Hops]


def hops(*records: Record) -> Found:
    found = invocations(records)
    return found, Hops(found, WORDS, 60)


def called(found: Found, caller: str) -> list[str | None]:
    """Functions that the only invocation of a function called."""
    log, links = found
    [number] = [n for n, one in enumerate(log) if one.function == caller]
    return [log[link.callee].function for link in links.links(number)]


def call(function: str, upstream: str | None = None, **fields: Any) -> Record:
    return rec(function=function, upstream=upstream, status=200, **fields)


# --- by name


def test_the_same_request_and_a_name() -> None:
    found = hops(call("checkout", "payments", at=10, lat=10), call("payments", at=9, lat=5))
    assert called(found, "checkout") == ["payments"]
    assert called(found, "payments") == []
    assert found[1].links(0) == (Link(1, "name", "payments"),)


def test_another_request_is_another_call() -> None:
    found = hops(call("checkout", "payments"), call("payments", request_id="r2"))
    assert called(found, "checkout") == []
    assert found[1].end(0) == MISSING_CALLEE


def test_the_same_trace_over_request_ids() -> None:
    found = hops(call("checkout", "payments", trace_id="t"), call("payments", request_id="r2", trace_id="t"))
    assert called(found, "checkout") == ["payments"]


@pytest.mark.parametrize("trace", ["-", "0000", "null"])
def test_a_placeholder_is_no_trace(trace: str) -> None:
    found = hops(call("checkout", "payments", trace_id=trace), call("payments", request_id="r2", trace_id=trace))
    assert called(found, "checkout") == []


def test_no_usable_id_links_nothing() -> None:
    found = hops(call("checkout", "payments", request_id="-"), call("payments", request_id="-"))
    assert called(found, "checkout") == []


def test_a_service_is_entered_where_no_other_of_its_functions_called() -> None:
    found = hops(
        call("checkout", "payments"),
        call("charge", "validate", service="payments"),
        call("validate", service="payments"),
    )  # fmt: skip
    assert called(found, "checkout") == ["charge"]


def test_a_function_of_the_name_comes_before_a_service() -> None:
    found = hops(call("checkout", "payments"), call("payments"), call("charge", service="payments"))
    assert called(found, "checkout") == ["payments"]


def test_all_ways_into_a_service_are_candidates() -> None:
    found = hops(call("checkout", "payments"), call("a", service="payments"), call("b", service="payments"))
    assert called(found, "checkout") == ["a", "b"]


def test_far_apart_in_time_is_another_call() -> None:
    found = hops(call("checkout", "payments", at=0, lat=10), call("payments", at=61_000, lat=2000))
    assert called(found, "checkout") == ["payments"]
    found = hops(call("checkout", "payments", at=0, lat=10), call("payments", at=61_000, lat=10))
    assert called(found, "checkout") == []


@pytest.mark.parametrize(
    ("upstream", "name"),
    [
        ("Payments ", "payments"),
        ("payments:8080", "payments"),
        ("http://payments.prod.svc:80/charge?x=1", "payments"),
        ("payments.internal", "payments"),
        ("https://u@pay.example.com./x", "pay.example.com"),
    ],
)
def test_names_of_an_upstream(upstream: str, name: str) -> None:
    assert name in names_of(upstream)
    assert "payments" not in names_of("payments.example.com")


def test_a_crowd_of_candidates_tells_nothing() -> None:
    crowd = [call("charge", service="payments", request_id=f"r{n}", trace_id="t") for n in range(60)]
    assert called(hops(call("checkout", "payments", request_id="c", trace_id="t"), *crowd), "checkout") == []


# --- by span


def test_parents_over_request_ids_of_one_trace() -> None:
    found = hops(
        call("checkout", trace_id="t", span_id="a"),
        call("payments", request_id="r2", trace_id="t", span_id="b", parent_span_id="a"),
    )
    assert called(found, "checkout") == ["payments"]
    assert found[1].links(0) == (Link(1, "span", None),)


def test_a_span_id_means_nothing_in_another_trace_or_request() -> None:
    for own, other in (({"trace_id": "t"}, {"trace_id": "u"}), ({}, {"request_id": "r2"})):
        found = hops(call("checkout", span_id="a", **own), call("payments", parent_span_id="a", **other))
        assert called(found, "checkout") == []
        assert found[1].lost(1)
        assert not found[1].lost(0)


def test_the_request_serves_where_one_side_has_no_trace() -> None:
    found = hops(call("checkout", span_id="a"), call("payments", trace_id="t", parent_span_id="a"))
    assert called(found, "checkout") == ["payments"]


def test_a_span_decides_before_a_name() -> None:
    found = hops(
        call("checkout", "payments", span_id="a"),
        call("cart", "payments", span_id="b"),
        call("payments", span_id="c", parent_span_id="b"),
    )
    assert called(found, "cart") == ["payments"]
    assert called(found, "checkout") == []


def test_a_client_span_names_the_call() -> None:
    found = hops(
        call("checkout", span_id="a"),
        rec("call", 200, function="checkout", upstream="pay.example.com", span_id="b", parent_span_id="a"),
        call("charge", span_id="c", parent_span_id="b"),
    )
    assert found[1].links(0) == (Link(1, "span", "pay.example.com"),)


def test_one_span_of_two_functions_is_nobodys_unless_one_calls_the_name() -> None:
    shared = [call("checkout", span_id="a"), call("audit", span_id="a")]
    child = call("payments", span_id="b", parent_span_id="a")
    found = hops(*shared, child)
    assert called(found, "checkout") == called(found, "audit") == []
    shared[0].upstream = "payments"
    assert called(hops(*shared, child), "checkout") == ["payments"]


def test_a_parent_that_is_not_logged_leaves_the_name() -> None:
    found = hops(call("checkout", "payments", span_id="a"), call("payments", span_id="c", parent_span_id="b"))
    assert called(found, "checkout") == ["payments"]


def test_a_missing_middle_is_said() -> None:
    found = hops(call("checkout", "orders", span_id="a"), call("payments", span_id="c", parent_span_id="b"))
    assert called(found, "checkout") == []
    assert found[1].end(0) == MISSING_CALLEE
    assert found[1].lost(1)


def test_what_leaves_the_log_is_a_leaf() -> None:
    found = hops(call("checkout", "payments"), call("payments", "psp.example.com"))
    assert found[1].end(1) == LEAF


def test_logs_without_links_are_told_at_once() -> None:
    assert not Hops(invocations([call("checkout", "psp", trace_id="t"), call("search")]), WORDS, 60)
    assert linkable(rec(trace_id="t"))
    assert linkable(rec(parent_span_id="t"))
    assert not linkable(rec(span_id="s", upstream="payments"))


# --- time


def timed(function: str, at: float | None, lat: float | None, **fields: Any) -> Invocation:
    times: dict[str, Any] = {} if at is None else {"at": at}
    [found] = invocations([call(function, lat=lat, **times, **fields)])
    return found


def test_own_time_is_latency_less_the_union() -> None:
    whole = timed("checkout", 1000, 1000)
    parts = [timed("a", 500, 400), timed("b", 700, 400), timed("c", 990, 100)]  # 100..700 and 890..990
    assert own_ms(whole, parts) == 300
    assert own_ms(whole, parts[::-1]) == 300


def test_children_are_clipped_to_the_parent_and_both_bounds_kept() -> None:
    found = below(timed("checkout", 1000, 1000), [timed("a", 1500, 1000)])
    assert found == (500_000, 500_000, 1_000_000)


def test_without_times_the_sum_at_most_the_latency() -> None:
    whole = timed("checkout", None, 1000)
    assert own_ms(whole, [timed("a", None, 300), timed("b", 5, 300)]) == 400
    assert own_ms(whole, [timed("a", None, 800), timed("b", 5, 300)]) == 0
    assert own_ms(whole, [timed("a", None, None)]) is None


def test_whole_seconds_show_no_overlap() -> None:
    whole = timed("checkout", None, 1000)
    parts = [timed("a", None, 600), timed("b", None, 300)]
    for one in (whole, *parts):
        one.ts = 1_795_183_200_000_000
    assert below(whole, parts) == (600_000, 900_000, 900_000)


def test_what_the_caller_saw_and_the_callee_did_not() -> None:
    callee = timed("payments", 0, 50, caller_latency_ms=900)
    assert between_ms(callee) == 850
    assert own_ms(timed("checkout", 10, 1000), [callee]) == 100
    assert between_ms(timed("payments", 0, 50)) is None
    assert between_ms(timed("payments", 0, 50), 52) == 2
