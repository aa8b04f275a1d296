"""Every case of damaged, odd and hostile input, through finding, opening, cutting and parsing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.sources.reading import Reading, read

CASES = sorted(path.parent for path in Path(__file__).parent.glob("*/expected.json"))
COUNTS = ("lines_read", "accepted", "quarantined", "skipped", "blank", "repaired", "unreadable_time")


def prepare(case: Path, folder: Path) -> dict[str, Any]:
    """The case's inputs in a folder of their own, as its description says."""
    expected: dict[str, Any] = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    if not expected.get("materialize"):
        shutil.copytree(case, folder, dirs_exist_ok=True)
    for step in expected.get("materialize", []):
        shutil.copyfile(case / step["from"], folder / step["as"])
    for command in expected.get("setup", []):
        subprocess.run(command, shell=True, cwd=folder, check=True)
    if case.name.startswith("17_") and not (folder / "input.jsonl").exists():
        lines = (Path(__file__).parent / "01_clean" / "input.jsonl").read_bytes().splitlines()
        lines[3] = lines[3][:-1] + b', "extra": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
        (folder / "input.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    return expected


def differences(expected: dict[str, Any], found: Reading) -> list[str]:
    """What is not as the case wants it, one sentence each."""
    totals = {**found.account.totals(), "quarantined": len(found.rejects)}
    wrong = [f"{k} {totals[k]}, not {expected[k]}" for k in COUNTS if k in expected and totals[k] != expected[k]]
    for count in ("accepted", "quarantined"):
        low, high = expected.get(f"{count}_min", 0), expected.get(f"{count}_max", 10**9)
        if not low <= totals[count] <= high:
            wrong.append(f"{count} {totals[count]}, not {low}..{high}")
    if [Path(file.path).name for file in found.account.files] != expected["files"]:
        wrong.append(f"files {[file.path for file in found.account.files]}")
    for file in found.account.files:
        name = Path(file.path).name
        may = expected.get("file_errors_optional", [])
        if (file.error is not None) != (name in expected.get("file_errors", [])) and name not in may:
            wrong.append(f"{name}: error {file.error}")
        for count, value in expected.get("per_file", {}).get(name, {}).items():
            if getattr(file, count) != value:
                wrong.append(f"{name}: {count} {getattr(file, count)}, not {value}")
        bounds = expected.get("bounded_files", {}).get(name)
        if bounds and not bounds["accepted_min"] <= file.accepted <= bounds["accepted_max"]:
            wrong.append(f"{name}: accepted {file.accepted}")
    names, _ = found.account.unknown_fields()
    for name, lines in expected.get("unknown_fields", {}).items():
        if names[name] != lines:
            wrong.append(f"unknown field {name}: {names[name]}, not {lines}")
    return wrong + wrong_rejects(expected, found) + wrong_values(expected, found)


def wrong_rejects(expected: dict[str, Any], found: Reading) -> list[str]:
    """Quarantined lines that are not as expected: which, why, which field, where."""
    wrong = []
    want = {(q["file"], q["line"]): q for q in expected["quarantine"]}
    for reject in found.rejects:
        name = Path(reject.file).name
        if name in expected.get("bounded_files", {}):
            continue
        q = want.pop((name, reject.line), None)
        if q is None:
            free = reject.line in expected.get("either_accepted_or_quarantined", [])
            if not free or reject.reason not in expected["either_reasons"]:
                wrong.append(f"line {reject.line} rejected: {reject.reason}")
            continue
        if reject.reason not in q["reason_any_of"]:
            wrong.append(f"line {reject.line}: {reject.reason}, not {q['reason_any_of']}")
        if reject.reason == "bad_value" and q.get("field") != reject.field:
            wrong.append(f"line {reject.line}: field {reject.field}, not {q.get('field')}")
        if q.get("offset", reject.offset) != reject.offset:
            wrong.append(f"line {reject.line}: offset {reject.offset}, not {q['offset']}")
    return wrong + [f"line {line} not rejected" for _, line in want]


def wrong_values(expected: dict[str, Any], found: Reading) -> list[str]:
    """Fields of accepted lines that do not hold what they should; outcomes are a later layer's."""
    wrong = []
    by_line = {record.line: record for record in found.records}
    for value in expected.get("values", []):
        record = by_line[value["line"]]
        if value["field"] == "ts_epoch_ms":
            got: object = None if record.ts is None else record.ts // 1000
        elif value["field"] == "upstream_outcome":
            if (record.upstream_status is None and record.upstream_word is None) != (value["value"] == "missing"):
                wrong.append(f"line {value['line']}: {record.upstream_status} {record.upstream_word}")
            continue
        else:
            got = getattr(record, value["field"])
        if got != value["value"]:
            wrong.append(f"line {value['line']} {value['field']}: {got!r}, not {value['value']!r}")
    if name := expected.get("roundtrip_field"):
        lines = Path(found.account.files[0].path).read_bytes().split(b"\n")
        wrong += [
            f"line {record.line} {name} changed"
            for record in found.records
            if getattr(record, name) != json.loads(lines[record.line - 1])[name]
        ]
    return wrong


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = prepare(case, tmp_path)
    monkeypatch.chdir(tmp_path)
    assert differences(expected, read(expected["files"])) == []


@pytest.mark.parametrize("block_size", [1, 7, 1000])
def test_block_size_changes_nothing(block_size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = next(case for case in CASES if case.name == "58_storm_300")
    expected = prepare(case, tmp_path)
    monkeypatch.chdir(tmp_path)
    assert differences(expected, read(expected["files"], block_size=block_size)) == []


def test_cases_from_the_field(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All cases of the field material, those with other projects' data included."""
    cases = sorted(path.parent for path in (shared / "badinputs").glob("*/expected.json"))
    assert cases
    wrong = {}
    for case in cases:
        folder = tmp_path / case.name
        folder.mkdir()
        expected = prepare(case, folder)
        monkeypatch.chdir(folder)
        if found := differences(expected, read(expected["files"])):
            wrong[case.name] = found
    os.chdir(tmp_path)
    assert wrong == {}
