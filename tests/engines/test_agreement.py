"""Random small logs: retries, stages, copies, spans and missing ids mean the same on both paths, over several files."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engines.both import as_is, assert_agree, canonical, encode, in_parts

LONG = [f"01968e4c-5f00-7abc-8def-{number:012}" for number in range(4)]
IDS = st.one_of(st.sampled_from(LONG), st.sampled_from(["r1", "r2", "-", "", None, 7, "null", "0" * 32]))


@st.composite
def lines(draw: st.DrawFn) -> dict[str, Any]:
    second = draw(st.integers(0, 300))
    line: dict[str, Any] = {
        "request_id": draw(IDS),
        "ts": f"2026-11-20T14:{second // 60:02}:{second % 60:02}.000Z",
        "function": draw(st.sampled_from(["checkout", "search", "mail"])),
        "stage": draw(st.sampled_from(["start", "payment", "exception", "response", None])),
        "status": draw(st.sampled_from([200, 200, 200, 500, 503, 404, 0, None, "503", "timeout"])),
        "latency_ms": draw(st.sampled_from([0, 1, 20.5, 480, 820, None])),
        "upstream": draw(st.sampled_from(["payments-api", "mail-api", None])),
        "upstream_status": draw(st.sampled_from([200, 503, 429, None, "ETIMEDOUT"])),
        "upstream_latency_ms": draw(st.sampled_from([0, 1, 10, 700, None])),
        "error_code": draw(st.sampled_from([None, None, "TypeError", "UPSTREAM_TIMEOUT"])),
        "attempt": draw(st.sampled_from([None, None, 1, 2, 3])),
        "span_id": draw(st.sampled_from([None, None, "a", "b"])),
        "parent_span_id": draw(st.sampled_from([None, "a"])),
    }
    return {key: value for key, value in line.items() if value is not None or draw(st.booleans())}


@st.composite
def calm_lines(draw: st.DrawFn) -> dict[str, Any]:
    """Lines of requests that went well, in all the shapes that are joined inside the engine, and some that are not."""
    second = draw(st.integers(0, 70))
    part = draw(st.sampled_from(["000", "000", "250", "500"]))
    line: dict[str, Any] = {
        "request_id": draw(st.sampled_from(LONG)),
        "ts": draw(st.sampled_from([f"2026-11-20T14:{second // 60:02}:{second % 60:02}.{part}Z"] * 19 + [None])),
        "function": draw(st.sampled_from(["checkout", "search"])),
        "stage": draw(st.sampled_from(["start", "payment", "mailing", "response", "response", None])),
        "status": draw(st.sampled_from([200, 200, 200, 204, 302, None])),
        "latency_ms": draw(st.sampled_from([0, 1, 20.5, 480.0005, 300.25, None])),
        "upstream": draw(st.sampled_from(["payments-api", "mail-api", None, None])),
        "upstream_status": draw(st.sampled_from([200, 200, 200, 201, 304, 100, None, None])),
        "upstream_latency_ms": draw(st.sampled_from([0, 1, 10.0005, 40.5, 300.1235, None, None])),
        "error_code": draw(st.sampled_from([None] * 9 + ["X"])),
        "attempt": draw(st.sampled_from([None] * 8 + [1, 1, 2])),
        "span_id": draw(st.sampled_from([None] * 8 + ["a", "b"])),
        "region": draw(st.sampled_from(["eu", "eu", "us", None])),
        "version": draw(st.sampled_from(["1", "2", 1.5, True, None, None])),
        "tenant": draw(st.sampled_from(["a", None])),
        "labels": draw(st.sampled_from([None, None, {"a": "x"}, {"a": "y", "b": 1.5}, "x"])),
    }
    return {key: value for key, value in line.items() if value is not None or draw(st.booleans())}


SPANS: list[dict[str, Any]] = [{}, {}, {"since": "60s"}, {"until": "2026-11-20T14:02:00Z"}]


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    logs=st.lists(st.lists(lines(), min_size=1, max_size=16), min_size=1, max_size=3),
    copies=st.lists(st.integers(0, 15), max_size=4),
    span=st.sampled_from(SPANS),
)
def test_both_paths_agree(
    logs: list[list[dict[str, Any]]], copies: list[int], span: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    logs[0][0]["ts"] = "2026-11-20T14:04:59.000Z"
    contents = [encode(*log) for log in logs]
    contents[-1] += [contents[0][at % len(contents[0])] for at in copies]
    texts = (b"".join(line + b"\n" for line in content) for content in contents)
    assert_agree(tmp_path_factory.mktemp("case"), *texts, routes=(as_is, in_parts, canonical), **span)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(logs=st.lists(st.lists(calm_lines(), min_size=1, max_size=5), min_size=1, max_size=2))
def test_requests_that_went_well(logs: list[list[dict[str, Any]]], tmp_path_factory: pytest.TempPathFactory) -> None:
    texts = (b"".join(line + b"\n" for line in encode(*log)) for log in logs)
    assert_agree(tmp_path_factory.mktemp("case"), *texts, routes=(as_is, canonical))


def test_invocations_that_never_finished(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Some a moment before the rest of their minute; the slowest of their function decide how long to wait."""
    found = []
    for latency in (20.5, 30_000.0):
        lines = []
        for number in range(120):
            silent = number % 5 == 0
            line = {
                "request_id": f"01968e4c-5f00-4abc-8def-{number // 2 if number % 7 == 0 else number:012}",
                "ts": f"2026-11-20T14:{number // 30:02}:{number % 30 * 2:02}.500Z",
                "function": ("checkout", "search")[number % 2],
                "stage": "start" if silent else "response",
                "status": None if silent else 200,
                "latency_ms": None if silent else latency,
            }
            lines.append(line)
        log = b"".join(line + b"\n" for line in encode(*lines))
        told = assert_agree(tmp_path_factory.mktemp("case"), log, settings=("latency_high_ms=60000",))
        found.append(told["report"]["summary"]["verdicts"]["unknown"])
    assert found[0] > found[1] > 0


def test_a_request_over_files_of_different_forms(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The same id in a plain file, in a file of texts, and in a dirty one."""
    base = {"request_id": LONG[0], "function": "checkout", "ts": "2026-11-20T14:00:00.000Z"}
    logs = (
        json.dumps({**base, "stage": "start", "status": None}).encode(),
        json.dumps({**base, "status": "503", "latency_ms": "12"}).encode(),
        b'{"a":1,}\n' + json.dumps({**base, "stage": "response", "status": 200}).encode(),
    )
    assert_agree(tmp_path_factory.mktemp("case"), *logs)


def test_lines_far_from_where_their_time_belongs_are_cited(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Of two failures without an id and with the same time, one stands where no block begins so early."""
    fine = {"request_id": LONG[0], "ts": "2026-11-20T14:04:59.000Z", "function": "checkout", "status": 200}
    failed = {**fine, "request_id": "-", "ts": "2026-11-20T14:00:00.000Z", "status": 500}
    early = {**fine, "request_id": LONG[1], "ts": failed["ts"]}
    contents = [b"".join(line + b"\n" for line in encode(first, failed)) for first in (fine, early)]
    report = assert_agree(tmp_path_factory.mktemp("case"), *contents)["report"]
    assert [single["line"] for single in report["isolated"]] == [2, 2]


def test_several_alike_at_one_instant_are_cited_in_the_order_of_their_lines(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    slow: dict[str, Any] = {
        "request_id": "-",
        "ts": "2026-11-20T14:04:59.000Z",
        "function": "checkout",
        "stage": "start",
    }
    slow |= {"status": 200, "latency_ms": 820, "upstream": "payments-api", "upstream_status": 200}
    (line,) = encode(slow)
    assert_agree(tmp_path_factory.mktemp("case"), (line + b"\n") * 6)


def test_a_request_over_a_plain_and_a_canonical_file_has_each_value_once(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    fine: dict[str, Any] = {"request_id": LONG[1], "ts": "2026-11-20T14:00:00.000Z", "function": "checkout"}
    fine |= {"status": 200}
    fine |= {"latency_ms": 0, "upstream": "payments-api", "upstream_status": 200, "region": "eu", "version": "1"}
    other = {**fine, "request_id": LONG[0]}
    timeless = {key: value for key, value in other.items() if key != "ts"}
    one, *rest = encode({**fine, "upstream_latency_ms": 1, "error_code": "X"}, other, timeless, fine)
    assert_agree(tmp_path_factory.mktemp("case"), one + b"\n", b"".join(line + b"\n" for line in rest))
