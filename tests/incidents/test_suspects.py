from __future__ import annotations

from typing import Any

from attrib.incidents.suspects import suspects
from tests.incidents.making import Log, case


def ranked(log: Log, *args: Any, **more: Any) -> dict[str, dict[str, Any]]:
    """In order of rank."""
    found = case(log, *args, **more)
    rows = suspects(found.draft, found.index)
    assert rows == suspects(case(log, *args, backwards=True, **more).draft, found.index)
    return {row["component"]: row for row in rows}


def test_a_clear_vendor_comes_first_with_a_high_score() -> None:
    log = Log().quiet().add(97, status=502, us=503).add(3, status=500, us=None).add(50)
    found = ranked(log)
    assert list(found) == ["payments-api", "checkout"]
    first = found["payments-api"]
    assert (first["kind"], first["score"], first["excess_failures"]) == ("upstream", 0.985, 98.5)
    assert found["checkout"] == {
        "component": "checkout", "kind": "function", "score": 0.015, "excess_failures": 1.5, "excess_ms": 0.0,
        "share_failures": 0.015, "share_time": None,
    }  # fmt: skip


def test_an_application_bug_is_the_functions() -> None:
    found = ranked(Log().quiet().add(40, status=500, us=200).add(50), "application", "checkout")
    assert next(iter(found)) == "checkout"
    assert (found["checkout"]["kind"], found["checkout"]["score"]) == ("function", 1.0)
    assert found["payments-api"]["score"] == 0.0


def test_a_bottleneck_is_the_functions_by_its_time() -> None:
    found = ranked(Log().quiet().add(40, lat=2030.0).add(10), "app_bottleneck", "checkout")
    first = found["checkout"]
    assert (next(iter(found)), first["score"], first["share_time"]) == ("checkout", 1.0, 1.0)
    assert first["excess_ms"] == 40 * 1970.0


def test_a_slow_vendor_is_the_vendors_by_its_time() -> None:
    found = ranked(Log().quiet().add(40, lat=2030.0, ul=1995.0).add(10))
    assert next(iter(found)) == "payments-api"
    assert found["payments-api"]["score"] > 0.99


def test_what_is_usual_is_no_excess() -> None:
    log = Log().quiet(80).quiet(20, status=500, us=200).add(40, status=502, us=503).add(10, status=500, us=200).add(10)
    found = ranked(log)
    assert found["checkout"]["excess_failures"] == 0.0
    assert found["payments-api"]["score"] == 1.0


def test_without_evidence_both_sides_are_suspect_alike() -> None:
    found = ranked(Log().quiet().add(9, status=500, us=None).add(20), "unknown", None)
    assert [(row["component"], row["score"]) for row in found.values()] == [("checkout", 0.5), ("payments-api", 0.5)]


def test_an_own_upstream_that_is_a_function_is_named_once() -> None:
    """web waits for checkout, checkout's own time grew: only checkout is slow, and its caller's wait is its time."""
    log = Log()
    for minutes, lat in ((range(10), 60.0), (range(10, 15), 2060.0)):
        log.add(50, minutes, lat=lat).add(50, minutes, function="web", upstream="checkout", ul=lat, lat=lat + 5)
    found = ranked(log, "app_bottleneck", "checkout", ("checkout", "web"))
    assert list(found) == ["checkout", "payments-api", "web"]
    assert (found["checkout"]["kind"], found["checkout"]["score"]) == ("function", 1.0)
    assert found["checkout"]["excess_ms"] == 50 * 2000.0


def test_time_lost_on_the_way_names_the_callee() -> None:
    log = Log()
    for minutes, wait in ((range(10), 60.0), (range(10, 15), 3060.0)):
        log.add(50, minutes).add(50, minutes, function="web", upstream="checkout", ul=wait, lat=wait + 5)
    found = ranked(log, "application", "checkout", ("web",))
    assert next(iter(found)) == "checkout"
    assert found["checkout"]["excess_ms"] == 50 * 3000.0


def test_without_a_usual_state_all_counts() -> None:
    found = ranked(Log().add(20, status=502, us=503))
    assert found["payments-api"]["score"] == 1.0


def test_a_caller_is_no_component() -> None:
    found = ranked(Log().quiet().add(20, status=404, us=404), "caller", None)
    assert [row["score"] for row in found.values()] == [0.0, 0.0]
