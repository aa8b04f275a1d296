"""Post-mortems of the sample logs and of reports made by hand: what they say, cite, and leave to people."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from attrib.cli.app import run
from attrib.errors import InputError, UsageError
from attrib.options import Options
from attrib.reports.lint.document import lint
from attrib.reports.postmortem import template
from attrib.reports.postmortem.budget import over_budget
from attrib.reports.postmortem.budget import told as told_over
from attrib.reports.postmortem.choose import chosen
from attrib.reports.postmortem.context import NAMES, context
from attrib.reports.postmortem.moments import rows_of
from attrib.reports.view import View
from attrib.reviewing import postmortem
from tests.reports import incident_samples, samples

ROOT = Path(__file__).resolve().parents[3]
GOLDEN = Path(__file__).with_name("golden")
LOGS = ("checkout", "notify", "orders", "profile", "search", "slots")
BLAMING = re.compile(
    r"\b(?:blam\w*|culprit\w*|negligen\w*|careless\w*|guilt\w*|mistakes? by|human error|should have|failed to"
    r"|incompeten\w*|fault(?:s|y)? of|at fault|whose fault)\b",
    re.IGNORECASE,
)
FIELDS = (
    "Date", "Authors", "Status", "## Summary", "## Impact", "## Contributing factors", "## Trigger", "## Resolution",
    "## Detection", "## Action items", "## Lessons learned", "### What went well", "### What went wrong",
    "### Where we got lucky", "## Timeline", "## Supporting information", "## What was ruled out",
    "## Changes to data, schema or meaning",
)  # fmt: skip
"""Those of the example post-mortem in the Google SRE book (appendix D), and the gate of the stop rule."""


@cache
def written(name: str, tz: str = "UTC", marks: tuple[str, ...] = ()) -> str:
    logs = (f"sample_logs/{name}.jsonl",)
    done = postmortem(logs, Options(marks=marks), View(logs=logs, zone=ZoneInfo(tz) if tz != "UTC" else View().zone))
    assert done.text is not None
    return done.text


@pytest.fixture(autouse=True)
def _at_the_top(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.mark.parametrize("name", LOGS)
def test_every_field_is_there(name: str) -> None:
    at = 0
    text = written(name)
    for field in sorted(FIELDS, key=text.find):
        at = text.find(field, at)
        assert at >= 0, field


@pytest.mark.parametrize("name", LOGS)
def test_wording_is_blameless(name: str) -> None:
    text = written(name).replace("Nobody is at fault: ", "")
    assert BLAMING.search(text) is None
    assert "evidence points to" in text


@pytest.mark.parametrize("name", LOGS)
def test_lint_finds_open_fields_and_no_fault(name: str) -> None:
    found = lint(written(name), "review.md")
    assert [one for one in found if one.fails] == []
    assert len(found) > 10


@pytest.mark.parametrize("name", LOGS)
def test_every_cited_line_is_in_the_log(name: str) -> None:
    lines = len((ROOT / f"sample_logs/{name}.jsonl").read_text(encoding="utf-8").splitlines())
    cited = re.findall(rf"`sample_logs/{name}\.jsonl:([0-9, ]+)`", written(name))
    assert cited
    assert all(1 <= int(at) <= lines for found in cited for at in found.split(", "))


@pytest.mark.parametrize("name", LOGS)
def test_figures_cite_lines(name: str) -> None:
    """Every row of impact and timeline, and every factor, names a line, says where else it is from, or is open."""
    text = written(name)
    for section in ("Impact", "Timeline", "Contributing factors: what the evidence points to"):
        body = text.split(f"## {section}\n")[1].split("\n## ")[0]
        for line in body.splitlines()[3:]:
            if line.startswith(("| ", "- ")) and not line.startswith(("| What", "| UTC", "| ---")):
                assert ".jsonl:" in line or "to be filled in" in line, line


def test_golden() -> None:
    """Read in full by people before it changes."""
    shown, golden = written("checkout", "Europe/Berlin", ("2026-11-20T09:13:43Z=deploy v42",)), GOLDEN / "checkout.md"
    shown = re.sub(r"sha256:[0-9a-f]{64}", "sha256:...", shown.replace(version("attrib"), "VERSION"))
    if not golden.exists():
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(shown, encoding="utf-8", newline="")
        pytest.fail(f"{golden} is new: read it, then run again")
    assert shown == golden.read_bytes().decode()


def test_the_timeline_finds_first_kinds_peak_end_and_recovery() -> None:
    rows = [line for line in written("checkout").split("## Timeline")[1].splitlines() if line.startswith("| 2026")]
    told = [(row.split(" | ")[0][13:21], row.split(" | ")[1].split(":")[0].strip("*"), row) for row in rows]
    assert [(at, what) for at, what, _ in told] == [
        ("09:14:21", "Onset"),
        ("09:14:22", "first of its kind"),
        ("09:14:57", "first of its kind"),
        ("09:17:00", "Peak"),
        ("09:32:57", "End"),
        ("09:33:04", "First good answer after it"),
    ]
    assert all("`sample_logs/checkout.jsonl:" in row for _, _, row in told)


def test_a_zone_stands_beside_utc() -> None:
    text = written("checkout", "Europe/Berlin")
    assert "| UTC | Europe/Berlin | What | Line |" in text
    assert "| 2026-11-20 09:14:21 | 2026-11-20 10:14:21 |" in text


def test_a_mark_before_the_onset_is_a_possible_trigger_and_no_cause() -> None:
    text = written("profile", marks=("14:01=deploy v42", "14:10=more hosts"))
    trigger = text.split("## Trigger")[1].split("\n## ")[0]
    assert "deploy v42" in trigger
    assert "does not prove" in trigger
    assert "“more hosts”, 2026-11-20 14:10:00 UTC, came after the onset: it did not start it." in text
    assert "**Mark**: deploy v42 | named with `--mark` |" in text


def test_standard_input_and_a_saved_report_know_no_first_kinds(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    data = (ROOT / "sample_logs/checkout.jsonl").read_bytes()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    piped = postmortem(["-"], Options(), View()).text or ""
    assert "first of its kind" not in piped
    assert "The first without any: 0 of 7 requests in one minute | report, `timeline` |" in piped
    saved = tmp_path / "saved.json"
    assert run(["analyze", "sample_logs/checkout.jsonl", "--to", "json", "-o", str(saved)]) == 0
    kept = postmortem([str(saved)], Options(), View()).text or ""
    assert "**Onset**: the first request that failed or was slow | `sample_logs/checkout.jsonl:417` |" in kept
    assert "15 of 20 requests failed in one minute | report, `timeline` |" in kept
    assert "`attrib verdicts LOGS...`" in kept
    with pytest.raises(UsageError, match="is judged already: --window has no effect on it"):
        postmortem([str(saved)], Options(), View(), needs_logs=["--window"])
    with pytest.raises(UsageError, match="name nothing beside it"):
        postmortem([str(saved), "sample_logs"], Options(), View())


def test_large_inputs_cite_the_same_failures() -> None:
    """They leave out the first good answer, which only a look at every row would find."""
    logs = ("sample_logs/checkout.jsonl",)
    text = postmortem(logs, Options(fast=True), View(logs=logs)).text or ""
    small = written("checkout").split("## Timeline")[1].splitlines()
    large = text.split("## Timeline")[1].splitlines()
    assert [line for line in small if line not in large] == [line for line in small if "First good" in line]
    assert any("The first without any" in line for line in large)


KEYS = (
    "rows", "total", "count", "upstream", "status", "during", "before", "own", "p95", "features", "common", "field",
    "value", "failing", "failing_of", "share_failing", "per_request", "end", "after_retry", "functions", "deadline_ms",
    "usual_p99_ms", "change", "unknown",
)  # fmt: skip
VERDICTS = ("vendor", "application", "app_bottleneck", "caller", "unknown")


def report_of(*incidents: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**samples.with_incident(), "incidents": list(incidents), **more}


def test_which_incident() -> None:
    first, second = incident_samples.vendor(id="inc-aa000001"), incident_samples.vendor(id="inc-bb000002")
    report = report_of(first, second)
    assert chosen(report)["id"] == "inc-aa000001"
    assert chosen(report, "inc-bb")["id"] == "inc-bb000002"
    with pytest.raises(
        UsageError, match=r"no such incident. There are: inc-aa000001 \(vendor, 1,204 requests\), inc-bb"
    ):
        chosen(report, "inc-cc")
    with pytest.raises(UsageError, match="several incidents begin so"):
        chosen(report, "inc-")
    with pytest.raises(UsageError, match="no incident to write a post-mortem of"):
        chosen(report_of())
    with pytest.raises(UsageError, match="in that window"):
        chosen(report_of({**first, "symptomatic": 0}))


def test_no_incident_and_unread_input() -> None:
    with pytest.raises(InputError, match=r"Not all could be read: gone\.jsonl"):
        postmortem(["sample_logs/quiet.jsonl", "gone.jsonl"], Options(), View())


def test_minutes_over_budget_follow_the_bound() -> None:
    entry = incident_samples.vendor()
    entry |= {
        "start": "2026-11-20T14:02:00Z", "end": "2026-11-20T14:06:00Z",
        "timeline": {"start": "2026-11-20T14:00:00Z", "step_s": 60, "counts": [9, 0, 1, 2, 0, 9, 9],
                     "invocations": [9, 9, 20, 20, 0, 9, 9]},
        "symptoms": {"failed": 12, "slow": 0, "unfinished": 0},
    }  # fmt: skip
    report = report_of(entry)
    report["rules"]["thresholds"] |= {"incident_min_rate": 0.05, "latency_high_ms": 500}
    over = over_budget(report, entry)
    assert over is not None
    assert (over.steps, over.of, over.first) == (2, 3, "2026-11-20T14:03:00Z")  # 1 of 20 is 5 %, not above it
    assert told_over(over).startswith("2 of 3 minutes with requests: in each, more than 5 % of the requests failed")
    report["rules"]["thresholds"][f"incident_min_rate@{entry['functions'][0]}"] = 0.5
    strict = over_budget(report, entry)
    assert strict is not None
    assert (strict.steps, strict.bound) == (1, 0.5)
    wide = replace_step(entry, 300)
    assert "at most 5" not in told_over(over)
    assert over_budget(report, wide) is None or "at most" in told_over(over_budget(report, wide))  # type: ignore[arg-type]
    assert over_budget(report, {**entry, "failure_rate": None}) is None
    assert over_budget(report, {**entry, "timeline": None}) is None


def replace_step(entry: dict[str, Any], step: float) -> dict[str, Any]:
    return {**entry, "timeline": {**entry["timeline"], "step_s": step}}


def _made() -> list[Any]:
    """Every incident and report of the hand-made samples that needs no argument."""
    found = []
    for module in (incident_samples, samples):
        for name, maker in vars(module).items():
            if callable(maker) and getattr(maker, "__module__", "") == module.__name__:
                try:
                    made = maker()
                except TypeError:
                    continue
                if isinstance(made, dict) and ("incidents" in made or "counter_evidence" in made):
                    found.append(pytest.param(made, id=f"{module.__name__}.{name}"))
    return found


@pytest.mark.parametrize("made", _made())
def test_reports_made_by_hand_can_be_written(made: dict[str, Any]) -> None:
    """Whatever is null or missing in a report, the document says so and never fails."""
    report = made if "incidents" in made else report_of(made)
    for entry in report["incidents"]:
        if not entry["symptomatic"]:
            continue
        names = context(report, entry, View())
        assert set(names) == set(NAMES)
        text = template.fill(template.shipped(), names)
        assert "None" not in text.replace("None at all", "")
        assert [one for one in lint(text, "-") if one.fails] == []


JUNK = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.floats(), st.text(max_size=4)),
    lambda some: st.one_of(st.lists(some, max_size=3), st.dictionaries(st.sampled_from(KEYS), some, max_size=4)),
    max_leaves=12,
)


@settings(max_examples=60)
@given(data=st.dictionaries(st.sampled_from(KEYS), JUNK, max_size=8), verdict=st.sampled_from(VERDICTS))
def test_a_saved_report_may_hold_anything_as_data(data: dict[str, Any], verdict: str) -> None:
    """The schema leaves `data` open: no junk in it ends the run, and none becomes a figure."""
    kinds = ("status_matrix", "time_split", "contrast", "attempts", "onset", "upstream_fine", "deadline", "confined")
    said = [{"kind": kind, "statement": "x", "data": data, "examples": []} for kind in kinds]
    entry = incident_samples.vendor(verdict=verdict, evidence=said, missing_evidence=said)
    for against in (said[:5], said):
        made = {**entry, "counter_evidence": against}
        assert template.fill(template.shipped(), context(report_of(made), made, View())).endswith("\n")


def test_hostile_text_shows_as_text() -> None:
    """A log's text can neither end a cell or a field, nor become markup, nor a template."""
    nasty = "a|b`c`{{ 7*7 }}{% raw %}\n# x\n<script>[l](javascript:x) _[to be filled in: y]_ @me \x1b[2J"
    entry = incident_samples.vendor(responsible=nasty, functions=[nasty], upstreams=[nasty])
    report = report_of(entry, marks=[{"time": entry["onset"], "text": nasty}])
    row = {
        "request_id": nasty, "function": nasty, "stage": None, "ts": entry["onset"], "status": 502, "upstream": nasty,
        "upstream_status": nasty, "latency_ms": 3.0, "symptom": "failed", "file": nasty, "line": 1,
        "rule": next(iter(entry["rules"])),
    }  # fmt: skip
    assert rows_of(entry, [row]).bad == [row]
    text = template.fill(template.shipped(), context(report, entry, View(), [row]))
    html = MarkdownIt("commonmark", {"linkify": False}).enable("table").render(text)
    assert not re.search(r"<(?:script|a|img|h1>x)\b", html)
    for live in ("\x1b", "\n# x", " 49"):
        assert live not in text
    tables = [line for line in text.splitlines() if line.startswith("|")]
    assert all(line.endswith("|") for line in tables)
    assert [one.text for one in lint(text, "-") if one.fails] == []
    assert "@me" not in re.sub(r"`[^`]*`", "", text)


def test_secrets_are_redacted(tmp_path: Path) -> None:
    log = tmp_path / "a.jsonl"
    secret = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    rows = [
        {"ts": f"2026-11-20T10:{minute:02d}:{second:02d}Z", "request_id": f"{secret}{minute}{second}",
         "function": "pay", "status": 500 if minute in (10, 11) else 200, "latency_ms": 5, "upstream": "api",
         "upstream_status": 200, "error_code": secret}
        for minute in range(30) for second in range(0, 60, 4)
    ]  # fmt: skip
    log.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    text = postmortem([str(log)], Options(), View(logs=(str(log),))).text or ""
    assert secret not in text
    assert "10:10" in text


def test_the_same_bytes_twice() -> None:
    logs = ("sample_logs/checkout.jsonl",)
    assert postmortem(logs, Options(), View(logs=logs)).text == written("checkout")


def test_another_incident_is_named() -> None:
    logs = tuple(f"sample_logs/{name}.jsonl" for name in LOGS)
    done = postmortem(logs, Options(), replace(View(), logs=logs))
    assert "of 6 incidents this is the largest" in done.notes[0]
    assert (done.text or "").count("- Another incident: ") == 5
    assert postmortem(logs, Options(), View(logs=logs), incident="inc-be1a3b99").notes == []


def test_a_mark_in_the_second_of_the_onset_and_before_it_is_not_called_late() -> None:
    """09:14:21Z lies before 09:14:21.510Z, though as a text it comes after it."""
    text = written("checkout", marks=("2026-11-20T09:14:21Z=deploy v42",))
    assert "came after the onset" not in text
    assert "came after the onset" in written("checkout", marks=("2026-11-20T09:14:22Z=deploy v42",))


def test_the_duration_is_that_of_the_clock_that_nobody_sets_back() -> None:
    entry = {**incident_samples.vendor(), "start": "2026-10-25T00:30:00Z", "end": "2026-10-25T02:30:00Z"}
    report = incident_samples.report(entry)
    berlin = context(report, entry, View(zone=ZoneInfo("Europe/Berlin")))
    assert [one for one in berlin["impact"] if one.what == "Duration"] == [
        one for one in context(report, entry, View())["impact"] if one.what == "Duration"
    ]


def test_what_a_saved_report_says_of_itself_stays_text() -> None:
    entry = {**incident_samples.vendor(), "id": "x`|<b>"}
    report = {**incident_samples.report(entry), "attrib_version": "1<b>|"}
    said = context(report, entry, View())
    assert not set("`|<") & set(said["id"] + said["attrib_version"])
    assert context(incident_samples.report(entry), entry, View())["attrib_version"] == samples_version()


def samples_version() -> str:
    return str(incident_samples.report(incident_samples.vendor())["attrib_version"])
