from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from attrib.incidents.compare import demotions, related
from tests.incidents.making import FIRST, LAST, Log, case

V41, V42 = {"service.version": "v41"}, {"service.version": "v42"}
LATE: dict[str, Any] = {"status": 504, "us": "ETIMEDOUT", "ul": 2000.0, "lat": 2010.0}


def kinds(log: Log, **more: Any) -> list[str]:
    found = case(log, **more)
    return [demotion.kind for demotion in demotions(found.draft, found.index, log.parties())]


# --- confined


def test_failures_of_one_version_while_another_is_served_are_not_the_vendors() -> None:
    log = Log().quiet().add(30, status=502, us=503, extra=V42).add(25, extra=V41)
    found = case(log)
    [demotion] = demotions(found.draft, found.index, log.parties())
    assert demotion.kind == "confined"
    assert demotion.statement.startswith("30 of 30 failures are on version v42 (service.version), while others called")
    assert demotion.data["others_succeeded"] == 25


@pytest.mark.parametrize(
    "name", ["host.name", "k8s.pod.name", "cloud.region", "deployment.environment", "service.version", "feature_flag"]
)
def test_every_field_of_ours_can_confine(name: str) -> None:
    log = Log().add(30, status=502, us=503, extra={name: "a"}).add(25, extra={name: "b"})
    assert kinds(log) == ["confined"]


def test_nineteen_successes_by_others_are_too_few() -> None:
    assert kinds(Log().add(30, status=502, us=503, extra=V42).add(19, extra=V41)) == []
    assert kinds(Log().add(30, status=502, us=503, extra=V42).add(20, extra=V41)) == ["confined"]


def test_one_host_is_no_confinement() -> None:
    log = Log().add(30, status=502, us=503, extra={"host.name": "a"}).add(300, extra={"host.name": "a"})
    assert kinds(log) == []


def test_nearly_all_calls_on_one_version_confine_nothing() -> None:
    """30 % of all calls fail, whoever makes them: 96 % of the failures are on the version that makes 96 % of calls."""
    log = Log().add(288, status=502, us=503, extra=V42).add(672, extra=V42)
    log.add(12, status=502, us=503, extra=V41).add(28, extra=V41)
    assert kinds(log) == []


def test_a_canary_that_is_fine_by_chance_confines_nothing() -> None:
    log = Log().add(80, status=502, us=503, extra=V42).add(900, extra=V42).add(20, extra=V41)
    assert kinds(log) == []


def test_ninety_percent_is_not_confined() -> None:
    log = Log().add(45, status=502, us=503, extra=V42).add(5, status=502, us=503, extra=V41).add(100, extra=V41)
    assert kinds(log) == []


def test_lines_without_the_field_are_not_others() -> None:
    assert kinds(Log().add(30, status=502, us=503, extra=V42).add(50)) == []


def test_a_flag_that_is_not_logged_is_not_set_where_fine_lines_log_flags() -> None:
    flag = {"feature_flag": "new-client"}
    assert kinds(Log().add(30, status=502, us=503, extra=flag).add(50)) == []
    assert kinds(Log().quiet(10, extra=flag).add(30, status=502, us=503, extra=flag).add(50)) == ["confined"]


def test_others_may_be_another_function_but_not_another_upstream() -> None:
    failing: dict[str, Any] = {"status": 502, "us": 503, "extra": V42}
    assert kinds(Log().add(30, **failing).add(40, function="refund", extra=V41)) == ["confined"]
    assert kinds(Log().add(30, **failing).add(40, function="refund", upstream="mail-api", extra=V41)) == []


def test_stage_and_error_code_never_confine() -> None:
    log = Log().add(30, status=502, us=503, stage="exception", error_code="BAD").add(40)
    assert kinds(log) == []


def test_other_verdicts_are_never_demoted() -> None:
    log = Log().add(30, status=500, us=200, extra=V42).add(25, extra=V41)
    assert kinds(log, verdict="application", responsible="checkout") == []


# --- together


def _lost(log: Log, n: int, name: str, minutes: Sequence[int] = range(FIRST, LAST + 1), **more: Any) -> Log:
    fields: dict[str, Any] = {"status": 502, "us": "ECONNREFUSED"} | more
    return log.add(n, minutes, function="other", upstream=name, **fields)


def test_two_unrelated_vendors_that_do_not_answer_either_are_our_network() -> None:
    log = Log().quiet().add(30, status=502, us="ECONNREFUSED").add(10)
    _lost(_lost(log, 10, "mail-api"), 8, "api.maps.example")
    found = case(log)
    [demotion] = demotions(found.draft, found.index, log.parties())
    assert demotion.kind == "together"
    assert "api.maps.example (8 of 8) and mail-api (10 of 10)" in demotion.statement


@pytest.mark.parametrize(
    "change",
    [
        {"us": 504, "status": 504},
        {"minutes": range(FIRST - 8, FIRST - 4)},
        {"n": 4},
        {"name": "payments-api-eu"},
        {"name": "redis"},
        {"us": "EMFILE"},
    ],
    ids=["answered 504", "other minutes", "too few", "related", "our own", "never left us"],
)
def test_a_second_one_that_is_none(change: dict[str, Any]) -> None:
    log = Log().quiet().add(30, status=502, us="ECONNREFUSED").add(10)
    _lost(log, 10, "mail-api")
    second: dict[str, Any] = {"n": 10, "name": "maps-api"} | change
    _lost(log, **second)
    assert kinds(log) == []


def test_one_that_usually_fails_as_often_tells_nothing() -> None:
    log = Log().quiet().add(30, status=502, us="ECONNREFUSED").add(10)
    _lost(log, 10, "mail-api")
    _lost(log, 15, "maps-api").add(85, function="other", upstream="maps-api")
    _lost(log, 15, "maps-api", range(FIRST)).add(85, range(FIRST), function="other", upstream="maps-api")
    assert kinds(log) == []


def test_a_vendor_that_answers_503_is_not_our_network() -> None:
    log = Log().quiet().add(30, status=502, us=503).add(10)
    _lost(_lost(log, 10, "mail-api"), 8, "maps-api")
    assert kinds(log) == []


def test_without_time_all_is_one_window() -> None:
    log = Log().add(30, [-1], status=502, us="ECONNREFUSED")
    _lost(_lost(log, 10, "mail-api", [-1]), 8, "maps-api", [-1])
    assert kinds(log, timeless=True) == ["together"]


def test_related_upstreams() -> None:
    assert related("api.stripe.com", "files.stripe.com")
    assert related("https://api.stripe.com/v1", "stripe")
    assert related("stripe", "stripe-files")
    assert related("a.shop.co.uk", "b.shop.co.uk")
    assert not related("a.shop.co.uk", "b.other.co.uk")
    assert not related("api.stripe.com", "api.adyen.com")
    assert not related("mail-api", "payments-api")
    assert not related("vendor-a", "vendor-b")
    assert not related("203.0.113.1", "203.0.113.2")


# --- deadline


def test_a_deadline_below_what_the_calls_usually_take_is_ours() -> None:
    log = Log().quiet(200, ul=150.0, lat=170.0).quiet(10, ul=350.0, lat=370.0)
    log.add(30, status=504, us="ETIMEDOUT", ul=300.0, lat=310.0).add(50, ul=150.0, lat=170.0)
    found = case(log)
    [demotion] = demotions(found.draft, found.index, log.parties())
    assert demotion.kind == "deadline"
    assert "30 of 30 timeouts of checkout end at about 300 ms" in demotion.statement
    assert "usually takes up to 350 ms (p99 of 210 successful calls before)" in demotion.statement


def test_a_vendor_that_hangs_piles_up_at_our_deadline_and_stays_the_vendor() -> None:
    assert kinds(Log().quiet(200, ul=150.0).add(30, **LATE).add(50)) == []


def test_an_unchanged_deadline_with_timeouts_before_is_no_demotion() -> None:
    log = Log().quiet(200, ul=150.0).add(8, range(FIRST), **LATE).add(30, **LATE)
    assert kinds(log) == []


def test_a_deadline_that_changed_at_onset_is_ours() -> None:
    log = Log().quiet(2000, ul=150.0).add(8, range(FIRST), **(LATE | {"ul": 5000.0, "lat": 5010.0})).add(30, **LATE)
    assert kinds(log) == ["deadline"]


def test_successes_before_that_took_longer_show_a_new_deadline() -> None:
    slow = {"ul": 2600.0, "lat": 2700.0, "status": 200}
    log = Log().quiet(1000, ul=150.0).quiet(5, **slow).add(30, **LATE)
    assert kinds(log) == ["deadline"]
    stray = Log().quiet(1000, ul=150.0).quiet(2, **slow).add(30, **LATE)
    assert kinds(stray) == []


def test_spread_out_timeouts_are_no_pile() -> None:
    log = Log().quiet(200, ul=2600.0, lat=2700.0)
    for i in range(30):
        log.add(1, [FIRST + i % 5], status=504, us="ETIMEDOUT", ul=1000.0 + 50 * i, lat=1100.0 + 50 * i)
    assert kinds(log) == []


def test_timeouts_that_are_the_minority_explain_nothing() -> None:
    log = Log().quiet(200, ul=2600.0, lat=2700.0).add(10, **LATE).add(30, status=502, us=503)
    assert kinds(log) == []


def test_a_function_is_compared_with_itself() -> None:
    """refund waits 5 s for the same upstream, and has seen 3 s: that says nothing of checkout's 2 s."""
    log = Log().quiet(200, ul=150.0).quiet(50, function="refund", ul=3000.0, lat=3100.0).add(30, **LATE)
    assert kinds(log, functions=("checkout", "refund")) == []


def test_without_upstream_time_the_latency_piles_up() -> None:
    log = Log().quiet(200, ul=None, lat=350.0).add(30, status=504, us="ETIMEDOUT", ul=None, lat=300.0)
    assert kinds(log) == ["deadline"]


def test_no_quiet_time_no_deadline() -> None:
    assert kinds(Log().add(30, **LATE)) == []
