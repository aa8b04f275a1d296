"""The sample logs: their script writes the committed bytes, and the program tells the stories of their README."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "sample_logs"
LOGS = ("api.jsonl", "worker.jsonl")
CLI = (sys.executable, "-c", "from attrib.cli.app import main; main()")
COUNTS = ("lines_read", "accepted", "quarantined", "skipped", "blank", "duplicates")

pytestmark = pytest.mark.xdist_group("sample_logs")  # one analysis serves the whole file


def analyze(*options: str) -> dict[str, Any]:
    """The report of the sample logs, by the whole program."""
    run = subprocess.run(
        [*CLI, "analyze", *LOGS, "--to", "json", *options], cwd=SAMPLES, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    report: dict[str, Any] = json.loads(run.stdout)
    return report


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    return analyze()


def test_the_script_writes_the_committed_bytes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, SAMPLES / "generate.py", "--into", tmp_path], check=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == list(LOGS)
    for name in LOGS:
        assert (tmp_path / name).read_bytes() == (SAMPLES / name).read_bytes(), f"{name}: run sample_logs/generate.py"


def test_no_other_logs_are_in_the_folder() -> None:
    assert sorted(path.name for path in SAMPLES.glob("*.jsonl*")) == list(LOGS)


@pytest.mark.parametrize("name", LOGS)
def test_the_readme_accounts_for_every_line(report: dict[str, Any], name: str) -> None:
    text = (SAMPLES / "README.md").read_text(encoding="utf-8")
    row = re.search(rf"^\| {re.escape(name)} \|((?: \d+ \|)+)$", text, re.MULTILINE)
    assert row is not None
    told = dict(zip(COUNTS, map(int, re.findall(r"\d+", row[1])), strict=True))
    [entry] = [entry for entry in report["input"]["files"] if entry["path"] == name]
    assert {key: entry[key] for key in COUNTS} == told
    assert told["lines_read"] == sum(told[key] for key in ("accepted", "quarantined", "skipped", "blank"))
    assert entry["error"] is None


def test_why_lines_were_not_accepted(report: dict[str, Any]) -> None:
    assert report["input"]["reasons"] == {"invalid_json": 7, "truncated_line": 1, "not_m1": 6}
    assert report["input"]["unknown_fields"]["cart_items"] > 300


@pytest.mark.parametrize(
    ("function", "upstream", "verdict", "rule", "responsible", "count"),
    [
        ("checkout", "payments-api", "vendor", "m1-vendor", "payments-api", 24),
        ("orders", "orders-db", "unknown", "m1-unknown", None, 13),
        ("profile", "redis", "application", "m1-application", "profile", 22),
        ("search", "geo-api", "app_bottleneck", "m1-bottleneck", "search", 40),
        ("address", "geo-api", "caller", "ext-passed-on", None, 15),
        ("send-invoice", "mail-api", "application", "m1-application", "send-invoice", 2),
        ("send-receipt", "mail-api", "application", "ext-rate-limited", "send-receipt", 1),
        ("send-receipt", "mail-api", "vendor", "m1-vendor", "mail-api", 1),
        ("search", "geo-api", "caller", "ext-client-left", None, 1),
    ],
)
def test_each_story_has_its_verdict(
    report: dict[str, Any],
    function: str,
    upstream: str,
    verdict: str,
    rule: str,
    responsible: str | None,
    count: int,
) -> None:
    told = {"function": function, "upstream": upstream, "verdict": verdict, "rule": rule, "responsible": responsible}
    assert {**told, "count": count} in report["verdict_counts"]


def test_nothing_else_is_a_symptom(report: dict[str, Any]) -> None:
    assert len(report["verdict_counts"]) == 9
    assert report["summary"]["symptomatic"] == 119


def test_this_release_finds_no_incidents(report: dict[str, Any]) -> None:
    assert report["incidents"] == []


def test_large_groups_are_background_and_the_others_stand_alone(report: dict[str, Any]) -> None:
    assert [(row["function"], row["status"], row["verdict"], row["count"]) for row in report["background"]] == [
        ("search", 200, "app_bottleneck", 40),
        ("checkout", 502, "vendor", 24),
        ("profile", 500, "application", 22),
        ("address", 404, "caller", 15),
        ("orders", 500, "unknown", 13),
    ]
    assert [(row["function"], row["verdict"]) for row in report["isolated"]] == [
        ("search", "caller"),
        ("send-invoice", "application"),
        ("send-invoice", "application"),
        ("send-receipt", "application"),
        ("send-receipt", "vendor"),
    ]
    for row in report["isolated"]:
        line = (SAMPLES / row["file"]).read_text(encoding="utf-8").splitlines()[row["line"] - 1]
        assert json.loads(line)["request_id"] == row["request_id"]


def test_recovered_payments_are_masked_not_failed(report: dict[str, Any]) -> None:
    assert report["summary"]["masked_upstream_failures"] == 10


def test_placeholder_ids_correlate_nothing(report: dict[str, Any]) -> None:
    assert report["summary"]["uncorrelated"] == 3


def test_m1_alone_has_no_word_for_a_caller() -> None:
    summary = analyze("--rules", "m1")["summary"]
    assert summary["verdicts"]["caller"] == 0
    assert all(summary["verdicts"][verdict] > 0 for verdict in ("unknown", "vendor", "application", "app_bottleneck"))
