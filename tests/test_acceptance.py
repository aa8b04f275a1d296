"""What the program promises, on logs written by hand and through the command line: one sentence, one test.

The lines are those of the M1 seed example (request_id, function, stage, status, latency_ms, error_code,
upstream_status, upstream_latency_ms), with an upstream's name or a time added only where the sentence speaks of one.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from attrib.cli.app import run

Lines = list[dict[str, Any]]
SEED: dict[str, Any] = {
    "request_id": "7f3c91d2", "function": "checkout", "stage": "response", "status": 200, "latency_ms": 120,
    "error_code": None, "upstream_status": 200, "upstream_latency_ms": 80,
}  # fmt: skip


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Writes lines to a log and returns (the row of its one invocation, the report); both commands must agree."""

    def tell(*lines: dict[str, Any], args: tuple[str, ...] = ()) -> tuple[dict[str, Any], dict[str, Any]]:
        text = "".join(json.dumps(SEED | line) + "\n" for line in lines)
        (tmp_path / "seed.jsonl").write_text(text, encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        assert run(["verdicts", "seed.jsonl", "--all", "--to", "json", *args]) == 0
        [row] = json.loads(capsys.readouterr().out)
        assert run(["analyze", "seed.jsonl", "--to", "json", *args]) == 0
        report = json.loads(capsys.readouterr().out)
        assert report["summary"]["invocations"] == 1
        if row["verdict"] == "ok":
            assert (report["summary"]["ok"], report["isolated"]) == (1, [])
        else:
            [single] = report["isolated"]
            assert {key: single[key] for key in ("verdict", "rule", "responsible", "file", "line")} == {
                key: row[key] for key in ("verdict", "rule", "responsible", "file", "line")
            }
        return row, report

    return tell


BOTH = pytest.mark.parametrize("args", [(), ("--rules", "m1")], ids=["default", "m1"])


@BOTH
def test_200_on_200_is_ok(told: Any, args: tuple[str, ...]) -> None:
    row, _ = told({}, args=args)
    assert (row["verdict"], row["rule"], row["symptom"], row["responsible"]) == ("ok", None, None, None)


@BOTH
def test_503_on_503_at_stage_upstream_is_the_vendors(told: Any, args: tuple[str, ...]) -> None:
    row, _ = told({"stage": "upstream", "status": 503, "upstream_status": 503}, args=args)
    assert (row["verdict"], row["rule"], row["symptom"]) == ("vendor", "m1-vendor", "failed")
    assert row["responsible"] is None, "the log does not name the upstream"


@BOTH
def test_a_lone_exception_that_claims_a_timeout_is_unknown(told: Any, args: tuple[str, ...]) -> None:
    line = {
        "stage": "exception", "status": 500, "error_code": "UPSTREAM_TIMEOUT", "upstream_status": None,
        "upstream_latency_ms": None,
    }  # fmt: skip
    row, _ = told(line, args=args)
    assert (row["verdict"], row["rule"], row["upstream_outcome"]) == ("unknown", "m1-unknown", "missing")


@BOTH
def test_a_claim_against_an_earlier_200_is_a_contradiction(told: Any, args: tuple[str, ...]) -> None:
    exception = {
        "stage": "exception", "status": 500, "error_code": "UPSTREAM_TIMEOUT", "upstream_status": None,
        "upstream_latency_ms": None,
    }  # fmt: skip
    row, report = told({"stage": "upstream", "status": None}, exception, args=args)
    assert (row["verdict"], row["rule"]) == ("unknown", "contradiction")
    statement = report["isolated"][0]["statement"]
    assert "UPSTREAM_TIMEOUT" in statement
    assert "200" in statement


@BOTH
def test_a_type_error_after_a_200_is_the_applications(told: Any, args: tuple[str, ...]) -> None:
    exception = {
        "stage": "exception", "status": 500, "error_code": "TypeError", "upstream_status": None,
        "upstream_latency_ms": None,
    }  # fmt: skip
    row, _ = told({"stage": "upstream", "status": None}, exception, args=args)
    assert (row["verdict"], row["rule"], row["responsible"]) == ("application", "m1-application", "checkout")
    assert (row["stage"], row["line"]) == ("exception", 2)


@BOTH
@pytest.mark.parametrize("named", [True, False], ids=["upstreams named", "stages only"])
def test_a_failed_payment_is_not_forgotten_for_a_mail_that_went_out(
    told: Any, named: bool, args: tuple[str, ...]
) -> None:
    def name(upstream: str) -> dict[str, Any]:
        return {"upstream": upstream} if named else {}

    row, _ = told(
        {"stage": "payment", "status": None, "upstream_status": 503, **name("payments-api")},
        {"stage": "mail", "status": None, "upstream_status": 200, **name("mail-api")},
        {"stage": "response", "status": 500, "upstream_status": None, "upstream_latency_ms": None},
        args=args,
    )
    assert row["verdict"] == "unknown"


@BOTH
def test_two_failed_attempts_and_a_good_one_are_ok_and_masked(told: Any, args: tuple[str, ...]) -> None:
    row, report = told(
        {"stage": "upstream", "status": None, "attempt": 1, "upstream_status": 503, "upstream_latency_ms": 20},
        {"stage": "upstream", "status": None, "attempt": 2, "upstream_status": 503, "upstream_latency_ms": 20},
        {"stage": "upstream", "status": None, "attempt": 3, "upstream_status": 200, "upstream_latency_ms": 20},
        {"stage": "response", "status": 200, "upstream_status": None, "upstream_latency_ms": None},
        args=args,
    )
    assert (row["verdict"], row["attempts"]) == ("ok", 3)
    assert report["summary"]["masked_upstream_failures"] == 1


def waited(*, times: bool) -> Lines:
    """820 ms of which all but three short calls is waiting for the next attempt."""

    def at(ms: int) -> dict[str, Any]:
        return {"ts": f"2026-11-20T14:00:{ms / 1000:06.3f}Z"} if times else {}

    call = {"stage": "upstream", "status": None, "upstream_latency_ms": 10, "latency_ms": 10}
    return [
        call | {"attempt": 1, "upstream_status": 503} | at(10),
        call | {"attempt": 2, "upstream_status": 503} | at(410),
        call | {"attempt": 3, "upstream_status": 200} | at(810),
        {"status": 200, "latency_ms": 820, "upstream_status": None, "upstream_latency_ms": None} | at(820),
    ]


@BOTH
def test_820_ms_of_retry_waits_are_no_bottleneck_of_ours(told: Any, args: tuple[str, ...]) -> None:
    row, _ = told(*waited(times=True), args=args)
    assert row["symptom"] == "slow"
    assert row["verdict"] != "app_bottleneck"
    assert row["upstream_latency_ms"] == pytest.approx(810)
    assert row["own_ms"] == pytest.approx(10)
    if not args:
        assert (row["verdict"], row["rule"]) == ("vendor", "ext-slow-vendor")


@BOTH
def test_nor_are_they_where_the_log_has_no_times(told: Any, args: tuple[str, ...]) -> None:
    """Several attempts and no times: how long was waited between them is not known, and so not called ours."""
    row, _ = told(*waited(times=False), args=args)
    assert row["symptom"] == "slow"
    assert row["verdict"] == "unknown"


@BOTH
def test_the_same_time_without_retries_is_one(told: Any, args: tuple[str, ...]) -> None:
    """The counterpart: so that the test before it can fail."""
    row, _ = told({"latency_ms": 820, "upstream_latency_ms": 30}, args=args)
    assert (row["verdict"], row["rule"], row["responsible"]) == ("app_bottleneck", "m1-bottleneck", "checkout")


def test_the_seed_lines_together(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All of them in one log: the report adds up what the single tests say, and names each place."""
    lines: Lines = [
        {"request_id": "a"},
        {"request_id": "b", "stage": "upstream", "status": 503, "upstream_status": 503},
        {"request_id": "c", "stage": "exception", "status": 500, "error_code": "UPSTREAM_TIMEOUT",
         "upstream_status": None, "upstream_latency_ms": None},
        {"request_id": "d", "stage": "exception", "status": 500, "error_code": "TypeError"},
        {"request_id": "e", "latency_ms": 820, "upstream_latency_ms": 30},
    ]  # fmt: skip
    log = tmp_path / "seed.jsonl"
    log.write_text("".join(json.dumps(SEED | line) + "\n" for line in lines), encoding="utf-8")
    assert run(["analyze", str(log), "--to", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["summary"]["verdicts"] == {
        "unknown": 1, "vendor": 1, "application": 1, "app_bottleneck": 1, "caller": 0
    }  # fmt: skip
    assert report["summary"]["evidence_coverage"] == 0.75
    assert {entry["line"]: entry["verdict"] for entry in report["isolated"]} == {
        2: "vendor", 3: "unknown", 4: "application", 5: "app_bottleneck"
    }  # fmt: skip
