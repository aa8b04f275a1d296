"""The traffic checks' figures, places and severities; that each is found at all, its samples show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from attrib.checking import check
from attrib.checks.samples import line, log, quiet
from attrib.options import Options
from attrib.parties import is_datastore

BOTH = pytest.mark.parametrize("fast", [False, True], ids=["careful", "engine"])


def found(name: str, text: str, folder: Path, fast: bool, *settings: str, **options: Any) -> list[dict[str, Any]]:
    """The findings of one check."""
    path = folder / "a.jsonl"
    path.write_text(text, encoding="utf-8")
    options = {"fast": fast, "settings": settings, **options}
    findings: list[dict[str, Any]] = check([str(path)], Options(**options), only=[name]).report["findings"]
    return findings


def lines_of(finding: dict[str, Any]) -> list[int]:
    return [place["line"] for place in finding["examples"]]


@BOTH
def test_a_function_with_a_threshold_of_its_own_has_that_as_its_budget(fast: bool, tmp_path: Path) -> None:
    text = quiet(latency_ms=900, upstream_latency_ms=880)
    [one] = found("latency-budget", text, tmp_path, fast)
    assert one["severity"] == "warning"
    assert one["statement"] == (
        "checkout: P50 is 900 ms (budget 100 ms) and P99 is 900 ms (budget 500 ms); 200 of 200 answers took more than "
        "500 ms."
    )
    [one] = found("latency-budget", text, tmp_path, fast, "latency_high_ms@checkout=1000")
    assert one["severity"] == "info"
    assert "P50 is 900 ms (budget 200 ms);" in one["statement"]
    assert found("latency-budget", text, tmp_path, fast, "latency_high_ms@checkout=5000") == []


@BOTH
def test_the_worst_is_the_slowest(fast: bool, tmp_path: Path) -> None:
    text = log(*(line(n, latency_ms=16_000 + 1_000 * (n % 7)) for n in range(20)))
    [one] = found("unbounded-wait", text, tmp_path, fast)
    assert (one["count"], one["rate"], one["worst"]["line"]) == (20, 1.0, 7)
    assert "the longest about 22,000 ms" in one["statement"]


@BOTH
def test_waits_for_an_upstream_are_told_apart(fast: bool, tmp_path: Path) -> None:
    text = quiet(90) + log(
        line(90, latency_ms=20_000), *(line(n, latency_ms=20_000, upstream_latency_ms=19_000) for n in range(91, 94))
    )
    [one] = found("unbounded-wait", text, tmp_path, fast)
    assert one["statement"].startswith(
        "checkout: 4 of 94 records took more than 15 s, 3 of them waiting for the upstream; "
    )
    assert one["severity"] == "info"
    [one] = found("unbounded-wait", text, tmp_path, fast, "unbounded-wait.records=4")
    assert one["severity"] == "warning"
    [one] = found("unbounded-wait", text, tmp_path, fast, "unbounded-wait.records=4", "unbounded-wait.share=0.1")
    assert one["severity"] == "info"
    assert found("unbounded-wait", text, tmp_path, fast, "unbounded-wait.seconds=30") == []


@BOTH
def test_a_pile_has_its_deadline_and_its_lines(fast: bool, tmp_path: Path) -> None:
    text = quiet(50) + log(
        *(line(n, status=504, upstream_status="timeout", latency_ms=30_004 + n % 5) for n in range(50, 62)),
        *(line(n, status=500, latency_ms=50) for n in range(62, 66)),
    )
    [one] = found("timeout-pile-up", text, tmp_path, fast)
    assert (one["count"], one["rate"], one["subject"]) == (12, 0.75, {"function": "checkout", "deadline_ms": "30000"})
    assert "12 of 16 failures took 30,000 ms" in one["statement"]
    assert all(50 < number <= 62 for number in lines_of(one))
    assert one["severity"] == "warning"
    [one] = found("timeout-pile-up", text, tmp_path, fast, "timeout-pile-up.rate=0.5")
    assert one["severity"] == "info"


@BOTH
def test_a_rate_that_may_be_chance_is_for_information(fast: bool, tmp_path: Path) -> None:
    [one] = found("error-rate", log(*(line(n, status=200 if n % 10 else 500) for n in range(20))), tmp_path, fast)
    assert (one["severity"], one["count"], one["rate"]) == ("info", 2, 0.1)
    [one] = found("error-rate", log(*(line(n, status=200 if n % 10 else 500) for n in range(200))), tmp_path, fast)
    assert one["severity"] == "warning"
    slow = log(*(line(n, latency_ms=40 if n % 80 else 900) for n in range(800)))
    [one] = found("latency-budget", slow, tmp_path, fast)
    assert (one["severity"], one["count"]) == ("info", 10)


@BOTH
def test_masked_failures_are_a_warning_when_they_are_often(fast: bool, tmp_path: Path) -> None:
    often = log(*(line(n, upstream_status=200 if n % 10 else 503) for n in range(100)))
    [one] = found("masked-upstream-failure", often, tmp_path, fast)
    assert (one["severity"], one["count"], one["rate"], lines_of(one)) == ("warning", 10, 0.1, [1])
    [one] = found("masked-upstream-failure", often, tmp_path, fast, sampled=True)
    assert (one["severity"], one["count"], one["rate"]) == ("info", 10, None)
    [one] = found("masked-upstream-failure", log(*often.splitlines()[:15]), tmp_path, fast)
    assert (one["severity"], one["count"]) == ("info", 2)


@BOTH
def test_a_failed_retry_of_a_lost_request_is_no_place_of_a_masked_one(fast: bool, tmp_path: Path) -> None:
    def tried(number: int, last: int) -> list[str]:
        attempts = [line(number, at=number + 0.1 * n, stage="upstream", status=None, upstream_status=code, attempt=n)
                    for n, code in ((1, 503), (2, last))]  # fmt: skip
        return [*attempts, line(number, at=number + 0.3, status=200 if last == 200 else 502, upstream_status=last)]

    [one] = found("masked-upstream-failure", quiet(5) + log(*tried(5, 200)), tmp_path, fast)
    assert lines_of(one) == [6]
    [one] = found("masked-upstream-failure", quiet(5) + log(*tried(5, 503), *tried(6, 200)), tmp_path, fast)
    assert (one["count"], lines_of(one)) == (1, [])


@BOTH
def test_probes_by_name_and_by_configuration(fast: bool, tmp_path: Path) -> None:
    text = log(*(line(n, function="livez") for n in range(5)), *(line(n, function="warmup") for n in range(5, 9)))
    [one] = found("deep-liveness", text, tmp_path, fast)
    assert (one["severity"], one["count"], lines_of(one)) == ("warning", 5, [1])
    assert one["statement"] == "livez: 5 of 5 probes called payments-api."
    both = found("deep-liveness", text, tmp_path, fast, probes=("warm*",))
    assert [(one["severity"], one["subject"]["function"]) for one in both] == [("warning", "livez"), ("info", "warmup")]


@BOTH
def test_places_of_an_error_rate_are_no_callers_mistakes(fast: bool, tmp_path: Path) -> None:
    text = quiet(40) + log(
        *(line(n, status=404, upstream_status=404) for n in range(40, 50)),
        *(line(n, status=502, upstream_status=503) for n in range(50, 60)),
    )
    [one] = found("error-rate", text, tmp_path, fast)
    assert one["statement"] == (
        "checkout: 10 of 60 invocations failed (16.7%); 10 more failed by the caller's own doing."
    )
    assert lines_of(one) == [51]


@pytest.mark.parametrize("name", ["orders-postgres", "redis-1", "db", "postgres://u@h/x", "Redis", " cache "])
def test_a_datastore_is_known_by_name(name: str) -> None:
    assert is_datastore(name)


@pytest.mark.parametrize("name", ["payments-api", "redistribution", "mydb.example.com", "cache-api", ""])
def test_others_are_none(name: str) -> None:
    assert not is_datastore(name)
