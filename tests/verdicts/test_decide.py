from __future__ import annotations

import json
from dataclasses import replace

import pytest

from attrib.invocations.model import Invocation
from attrib.rules.facets import Decision, Facets
from attrib.verdicts.decide import Verdict, judge
from attrib.verdicts.rows import COLUMNS, iso, row
from tests.invocations.making import M1, T0, one, rec


def verdict(invocation: Invocation) -> tuple[str, str | None, str | None]:
    found = judge(invocation, M1())
    return found.verdict, found.rule, found.responsible


# --- acceptance


def test_ok_for_200_over_200() -> None:
    assert verdict(one(rec(upstream_status=200, status=200))) == ("ok", None, None)


def test_vendor_for_503_over_503() -> None:
    found = one(rec("upstream", 503, status=503, upstream="payments-api"))
    assert verdict(found) == ("vendor", "m1-vendor", "payments-api")


def test_a_vendor_without_a_name_leaves_responsible_open() -> None:
    assert verdict(one(rec("upstream", 503, status=503))) == ("vendor", "m1-vendor", None)


def test_a_lone_claim_is_unknown() -> None:
    found = one(rec("exception", status=500, error_code="UPSTREAM_TIMEOUT"))
    assert verdict(found) == ("unknown", "m1-unknown", None)


def test_a_claim_against_an_earlier_200_is_unknown_with_the_contradiction() -> None:
    found = one(
        rec("upstream", 200, status=200, at=1), rec("exception", status=500, error_code="UPSTREAM_TIMEOUT", at=2)
    )  # fmt: skip
    assert verdict(found) == ("unknown", "contradiction", None)
    assert "UPSTREAM_TIMEOUT claims an upstream failure" in judge(found, M1()).statement


@pytest.mark.parametrize("stage", ["upstream", "response"])
def test_a_plain_exception_after_200_is_application(stage: str) -> None:
    found = one(rec(stage, 200, status=200, at=1), rec("exception", status=500, error_code="TypeError", at=2))
    assert verdict(found) == ("application", "m1-application", "checkout")


def test_payment_503_mail_200_response_500_is_not_application() -> None:
    untimed = one(rec("payment", 503), rec("mail", 200), rec(status=500, upstream_status=200))
    timed = one(rec("payment", 503, at=1), rec("mail", 200, at=2), rec(status=500, upstream_status=200, at=3))
    assert verdict(untimed) == verdict(timed) == ("unknown", "none", None)


def test_three_attempts_that_end_well_are_ok() -> None:
    records = [rec("upstream", status, attempt=n + 1) for n, status in enumerate((503, 503, 200))]
    found = one(*records, rec(status=200))
    assert (verdict(found)[0], found.masked) == ("ok", True)


@pytest.mark.parametrize("timed", [True, False])
def test_time_made_of_retry_waits_is_no_bottleneck(timed: bool) -> None:
    ends = (10, 420, 820)
    records = [
        rec("upstream", 503 if n < 2 else 200, attempt=n + 1, ul=10, **({"at": ends[n]} if timed else {}))
        for n in range(3)
    ]
    assert verdict(one(*records, rec(status=200, lat=825)))[0] == "unknown"


def test_a_bottleneck_is_ours() -> None:
    found = one(rec(upstream_status=200, status=200, lat=900, ul=50))
    assert verdict(found) == ("app_bottleneck", "m1-bottleneck", "checkout")


# --- what is decided before the rules


def test_a_contradiction_without_a_symptom_is_ok() -> None:
    found = one(rec(upstream_status=200, status=200, error_code="UPSTREAM_ERROR"))
    assert verdict(found)[0] == "ok"


def test_unfinished_is_unknown_and_names_the_last_stage() -> None:
    found = replace(one(rec("start", at=0), rec("payment", 200, at=5)), symptom="unfinished")
    assert verdict(found) == ("unknown", "none", None)
    assert judge(found, M1()).statement == "checkout logged no end; its last stage is payment"
    assert verdict(replace(one(rec("start")), symptom="unfinished"))[:2] == ("unknown", "m1-unknown")


def test_what_the_table_says_is_passed_on() -> None:
    class Table:
        def decide(self, facets: Facets) -> Decision:
            return Decision("unknown", "x", ("y",), "caller", None, "why")

    found = judge(one(rec(upstream_status=401, status=401)), Table())
    assert found == Verdict(
        "unknown", "x", ("y",), None, "caller", "the upstream answered 401 and checkout returned 401"
    )  # fmt: skip


# --- sentences


@pytest.mark.parametrize(
    ("invocation", "sentence"),
    [
        (
            one(rec("upstream", 503, status=502, lat=61, upstream="payments-api")),
            "payments-api answered 503 and checkout returned 502 in 61 ms",
        ),
        (
            one(rec("upstream", 503, status=502, upstream="pay", attempt=2)),
            "pay answered 503 on the last of 2 attempts and checkout returned 502",
        ),
        (
            one(rec(upstream_status="ETIMEDOUT", status="timeout", lat=3000, ul=2990, upstream="pay")),
            (
                "pay did not answer in time (ETIMEDOUT) and checkout timed out (timeout) in 3,000 ms, "
                "2,990 ms of it waiting for pay (100 %)"
            ),
        ),
        (one(rec(status=500, lat=0.4)), "no upstream_status is logged and checkout returned 500 in 0.4 ms"),
        (one(rec(status=500, upstream_status=700)), "upstream_status 700 tells nothing and checkout returned 500"),
        (
            one(rec(status=500, upstream_status=0, error_code="ENOTFOUND", upstream="pay")),
            "pay could not be reached: its name did not resolve (0) and checkout returned 500",
        ),
        (
            one(rec(status=500, error_code="EOPENBREAKER", function=None)),
            "our circuit breaker answered for the upstream and the function returned 500",
        ),
        (
            one(rec(status=499, upstream_status="CACHE_HIT")),
            "no upstream was asked and the client of checkout went away (status 499)",
        ),
        (
            one(rec(status=200, upstream_status=200, lat=900, ul=90, upstream="pay")),
            "checkout returned 200 in 900 ms, 90 ms of it waiting for pay (10 %)",
        ),
        (one(rec(status=200, lat=900)), "checkout returned 200 in 900 ms, how much of it was upstream is not known"),
        (
            one(rec("a", 503, at=1), rec("b", 200, at=9), rec(status=500, at=10)),
            (
                "the upstream of stage a answered 503, the upstream of stage b answered 200, and checkout returned "
                "500; which call decided it is not logged"
            ),
        ),
    ],
)  # fmt: skip
def test_sentences(invocation: Invocation, sentence: str) -> None:
    assert judge(invocation, M1()).statement == sentence


# --- rows


def test_a_row_has_the_columns_of_the_contract() -> None:
    found = one(rec("upstream", "ETIMEDOUT", status="timeout", at=0, lat=100, ul=90, upstream="pay", file=1, line=7))
    line = row(found, judge(found, M1()), ["a.jsonl", "b.jsonl"])
    assert tuple(line) == COLUMNS
    assert list(line.values()) == [
        "r1", "checkout", "upstream", iso(T0), "timeout", "pay", "timeout", "ETIMEDOUT", 100, 90, 10, None, 1,
        "failed", "vendor", "m1-vendor", [], "pay", [], True, "b.jsonl", 7,
    ]  # fmt: skip
    json.dumps(line)


@pytest.mark.parametrize(
    ("ts", "text"),
    [
        (None, None),
        (0, "1970-01-01T00:00:00Z"),
        (1_000, "1970-01-01T00:00:00.001Z"),
        (1_001, "1970-01-01T00:00:00.001001Z"),
        (-1, "1969-12-31T23:59:59.999999Z"),
        (10**18, None),
    ],
)
def test_times(ts: int | None, text: str | None) -> None:
    assert iso(ts) == text
