"""`attrib.check` in Python: the same answers as the command line, from paths and tables."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

import attrib
from attrib.cli.check import check as command
from attrib.reports.checks_csv import COLUMNS
from attrib.reports.findings import Finding

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = [str(path) for path in sorted((ROOT / "sample_logs").glob("*.jsonl"))]
CLI = (sys.executable, "-c", "from attrib.cli.app import main; main()")


def cli(*arguments: str) -> str:
    return subprocess.run([*CLI, *arguments], capture_output=True, text=True, check=True, cwd=ROOT).stdout


def test_the_outputs_are_the_command_lines() -> None:
    checks = attrib.check(SAMPLES, only=["error-rate", "latency-budget"])
    words = ("check", *SAMPLES, "--only", "error-rate,latency-budget")
    assert checks.to_json() == cli(*words, "--to", "json")
    assert checks.to_text() == cli(*words)
    assert checks.to_text(verbose=True) == cli(*words, "-v")
    assert checks.to_markdown() == cli(*words, "--to", "markdown")
    assert checks.to_sarif() == cli(*words, "--to", "sarif")


def test_the_options_are_the_command_lines() -> None:
    """All of them, under the same names, but for what only a command has."""
    python = set(inspect.signature(attrib.check).parameters)
    command_only = {"to", "output", "fail_on", "explain", "list_checks", "quiet", "verbose", "no_color", "progress"}
    renamed = {"settings": "set", "no_redact": "redact"}
    said = {renamed.get(name, name) for name in inspect.signature(command).parameters} - command_only
    assert python == said
    kinds = inspect.signature(attrib.check).parameters.values()
    assert [one.name for one in kinds if one.kind is not one.KEYWORD_ONLY] == ["logs"]


def test_findings_and_their_frame(tmp_path: Path) -> None:
    checks = attrib.check(SAMPLES, only="error-rate", set={"error-rate.rate": 0.1})
    assert all(isinstance(finding, Finding) for finding in checks.findings)
    assert {finding.check for finding in checks.findings} == {"error-rate"}
    assert checks.report.parameters["error-rate"]["rate"] == 0.1
    assert checks.frame.columns == list(COLUMNS)
    assert checks.frame["fingerprint"].to_list() == [finding.fingerprint for finding in checks.findings]
    assert repr(checks).startswith(f"<attrib.Checks: {len(checks.findings)} findings (")
    nothing = attrib.check(SAMPLES, only="error-rate", set={"error-rate.rate": 1})
    assert nothing.findings == []
    assert nothing.frame.columns == list(COLUMNS)
    saved = tmp_path / "known.json"
    saved.write_text(checks.to_json(), encoding="utf-8")
    assert attrib.check(SAMPLES, only="error-rate", set={"error-rate.rate": 0.1}, known=saved).findings == []


def test_a_table_is_checked_too() -> None:
    rows = [
        {
            "request_id": f"r{n}",
            "function": "f",
            "status": 500 if n % 2 else 200,
            "upstream": "p",
            "upstream_status": 200,
        }
        for n in range(40)
    ]
    [finding] = attrib.check(pl.DataFrame(rows), only="error-rate").findings
    assert finding.examples[0].file == "<table>"
    assert finding.subject == {"function": "f"}


def test_secrets_are_redacted_unless_asked_for() -> None:
    token = "ghp_16C7e42F292c6912E7710c838347Ae178B4a"
    rows = [{"request_id": f"r{n}", "function": token, "status": 500, "upstream_status": 200} for n in range(40)]
    checks = attrib.check(pl.DataFrame(rows), only="error-rate")
    shown = [checks.to_json(), checks.to_sarif(), checks.to_text(), checks.to_markdown(), repr(checks.frame.to_dicts())]
    assert not [text for text in shown if token in text]
    assert token in attrib.check(pl.DataFrame(rows), only="error-rate", redact=False).to_json()


def test_a_broken_file_beside_a_sound_one_is_named() -> None:
    checks = attrib.check([*SAMPLES, "typo.jsonl"])
    assert [file.path for file in checks.report.input.files if file.error] == ["typo.jsonl"]
    assert json.loads(checks.to_sarif())["runs"][0]["invocations"][0]["exitCode"] == 3


def test_errors_are_the_command_lines(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("hello\n", encoding="utf-8")
    with pytest.raises(attrib.NoRecordsError, match="no M1 record"):
        attrib.check(tmp_path / "a.log")
    with pytest.raises(attrib.InputError, match=r"typo\.jsonl: no such file"):
        attrib.check("typo.jsonl")
    with pytest.raises(attrib.UsageError, match='Did you mean "error-rate"'):
        attrib.check(SAMPLES, only="error-rat")
    with pytest.raises(attrib.UsageError, match="no such file"):
        attrib.check(SAMPLES, known="typo.json")
