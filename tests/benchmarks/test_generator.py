"""The made-up logs: same seed, same bytes; labels that fit their lines; no line that is bad by accident."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from attrib.options import Options
from attrib.pipeline import analyze, verdict_rows
from benchmarks.generator.make import KINDS, make
from benchmarks.generator.plan import INCIDENTS, QUIET
from benchmarks.generator.write import JUNK

ROOT = Path(__file__).resolve().parents[2]
SMALL = {"lines": 700}
"""Enough lines for every kind to have all its parts."""


@pytest.fixture(scope="module")
def logs() -> dict[str, tuple[list[str], dict[str, Any]]]:
    """A small log of every kind."""
    return {kind: make(kind, 1, **SMALL) for kind in KINDS}


def records(lines: list[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines if line not in JUNK]


def generate(folder: Path, kind: str, *more: str, env: dict[str, str] | None = None) -> None:
    """The command, as a user runs it."""
    command = [sys.executable, "benchmarks/generate.py", str(folder), "--lines", "300", "--kind", kind, *more]
    run = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_there_are_enough_kinds() -> None:
    assert len(INCIDENTS) >= 20
    assert len(QUIET) >= 6


@pytest.mark.parametrize("kind", ["two_causes", "dirty", "chain_vendor", "quiet_waves"])
def test_a_seed_gives_the_same_log_and_another_seed_another(kind: str) -> None:
    assert make(kind, 5, **SMALL) == make(kind, 5, **SMALL)
    assert make(kind, 5, **SMALL) != make(kind, 6, **SMALL)


def test_the_command_writes_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    for name in ("1", "2"):
        generate(tmp_path / name, "our_network", env={**os.environ, "PYTHONHASHSEED": name})
    for file in ("log.jsonl", "labels.json"):
        assert (tmp_path / "1" / file).read_bytes() == (tmp_path / "2" / file).read_bytes()
    lines, labels = make("our_network", 0, lines=300)
    assert (tmp_path / "1" / "log.jsonl").read_text().splitlines() == lines
    assert json.loads((tmp_path / "1" / "labels.json").read_text())["incidents"] == labels["incidents"]


def test_files_split_the_lines_and_lose_none(tmp_path: Path) -> None:
    generate(tmp_path, "retries", "--files", "3")
    files = sorted(tmp_path.glob("log-*.jsonl"))
    assert len(files) == 3
    written = [line for file in files for line in file.read_text().splitlines()]
    assert sorted(written) == sorted(make("retries", 0, lines=300)[0])


def test_unknown_kinds_and_parameters_are_refused() -> None:
    with pytest.raises(ValueError, match="no kind 'vendor'"):
        make("vendor", 1)
    with pytest.raises(ValueError, match="no parameter sahre"):
        make("vendor_errors", 1, sahre=0.5)


@pytest.mark.parametrize("kind", INCIDENTS)
def test_labels_fit_their_lines(kind: str, logs: dict[str, tuple[list[str], dict[str, Any]]]) -> None:
    lines, labels = logs[kind]
    assert labels["kind"] == kind
    assert labels["lines"] == len(lines)
    assert labels["incidents"]
    assert not labels["quiet"]
    found = records(lines)
    names = {record.get(key) for record in found for key in ("function", "service", "upstream")}
    functions = {record["function"] for record in found}
    for label in labels["incidents"]:
        assert label["verdict"] in {"unknown", "vendor", "application", "app_bottleneck", "caller"}
        assert (label["responsible"] is None) == (label["verdict"] in {"unknown", "caller"})
        assert label["responsible"] in {*names, None}
        assert label["upstream"] == (label["responsible"] if label["verdict"] == "vendor" else None)
        assert label["functions"]
        assert set(label["functions"]) <= functions
        timed = kind != "no_time"
        assert (label["onset"] is not None) == timed
        assert label["symptomatic"] > 0
        if timed:
            assert label["onset"] < label["end"]
            assert label["onset"] <= label["first_symptom"] <= label["last_symptom"]


@pytest.mark.parametrize("kind", QUIET)
def test_quiet_logs_have_no_label(kind: str, logs: dict[str, tuple[list[str], dict[str, Any]]]) -> None:
    lines, labels = logs[kind]
    assert lines
    assert labels["quiet"]
    assert labels["incidents"] == []


def test_every_line_is_m1_or_deliberately_not(
    tmp_path: Path, logs: dict[str, tuple[list[str], dict[str, Any]]]
) -> None:
    for kind, (lines, _) in logs.items():
        path = tmp_path / f"{kind}.jsonl"
        path.write_text("\n".join(lines) + "\n")
        block = analyze([str(path)], Options(threads=1)).report["input"]
        junk = sum(line in JUNK for line in lines)
        totals = block["totals"]
        assert (totals["accepted"], totals["lines_read"]) == (len(lines) - junk, len(lines)), kind
        assert (junk > 0) == (kind in {"dirty", "quiet_dirty"}), kind
        assert block["unknown_fields"] == {}, kind
        assert (totals["duplicates"] > 0) == (kind in {"duplicates", "dirty", "quiet_dirty"}), kind


@pytest.mark.parametrize(
    ("kind", "verdict", "rule"),
    [
        ("vendor_errors", "vendor", "m1-vendor"),
        ("vendor_slow", "vendor", "ext-slow-vendor"),
        ("application_errors", "application", "m1-application"),
        ("bottleneck", "app_bottleneck", "m1-bottleneck"),
        ("quota", "application", "ext-rate-limited"),
        ("stages_vendor", "vendor", "m1-vendor"),
        ("missing_all", "unknown", "m1-unknown"),
        ("chain_bug", "application", "m1-application"),
    ],
)
def test_the_fault_is_in_the_lines(tmp_path: Path, kind: str, verdict: str, rule: str) -> None:
    lines, labels = make(kind, 2, lines=3000)
    path = tmp_path / "log.jsonl"
    path.write_text("\n".join(lines) + "\n")
    (label,) = labels["incidents"]
    rows = verdict_rows([str(path)], Options(threads=1)).rows
    hit = [
        row
        for row in rows
        if row["ts"] is not None
        and label["first_symptom"] <= row["ts"] <= label["last_symptom"]
        and (row["verdict"], row["rule"], row["responsible"]) == (verdict, rule, label["responsible"])
    ]
    assert label["symptomatic"] > 20
    assert len(hit) >= 0.9 * label["symptomatic"]


def test_parameters_are_obeyed() -> None:
    lines, labels = make("vendor_errors", 1, lines=4000, share=1.0, missing=0.5, noise=0.0, ids="uuid7")
    (label,) = labels["incidents"]
    failed = [record for record in records(lines) if record["status"] >= 500]
    assert len(failed) == label["symptomatic"]
    assert 0.35 < sum(record["upstream_status"] is None for record in failed) / len(failed) < 0.65
    assert all(record["request_id"][14] == "7" for record in failed)


def test_the_program_never_knows_of_the_generator() -> None:
    for path in (ROOT / "attrib").rglob("*.py"):
        assert not re.search(r"^\s*(from|import) benchmarks", path.read_text(), re.MULTILINE), path
