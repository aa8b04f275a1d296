"""From arguments to inputs."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from attrib.sources.find import find


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in (
        "b.jsonl",
        "a.log",
        "c.txt",
        "sub/d.json.gz",
        "sub/deep/e.ndjson.zst",
        ".hidden.log",
        "sub/.git/f.log",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (tmp_path / "empty").mkdir()
    return tmp_path


def paths(*args: str) -> list[str]:
    return [source.path.replace(os.sep, "/") for source in find(args)]


def test_files_keep_their_order_whatever_their_names(here: Path) -> None:
    assert paths("c.txt", "b.jsonl", "a.log") == ["c.txt", "b.jsonl", "a.log"]
    assert [(source.kind, source.size, source.error) for source in find(["c.txt"])] == [("file", 5, None)]


def test_folders_are_searched_and_sorted(here: Path) -> None:
    assert paths("sub", ".") == ["sub/d.json.gz", "sub/deep/e.ndjson.zst", "./a.log", "./b.jsonl"]


def test_globs_the_shell_left_alone(here: Path) -> None:
    assert paths("*.[jl]*") == ["a.log", "b.jsonl"]
    assert paths("**/*.zst") == ["sub/deep/e.ndjson.zst"]
    assert paths("s*") == ["sub/d.json.gz", "sub/deep/e.ndjson.zst"]


def test_a_name_that_exists_is_no_glob(here: Path) -> None:
    (here / "a[1].jsonl").touch()
    (here / "a1.jsonl").touch()
    assert paths("a[1].jsonl") == ["a[1].jsonl"]
    (here / "a[1].jsonl").unlink()
    assert paths("a[1].jsonl") == ["a1.jsonl"]


@pytest.mark.parametrize(
    ("arg", "error"),
    [
        ("absent.jsonl", "no such file"),
        ("*.nothing", "no file matches"),
        ("empty", "a folder without logs"),
        ("nul\0name", "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_named(here: Path, arg: str, error: str) -> None:
    source, after = find([arg, "a.log"])
    assert source.path == arg
    assert error in (source.error or "")
    assert after.error is None


def test_the_same_file_is_read_once(here: Path) -> None:
    (here / "hard.log").hardlink_to(here / "a.log")
    (here / "soft.log").symlink_to("a.log")
    found = find(["a.log", "./a.log", "hard.log", "soft.log", "a.log", "b.jsonl", "-", "-", "gone", "gone"])
    assert [source.path for source in found] == ["a.log", "b.jsonl", "-", "gone"]
    assert found[0].also == ("./a.log", "hard.log", "soft.log")


def test_a_dangling_link_in_a_folder_is_named(here: Path) -> None:
    (here / "empty" / "x.log").symlink_to("gone")
    assert [source.error for source in find(["empty"])] == ["no such file"]


def test_pipes_sockets_and_devices(here: Path) -> None:
    os.mkfifo("p.log")
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind("s.log")
        found = find(["p.log", "s.log", os.devnull, "/dev/zero"])
        assert "./s.log" not in paths(".")
    assert [(source.kind, source.error) for source in found] == [
        ("pipe", None),
        ("file", "a socket, not a file"),
        ("pipe", None),
        ("file", "a device, not a file"),
    ]


def test_links_in_a_circle_end(here: Path) -> None:
    (here / "sub" / "again").symlink_to(here, target_is_directory=True)
    assert paths("sub") == ["sub/d.json.gz", "sub/deep/e.ndjson.zst"]


def test_many_files(tmp_path: Path) -> None:
    for n in range(10_000):
        (tmp_path / f"{n:05}.log").touch()
    found = find([str(tmp_path), str(tmp_path / "*.log")])
    assert len(found) == 10_000
    assert found == sorted(found, key=lambda source: source.path)
