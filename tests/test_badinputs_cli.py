"""The cases of damaged, odd and hostile input through the command line: what is counted, rejected, shown, and how.

tests/badinputs/README.md tells the form of a case. The parser's own test (tests/badinputs) reads the same cases one
layer below.
"""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from attrib.cli.app import run
from tests.badinputs.test_parse_cases import CASES, prepare

COUNTS = ("lines_read", "accepted", "quarantined", "skipped", "blank", "duplicates", "repaired")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?|-")
Case = dict[str, Any]


@dataclass(frozen=True)
class Shown:
    code: int
    out: str
    err: str


Call = Callable[..., Shown]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: Any) -> Call:
    """Runs a command line in the case's folder; `env` is set for this run only."""

    def calling(words: list[str], **env: str) -> Shown:
        with monkeypatch.context() as patch:
            patch.chdir(tmp_path)
            patch.setenv("COLUMNS", "400")
            for name, value in env.items():
                patch.setenv(name, value)
            code = run(words)
        out, err = capsysbinary.readouterr()
        return Shown(code, out.decode("utf-8"), err.decode("utf-8"))

    return calling


def no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def strict(text: str) -> Any:
    return json.loads(text, parse_constant=no_constant)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path, tmp_path: Path, call: Call) -> None:
    expected = prepare(case, tmp_path)
    rejects = tmp_path.parent / f"{tmp_path.name}-rejects.jsonl"
    shown = call(["analyze", "--to", "json", "--rejects", str(rejects), "--", *expected["files"]])
    assert shown.code in expected["exit_code"], shown.err
    report = strict(shown.out)
    wrong = [*of_counts(expected, report), *of_files(expected, report), *of_rejects(expected, report, rejects)]
    wrong += of_values(expected, call, tmp_path)
    wrong += of_outputs(expected, call)
    assert wrong == []


def of_counts(expected: Case, report: Any) -> Iterator[str]:
    files, totals = report["input"]["files"], report["input"]["totals"]
    for counts in (totals, *files):
        parts = sum(counts[name] for name in ("accepted", "quarantined", "skipped", "blank"))
        if counts["lines_read"] != parts:
            yield f"{counts} do not add up"
    for name in COUNTS:
        if totals[name] != sum(file[name] for file in files):
            yield f"{name}: {totals[name]} is not the sum of the files"
        if name in expected and totals[name] != expected[name]:
            yield f"{name} {totals[name]}, not {expected[name]}"
    for name in ("accepted", "quarantined"):
        low, high = expected.get(f"{name}_min", 0), expected.get(f"{name}_max", 10**9)
        if not low <= totals[name] <= high:
            yield f"{name} {totals[name]}, not {low}..{high}"
    unreadable = sum(file["unreadable_time"] for file in files)
    if unreadable != expected.get("unreadable_time", unreadable):
        yield f"unreadable_time {unreadable}, not {expected['unreadable_time']}"
    reasons = dict(report["input"]["reasons"])
    if reasons.pop("not_m1", 0) != totals["skipped"] or sum(reasons.values()) != totals["quarantined"]:
        yield f"reasons {reasons} do not add up"
    for name, lines in expected.get("unknown_fields", {}).items():
        if report["input"]["unknown_fields"].get(name) != lines:
            yield f"unknown field {name}: not {lines}"


def of_files(expected: Case, report: Any) -> Iterator[str]:
    files = report["input"]["files"]
    if [Path(file["path"]).name for file in files] != expected["files"]:
        yield f"files {[file['path'] for file in files]}"
    for file in files:
        name = Path(file["path"]).name
        if name in expected.get("file_errors", []) and not file["error"]:
            yield f"{name}: no error named"
        may = [*expected.get("file_errors", []), *expected.get("file_errors_optional", [])]
        if file["error"] and name not in may:
            yield f"{name}: unexpected error {file['error']}"
        for count, value in expected.get("per_file", {}).get(name, {}).items():
            if file[count] != value:
                yield f"{name}: {count} {file[count]}, not {value}"
        bounds = expected.get("bounded_files", {}).get(name)
        if bounds and not bounds["accepted_min"] <= file["accepted"] <= bounds["accepted_max"]:
            yield f"{name}: accepted {file['accepted']}"


def of_rejects(expected: Case, report: Any, path: Path) -> Iterator[str]:
    data = path.read_bytes()
    rows = [strict(line) for line in data.decode("utf-8").splitlines()]
    if any(len(line) > 4096 for line in data.split(b"\n")):
        yield "a reject of over 4 KB"
    if len(rows) != report["input"]["totals"]["quarantined"]:
        yield f"{len(rows)} rejects, {report['input']['totals']['quarantined']} quarantined"
    want = {(entry["file"], entry["line"]): entry for entry in expected["quarantine"]}
    for row in rows:
        name = Path(row["file"]).name
        if name in expected.get("bounded_files", {}):
            continue
        entry = want.pop((name, row["line"]), None)
        if entry is None:
            free = row["line"] in expected.get("either_accepted_or_quarantined", [])
            if not free or row["reason"] not in expected["either_reasons"]:
                yield f"{name}:{row['line']} rejected: {row['reason']}"
            continue
        if row["reason"] not in entry["reason_any_of"]:
            yield f"{name}:{row['line']} reason {row['reason']}, not {entry['reason_any_of']}"
        if row["reason"] == "bad_value" and row["field"] != entry.get("field", row["field"]):
            yield f"{name}:{row['line']} field {row['field']}, not {entry['field']}"
        if row["offset"] != entry.get("offset", row["offset"]):
            yield f"{name}:{row['line']} offset {row['offset']}, not {entry['offset']}"
    yield from (f"{place} is not rejected" for place in want)


def of_values(expected: Case, call: Call, folder: Path) -> Iterator[str]:
    name = expected["files"][0]
    wanted = [(value["line"], value["field"], value["value"]) for value in expected.get("values", [])]
    if field := expected.get("roundtrip_field"):
        lines = (folder / name).read_bytes().split(b"\n")
        wanted += [(at, field, json.loads(line)[field]) for at, line in enumerate(lines, 1) if line.strip()]
    if not wanted:
        return
    shown = call(["verdicts", "--all", "--to", "jsonl", "--no-redact", "--", *expected["files"]])
    rows = {(Path(row["file"]).name, row["line"]): row for row in map(strict, shown.out.splitlines())}
    for line, field, value in wanted:
        row = rows[name, line]
        if field == "ts_epoch_ms":
            ts = row["ts"] and datetime.fromisoformat(row["ts"]).timestamp() * 1000
            if (ts is None) != (value is None) or (ts is not None and abs(ts - value) >= 1000):
                yield f"line {line}: ts {row['ts']}, not {value}"
        elif row[field] != value or isinstance(row[field], bool):
            yield f"line {line}: {field} {row[field]!r}, not {value!r}"


def of_outputs(expected: Case, call: Call) -> Iterator[str]:
    checks, files = expected.get("output_checks", {}), ["--", *expected["files"]]
    if "terminal" in checks:
        for env in ({"FORCE_COLOR": "1"}, {"NO_COLOR": "1"}):
            for command in ("analyze", "verdicts"):
                shown = call([command, "--to", "text", *files], **env)
                must = checks["terminal"] if command == "analyze" else {**checks["terminal"], "must_contain": []}
                yield from of_text(must, shown.out)
                yield from of_text({**checks["terminal"], "must_contain": []}, shown.err)
                if "NO_COLOR" in env and "\x1b" in shown.out:
                    yield f"{command}: an escape without colour"
    if "html" in checks:
        yield from of_text(checks["html"], call(["analyze", "--to", "html", *files]).out)
    if "markdown" in checks:
        for words in (["analyze"], ["verdicts", "--all"]):
            shown = call([*words, "--to", "markdown", *files])
            yield from of_text(checks["markdown"], alive(shown.out))
            yield from of_table(shown.out)
    if "csv" in checks:
        for words in (["analyze"], ["verdicts", "--all"]):
            rows = list(csv.reader(io.StringIO(call([*words, "--to", "csv", *files]).out, newline="")))
            if len({len(row) for row in rows}) != 1:
                yield f"{words}: rows of {sorted({len(row) for row in rows})} columns"
            starts = tuple(checks["csv"]["no_cell_starts_with"])
            yield from (
                f"a cell {c[:30]!r}" for row in rows for c in row if c.startswith(starts) and not NUMBER.fullmatch(c)
            )


def of_text(rule: dict[str, Any], text: str) -> Iterator[str]:
    yield from (f"holds {part!r}" for part in rule.get("forbid", []) if part in text)
    if (pattern := rule.get("forbid_regex")) and (found := re.search(pattern, text)):
        yield f"holds {found[0]!r}"
    squeezed = squeeze(text)
    yield from (f"does not show {part!r}" for part in rule.get("must_contain", []) if squeeze(part) not in squeezed)


def of_table(text: str) -> Iterator[str]:
    """Every row of a table has as many bars as the row before it."""
    before = 0
    for line in text.split("\n"):
        bars = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
        if before and bars and bars != before:
            yield f"a table row with {bars} bars after one with {before}"
        before = bars


def squeeze(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;:]*m|[\s\u2500-\u257f|]", "", text)


def alive(text: str) -> str:
    """Markdown without code spans and escapes: what a reader's browser would act upon."""
    text = re.sub(r"\\[!-/:-@\[-`{-~]", "", text)
    return re.sub(r"(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)", "", text)


def test_every_output_is_guarded_by_some_case() -> None:
    """So that a case that is lost, or a key that nobody reads, is noticed."""
    every = [json.loads((case / "expected.json").read_text(encoding="utf-8")) for case in CASES]
    assert {kind for expected in every for kind in expected.get("output_checks", {})} >= {
        "terminal",
        "html",
        "markdown",
        "csv",
    }
    assert sum(bool(expected.get("values")) for expected in every) >= 5
    assert len(every) >= 45


def test_a_line_of_20_mb_takes_bounded_memory(tmp_path: Path) -> None:
    """In a process of its own, whose memory can be measured."""
    case = next(case for case in CASES if case.name.startswith("18_"))
    expected = prepare(case, tmp_path)
    probe = (
        # Not ru_maxrss: that begins with what the process had that started this one.
        "import re, sys; from attrib.cli.app import run; code = run(sys.argv[1:]); "
        "peak = re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read()); "
        "print(int(peak[1]) // 1024, file=sys.stderr); sys.exit(code)"
    )
    words = [sys.executable, "-c", probe, "analyze", *expected["files"], "--to", "json"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode in expected["exit_code"]
    assert int(done.stderr.split()[-1]) < expected.get("max_rss_mb", 300)


def test_the_checker_of_the_field_material(shared: Path) -> None:
    """All cases, those with other projects' data included, by a checker that is not ours."""
    checker, program = shared / "badinputs" / "check.py", Path(sys.executable).with_name("attrib")
    words = [sys.executable, str(checker), str(shared / "badinputs"), "--attrib", str(program)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert done.stdout.endswith(" passed, 0 failed\n")
