"""What the checks of the log contract say: severities, costs, places and figures; the same on both engines."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from attrib.checking import check
from attrib.checks.contract.unknown_field import near_field
from attrib.checks.samples import line, log, quiet
from attrib.options import Options


@pytest.fixture(params=[False, True], ids=["careful", "engine"])
def found(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """Findings of one check in some logs."""

    def find(name: str, *logs: str, **options: Any) -> list[dict[str, Any]]:
        paths = [tmp_path / f"{number}.jsonl" for number in range(len(logs))]
        for path, text in zip(paths, logs, strict=True):
            path.write_text(text, encoding="utf-8")
        report = check([str(path) for path in paths], Options(fast=request.param, **options), only=[name]).report
        found: list[dict[str, Any]] = report["findings"]
        return found

    return find


def lines_of(finding: dict[str, Any]) -> list[int]:
    return [place["line"] for place in finding["examples"]]


def bad(numbers: Iterable[int], **fields: Any) -> str:
    own = {"status": 500, "error_code": "E", "upstream_status": None, "upstream_latency_ms": None}
    return log(*(line(number, **{**own, **fields}) for number in numbers))


def test_a_missing_upstream_status_costs_what_a_rule_would_have_told(found: Any) -> None:
    (one,) = found("missing-m1-field", quiet(100) + bad(range(100, 110)))
    assert one["statement"] == "checkout: 10 of 10 failed or slow invocations have no upstream_status."
    assert (one["severity"], one["count"], one["cost"]) == ("warning", 10, {"symptomatic_unknown": 10})
    assert lines_of(one)[0] == 101
    assert one["subject"] == {"function": "checkout", "field": "upstream_status"}


def test_a_few_are_info(found: Any) -> None:
    (one,) = found("missing-m1-field", quiet(100) + bad(range(100, 102)))
    assert one["severity"] == "info"


def test_missing_fields_of_records(found: Any) -> None:
    records = quiet(90) + log(*(line(number, stage=None, latency_ms=None) for number in range(90, 100)))
    told = {one["data"]["field"]: (one["count"], lines_of(one)) for one in found("missing-m1-field", records)}
    assert told == {"stage": (10, [91]), "latency_ms": (10, [91])}


def test_contradictions(found: Any) -> None:
    records = (
        quiet(100)
        + log(line(100, upstream_latency_ms=90), line(101, error_code="X"), line(102, status=500))
        + log(line(103, status=502, error_code="UPSTREAM_INVALID_JSON"))
    )
    told = {one["subject"]["kind"]: one for one in found("contradiction", records)}
    assert {kind: (one["count"], one["severity"], lines_of(one)) for kind, one in told.items()} == {
        "upstream-longer": (1, "warning", [101]),
        "error-on-success": (1, "warning", [102]),
        "failure-without-error": (1, "info", [103]),
        "claim-denied": (1, "warning", [104]),
    }
    assert told["claim-denied"]["cost"] == {"symptomatic_unknown": 1}
    assert told["upstream-longer"]["worst"]["line"] == 101


def test_a_contradiction_in_ten_thousand_is_info(found: Any) -> None:
    (one,) = found("contradiction", quiet(1500) + log(line(1500, error_code="X")))
    assert one["severity"] == "info"


def test_clocks(found: Any) -> None:
    early = log(
        line(1, at=4000), line(2, at=100), line(3, ts="2026-11-20T14:00:00"), line(4, ts="2126-11-20T14:00:00Z")
    )
    told = {one["subject"]["kind"]: one for one in found("clock", early, early)}
    assert {kind: (one["count"], one["severity"], lines_of(one)) for kind, one in told.items()} == {
        "future": (2, "warning", [4, 4]),
        "no-zone": (2, "warning", [3, 3]),
        "backwards": (4, "info", [2, 2]),
    }
    assert "by up to 3,900 s" in told["backwards"]["statement"]


def test_times_that_all_lack_a_zone_are_info(found: Any) -> None:
    (one,) = found("clock", log(line(1, ts="2026-11-20T14:00:00"), line(2, ts="2026-11-20 14:00:05,250")))
    assert (one["severity"], one["count"], one["rate"]) == ("info", 2, 1.0)


def test_unreadable_times(found: Any) -> None:
    (one,) = found("unreadable-time", quiet(5) + log(line(5, ts="soon"), line(6, ts=None), line(7, ts=[1])))
    assert (one["count"], lines_of(one)) == (2, [6])


def test_copies(found: Any) -> None:
    (one,) = found("duplicate-delivery", quiet(5), quiet(2) + log(line(9, drop=["request_id"])) * 2)
    assert one["statement"] == "2 of 9 records are copies of a line before, byte for byte."
    assert lines_of(one) == [1, 2]


def test_lines_that_are_no_record(found: Any) -> None:
    broken = '{"a": 1,}\n' + log(line(1, latency_ms="fast"), line(2, status={})) + "[1]\n" + quiet(3)
    told = [(one["subject"], one["count"], lines_of(one)) for one in found("invalid-line", broken, broken)]
    assert sorted(told, key=repr) == [
        ({"reason": "bad_value", "field": "latency_ms"}, 2, [2, 2]),
        ({"reason": "bad_value", "field": "status"}, 2, [3, 3]),
        ({"reason": "invalid_json", "field": None}, 2, [1, 1]),
        ({"reason": "not_object", "field": None}, 2, [4, 4]),
    ]


def test_few_broken_lines_of_many_are_info(found: Any) -> None:
    (one,) = found("invalid-line", quiet(10_001) + "{\n" + quiet(1))
    assert one["severity"] == "info"


def test_words(found: Any) -> None:
    records = quiet(5) + bad(range(5, 9), upstream_status="kaputt") + log(line(9, upstream_status="oops 17"))
    (one,) = found("unknown-upstream-word", records)
    assert one["statement"] == (
        'checkout: 5 of 10 values of upstream_status are words that nobody knows: "kaputt", "oops {id}".'
    )
    assert (one["cost"], lines_of(one)) == ({"symptomatic_unknown": 4}, [6, 10])


def test_fields(found: Any) -> None:
    told = {one["subject"]["field"]: one for one in found("unknown-field", quiet(3, upstreamStatus=1, shoe=2))}
    assert told["upstreamStatus"]["data"]["near"] == "upstream_status"
    assert told["shoe"]["data"]["near"] is None
    assert lines_of(told["shoe"]) == [1]


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("latency", "latency_ms"), ("upstream_staus", "upstream_status"), ("requestId", "request_id"), ("x", None),
        ("colour", None), ("statuss", "status"), ("msg", None), ("logger", None), ("message", None), ("user_id", None),
        ("method", None), ("path", None), ("error", None), ("thread", None), ("errorCode", "error_code"),
    ],
)  # fmt: skip
def test_near_names(name: str, near: str | None) -> None:
    assert near_field(name) == near
