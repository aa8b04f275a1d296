"""What requests show of retries, executions, failing seconds and idempotency keys: the same on both engines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from attrib import checking
from attrib.analysis import reading
from attrib.checking import check
from attrib.checks.catalogue import catalogue
from attrib.checks.facts import Facts
from attrib.checks.samples import line, log
from attrib.engines import shape
from attrib.options import Options
from attrib.survey import executions
from tests.engines.both import ROUTES, SAMPLED, Route, as_is, general, in_parts, together, write

MINE = (
    "retry-storm", "retry-without-backoff", "stacked-retries", "no-circuit-breaker", "poison-message", "redelivery",
    "idempotency-conflict",
)  # fmt: skip

SHORT = 10_000
"""Bytes of a log that is also cut into parts of a few lines: each is queried by itself."""


def seen(paths: list[str], fast: bool) -> dict[str, Any]:
    """The tables of one run, and what my checks say."""
    made: dict[str, Any] = {}

    def spy(*given: Any) -> Facts:
        facts = Facts(*given)
        survey = facts.survey
        requests, executions = survey.requests, survey.requests.executions
        made.update(
            calls=requests.retries.calls,
            stacked=requests.retries.stacked,
            failing=executions.failing,
            again=executions.again,
            reused=executions.reused,
            seconds=survey.seconds.lines,
            keys=survey.idempotency.by_function(),
        )
        return facts

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checking, "Facts", spy)
        report = check(paths, Options(fast=fast), now=2e9).report
    made["findings"] = [found for found in report["findings"] if found["check"] in MINE]
    for found in made["findings"]:
        if found["check"] == "no-circuit-breaker":  # its places are those of the traits (test_traits.py)
            found.update(examples=None, worst=None)
    return made


def assert_agree(folder: Path, *contents: bytes, routes: tuple[Route, ...] = ROUTES) -> dict[str, Any]:
    """Both engines, by every route."""
    logs = folder / "logs"
    logs.mkdir(exist_ok=True)
    careful = seen(write(logs, *contents), False)
    for route in routes:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(reading, "SMALL", 0)
            patch.setattr(shape, "SAMPLE_LINES", SAMPLED)
            route(patch)
            assert seen(write(logs, *contents), True) == careful, route.__name__
    return careful


SAMPLES = [
    pytest.param(sample, id=f"{name}: {sample.title}")
    for name in MINE
    for sample in catalogue()[name].samples
    if sample.finds
]  # fmt: skip


@pytest.mark.parametrize("sample", SAMPLES)
def test_samples_agree_by_every_route(sample: Any, tmp_path: Path) -> None:
    text = sample.log if isinstance(sample.log, str) else sample.log()
    short = (in_parts,) if len(text) < SHORT else ()
    assert assert_agree(tmp_path, text.encode(), routes=(as_is, general, *short))["findings"]


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_order_of_lines_does_not_matter(sample: Any, tmp_path: Path) -> None:
    text = sample.log if isinstance(sample.log, str) else sample.log()
    lines = text.encode().splitlines(keepends=True)
    backwards = b"".join(reversed(lines))
    one, other = (without_places(seen(write(tmp_path, content), False)) for content in (text.encode(), backwards))
    assert one == other


def without_places(made: dict[str, Any]) -> list[dict[str, Any]]:
    """The findings, which lines they cite aside."""
    return [{**found, "examples": None, "worst": None} for found in made["findings"]]


RECORD = st.fixed_dictionaries(
    {
        "request_id": st.sampled_from(["a", "b", "c", "id-77", "-", None, ""]),
        "function": st.sampled_from(["f", "g", "healthz", None]),
        "stage": st.sampled_from(["response", "upstream", "exception", None, "end"]),
        "status": st.sampled_from([200, 200, 500, 503, 404, "timeout", None, None]),
        "upstream_status": st.sampled_from([200, 503, 0, "ETIMEDOUT", "circuit_open", "cache", None, 429, 404, "503"]),
        "upstream": st.sampled_from(["g", "pay", None, "-", "pay"]),
        "latency_ms": st.sampled_from([5.5, 700.0, None]),
        "upstream_latency_ms": st.sampled_from([5.0, 20.25, None]),
        "error_code": st.sampled_from([None, "BOOM", "UPSTREAM_DOWN", "EOPENBREAKER"]),
    },
    optional={
        "attempt": st.sampled_from([1, 2, 3, "2", None]),
        "span_id": st.sampled_from(["s1", "s2", None, ""]),
        "service": st.sampled_from(["pay", "x"]),
        "idempotency_key": st.sampled_from(["k", "l", 7, "", None, True]),
        "idempotency.key": st.sampled_from(["k", "{m}"]),
        "request_fingerprint": st.sampled_from(["x", "y", "z", 5]),
        "tenant": st.sampled_from(["t", None]),
    },
)
AT = st.one_of(
    st.integers(0, 400).map(lambda n: f"2026-11-20T14:{n // 60:02}:{n % 60:02}.{n * 7 % 1000:03}Z"),
    st.integers(0, 400).map(lambda n: f"2026-11-20T14:{n // 60:02}:{n % 60:02}Z"),
)


# An example takes a second, so a failing one is not made smaller.
@settings(
    max_examples=25,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    lines=st.lists(st.tuples(RECORD, AT), min_size=4, max_size=24),
    odd=st.sampled_from(["", '{"ts":"20 Nov 2026 14:01:07","function":"f","upstream_status":503}\n', "{broken\n"]),
    copies=st.integers(0, 3),
)
def test_any_log_gives_the_same_tables(lines: list[Any], odd: str, copies: int, tmp_path: Path) -> None:
    rows = [json.dumps({"ts": at, **record}) + "\n" for record, at in lines]
    rows += rows[:copies]
    half = len(rows) // 2
    assert_agree(
        tmp_path,
        "".join(rows[:half]).encode(),
        (odd + "".join(rows[half:])).encode(),
        routes=(as_is, in_parts, general),
    )


def test_requests_that_were_fine_are_looked_at_up_to_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Executed again after success, no failure anywhere: the engine calls them calm, a check looks all the same."""
    alone: dict[str, Any] = {"upstream": None, "upstream_status": None, "upstream_latency_ms": None}
    again = [line(n, 40 + n, **alone | {"latency_ms": 50}) for n in range(9)]
    text = log(*(line(n, n, **alone) for n in range(20)), *again).encode()
    found = assert_agree(tmp_path, text, routes=(as_is, general))
    assert [one["count"] for one in found["findings"]] == [9]
    monkeypatch.setattr(executions, "MOST", 4)
    (path,) = write(tmp_path / "logs", text)
    monkeypatch.setattr(reading, "SMALL", 0)
    (capped,) = seen([path], True)["findings"]
    assert capped["count"] == 4
    assert "5 more requests were not looked at" in capped["statement"]


def test_a_key_that_stands_on_a_line_twice(tmp_path: Path) -> None:
    """The strict reader refuses the line, so the piece is looked at line by line; the last key counts, as always."""
    keyed = [line(n, idempotency_key=f"k{n % 5}", request_fingerprint=f"f{n % 10 // 6}") for n in range(40)]
    doubled = line(50, request_fingerprint="x")[:-1] + ', "idempotency_key": "a", "idempotency_key": "k0"}'
    found = assert_agree(tmp_path, log(*keyed).encode(), log(*keyed[:6], doubled).encode(), routes=(as_is, general))
    assert found["keys"]["checkout"].conflicts == 5


def outage(number: int) -> str:
    """A busy minute of failures, every third request tried twice, with copies."""
    lines = []
    for n in range(number):
        at = n * 0.21
        if n % 3 == 0:
            lines.append(
                line(n, at - 0.1, stage="upstream", status=None, latency_ms=None, upstream_status=503, attempt=1)
            )
        lines.append(line(n, at, status=502, upstream_status=503, error_code="UP", attempt=2 if n % 3 == 0 else None))
    return log(*lines, *lines[10:40])


def test_an_outage_over_two_files(tmp_path: Path) -> None:
    text = outage(400).encode().splitlines(keepends=True)
    found = assert_agree(tmp_path, b"".join(text[::2]), b"".join(text[1::2]), routes=(as_is, general, together))
    assert {one["check"] for one in found["findings"]} >= {"no-circuit-breaker"}
    once = assert_agree(tmp_path, b"".join(dict.fromkeys(text)), routes=ROUTES[:1])
    assert once["seconds"] == found["seconds"], "copies count once"
