"""The calls to one upstream: what counts as what, and that both engines count the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attrib.analysis import reading, vendor_calls, vendor_reading
from attrib.engines import shape
from attrib.errors import UsageError
from attrib.options import Options
from attrib.ticketing import Asked, Ticket, ticket
from tests.engines.both import SAMPLED, Route, as_is, canonical, encode, in_parts, write
from tests.engines.test_agreement import lines

VENDOR = "payments-api"
SAMPLES = sorted(str(path) for path in Path("sample_logs").glob("*.jsonl"))


def line(number: int, **fields: Any) -> dict[str, Any]:
    """A call that failed with 503."""
    return {
        "ts": f"2026-11-20T14:{number // 60:02}:{number % 60:02}.250Z", "request_id": f"req-{number:04}-abcdefgh",
        "function": "checkout", "stage": "response", "status": 502, "latency_ms": 60.0, "upstream": VENDOR,
        "upstream_status": 503, "upstream_latency_ms": 20.0, **fields,
    }  # fmt: skip


def made(folder: Path, *found: dict[str, Any], asked: Asked | None = None, **options: Any) -> Ticket:
    path = folder / "log.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in found), encoding="utf-8")
    return ticket([str(path)], asked or Asked(VENDOR), Options(fast=False, **options))


CASES: dict[str, tuple[dict[str, Any], str]] = {
    "5xx": ({}, "failed"),
    "timeout": ({"upstream_status": "ETIMEDOUT"}, "failed"),
    "no response": ({"upstream_status": 0}, "failed"),
    "our pool": ({"upstream_status": "PoolTimeout", "error_code": "EMFILE"}, "not_sent"),
    "our breaker": ({"upstream_status": "EOPENBREAKER"}, "not_sent"),
    "our cache": ({"upstream_status": "cache_hit"}, "not_sent"),
    "credentials": ({"upstream_status": 401}, "turned_away"),
    "rate": ({"upstream_status": 429}, "turned_away"),
    "a 404 may be right": ({"upstream_status": 404}, "answered"),
    "answered": ({"upstream_status": 200}, "answered"),
    "slow": ({"upstream_status": 200, "status": 200, "latency_ms": 900, "upstream_latency_ms": 880}, "slow"),
    "slow by ourselves": ({"upstream_status": 200, "status": 200, "latency_ms": 900}, "answered"),
    "nothing logged": ({"upstream_status": None, "upstream_latency_ms": None}, "no_outcome"),
    "a claim is no outcome": ({"upstream_status": None, "error_code": "UPSTREAM_TIMEOUT"}, "no_outcome"),
    "an unknown word": ({"upstream_status": "odd"}, "no_outcome"),
}


@pytest.mark.parametrize(("fields", "result"), CASES.values(), ids=CASES)
def test_what_a_call_counts_as(tmp_path: Path, fields: dict[str, Any], result: str) -> None:
    during = made(tmp_path, line(0, **fields)).document["during"]
    assert {name for name in during if during[name] == 1} - {"calls", "attempts"} == {result}
    assert during["calls"] == (result != "not_sent")


def test_attempts_are_one_call(tmp_path: Path) -> None:
    tries = [
        line(0, stage="call", status=None, attempt=1, request_id="r-1", upstream_request_id="x-1"),
        line(1, stage="call", status=None, attempt=2, request_id="r-1", upstream_status="ETIMEDOUT"),
        line(2, attempt=3, request_id="r-1", upstream_request_id="x-3"),
    ]
    found = made(tmp_path, *tries).document
    assert found["during"]["calls"] == 1
    assert found["during"]["attempts"] == 3
    assert found["retries"]["tries"] == [{"attempts": 3, "calls": 1}]
    assert found["retries"]["pauses"]["n"] == 2
    assert found["retries"]["pauses"]["p50"] == pytest.approx(980, rel=0.01)
    (row,) = found["rows"]
    assert row["answers"] == [503, "ETIMEDOUT", 503]
    assert row["upstream_request_ids"] == ["x-1", "x-3"]
    assert row["ts"] == "2026-11-20T14:00:02.250Z"


def test_a_later_attempt_that_worked_is_no_failure(tmp_path: Path) -> None:
    first = line(0, stage="call", status=None, attempt=1, request_id="r-1")
    found = made(tmp_path, first, line(1, attempt=2, request_id="r-1", status=200, upstream_status=200)).document
    assert (found["during"]["recovered"], found["during"]["failed"]) == (1, 0)
    assert [row["result"] for row in found["rows"]] == ["recovered"]


def test_a_breaker_that_opens_hides_no_failure(tmp_path: Path) -> None:
    first = line(0, stage="call", status=None, attempt=1, request_id="r-1")
    found = made(tmp_path, first, line(1, attempt=2, request_id="r-1", upstream_status="EOPENBREAKER")).document
    assert (found["during"]["failed"], found["during"]["attempts"]) == (1, 1)


def test_only_the_vendors_own_calls_count(tmp_path: Path) -> None:
    paid = line(0, stage="payment", status=None, request_id="r-1")
    mailed = line(1, stage="mail", status=None, request_id="r-1", upstream="mail-api", upstream_status=500)
    found = made(tmp_path, paid, mailed, line(2, request_id="r-1", upstream=None, upstream_status=None)).document
    assert found["during"]["failed"] == 1
    assert found["others"] == {"upstreams": 0, "fine": 0, "calls": 0, "failed": 0, "failing": 0}


def test_unknown_calls_are_listed_only_where_nothing_is_proven(tmp_path: Path) -> None:
    unknown = [line(n, upstream_status=None, upstream_latency_ms=None) for n in range(3)]
    assert [row["result"] for row in made(tmp_path, *unknown).document["rows"]] == ["no_outcome"] * 3
    assert [row["result"] for row in made(tmp_path, *unknown, line(4)).document["rows"]] == ["failed"]


def test_the_deadline_is_where_timeouts_pile_up(tmp_path: Path) -> None:
    late = [line(n, upstream_status="timeout", upstream_latency_ms=2000.0 + n % 3, latency_ms=2010) for n in range(6)]
    (found,) = made(tmp_path, *late).document["deadlines"]
    assert (found["function"], found["measure"], found["piled"], found["of"]) == ("checkout", "upstream", 6, 6)
    assert found["ms"] == pytest.approx(2000, rel=0.01)
    spread = [line(n, upstream_status="timeout", upstream_latency_ms=100.0 * (n + 1)) for n in range(6)]
    assert made(tmp_path, *spread).document["deadlines"][0]["ms"] is None


def test_before_is_the_hour_before_without_other_trouble(tmp_path: Path) -> None:
    fine = [line(n * 30, upstream_status=200, status=200) for n in range(40)]
    found = made(tmp_path, *fine, line(1300), window="14:20..14:30").document
    assert found["before"] == {"start": "2026-11-20T13:20:00Z", "end": "2026-11-20T14:20:00Z"}
    assert (found["usual"]["calls"], found["during"]["calls"]) == (40, 1)


def test_what_is_listed_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vendor_calls, "MOST_ROWS", 3)
    found = made(tmp_path, *(line(n) for n in reversed(range(50)))).document
    assert found["listed"] == 50
    assert [row["request_id"][:8] for row in found["rows"]] == ["req-0000", "req-0001", "req-0002"]


def test_the_largest_incident_is_taken_and_the_others_named(tmp_path: Path) -> None:
    calm = [line(n, status=200, upstream_status=200, function=f) for n in range(0, 3600, 4) for f in ("a", "b")]
    bad = [line(n, function="a", request_id=f"x-{n}") for n in (*range(600, 720, 2), *range(2400, 2460, 2))]
    found = made(tmp_path, *calm, *bad)
    assert found.document["window"] == {"start": "2026-11-20T14:10:00Z", "end": "2026-11-20T14:12:00Z"}
    (note,) = found.notes
    assert "the largest of 2 incidents that point to payments-api" in note
    other = note.rpartition(": ")[2].rstrip(".")
    again = made(tmp_path, *calm, *bad, asked=Asked(VENDOR, incident=other))
    assert again.document["window"] == {"start": "2026-11-20T14:40:00Z", "end": "2026-11-20T14:41:00Z"}
    assert again.notes == []
    assert again.document["usual"]["failed"] == 0  # the first incident is not what is usual
    with pytest.raises(UsageError, match="no such incident"):
        made(tmp_path, *calm, *bad, asked=Asked(VENDOR, incident="inc-00000000"))


@pytest.mark.parametrize("vendor", ["payments-api", "sms-api", "images-api"])
def test_both_engines_tell_the_same_of_the_sample_logs(vendor: str) -> None:
    careful, fast = (ticket(SAMPLES, Asked(vendor), Options(fast=fast)) for fast in (False, True))
    assert careful == fast


@pytest.mark.parametrize("route", [as_is, in_parts, canonical])
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(found=st.lists(lines(), min_size=1, max_size=14), window=st.sampled_from([None, "14:01..14:03", "14:00..14:05"]))
def test_both_engines_tell_the_same(
    tmp_path: Path, route: Route, found: list[dict[str, Any]], window: str | None
) -> None:
    logs = tmp_path / "logs"
    logs.mkdir(exist_ok=True)
    paths = write(logs, b"\n".join(encode(*found, line(0))) + b"\n")
    for asked in (Asked(VENDOR), Asked("-", unnamed=True)):
        careful = ticket(paths, asked, Options(fast=False, window=window))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(reading, "SMALL", 0)
            patch.setattr(shape, "SAMPLE_LINES", SAMPLED)
            patch.setattr(vendor_reading, "HOT_AT_ONCE", 2)
            route(patch)
            assert ticket(paths, asked, Options(fast=True, window=window)) == careful
