"""A clean log of 100,000 lines gives no finding above info: a false alarm is the worst that a check can do.

The logs are the generator's, of three ways to log a request, with the single failures and the slow tail of every day.
Made clean are only what the generator holds to be usual and a check rightly tells: answers over the latency budget, and
loggers that forget upstream_status in one good line of fifty.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from attrib.checking import check
from attrib.options import Options
from benchmarks.generator import simulate
from benchmarks.generator.make import Log

SHAPES = ("line", "stages", "retries")
LINES = 34_000
IDS = {"line": "hex", "stages": "uuid4", "retries": "uuid7"}


def lines(shape: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A clean log of one shape."""
    monkeypatch.setattr(simulate, "OK_WITHOUT_UPSTREAM", 0.0)
    log = Log("quiet_singles", SHAPES.index(shape), lines=LINES, noise=1.0, ids=IDS[shape])
    log.scenario.routes = [
        replace(route, shape=shape, upstream_ms=route.upstream_ms / 3, own_ms=route.own_ms / 2)
        for route in log.scenario.routes
    ]
    log.scenario.per_minute /= 3 if shape == "stages" else 1
    for _, _, text in log.lines():
        yield f"{text}\n"


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Shape -> its log."""
    found = {}
    with pytest.MonkeyPatch.context() as monkeypatch:
        for shape in SHAPES:
            found[shape] = tmp_path_factory.mktemp("clean") / f"{shape}.jsonl"
            found[shape].write_text("".join(lines(shape, monkeypatch)), encoding="utf-8")
    return found


def test_there_are_100_000_lines(logs: dict[str, Path]) -> None:
    assert sum(path.read_bytes().count(b"\n") for path in logs.values()) >= 100_000


@pytest.mark.parametrize("fast", [False, True], ids=["careful", "engine"])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_clean_log_raises_no_alarm(shape: str, fast: bool, logs: dict[str, Path]) -> None:
    findings = check([str(logs[shape])], Options(fast=fast)).report["findings"]
    assert [(one["check"], one["statement"]) for one in findings if one["severity"] != "info"] == []
