from __future__ import annotations

import json
from typing import Any

import pytest

from attrib.incidents.draft import Demotion, Judged
from attrib.incidents.evidence.case import Case, Evidence
from attrib.incidents.evidence.claims import claims
from attrib.incidents.evidence.listing import counter_evidence, evidence, missing_evidence
from tests.incidents.making import RULES, Log, case

UNSURE = Judged("unknown", None, None, None, None, None)


def said(found: list[Evidence]) -> dict[str, str]:
    return {item.kind: item.statement for item in found}


def shown(log: Log, *args: Any, **more: Any) -> dict[str, str]:
    return said(evidence(case(log, *args, **more)))


def against(log: Log, *args: Any, **more: Any) -> dict[str, str]:
    return said(counter_evidence(case(log, *args, **more)))


def lacks(log: Log, *args: Any, **more: Any) -> list[Evidence]:
    args = args or ("unknown", None)
    return missing_evidence(case(log, *args, **({"judged": UNSURE} | more)))


OUTAGE = (
    Log()
    .quiet()
    .add(40, status=502, us=503, attempt=2, stage="exception", error_code="CARD_DOWN")
    .add(5, status=504, us="ETIMEDOUT", ul=2000.0, lat=2020.0)
    .add(5, status=500, us=None)
    .add(50)
)


# --- what the incident shows


def test_a_vendor_outage_in_sentences() -> None:
    found = shown(OUTAGE)
    assert list(found) == ["status_matrix", "onset", "time_split", "contrast", "attempts", "rule_hits"]
    assert found["status_matrix"] == (
        "Of 50, payments-api answered 503 to 40, has no outcome logged for 5 and timed out on 5; none got a "
        "2xx; checkout answered 502 (40), 500 (5) and 504 (5)."
    )
    assert found["onset"].startswith("It began at 14:10:00 UTC, peaked at 14:10:00 UTC with 10 in one minute and ended")
    assert found["attempts"] == "40 of 50 were retried: 1.8 attempts per request, up to 2."
    assert found["rule_hits"] == (
        "Of 50, m1-vendor (vendor) decided 45 and m1-unknown (unknown) decided 5."
    )  # fmt: skip
    assert found["time_split"] == (
        "Latency p95 2,020 ms (before: 60 ms), upstream time p95 2,000 ms (before: 30 ms), own time p95 30 ms (before: "
        "30 ms)."
    )


def test_evidence_is_ready_for_json_and_cites_lines() -> None:
    found = case(OUTAGE)
    every = [*evidence(found), *counter_evidence(found)]
    assert json.loads(json.dumps([item.data for item in every]))
    examples = every[0].examples
    assert [example.request_id for example in examples] == ["r101", "r141", "r146"]
    assert all(len(item.examples) <= 3 for item in every)


def test_the_order_of_lines_changes_no_evidence() -> None:
    one, other = case(OUTAGE), case(OUTAGE, backwards=True)
    assert evidence(one) == evidence(other)
    assert counter_evidence(one) == counter_evidence(other)


def test_what_sets_the_failing_apart() -> None:
    v41, v42 = {"service.version": "v41"}, {"service.version": "v42"}
    log = Log().add(30, extra=v42, status=500).add(10, extra=v42).add(5, extra=v41, status=500).add(95, extra=v41)
    found = shown(log, "application", "checkout")
    assert found["contrast"] == (
        "service.version v42 is on 30 of 35 failing (86 %) and on 9.5 % of the rest (lift 9.0)."
    )  # fmt: skip


def test_versions_that_fail_alike_speak_for_a_vendor_only() -> None:
    v41, v42 = {"service.version": "v41"}, {"service.version": "v42"}
    log = Log().add(30, extra=v42, status=502, us=503).add(30, extra=v42)
    log.add(20, extra=v41, status=502, us=503).add(20, extra=v41)
    assert shown(log)["alike"] == "service.version v42 and v41 fail alike (50 % of 60 and 50 % of 40)."
    bug = Log().add(30, extra=v42, status=500).add(30, extra=v41, status=500)
    assert "alike" not in shown(bug, "application", "checkout")


def test_hops_name_the_deepest() -> None:
    found = case(Log().add(20, status=502, us=503))
    draft = found.draft
    [kind] = draft.counts
    chained = kind._replace(via=("checkout", "orders", "stock"))
    draft.counts, draft.parts = {chained: draft.counts[kind]}, {chained: draft.parts[kind]}
    assert said(evidence(found))["hops"] == (
        "20 of 20 went through checkout -> orders -> stock: the deepest hop with a symptom of its own is stock."
    )


def test_breaker_answers_are_told_apart() -> None:
    log = Log().quiet().add(20, status=502, us=503).add(80, status=503, us="EOPENBREAKER")
    assert shown(log)["tripped"] == (
        "80 of 100 were answered by our own open circuit breaker: they follow the failures of payments-api that opened "
        "it, and inherit their verdict."
    )


def test_latencies_at_one_value_are_a_deadline() -> None:
    log = Log().add(20, status=504, us="ETIMEDOUT", ul=2000.0, lat=2010.0)
    assert shown(log)["pile_up"] == "20 of 20 ended at about 2,000 ms, as at a deadline."
    assert "pile_up" not in shown(Log().add(20, status=502, us=503)), "a fast refusal is none"


def test_usual_unknowns_are_left_out() -> None:
    found = case(Log().add(20, status=502, us=503).add(10, status=401, us=None, error_code="BAD_LOGIN"))
    [unknown] = [kind for kind in found.draft.counts if kind.verdict == "unknown"]
    assert "usual_unknowns" not in said(evidence(found))
    found.draft.usual[unknown] = 7.4
    assert said(evidence(found))["usual_unknowns"] == (
        "About 7 of 10 unknown are as usual (checkout 401) and do not count."
    )  # fmt: skip


def test_a_log_without_time_has_no_onset() -> None:
    log = Log().add(20, [-1], status=502, us=503)
    found = shown(log, timeless=True)
    assert "onset" not in found
    assert found["time_split"].endswith("this log shows no unaffected time to compare with.")


# --- what speaks against it


def test_the_same_upstream_answers_others() -> None:
    log = Log().quiet().add(20, status=502, us=503).add(30).add(40, function="refund")
    found = against(log)
    assert found["others_fine"].startswith("In the same minutes payments-api answered 40 of 40 calls of refund well")
    assert found["upstream_fine"] == (
        "In the same minutes payments-api answered 30 of 50 requests of checkout well (60 %): it failed in part, not "
        "as a whole."
    )


def test_nothing_speaks_against_a_whole_outage() -> None:
    assert against(Log().quiet().add(20, status=502, us=503)) == {}


def test_a_smaller_cause_counts_against_it() -> None:
    found = against(Log().add(20, status=502, us=503).add(3, status=500, us=200))
    assert found["minority"] == (
        "Of 23, 3 to checkout (application) point elsewhere: too few to stand alone, they count against this verdict."
    )


@pytest.mark.parametrize(
    ("low", "end"),
    [(0.72, "(95 % bound 72 %): still more than half."), (0.41, "(95 % bound 41 %): not surely more than half.")],
)
def test_the_worst_case(low: float, end: str) -> None:
    judged = Judged("vendor", None, "payments-api", 1.0, 0.869565, low, "wilson")
    found = against(Log().add(20, status=502, us=503).add(3, status=500, us=None), judged=judged)
    assert found["worst_case"] == (
        f"If all 3 unknown were another's doing, 87 % would point to payments-api (vendor) {end}"
    )


def test_functions_that_differ_speak_of_one_endpoint() -> None:
    log = Log().add(40, status=502, us=503).add(10)
    log.add(2, function="refund", status=502, us=503).add(48, function="refund")
    found = against(log, functions=("checkout", "refund"))
    assert found["differences"] == (
        "checkout fails on 80 % of its 50 calls to payments-api, refund on 4.0 % of 50: one endpoint may be down."
    )


def test_each_demotion_is_shown() -> None:
    judged = Judged("unknown", "application", None, 1.0, 1.0, 0.9, demotions=[Demotion("deadline", "Ours.", {"a": 1})])
    found = case(Log().add(20, status=502, us=503), judged=judged)
    assert said(counter_evidence(found))["deadline"] == "Ours."
    assert missing_evidence(found) == []


# --- what would settle it


def change(log: Log, **more: Any) -> str:
    [found] = lacks(log, **more)
    return found.statement


def test_the_change_to_the_log_line_that_would_settle_it() -> None:
    log = Log().add(7, function="search", status=500, us=200).add(2, function="search", status=500, us=None)
    log.records[-1].stage = log.records[-2].stage = "exception"
    [found] = lacks(log, "application", "search", ("search",))
    assert (
        found.statement == "To settle all 2 unknown: log upstream_status in search, stage exception (logs/api.jsonl:8)."
    )
    assert found.data == {
        "field": "upstream_status", "function": "search", "stage": "exception", "lines": 2, "unknown": 2,
        "change": "log upstream_status in search, stage exception",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"us": None, "request_id": None}, "log upstream_status, and request_id to join the line to its upstream's"),
        ({"us": "GLORP"}, "log a status or a known word as upstream_status in checkout, stage response: GLORP tells"),
        (
            {"us": 200, "error_code": "UPSTREAM_INVALID_JSON"},
            "error_code UPSTREAM_INVALID_JSON and the upstream_status",
        ),
        ({"us": "ENOTFOUND"}, "log host.name in checkout"),
        ({"us": "EOPENBREAKER", "status": 503}, "add the lines"),
        ({"us": 403, "status": 403}, "whose credentials were refused"),
        ({"us": 200, "status": 200, "lat": 900.0, "ul": 450.0}, "log the stages of checkout with a latency_ms each"),
        ({"us": 200, "status": 200, "lat": 900.0, "ul": None}, "log upstream_latency_ms in checkout"),
    ],
    ids=["no id", "odd word", "contradiction", "dns", "breaker", "credentials", "split", "no time"],
)
def test_every_gap_has_its_change(fields: dict[str, Any], text: str) -> None:
    assert text in change(Log().add(9, **({"status": 500} | fields)))


def test_a_dns_failure_of_a_known_host_asks_for_a_comparison() -> None:
    text = change(Log().add(9, status=500, us="ENOTFOUND", extra={"host.name": "a"}))
    assert "compare dns on the one host that fails" in text


def test_an_upstream_of_unknown_party_asks_whose_it_is() -> None:
    log = Log(vendors=("pay*",), own=("*api",)).add(9, status=502, us=503)
    assert change(log) == (
        "To settle all 9 unknown: say whose payments-api is: --vendors payments-api or --own payments-api "
        "(logs/api.jsonl:1)."
    )


def test_what_settles_most_comes_first() -> None:
    log = Log().add(3, status=500, us=None, stage="a").add(9, status=500, us=None, stage="b")
    found = lacks(log)
    assert [(item.data["stage"], item.data["lines"]) for item in found] == [("b", 9), ("a", 3)]
    assert found[0].statement.startswith("To settle 9 of 12 unknown")


def test_a_verdict_that_stands_misses_nothing() -> None:
    found = case(OUTAGE)
    assert missing_evidence(found) == []


# --- claimed, not proven


def claimed(log: Log) -> tuple[str, str] | None:
    found: Case = case(log, "unknown", None, judged=UNSURE)
    return claims(found.draft, RULES.words)


def test_error_codes_claim() -> None:
    log = Log().add(7, status=500, us=None, error_code="UPSTREAM_TIMEOUT").add(2, status=500, us=None)
    assert claimed(log) == (
        "vendor",
        "7 of 9 carry an error code that claims an upstream failure (UPSTREAM_TIMEOUT): claimed, not proven.",
    )


def test_claims_about_an_own_upstream_lean_to_us() -> None:
    log = Log().add(9, status=500, us=None, upstream="redis", error_code="ECONNREFUSED")
    found = claimed(log)
    assert found is not None
    assert found[0] == "application"


def test_a_minority_of_claims_is_none() -> None:
    log = Log().add(4, status=500, us=None, error_code="UPSTREAM_TIMEOUT").add(5, status=500, us=None)
    assert claimed(log) is None


def test_a_pile_up_claims_a_wait() -> None:
    found = claimed(Log().add(9, status=500, us=None, ul=None, lat=3000.0))
    assert found is not None
    assert found[0] == "vendor"
    assert found[1].startswith("9 of 9 requests of checkout end at about 3,000 ms")
    assert claimed(Log().add(9, status=500, us=None, ul=None, lat=60.0)) is None


def test_what_is_known_is_no_claim() -> None:
    log = Log().add(9, status=500, us=None, error_code="UPSTREAM_TIMEOUT").add(1, status=500, us=200)
    assert claimed(log) is None


def test_a_rule_that_leans_is_a_claim() -> None:
    found = claimed(Log().add(9, status=403, us=403))
    assert found is not None
    assert found[0] == "caller"
