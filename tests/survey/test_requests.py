"""What whole requests show: retries with their pauses, stacked ones, executions that fail again or come again."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from attrib.checks.facts import Facts
from attrib.checks.samples import line, log
from attrib.incidents.histogram import bin_of
from attrib.survey.retries import Hop, Retries
from attrib.survey.survey import Survey


@pytest.fixture
def survey_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The survey of a log."""
    from attrib import checking

    def made(text: str) -> Survey:
        path = tmp_path / "a.jsonl"
        path.write_text(text, encoding="utf-8")
        found: list[Survey] = []

        def spy(*given: Any) -> Facts:
            facts = Facts(*given)
            found.append(facts.survey)
            return facts

        monkeypatch.setattr(checking, "Facts", spy)
        checking.check([str(path)], now=2e9)
        return found[0]

    return made


def attempt(at: float, status: int = 503, **fields: Any) -> str:
    return line(1, at, stage="upstream", status=None, latency_ms=None, upstream_status=status, upstream_latency_ms=100,
                **fields)  # fmt: skip


HOP = Hop("checkout", "payments-api")


def retries_of(survey: Survey) -> Retries:
    return survey.requests.retries


@pytest.mark.parametrize(
    ("lines", "attempts"),
    [
        ([attempt(1.001), attempt(2.002, 200)], {2: 1}),
        ([attempt(1.001), attempt(2.002), attempt(3.003), line(1, 3.01, status=503, upstream_status=503)], {3: 1}),
        # Numbers tell of attempts that are not logged; one number on all of them does not.
        ([attempt(1.001, attempt=1), attempt(2.002, attempt=4)], {4: 1}),
        ([attempt(1.001, attempt=4), attempt(2.002, attempt=4)], {2: 1}),
        # Several calls that were answered, a refusal that is followed by another call, a breaker's answer.
        ([attempt(1.001, 200), attempt(2.002, 200)], {}),
        ([attempt(1.001, 404), attempt(2.002, 201)], {}),
        ([attempt(1.001, 429), attempt(2.002, 200)], {2: 1}),
        ([attempt(1.001), attempt(2.002).replace("503", '"circuit_open"')], {}),
        # Two executions of one attempt each.
        ([line(1, 1, status=503, upstream_status=503), line(1, 60, status=503, upstream_status=503)], {}),
    ],
)  # fmt: skip
def test_attempts(lines: list[str], attempts: dict[int, int], survey_of: Any) -> None:
    for some in (lines, lines[::-1]):
        found = retries_of(survey_of(log(*some))).calls
        assert {hop: dict(one.attempts) for hop, one in found.items()} == ({HOP: attempts} if attempts else {})


def test_a_pause_is_the_gap_less_the_time_of_the_next_attempt(survey_of: Any) -> None:
    found = retries_of(survey_of(log(attempt(1.001), attempt(1.301), attempt(2.001)))).calls[HOP]
    assert found.first_pauses == {bin_of(200_000): 1}
    assert found.last_pauses == {bin_of(600_000): 1}


@pytest.mark.parametrize(
    "lines",
    [
        [attempt(1), attempt(2)],  # whole seconds
        [attempt(1.001), attempt(1.001, attempt=2)],  # one stamp
        [attempt(1.001), attempt(1.051)],  # they overlap
        [attempt(1.001), attempt(2.001).replace('"upstream_latency_ms": 100', '"upstream_latency_ms": null')],
    ],
)
def test_a_pause_that_the_log_does_not_tell(lines: list[str], survey_of: Any) -> None:
    found = retries_of(survey_of(log(*lines))).calls[HOP]
    assert not found.first_pauses


def test_executions_are_told_apart_by_their_ends(survey_of: Any) -> None:
    """Two deliveries of one message, each with two attempts: no call has four."""
    lines = [attempt(1.001), attempt(1.5), line(1, 1.6, status=503, upstream_status=503)]
    lines += [attempt(40.001), attempt(40.5), line(1, 40.6, status=503, upstream_status=503)]
    for some in itertools.islice(itertools.permutations(lines), 0, 700, 60):
        assert dict(retries_of(survey_of(log(*some))).calls[HOP].attempts) == {2: 2}
