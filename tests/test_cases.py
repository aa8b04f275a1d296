"""Whole-program cases, written as data in tests/cases/*.toml: what is typed, what lies on the disk, what must come out.

A case runs in a folder of its own that holds its `files` and nothing else. Most run in this process; those with
`real = true` start the installed program. Keys of a case:

    args      the command line                        name      says what is shown; unique in its file
    exit      the exit code (0)                       env       environment variables
    files     name -> text, packed where the name ends in .gz .zst .bz2 .xz; `[files]` at the top of a file: for all
    bytes     name -> hexadecimal digits              folders   names of empty folders
    stdin     text, or `@NAME` of a file
    stdout    fragments it holds, in order            not       fragments that neither output holds
    stdout_is the whole of it
    stderr    fragments its lines hold: one line each, no line more (none)
    json      dotted path -> value ("null": none) in the document that stdout, or the file `json_in`, is
    left      name -> fragments of a file that is there afterwards; nothing else may be left behind
"""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import zstandard
from jsonschema import Draft202012Validator

from attrib.cli.app import run
from attrib.reports.schemas import json_schema

FOLDER = Path(__file__).with_name("cases")
PACK: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress, ".zst": zstandard.compress, ".bz2": bz2.compress, ".xz": lzma.compress
}  # fmt: skip
KEYS = {
    "name", "args", "exit", "env", "files", "bytes", "folders", "stdin", "stdout", "not", "stdout_is", "stderr", "json",
    "json_in", "left", "real",
}  # fmt: skip


SCHEMAS = {"attrib.report/1": "report", "attrib.checks/1": "checks", "attrib.compare/1": "compare"}


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str


def load() -> list[Any]:
    """Every case of every file, with the file's shared inputs added."""
    cases = []
    for path in sorted(FOLDER.glob("*.toml")):
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        for case in document["case"]:
            assert not case.keys() - KEYS, f"{path.name}, {case['name']}: unknown keys {case.keys() - KEYS}"
            case["files"] = {**document.get("files", {}), **case.get("files", {})}
            cases.append(pytest.param(case, id=f"{path.stem}: {case['name']}"))
    ids = [param.id for param in cases]
    assert len(ids) == len(set(ids)), "two cases with one name"
    return cases


def prepare(case: dict[str, Any], folder: Path) -> set[str]:
    """Lays out the case's inputs; returns the names of what is there then."""
    for name, text in case["files"].items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(PACK.get(path.suffix, bytes)(text.encode()))
    for name, digits in case.get("bytes", {}).items():
        (folder / name).write_bytes(bytes.fromhex(digits))
    for name in case.get("folders", []):
        (folder / name).mkdir()
    return names_in(folder)


def names_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def call(case: dict[str, Any], folder: Path, monkeypatch: pytest.MonkeyPatch, capture: Any) -> Result:
    typed = case.get("stdin", "")
    data = (folder / typed[1:]).read_bytes() if typed.startswith("@") else typed.encode()
    if case.get("real"):
        program = [sys.executable, "-m", "attrib", *case["args"]]
        environment = {**os.environ, "PYTHONUTF8": "1", **case.get("env", {})}
        done = subprocess.run(program, cwd=folder, input=data, capture_output=True, env=environment, check=False)
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())
    monkeypatch.chdir(folder)
    for name, value in case.get("env", {}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    code = run(case["args"])
    out, err = capture.readouterr()
    return Result(code, out.decode(), err.decode())


def at(document: Any, path: str) -> Any:
    """`input.files.0.error` of a document."""
    for step in path.split("."):
        document = document[int(step)] if isinstance(document, list) else document[step]
    return "null" if document is None else document


@cache
def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(json_schema(name))


def fits(document: Any) -> None:
    """What the program writes fits the schema that it publishes."""
    if isinstance(document, list):
        for row in document:
            validator("verdicts").validate(row)
    elif "schema" in document:
        validator(SCHEMAS[document["schema"]]).validate(document)


@pytest.mark.parametrize("case", load())
def test_case(case: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: Any) -> None:
    before = prepare(case, tmp_path)
    result = call(case, tmp_path, monkeypatch, capsysbinary)
    assert result.code == case.get("exit", 0), result
    assert "Traceback" not in result.out + result.err
    at_byte = 0
    for fragment in case.get("stdout", []):
        found = result.out.find(fragment, at_byte)
        assert found >= 0, f"{fragment!r} is not in:\n{result.out[at_byte:]}"
        at_byte = found + len(fragment)
    if "stdout_is" in case:
        assert result.out == case["stdout_is"]
    told, wanted = result.err.splitlines(), case.get("stderr", [])
    assert len(told) == len(wanted), result.err
    for line, fragment in zip(told, wanted, strict=True):
        assert line.startswith("attrib: ")
        assert fragment in line
    for fragment in case.get("not", []):
        assert fragment not in result.out + result.err
    left = case.get("left", {})
    assert names_in(tmp_path) - before == set(left) - before
    for name, fragments in left.items():
        data = (tmp_path / name).read_bytes().decode("utf-8", "replace")
        for fragment in fragments:
            assert fragment in data
    if "json" in case:
        text = (tmp_path / case["json_in"]).read_text(encoding="utf-8") if "json_in" in case else result.out
        document = json.loads(text)
        fits(document)
        assert {path: at(document, path) for path in case["json"]} == case["json"]
