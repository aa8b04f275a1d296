"""`attrib compare` over logs, saved reports and bundles."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attrib.cli.app import run
from attrib.comparing import compare
from attrib.errors import InputError, UsageError
from attrib.options import Options
from attrib.reports import compare_text
from attrib.reports.compare_model import Comparison
from attrib.reports.view import View
from tests.comparison.samples import log


def results(report: dict[str, Any]) -> dict[tuple[str, str | None, str], str]:
    return {(row["scope"], row["name"], row["figure"]): row["result"] for row in report["figures"]}


def saved(logs: str, folder: Path) -> tuple[str, str]:
    """(saved report, bundle) of a log."""
    report, bundle = folder / "r.json", folder / "b.zip"
    assert run(["analyze", logs, "-o", str(report), "--bundle", str(bundle), "-q"]) == 0
    return str(report), str(bundle)


def test_a_bad_deploy_is_worse_and_its_repair_is_better(tmp_path: Path) -> None:
    before, after = log(tmp_path / "a.jsonl", 2000, 0.002), log(tmp_path / "b.jsonl", 2000, 0.04, seed=2, day=1)
    found = compare(before, after).report
    Comparison.model_validate(found)
    assert results(found)["function", "checkout", "failed"] == "worse"
    assert results(found)["upstream", "payments-api", "failed"] == "worse"
    assert results(found)["verdict", "vendor", "share"] == "worse"
    assert results(found)["function", "checkout", "p50"] == "none"
    assert found["summary"]["regress"]
    back = compare(after, before).report
    assert results(back)["function", "checkout", "failed"] == "better"
    assert not back["summary"]["worse"]


def test_slower_answers_show_in_logs_and_bundles_and_not_in_reports(tmp_path: Path) -> None:
    before, after = log(tmp_path / "a.jsonl", 1000), log(tmp_path / "b.jsonl", 1000, latency_ms=120, seed=3, day=1)
    report, bundle = saved(before, tmp_path)
    for source in (before, bundle):
        found = compare(source, after).report
        assert results(found)["function", "checkout", "p50"] == "worse"
        assert results(found)["upstream", "payments-api", "p50"] == "worse"
        assert found["notes"] == []
    found = compare(report, after).report
    assert results(found)["function", "checkout", "failed"] == "none"
    assert ("function", "checkout", "p50") not in results(found)
    assert any("latencies" in note for note in found["notes"])
    assert found["before"]["missing"]


@pytest.mark.parametrize("fast", [True, False])
def test_a_log_its_report_and_its_bundle_are_the_same(tmp_path: Path, *, fast: bool) -> None:
    logs = log(tmp_path / "a.jsonl", 900, 0.1)
    log(tmp_path / "a.jsonl", 300, function="search", upstream="redis", latency_ms=600)
    sources = (logs, *saved(logs, tmp_path))
    for one in sources:
        for other in sources:
            outcome = compare(one, other, Options(fast=fast))
            assert outcome.exit_code == 0
            assert set(results(outcome.report).values()) <= {"none", "unclear"}
            assert not outcome.report["summary"]["regress"]
            assert {row["result"] for row in outcome.report["incidents"]} <= {"same"}


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 10**6), st.floats(0, 0.3), st.integers(1, 10**6), st.floats(0, 0.3))
def test_swapped_sides_swap_the_result(
    tmp_path: Path, seed: int, failing: float, other_seed: int, other_failing: float
) -> None:
    one, other = tmp_path / "one.jsonl", tmp_path / "other.jsonl"
    one.unlink(missing_ok=True)
    other.unlink(missing_ok=True)
    log(one, 200, failing, seed=seed)
    log(other, 200, other_failing, seed=other_seed, day=1)
    there, back = compare(str(one), str(other)).report, compare(str(other), str(one)).report
    assert there["summary"]["worse"] == back["summary"]["better"]
    assert there["summary"]["better"] == back["summary"]["worse"]
    assert there["summary"]["new_incidents"] == back["summary"]["gone_incidents"]
    assert there["only_before"] == back["only_after"]


def test_more_of_the_same_narrows_the_intervals(tmp_path: Path) -> None:
    def width(times: int) -> float:
        paths = []
        for name in "ab":
            path = tmp_path / f"{name}{times}.jsonl"
            for day in range(times):
                log(path, 400, 0.05, seed=day + (50 if name == "b" else 0), day=day)
            paths.append(str(path))
        rows = compare(paths[0], paths[1]).report["figures"]
        row = next(row for row in rows if (row["scope"], row["figure"]) == ("function", "failed"))
        return float(row["change"]["high"] - row["change"]["low"])

    assert width(8) < width(2)


def test_what_only_one_side_has_is_named_and_counts_for_nothing(tmp_path: Path) -> None:
    before, after = log(tmp_path / "a.jsonl"), log(tmp_path / "b.jsonl")
    log(tmp_path / "b.jsonl", 300, 0.02, function="search", upstream="geo-api")
    found = compare(before, after).report
    assert found["only_after"] == {"functions": ["search"], "upstreams": ["geo-api"]}
    assert not found["summary"]["worse"]
    assert any("only the functions that both sides have" in note for note in found["notes"])
    other = log(tmp_path / "c.jsonl", function="elsewhere", upstream="x")
    found = compare(before, other).report
    assert found["figures"] == []
    assert any("no function in common" in note for note in found["notes"])


def test_a_sample_compares_incidents_only(tmp_path: Path) -> None:
    before, after = log(tmp_path / "a.jsonl"), log(tmp_path / "b.jsonl", 600, 0.9, day=1)
    found = compare(before, after, Options(sampled=True)).report
    assert found["figures"] == []
    assert [row["result"] for row in found["incidents"]] == ["new"]
    assert any("are samples" in note for note in found["notes"])


def test_an_empty_or_missing_side_is_told(tmp_path: Path) -> None:
    logs = log(tmp_path / "a.jsonl")
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")
    outcome = compare(logs, str(empty))
    assert outcome.exit_code == 4
    assert "empty.jsonl" in (outcome.message or "")
    Comparison.model_validate(outcome.report)
    assert compare(str(tmp_path / "gone.jsonl"), logs).exit_code == 3
    with pytest.raises(UsageError, match="standard input"):
        compare("-", "-")


def test_other_rules_and_other_lengths_are_noted(tmp_path: Path) -> None:
    short, long = log(tmp_path / "a.jsonl"), log(tmp_path / "b.jsonl", minutes=600)
    report, _ = saved(short, tmp_path)
    notes = " ".join(compare(report, long, Options(rules=("m1",))).report["notes"])
    assert "different rules" in notes
    assert "different length" in notes


def test_the_formats_say_the_same_and_nothing_of_the_log_runs(tmp_path: Path) -> None:
    name = "\x1b[31m<b>|`check`"
    before = log(tmp_path / "a.jsonl", 1500, 0.001, function=name, upstream="p@ss.example")
    after = log(tmp_path / "b.jsonl", 1500, 0.5, function=name, upstream="p@ss.example", day=1)
    found = compare(before, after).report
    for draw in (compare_text.render_text, compare_text.render_markdown, compare_text.render_line):
        shown = draw(found, View())
        assert "\x1b" not in shown
        assert "got worse" in shown
        assert shown.endswith("\n")
        assert draw(found, View()) == shown
    # In Markdown the value stands as code, where no tag is one.
    assert "`<b>" not in compare_text.render_text(found, View())
    assert "\\<b>" not in compare_text.render_markdown(found, View())


def test_the_exit_codes(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    before, after = log(tmp_path / "a.jsonl", 1500, 0.001), log(tmp_path / "b.jsonl", 1500, 0.06, day=1)
    assert run(["compare", before, after]) == 0
    assert run(["compare", before, after, "--fail-on", "regress"]) == 1
    assert run(["compare", before, after, "--fail-on", "worse", "--min-change", "20%", "--min-latency", "900%"]) == 2
    assert run(["compare", before, after, "--fail-on", "worse", "--min-change", "20%"]) == 0
    assert run(["compare", before, str(tmp_path / "*.nothing"), "--fail-on", "regress"]) == 3
    assert run(["compare", before, before, "--fail-on", "regress"]) == 0
    assert run(["compare", before, after, "--fail-on", "regres"]) == 2
    assert run(["compare", before, after, "--level", "1.5"]) == 2
    assert run(["compare", before, after, "--min-change", "much"]) == 2
    capsysbinary.readouterr()
    assert run(["compare", before, after, "-t", "json"]) == 0
    document = json.loads(capsysbinary.readouterr().out)
    Comparison.model_validate(document)


def test_a_damaged_side_is_told_before_the_other_is_read(tmp_path: Path) -> None:
    logs = log(tmp_path / "a.jsonl")
    _, bundle = saved(logs, tmp_path)
    Path(bundle).write_bytes(Path(bundle).read_bytes()[:-100])
    with pytest.raises(InputError, match="cut or damaged"):
        compare(logs, bundle)
