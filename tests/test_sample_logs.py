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
    ("verdict", "responsible", "function", "start", "end"),
    [
        ("vendor", "payments-api", "checkout", "14:10", "14:18"),
        ("unknown", None, "orders", "14:20", "14:27"),
        ("application", "profile", "profile", "14:30", "14:38"),
        ("app_bottleneck", "search", "search", "14:45", "14:53"),
    ],
)
def test_each_story_is_one_incident(
    report: dict[str, Any], verdict: str, responsible: str | None, function: str, start: str, end: str
) -> None:
    [incident] = [incident for incident in report["incidents"] if function in incident["functions"]]
    assert (incident["verdict"], incident["responsible"]) == (verdict, responsible)
    assert incident["functions"] == [function]
    # Thin minutes widen to five: an edge may be that far out, no farther.
    assert minute(start) - 5 <= minute(incident["start"]) <= minute(start) + 1
    assert minute(end) - 1 <= minute(incident["end"]) <= minute(end) + 5
    assert incident["evidence"]


def test_nothing_else_is_an_incident(report: dict[str, Any]) -> None:
    assert len(report["incidents"]) == 4


def test_what_is_too_small_for_an_incident_is_still_shown(report: dict[str, Any]) -> None:
    isolated = {(row["function"], row["verdict"]) for row in report["isolated"]}
    assert isolated >= {
        ("send-invoice", "application"),
        ("send-receipt", "application"),
        ("send-receipt", "vendor"),
        ("send-receipt", "unknown"),
        ("search", "caller"),
    }
    assert [(row["function"], row["status"], row["verdict"]) for row in report["background"]] == [
        ("address", 404, "caller")
    ]


def test_recovered_payments_are_masked_not_failed(report: dict[str, Any]) -> None:
    masked = report["summary"]["masked_upstream_failures"]
    assert masked > 0
    [incident] = [incident for incident in report["incidents"] if "checkout" in incident["functions"]]
    assert incident["verdicts"] == {"unknown": 2, "vendor": 22, "application": 0, "app_bottleneck": 0, "caller": 0}


def test_m1_alone_has_no_word_for_a_caller() -> None:
    summary = analyze("--rules", "m1")["summary"]
    assert summary["verdicts"]["caller"] == 0
    assert all(summary["verdicts"][verdict] > 0 for verdict in ("unknown", "vendor", "application", "app_bottleneck"))


def minute(clock: str) -> int:
    """Minute of the hour of `14:20` or of `2026-11-20T14:20:00Z`."""
    found = re.search(r"14:(\d\d)|(15):00", clock)
    assert found is not None, clock
    return int(found[1]) if found[1] else 60
