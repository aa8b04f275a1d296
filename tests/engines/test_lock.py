"""The engine reads its inputs and nothing else, changes nothing about itself, and leaves nothing behind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from attrib.analysis import reading
from attrib.engines.connect import Engine, EngineRefused
from attrib.errors import UsageError
from attrib.options import Options
from attrib.pipeline import analyze
from attrib.safe.sql import glob_escape, literal

LINE = b'{"function":"f","status":500}\n'


@pytest.fixture(autouse=True)
def _temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "a.jsonl"
    path.write_bytes(LINE)
    (tmp_path / "other.jsonl").write_bytes(LINE)
    return path


def test_it_reads_its_inputs_only(log: Path) -> None:
    with Engine([str(log)]) as engine:
        assert engine.rows(f"SELECT count(*) FROM read_json({literal(str(log))})") == [(1,)]
        for other in (log.with_name("other.jsonl"), log.with_name("*.jsonl"), "/etc/passwd", "http://localhost/x"):
            with pytest.raises(EngineRefused):
                engine.execute(f"SELECT * FROM read_text({literal(str(other))})")


@pytest.mark.parametrize(
    "sql",
    [
        "COPY (SELECT 1) TO '{other}'",
        "EXPORT DATABASE '{other}'",
        "ATTACH '{other}' AS other",
        "INSTALL httpfs",
        "LOAD httpfs",
        "LOAD '{other}'",
        "SET enable_external_access = true",
        "SET allowed_directories = ['/']",
        "SET allowed_paths = ['/etc/passwd']",
        "SET lock_configuration = false",
        "SET memory_limit = '100GB'",
        "SET threads = 64",
        "SET python_enable_replacements = true",
        "RESET enable_external_access",
        "SELECT * FROM LINE",
        "SELECT * FROM '{other}'",
    ],
)
def test_it_refuses(sql: str, log: Path, tmp_path: Path) -> None:
    other = tmp_path / "new.db"
    with Engine([str(log)]) as engine, pytest.raises(EngineRefused):
        engine.execute(sql.format(other=other))
    assert not other.exists()


def test_an_unusable_size_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--memory"):
        Engine([], memory="much")
    assert not list((tmp_path / "tmp").iterdir())


@pytest.mark.parametrize("error", [None, RuntimeError, KeyboardInterrupt])
def test_its_folder_is_gone_at_the_end(
    error: type[BaseException] | None, log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "SMALL", 0)

    def fail(*_: object) -> None:
        assert list((tmp_path / "tmp").iterdir())
        raise error("on purpose") if error else AssertionError

    if error is None:
        analyze([str(log)], Options(fast=True))
    else:
        monkeypatch.setattr(reading, "prove", fail)
        with pytest.raises(error):
            analyze([str(log)], Options(fast=True))
    assert not list((tmp_path / "tmp").iterdir())


NAMES = ["a b.jsonl", "it's.jsonl", 'say "x".jsonl', "a[1].jsonl", "what*.jsonl", "who?.jsonl", "{a,b}.jsonl",
         "zürich–日本.jsonl",
         "back\\slash.jsonl", "back\\[1].jsonl", "semi;--.jsonl", "new\nline.jsonl", "a%20b.jsonl",
         "$HOME.jsonl"]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_odd_names_mean_themselves(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SMALL", 0)
    folder = tmp_path / "logs"
    folder.mkdir()
    for decoy in ("a1.jsonl", "whatever.jsonl", "whom.jsonl", "a.jsonl", "b.jsonl"):
        (folder / decoy).write_bytes(LINE * 3)
    (folder / name).write_bytes(LINE + b"\n" + json.dumps({"function": "g", "status": 200}).encode())
    fast, careful = (analyze([str(folder / name)], Options(fast=fast)).report for fast in (True, False))
    assert fast == careful
    assert fast["input"]["totals"]["records"] == 2


def test_a_pattern_stays_inside_the_lock(tmp_path: Path) -> None:
    odd, decoy = tmp_path / "a[1].jsonl", tmp_path / "a1.jsonl"
    odd.write_bytes(LINE)
    decoy.write_bytes(LINE * 3)
    with Engine([str(odd)]) as engine:
        assert engine.rows(f"SELECT count(*) FROM read_json({literal(glob_escape(str(odd)))})") == [(1,)]
        with pytest.raises(EngineRefused):
            engine.rows(f"SELECT count(*) FROM read_json({literal(str(decoy))})")
