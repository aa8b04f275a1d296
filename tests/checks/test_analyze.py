"""What `attrib analyze` says of the checks: those that need no survey, and what the logs' faults cost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from attrib.checks.catalogue import catalogue
from attrib.checks.model import Needs
from attrib.checks.samples import line, log, quiet
from attrib.errors import UsageError
from attrib.options import Options
from attrib.pipeline import analyze, explain, verdict_rows
from attrib.reports import markdown, text
from attrib.reports.view import View

ROOT = Path(__file__).resolve().parents[2]


def written(folder: Path, logged: str) -> str:
    path = folder / "a.jsonl"
    path.write_text(logged, encoding="utf-8")
    return str(path)


def test_those_that_need_no_survey_are_found_without_loading_the_others() -> None:
    every = catalogue()
    light = catalogue(Needs.BUCKETS)
    assert light == {name: one for name, one in every.items() if one.needs is Needs.BUCKETS}
    assert {"error-rate", "masked-upstream-failure", "deep-liveness"} <= light.keys() < every.keys()


def test_analyze_loads_no_survey(tmp_path: Path) -> None:
    path = written(tmp_path, quiet(5) + log(line(9, status=500)))
    code = (
        "import sys; from attrib.pipeline import analyze; "
        f"analyze([{path!r}]); print(*[name for name in sys.modules if name.startswith('attrib.survey.')])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []


@pytest.mark.parametrize("fast", [False, True], ids=["careful", "engine"])
def test_the_report_counts_findings_and_cost(fast: bool, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        quiet(100)
        + log(
            *(line(n, status=500, upstream_status=None) for n in range(100, 112)),
            *(line(n, status=500, request_id=None, upstream_status=None) for n in range(112, 115)),
            line(120, upstream_status=503),
        ),
    )
    checks = analyze([path], Options(fast=fast)).report["checks"]
    assert checks == {
        "ran": sorted(catalogue(Needs.BUCKETS)),
        "error": 0,
        "warning": checks["warning"],
        "info": checks["info"],
        "lost": [
            {
                "check": "missing-m1-field",
                "function": "checkout",
                "field": "upstream_status",
                "symptomatic_unknown": 12,
            },
            {
                "check": "missing-correlation-id",
                "function": "checkout",
                "field": "request_id",
                "symptomatic_unknown": 3,
            },
        ],
    }
    assert checks["warning"] >= 1
    assert checks["info"] >= 1


def test_the_line_says_why_and_what_to_run(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        quiet(100)
        + log(
            *(line(n, status=500, upstream_status=None) for n in range(100, 112)),
            *(line(n, status=500, request_id="-", upstream_status=None) for n in range(112, 115)),
            line(130, status=500, upstream_status="strange"),
        ),
    )
    report = analyze([path]).report
    for shown in (
        text.render(report, View(width=400, logs=("a.jsonl",))),
        markdown.render(report, View(logs=("a.jsonl",))),
    ):
        told = shown.replace("`", "")
        assert (
            "The logs cost you evidence: 12 requests unknown for want of upstream_status, 3 for want of a usable "
            "request_id, 1 for words as upstream_status that nobody knows.   attrib check a.jsonl"
        ) in told


def test_a_log_without_faults_has_no_such_line(tmp_path: Path) -> None:
    report = analyze([written(tmp_path, quiet(100) + log(*(line(n, status=500) for n in range(100, 112))))]).report
    assert report["checks"]["lost"] == []
    assert "cost you evidence" not in text.render(report, View())


def test_settings_of_checks_are_taken_by_every_command(tmp_path: Path) -> None:
    path = written(tmp_path, quiet(100) + log(*(line(n, status=500) for n in range(100, 130))))
    usual = analyze([path]).report["checks"]["warning"]
    options = Options(settings=("error-rate.rate=0.5", "latency_high_ms=700"))
    report = analyze([path], options).report
    assert report["checks"]["warning"] == usual - 1
    assert report["rules"]["thresholds"]["latency_high_ms"] == 700
    assert verdict_rows([path], options).exit_code == 0
    request = json.loads(line(100))["request_id"]
    assert explain(request, [path], options).exit_code == 0


@pytest.mark.parametrize("command", [analyze, verdict_rows, lambda paths, options: explain("x", paths, options)])
def test_a_check_that_there_is_not_is_told(command: object, tmp_path: Path) -> None:
    path = written(tmp_path, quiet(1))
    with pytest.raises(UsageError, match=r'no check "error-rat"\. Did you mean "error-rate"'):
        command([path], Options(settings=("error-rat.rate=0.5",)))  # type: ignore[operator]


def test_probes_that_the_user_names_are_left_out(tmp_path: Path) -> None:
    path = written(tmp_path, log(*(line(n, function="warmup", status=500) for n in range(30))))
    assert analyze([path]).report["checks"]["warning"] == 1
    assert analyze([path], Options(probes=("warm*",))).report["checks"]["warning"] == 0
