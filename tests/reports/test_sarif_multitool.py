"""SARIF held to the published schema by Microsoft's own tool for it (npm: @microsoft/sarif-multitool).

ATTRIB_NPM names the folder in which `npm install @microsoft/sarif-multitool` was run; .ci/run does so.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from attrib.cli.app import run
from attrib.reports import checks_sarif
from attrib.reports.view import View
from tests.reports.checks_samples import CHECKS, hostile, report

ROOT = Path(__file__).resolve().parents[2]
NO_ADDRESS = "SARIF2005"
"""The tool has no web address of its own to name: a warning of theirs that is true."""


@pytest.fixture(scope="module")
def multitool() -> list[str]:
    """The command."""
    script = Path(os.environ.get("ATTRIB_NPM", "")) / "node_modules/@microsoft/sarif-multitool/bin.js"
    node = shutil.which("node")
    if not os.environ.get("ATTRIB_NPM") or not script.is_file() or node is None:
        pytest.skip("no sarif-multitool: npm install @microsoft/sarif-multitool, and name the folder in ATTRIB_NPM")
    return [node, str(script)]


def told(multitool: list[str], document: Path) -> list[tuple[str, str]]:
    """(rule, level) of all that the tool finds in a document."""
    out = document.with_suffix(".told")
    arguments = ["validate", str(document), "--output", str(out), "--log", "ForceOverwrite"]
    subprocess.run([*multitool, *arguments], check=False, capture_output=True, timeout=120)
    results = json.loads(out.read_text(encoding="utf-8-sig"))["runs"][0]["results"]
    return sorted((one["ruleId"], one.get("level", "warning")) for one in results)


def test_the_findings_in_the_sample_logs_are_valid(multitool: list[str], tmp_path: Path) -> None:
    path = tmp_path / "a.sarif"
    logs = [str(log) for log in sorted((ROOT / "sample_logs").glob("*.jsonl"))]
    assert run(["check", *logs, "-o", str(path)]) == 0
    assert [rule for rule, _ in told(multitool, path) if rule != NO_ADDRESS] == []


def test_hostile_findings_are_valid(multitool: list[str], tmp_path: Path) -> None:
    path = tmp_path / "a.sarif"
    path.write_text(checks_sarif.render(report(hostile()), CHECKS, View()), encoding="utf-8")
    assert [rule for rule, level in told(multitool, path) if level == "error"] == []


def test_the_tool_finds_a_fault_of_the_schema(multitool: list[str], tmp_path: Path) -> None:
    path = tmp_path / "a.sarif"
    path.write_text('{"version": "2.1.0", "runs": [{"tool": {"driver": {}}, "results": [{"level": "bad"}]}]}')
    assert any(level == "error" for _, level in told(multitool, path))
