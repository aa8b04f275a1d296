"""What the first lines of a large input decide: samples are told, and traces over request ids are followed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from attrib.analysis import heads, run
from attrib.options import Options
from attrib.pipeline import analyze
from benchmarks.generator.make import make


def test_a_sampled_log_has_no_rates_on_either_path(tmp_path: Path) -> None:
    lines, _ = make("vendor_errors", 3, lines=3_000)
    path = tmp_path / "log.jsonl"
    path.write_text("".join(json.dumps({**json.loads(line), "sample_rate": 0.1}) + "\n" for line in lines))
    for fast in (False, True):
        report = analyze([str(path)], Options(fast=fast)).report
        assert report["sampled"]
        assert [incident["failure_rate"] for incident in report["incidents"]] == [None]


def test_a_chain_over_request_ids_is_followed_in_a_large_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines, labels = make("chain_bug", 3, lines=4_000, links="spans")
    records = [json.loads(line) for line in lines]
    assert any(record.get("parent_span_id") for record in records)
    for number, record in enumerate(records):
        record["trace_id"], record["request_id"] = record["request_id"], f"0196aaaa-{number:020}"
    path = tmp_path / "log.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    monkeypatch.setattr(run, "FAST_MIN_BYTES", 0)
    report = analyze([str(path)]).report
    assert [incident["responsible"] for incident in report["incidents"]] == [labels["incidents"][0]["responsible"]]
    monkeypatch.setattr(heads, "TRACED_BYTES", 0)
    assert any("linked by spans" in note for note in analyze([str(path)]).report["notes"])
