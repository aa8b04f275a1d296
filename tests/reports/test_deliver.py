"""A report arrives whole or not at all, and a refusal is one sentence."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from attrib.errors import DeliveryError
from attrib.reports.deliver import deliver


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    target = tmp_path / "r.txt"
    deliver("größe\n\udcff", target)
    assert target.read_bytes() == "größe\n".encode() + b"\\udcff"
    deliver(iter(["a", "b"]), target)
    assert target.read_text() == "ab"
    deliver(b"\x00", target)
    assert [p.name for p in tmp_path.iterdir()] == ["r.txt"]


def test_what_was_there_keeps_its_permissions_and_its_link(tmp_path: Path) -> None:
    target, link = tmp_path / "r.txt", tmp_path / "link"
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to(target)
    deliver("new", link)
    assert link.is_symlink()
    assert target.read_text() == "new"
    assert target.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_nothing_is_left_of_half_a_report(error: type[BaseException], tmp_path: Path) -> None:
    def broken() -> Iterator[str]:
        yield "half"
        raise error

    target = tmp_path / "r.txt"
    target.write_text("old")
    with pytest.raises(error):
        deliver(broken(), target)
    assert target.read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("no/such/r.txt", "no such folder"),
        ("folder", "it is a folder"),
        ("file/r.txt", "not a folder"),
        ("x" * 300, "too long"),
    ],
)
def test_a_refusal_names_the_target_and_why(name: str, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(DeliveryError, match=sentence):
        deliver("x", tmp_path / name)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_one_sentence() -> None:
    with pytest.raises(DeliveryError, match="the disk is full"):
        deliver("x" * 100_000, Path("/dev/full"))


def run(code: str, reader: str) -> subprocess.CompletedProcess[str]:
    """A program whose standard output goes to a shell's `reader`; its exit code is printed to stderr by the shell."""
    command = f"{{ {sys.executable} -c '{code}'; echo code $? >&2; }} {reader}"
    return subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)


@pytest.mark.skipif(sys.platform == "win32", reason="a shell's pipe")
def test_a_closed_pipe_ends_quietly() -> None:
    code = 'from attrib.reports.deliver import deliver; deliver(("x" * 1000 for _ in range(10000)), None)'
    done = run(code, "| head -c 1")
    assert done.stdout == "x"
    assert done.stderr == "code 0\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_standard_output_is_one_sentence() -> None:
    code = 'from attrib.reports.deliver import deliver; deliver("x" * 100000, None)'
    done = run(code, "> /dev/full")
    assert "cannot write standard output: the disk is full" in done.stderr


def test_standard_output_may_be_replaced(capsys: pytest.CaptureFixture[str]) -> None:
    deliver("text\n", None)
    assert capsys.readouterr().out == "text\n"
