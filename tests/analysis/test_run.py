"""What a run is, before and while it reads."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from attrib.options import Options
from attrib.pipeline import analyze

LINE = b'{"request_id":"r%d","function":"f","status":500,"upstream_status":200}\n'


def test_standard_input_beside_a_large_file_is_read_once_and_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine reads some lines twice, and a stream is gone after the first time."""
    log = tmp_path / "a.jsonl"
    log.write_bytes(LINE % 1 + LINE % 2)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LINE % 2 + LINE % 3)))
    report = analyze([str(log), "-"], Options(fast=True)).report
    assert report["input"]["totals"]["lines_read"] == 4
    assert report["input"]["totals"]["duplicates"] == 1
    assert report["summary"]["invocations"] == 3


def test_a_zip_archive_is_told_from_a_log(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(b"PK\x03\x04\x14\x00 and more\n")
    outcome = analyze([str(path)], Options())
    assert outcome.exit_code == 4
    assert "a zip archive is no log" in (outcome.message or "")
