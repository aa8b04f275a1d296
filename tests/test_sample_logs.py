"""The sample logs: their script writes the committed bytes, and the program tells the stories of their README."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "sample_logs"
LOGS = tuple(f"{name}.jsonl" for name in ("checkout", "notify", "orders", "profile", "quiet", "search", "slots"))
CLI = (sys.executable, "-c", "from attrib.cli.app import main; main()")
COUNTS = ("lines_read", "accepted", "quarantined", "skipped", "blank", "duplicates")
MOST_BYTES = 2_500_000
ONSET_WITHIN_S = 60

pytestmark = pytest.mark.xdist_group("sample_logs")  # one analysis serves the whole file


@dataclass(frozen=True)
class Story:
    """What is true of one log's incident. Times are UTC."""

    began: str
    ended: str
    verdict: str
    responsible: str | None
    upstream: str
    lean: str | None = None
    tells: tuple[str, ...] = ()
    """Kinds of evidence, for and against, that tell the story."""


STORIES = {
    "checkout": Story("09:14:20", "09:33:00", "vendor", "payments-api", "payments-api", None, ("attempts", "alike")),
    "notify": Story("06:00:00", "06:38:00", "application", "notify", "sms-api", None, ("credential",)),
    "orders": Story("11:40:30", "11:53:00", "unknown", None, "stock-api", None, ("missing_upstream_status",)),
    "profile": Story("14:01:00", "14:23:00", "application", "profile", "avatar-api", None, ("contrast",)),
    "search": Story("19:05:00", "19:26:00", "app_bottleneck", "search", "geo-api", None, ("time_split",)),
    "slots": Story("16:30:00", "16:52:00", "unknown", None, "courier-api", "application", ("deadline", "pile_up")),
}
"""File and function -> what happened."""


def analyze(*arguments: str, stdin: str | None = None) -> dict[str, Any]:
    """The report, by the whole program."""
    run = subprocess.run(
        [*CLI, "analyze", *arguments, "--to", "json"],
        cwd=SAMPLES,
        capture_output=True,
        text=True,
        check=False,
        input=stdin,
    )
    assert run.returncode == 0, run.stderr
    report: dict[str, Any] = json.loads(run.stdout)
    return report


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    return analyze(*LOGS)


@pytest.fixture(scope="module")
def incidents(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The one incident of each function."""
    found: dict[str, dict[str, Any]] = {}
    for incident in report["incidents"]:
        [function] = incident["functions"]
        assert function not in found
        found[function] = incident
    return found


def apart(told: str, truth: str) -> float:
    """Seconds between a time of the report and a clock time of the day."""
    return abs((datetime.fromisoformat(told) - datetime.fromisoformat(f"2026-11-20T{truth}Z")).total_seconds())


def evidence(incident: dict[str, Any], kind: str) -> dict[str, Any]:
    """The one sentence of a kind, for or against."""
    lists = (incident["evidence"], incident["counter_evidence"], incident["missing_evidence"])
    [found] = [entry for entries in lists for entry in entries if entry["kind"] == kind]
    return dict(found)


def lines(name: str) -> list[str]:
    return (SAMPLES / name).read_text(encoding="utf-8").splitlines()


# ---- the files --------------------------------------------------------------------------------------------------


def test_the_script_writes_the_committed_bytes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, SAMPLES / "generate.py", "--into", tmp_path], check=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == list(LOGS)
    for name in LOGS:
        assert (tmp_path / name).read_bytes() == (SAMPLES / name).read_bytes(), f"{name}: run sample_logs/generate.py"


def test_no_other_logs_are_in_the_folder() -> None:
    assert sorted(path.name for path in SAMPLES.glob("*.jsonl*")) == list(LOGS)


def test_they_stay_small() -> None:
    assert sum((SAMPLES / name).stat().st_size for name in LOGS) < MOST_BYTES
    assert all(300 < len(lines(name)) < 3000 for name in LOGS)


def test_no_request_id_is_in_two_files() -> None:
    seen: dict[str, str] = {}
    for name in LOGS:
        for request_id in re.findall(r'"request_id":"(\w{8})"', (SAMPLES / name).read_text(encoding="utf-8")):
            assert seen.setdefault(request_id, name) == name


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
    assert report["input"]["reasons"] == {"invalid_json": 9, "truncated_line": 1, "not_m1": 7}
    assert report["input"]["unknown_fields"] == {"cart_items": 1495}


# ---- the stories ------------------------------------------------------------------------------------------------


def test_all_verdicts_are_told(report: dict[str, Any]) -> None:
    assert {incident["verdict"] for incident in report["incidents"]} == {
        "vendor", "application", "app_bottleneck", "unknown",
    }  # fmt: skip
    assert all(count > 0 for count in report["summary"]["verdicts"].values())


def test_each_story_is_one_incident(incidents: dict[str, dict[str, Any]]) -> None:
    assert set(incidents) == set(STORIES)


@pytest.mark.parametrize("function", STORIES)
def test_each_story_is_told_as_it_was(incidents: dict[str, dict[str, Any]], function: str) -> None:
    story, incident = STORIES[function], incidents[function]
    assert (incident["verdict"], incident["responsible"], incident["lean"]) == (
        story.verdict,
        story.responsible,
        story.lean,
    )
    assert incident["upstreams"] == [story.upstream]
    assert apart(incident["onset"], story.began) <= ONSET_WITHIN_S
    assert apart(incident["end"], story.ended) <= ONSET_WITHIN_S
    assert incident["baseline_rate"] < 0.01
    assert not any(incident[name] for name in ("whole_log", "claimed", "consequence_of"))
    for kind in story.tells:
        assert evidence(incident, kind)["statement"]


@pytest.mark.parametrize("function", STORIES)
def test_a_file_alone_tells_the_same(incidents: dict[str, dict[str, Any]], function: str) -> None:
    [alone] = analyze(f"{function}.jsonl")["incidents"]
    for name in ("id", "verdict", "lean", "responsible", "start", "end", "onset", "symptomatic", "invocations"):
        assert alone[name] == incidents[function][name], name


def test_the_outage_survives_its_unknowns(incidents: dict[str, dict[str, Any]]) -> None:
    outage = incidents["checkout"]
    assert 0.15 < outage["verdicts"]["unknown"] / outage["symptomatic"] < 0.25
    assert outage["worst_case_low"] > 0.5
    assert evidence(outage, "attempts")["data"]


def test_the_bug_is_in_the_new_version(incidents: dict[str, dict[str, Any]]) -> None:
    assert evidence(incidents["profile"], "contrast")["statement"].startswith("service.version v42 is on 123 of 123")


def test_a_refused_key_is_ours_only_because_nothing_else_was_answered(incidents: dict[str, dict[str, Any]]) -> None:
    assert incidents["notify"]["verdicts"]["unknown"] == incidents["notify"]["symptomatic"]
    assert incidents["notify"]["rules"] == {"ext-credentials-or-caller": incidents["notify"]["symptomatic"]}


def test_the_line_that_would_settle_the_orders(incidents: dict[str, dict[str, Any]]) -> None:
    missing = evidence(incidents["orders"], "missing_upstream_status")["data"]
    assert (missing["field"], missing["function"], missing["stage"]) == ("upstream_status", "orders", "exception")
    assert missing["lines"] == missing["unknown"] == incidents["orders"]["symptomatic"]


@pytest.mark.parametrize(
    ("answer", "verdict", "responsible"), [("503", "vendor", "stock-api"), ("200", "application", "orders")]
)
def test_with_that_line_the_verdict_stands(answer: str, verdict: str, responsible: str) -> None:
    log = (SAMPLES / "orders.jsonl").read_text(encoding="utf-8")
    [incident] = analyze("-", stdin=log.replace('"upstream_status":null', f'"upstream_status":{answer}'))["incidents"]
    assert (incident["verdict"], incident["responsible"]) == (verdict, responsible)


def test_the_deadline_demotes_the_vendor(incidents: dict[str, dict[str, Any]]) -> None:
    slots = incidents["slots"]
    assert slots["verdicts"]["vendor"] == slots["symptomatic"]
    [wait] = evidence(slots, "deadline")["data"]["functions"]
    assert 195 < wait["deadline_ms"] < 205
    assert wait["usual_p99_ms"] > wait["deadline_ms"]


# ---- what is no incident ----------------------------------------------------------------------------------------


def test_a_quiet_log_has_no_incident() -> None:
    report = analyze("quiet.jsonl")
    assert report["incidents"] == []
    assert [(row["function"], row["status"], row["verdict"]) for row in report["background"]] == [
        ("catalog", 404, "caller")
    ]
    assert sorted((row["function"], row["verdict"], row["rule"]) for row in report["isolated"]) == [
        ("catalog", "application", "ext-rate-limited"),
        ("catalog", "application", "m1-application"),
        ("catalog", "application", "m1-application"),
        ("catalog", "vendor", "m1-vendor"),
        ("prices", "caller", "ext-client-left"),
        ("send-receipt", "unknown", "none"),
    ]
    assert report["summary"]["masked_upstream_failures"] == 12
    assert report["summary"]["uncorrelated"] == 3


def test_what_stands_alone_is_cited(report: dict[str, Any]) -> None:
    assert len(report["isolated"]) > 5
    for row in report["isolated"]:
        assert json.loads(lines(row["file"])[row["line"] - 1])["request_id"] == row["request_id"]


def test_every_example_is_where_it_is_said_to_be(report: dict[str, Any]) -> None:
    lists = ("evidence", "counter_evidence", "missing_evidence")
    cited = [
        example
        for incident in report["incidents"]
        for name in lists
        for entry in incident[name]
        for example in entry["examples"]
    ]
    assert len(cited) > 20
    for example in cited:
        line = json.loads(lines(example["file"])[example["line"] - 1])
        assert line["request_id"] == example["request_id"]


def test_m1_alone_has_no_word_for_a_caller() -> None:
    summary = analyze(*LOGS, "--rules", "m1")["summary"]
    assert summary["verdicts"]["caller"] == 0
    assert all(summary["verdicts"][verdict] > 0 for verdict in ("unknown", "vendor", "application", "app_bottleneck"))


# ---- what the README says to try --------------------------------------------------------------------------------


def test_a_mark_stands_beside_the_onset() -> None:
    run = subprocess.run(
        [*CLI, "analyze", "profile.jsonl", "--mark", "14:01=deploy v42"],
        cwd=SAMPLES,
        capture_output=True,
        text=True,
        check=True,
    )
    assert '"deploy v42"' in run.stdout


def test_a_window_asks_who_in_minutes_that_hurt() -> None:
    [incident] = analyze("checkout.jsonl", "--window", "09:20..09:25")["incidents"]
    assert incident["forced"]
    assert (incident["verdict"], incident["responsible"]) == ("vendor", "payments-api")


def test_a_baseline_gives_ten_minutes_their_usual_rate(tmp_path: Path) -> None:
    for name, hour in (("during", "T19:1"), ("usual", "T17:")):
        kept = [line for line in lines("search.jsonl") if hour in line]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(kept) + "\n", encoding="utf-8")
    during, usual = (str(tmp_path / f"{name}.jsonl") for name in ("during", "usual"))
    [alone] = analyze(during)["incidents"]
    assert (alone["verdict"], alone["whole_log"], alone["baseline_rate"]) == ("app_bottleneck", True, None)
    [compared] = analyze(during, "--baseline", usual)["incidents"]
    assert (compared["verdict"], compared["whole_log"], compared["baseline_rate"]) == ("app_bottleneck", False, 0)


def test_without_the_faults_lines_there_is_no_incident(tmp_path: Path) -> None:
    for function in STORIES:
        read = [(line, *_request(line)) for line in lines(f"{function}.jsonl")]
        faulty = {request_id for _, request_id, fault in read if fault}
        kept = [line for line, request_id, _ in read if request_id is None or request_id not in faulty]
        (tmp_path / f"{function}.jsonl").write_text("\n".join(kept) + "\n", encoding="utf-8")
    assert analyze(str(tmp_path))["incidents"] == []


def _request(line: str) -> tuple[str | None, bool]:
    """A line's request, and whether it failed or was slow by this line."""
    try:
        told = json.loads(line)
    except ValueError:
        return None, False
    return told.get("request_id"), (told["status"] or 0) >= 400 or told["latency_ms"] > 500
