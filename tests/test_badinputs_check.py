"""`attrib check` over damaged and hostile input: it reads what `analyze` reads, on both engines, and says so safely.

tests/badinputs/README.md tells the form of a case; tests/test_badinputs_cli.py holds `analyze` to all of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from attrib import checking, pipeline
from attrib.cli.app import run
from attrib.options import Options
from attrib.reports.schemas import json_schema
from tests.badinputs.test_parse_cases import CASES, prepare

VALIDATOR = Draft202012Validator(json_schema("checks"))
ESCAPE = re.compile(r"\x1b|[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
NOW = 1_800_000_000.0
"""An instant for both runs: a clock in the future is told by it."""


def faults(folder: Path, expected: dict[str, Any], capture: Any) -> Iterator[str]:
    """What is wrong with `check` on a case that lies in the current folder."""
    files = expected["files"]
    shown = []
    for fast in (False, True):
        options = Options(fast=fast)
        read = pipeline.analyze(files, options)
        checked = checking.check(files, options, now=NOW)
        if checked.report["input"] != read.report["input"]:
            yield f"fast={fast}: other accounts than analyze's"
        if checked.exit_code != read.exit_code or checked.exit_code not in expected["exit_code"]:
            yield f"fast={fast}: exit code {checked.exit_code}, analyze's {read.exit_code}"
        shown.append(checked.report)
    if shown[0] != shown[1]:
        yield f"the engines differ: {differences(*shown)}"
    code = run(["check", "--to", "json", "--", *files])
    out, err = capture.readouterr()
    if code not in expected["exit_code"] or b"Traceback" in out + err:
        yield f"exit code {code}: {err.decode()}"
    document = json.loads(out)
    yield from (error.message for error in VALIDATOR.iter_errors(document))
    lines = {file["path"]: file["lines_read"] for file in document["input"]["files"]}
    for finding in document["findings"]:
        for example in finding["examples"]:
            if not 1 <= example["line"] <= lines[example["file"]]:
                yield f"{finding['check']}: no line {example}"
    for form in ("text", "markdown", "sarif"):
        run(["check", "-v", "--to", form, "--", *files])
        out, err = capture.readouterr()
        if found := ESCAPE.search((out + err).decode("utf-8")):
            yield f"{form} holds {found[0]!r}"


def differences(one: dict[str, Any], other: dict[str, Any]) -> Any:
    if one["findings"] == other["findings"]:
        return [name for name in one if one[name] != other[name]]
    both = [[{**finding, "remedy": ""} for finding in document["findings"]] for document in (one, other)]
    return [finding for side in both for finding in side if not all(finding in half for half in both)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: Any) -> None:
    expected = prepare(case, tmp_path)
    monkeypatch.chdir(tmp_path)
    assert list(faults(tmp_path, expected, capsysbinary)) == []


def test_the_field_material(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: Any) -> None:
    """The cases with other projects' data, which are not part of the repository."""
    ours = {case.name for case in CASES}
    others = [path.parent for path in sorted((shared / "badinputs").glob("*/expected.json"))]
    wrong = {}
    for case in others:
        if case.name not in ours:
            folder = tmp_path / case.name
            folder.mkdir()
            monkeypatch.chdir(folder)
            wrong[case.name] = list(faults(folder, prepare(case, folder), capsysbinary))
    assert wrong
    assert not any(wrong.values()), wrong
