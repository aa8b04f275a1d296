from __future__ import annotations

from typing import Any

import pytest

from attrib.records.model import Record
from tests.invocations.making import invocations, one, rec

# --- grouping


def test_records_of_one_request_and_function_are_one_invocation() -> None:
    found = one(rec("start"), rec("upstream", 200), rec(status=200))
    assert len(found.records) == 3
    assert found.correlated


def test_other_functions_are_other_invocations() -> None:
    assert len(invocations([rec(), rec(function="mail"), rec(function=None)])) == 3


def test_records_without_a_span_join_where_there_is_exactly_one() -> None:
    assert len(one(rec("upstream", 503), rec(status=502, span_id="a")).records) == 2


def test_records_without_a_span_stand_apart_where_there_are_several() -> None:
    loose = rec("upstream", 503)
    found = invocations([loose, rec(status=502, span_id="a"), rec(status=200, span_id="b")])
    assert sorted(len(i.records) for i in found) == [1, 1, 1]
    assert any(i.records == [loose] for i in found)


def test_attempts_with_spans_of_their_own_belong_to_their_parent() -> None:
    found = one(
        rec("upstream", 503, span_id="b", parent_span_id="a", attempt=1),
        rec("upstream", 200, span_id="c", parent_span_id="a", attempt=2),
        rec(status=200, span_id="a"),
    )
    assert (found.attempts, found.masked) == (2, True)


def test_a_function_that_calls_itself_is_two_invocations() -> None:
    assert len(invocations([rec(status=200, span_id="a"), rec(status=200, span_id="b", parent_span_id="a")])) == 2


# --- order and status


@pytest.mark.parametrize("stage", ["response", "exception", "end", "final", " Response "])
def test_status_is_that_of_the_terminal_record(stage: str) -> None:
    assert one(rec("late", status=200, at=9), rec(stage, status=500, at=1)).status == 500


def test_of_several_terminal_records_the_last_by_attempt_then_ts_then_worst() -> None:
    assert one(rec(status=500, attempt=1, at=9), rec(status=200, attempt=2, at=1)).status == 200
    assert one(rec(status=500, at=1), rec(status=200, at=2)).status == 200
    assert one(rec(status=500), rec(status=200)).status == 500
    assert one(rec(status="timeout"), rec(status=500)).status_word == "timeout"


def test_without_a_terminal_record_the_latest_else_the_highest_status() -> None:
    assert one(rec("a", status=500, at=1), rec("b", status=200, at=2)).status == 200
    assert one(rec("a", status=500), rec("b", status=200)).status == 500


def test_a_status_may_be_filled_in() -> None:
    assert one(rec("response", status=502, at=1), rec("end", at=2)).status == 502
    assert one(rec("handler", status=502), rec("exception")).status == 502


def test_latency_is_the_largest_seen() -> None:
    assert one(rec("upstream", 200, lat=30), rec(status=200, lat=61), rec("end", lat=10, status=200)).latency_ms == 61


# --- calls


def test_attempts_form_calls_by_upstream_else_by_stage() -> None:
    found = one(
        rec("pay", 503, upstream="pay-api", attempt=1),
        rec("pay again", 200, upstream="pay-api", attempt=2),
        rec("mail", 200),
        rec(status=200),
    )
    assert {(c.upstream, c.stage, len(c.attempts), c.recovered) for c in found.calls} == {
        ("pay-api", "pay again", 2, True),
        (None, "mail", 1, False),
    }


def test_a_nameless_attempt_takes_the_only_name_of_its_stage() -> None:
    found = one(rec("pay", 503, attempt=1), rec("pay", 200, upstream="pay-api", attempt=2), rec(status=200))
    assert [(c.upstream, len(c.attempts)) for c in found.calls] == [("pay-api", 2)]


def test_a_calls_outcome_is_its_last_attempts() -> None:
    found = one(rec("upstream", 200, attempt=1), rec("upstream", 503, attempt=2), rec(status=502))
    assert (found.facets.upstream, found.calls[0].recovered) == ("5xx", False)


def test_the_terminal_record_repeats_its_call() -> None:
    found = one(rec("upstream", 503, ul=20), rec(status=502, upstream_status=503, ul=20, lat=61))
    assert (found.attempts, found.upstream_latency_ms, len(found.calls)) == (1, 20, 1)


def test_the_terminal_record_may_bring_the_name() -> None:
    found = one(rec("upstream", 503), rec(status=502, upstream_status=503, upstream="pay-api"))
    assert (len(found.calls), found.upstream, found.several_calls) == (1, "pay-api", False)


def test_terminal_records_may_be_the_attempts() -> None:
    found = one(
        rec("exception", 503, status=503, at=1), rec("exception", 503, status=503, at=2),
        rec("exception", 200, status=200, at=3),
    )  # fmt: skip
    assert (found.attempts, found.symptom, found.masked) == (3, None, True)


def test_a_terminal_record_with_a_higher_number_is_a_later_attempt() -> None:
    found = one(rec("upstream", 503, attempt=1), rec(status=500, upstream_status=200, attempt=2))
    assert (found.facets.upstream, found.attempts, found.several_calls) == ("2xx", 2, False)


def test_an_end_that_names_another_answer_is_another_call() -> None:
    found = one(rec("payment", 503, at=1), rec(status=500, upstream_status=200, at=2))
    assert found.several_calls


def payment(**end: Any) -> list[Record]:
    return [
        rec("payment", 503, upstream="payments-api", at=10, ul=5),
        rec("mail", 200, upstream="mail-api", at=30, ul=5),
        rec(status=500, at=40, **end),
    ]


def test_going_on_past_a_failed_call_leaves_the_cause_open() -> None:
    assert one(*payment()).several_calls
    assert one(*payment(upstream_status=200)).several_calls


def test_without_times_going_on_cannot_be_excluded() -> None:
    assert one(rec("payment", 503), rec("mail", 200), rec(status=500)).several_calls


def test_the_error_code_names_the_call() -> None:
    found = one(*payment(error_code="PAYMENTS_API_DOWN"))
    assert (found.upstream, found.facets.upstream, found.several_calls) == ("payments-api", "5xx", False)
    assert one(*payment(error_code="Payment failed")).upstream == "payments-api"


def test_an_error_code_that_names_an_answered_call_names_none() -> None:
    assert one(*payment(error_code="MAIL_TEMPLATE")).several_calls


def test_a_stage_that_calls_share_names_none() -> None:
    found = one(
        rec("upstream", 503, upstream="a-api", at=1), rec("upstream", 200, upstream="b-api", at=9),
        rec(status=500, at=10, error_code="UPSTREAM_ERROR"),
    )  # fmt: skip
    assert found.several_calls


def test_a_short_name_must_be_a_whole_word() -> None:
    assert not one(rec("db", 503, at=1), rec("x", 200, at=5), rec(status=500, error_code="DB_DOWN")).several_calls
    assert one(rec("db", 503, at=1), rec("x", 200, at=5), rec(status=500, error_code="FEEDBACK")).several_calls


def test_the_only_unrecovered_call_is_the_cause() -> None:
    found = one(rec("auth", 200, at=1), rec("pay", 503, upstream="pay-api", at=9, ul=3), rec(status=502, at=10))
    assert (found.upstream, found.several_calls) == ("pay-api", False)


def test_a_call_in_parallel_is_not_going_on() -> None:
    found = one(rec("a", 503, at=10, ul=5), rec("b", 200, at=20, ul=15), rec(status=502, at=25))
    assert (found.facets.upstream, found.several_calls) == ("5xx", False)


def test_where_all_answered_well_the_last_2xx_clears_the_upstreams() -> None:
    found = one(rec("a", 200, at=1), rec("b", "CACHE_HIT", at=2), rec(status=500, at=3))
    assert (found.facets.upstream, found.several_calls) == ("2xx", False)


def test_two_unrecovered_calls_leave_the_cause_open() -> None:
    found = one(rec("a", 503, at=1), rec("b", "ETIMEDOUT", at=2), rec(status=502, at=3))
    assert found.several_calls
    assert len(found.calls) == 2


def test_a_call_of_unknown_outcome_is_not_recovered() -> None:
    found = one(rec("a", 200, at=1), rec("b", ul=20, at=50), rec(status=500, at=60))
    assert (found.facets.upstream, found.several_calls) == ("missing", False)


# --- filling in and contradicting


def test_a_plain_exception_is_filled_in_from_the_upstream_line() -> None:
    found = one(rec("upstream", 200, ul=20), rec("exception", status=500, error_code="TypeError"))
    assert (found.facets.upstream, found.contradiction) == ("2xx", None)


def test_a_claim_is_not_overruled_by_an_earlier_200() -> None:
    line, end = rec("upstream", 200, upstream="pay-api"), rec("exception", status=502, error_code="UPSTREAM_TIMEOUT")
    found = one(line, end)
    assert found.contradiction is not None
    assert found.contradiction.records == (end, line)
    assert found.contradiction.statement == "UPSTREAM_TIMEOUT claims an upstream failure, but pay-api answered 200"


def test_a_claim_on_another_end_of_the_same_attempt_counts() -> None:
    found = one(
        rec("exception", error_code="UPSTREAM_TIMEOUT", at=1), rec("response", 200, status=502, at=2)
    )  # fmt: skip
    assert found.contradiction is not None


def test_a_claim_that_a_call_bears_out_is_none() -> None:
    assert one(rec("upstream", 503), rec("exception", status=502, error_code="UPSTREAM_ERROR")).contradiction is None


def test_the_claim_of_an_attempt_that_was_tried_again_is_none() -> None:
    found = one(
        rec("upstream", None, attempt=1, error_code="ETIMEDOUT"), rec("upstream", 200, attempt=2),
        rec("exception", status=500, error_code="TypeError"),
    )  # fmt: skip
    assert (found.contradiction, found.facets.upstream) == (None, "2xx")


@pytest.mark.parametrize("stage", ["response", "upstream"])
def test_one_record_can_contradict_itself(stage: str) -> None:
    line = rec(stage, 200, status=502, error_code="UPSTREAM_INVALID_JSON")
    assert one(line).contradiction is not None
    assert one(line, rec("start")).contradiction is not None


def test_masked_failures_are_no_symptom_unless_slow() -> None:
    records = [rec("upstream", status, attempt=n + 1) for n, status in enumerate((503, 503, 200))]
    assert (one(*records, rec(status=200)).symptom, one(*records, rec(status=200)).masked) == (None, True)
    assert one(*records, rec(status=200, lat=900)).symptom == "slow"
    assert one(rec(upstream_status=503, status=200)).masked


def test_hosts_are_asked_for_dns_and_tls_only() -> None:
    dns, refused = rec(None, 0, error_code="ENOTFOUND"), rec(None, "ECONNREFUSED", request_id="r2")
    found = invocations([dns, refused], several=lambda upstream: True)
    assert [i.facets.upstream_hosts for i in found] == ["several", "one"]
    assert one(dns).facets.upstream_hosts == "one"


def test_thresholds_are_per_function() -> None:
    assert one(rec(lat=700, status=200), **{"latency_high_ms@checkout": 2000}).symptom is None


def test_a_record_that_names_neither_function_nor_upstream_blames_no_vendor() -> None:
    """It may be a reverse proxy's line, whose upstream is the user's own application."""
    assert one(rec(function=None, status=502, upstream_status=502)).facets.upstream_party == "unknown"
    assert one(rec(function=None, upstream="pay", status=502, upstream_status=502)).facets.upstream_party == "external"
