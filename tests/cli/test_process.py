"""The program as a process: closed pipes, full disks, signals, and what is left behind."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

PROGRAM = [sys.executable, "-m", "attrib"]
LINE = (
    '{"ts":"2026-11-20T14:10:00Z","request_id":"r-%d","function":"checkout","stage":"response","status":502,'
    '"latency_ms":61,"upstream":"payments-api","upstream_status":503,"upstream_latency_ms":52}\n'
)


def write_log(path: Path, lines: int = 1) -> Path:
    path.write_text("".join(LINE % n for n in range(lines)), encoding="utf-8")
    return path


def attrib(*args: str | Path, folder: Path, **more: Any) -> subprocess.CompletedProcess[str]:
    """One run in a folder, its temporary files in `folder/tmp`."""
    (folder / "tmp").mkdir(exist_ok=True)
    environment = {**os.environ, "TMPDIR": str(folder / "tmp"), "PYTHONUTF8": "1"}
    return subprocess.run(
        [*PROGRAM, *args], cwd=folder, env=environment, capture_output=True, text=True, check=False, **more
    )


def one_sentence(text: str) -> str:
    """What stands on standard error, which must be one line of the program's own."""
    assert "Traceback" not in text
    lines = text.splitlines()
    assert len(lines) == 1, text
    assert lines[0].startswith("attrib: ")
    return lines[0]


def left_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def test_the_installed_program_runs(tmp_path: Path) -> None:
    script = Path(sys.executable).with_name("attrib")
    write_log(tmp_path / "api.jsonl")
    done = subprocess.run(
        [script, "analyze", "api.jsonl", "--to", "json"], cwd=tmp_path, capture_output=True, check=True
    )
    assert json.loads(done.stdout)["summary"]["verdicts"]["vendor"] == 1
    assert done.stderr == b""


def test_version_and_help_say_what_there_is(tmp_path: Path) -> None:
    version = attrib("--version", folder=tmp_path)
    assert (version.returncode, version.stderr) == (0, "")
    assert version.stdout.startswith("attrib 0.")
    for words in (["--help"], ["-h"], ["analyze", "--help"], ["rules", "--help"], ["rules", "check", "-h"]):
        shown = attrib(*words, folder=tmp_path)
        assert (shown.returncode, shown.stderr) == (0, "")
        assert "Usage: attrib" in shown.stdout


@pytest.mark.parametrize("words", [[], ["rules"]])
def test_no_command_shows_the_help_as_a_wrong_call(words: list[str], tmp_path: Path) -> None:
    done = attrib(*words, folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Usage: attrib")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shell_completion(shell: str, tmp_path: Path) -> None:
    done = attrib("--show-completion", shell, folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "_ATTRIB_COMPLETE" in done.stdout
    words = {"_ATTRIB_COMPLETE": f"complete_{shell}", "COMP_WORDS": "attrib ana", "COMP_CWORD": "1"}
    typed = {"_TYPER_COMPLETE_ARGS": "attrib ana", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    run = subprocess.run(
        ["attrib"],
        executable=Path(sys.executable).with_name("attrib"),
        env={**os.environ, **words, **typed},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "analyze" in run.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["analyze", "api.jsonl"],
        ["analyze", "api.jsonl", "--to", "json"],
        ["verdicts", "api.jsonl", "--to", "jsonl"],
        ["verdicts", "api.jsonl"],
        ["verdicts", "api.jsonl", "--to", "csv"],
        ["explain", "r-1", "api.jsonl"],
        ["rules", "list"],
        ["rules", "check"],
        ["schema", "report"],
        ["--help"],
    ],
    ids=" ".join,
)
def test_a_reader_that_has_enough(words: list[str], tmp_path: Path) -> None:
    """`attrib ... | head -c 1`, and a reader that is gone before the first byte."""
    write_log(tmp_path / "api.jsonl", 3000 if "verdicts" in words else 3)
    for wanted in (1, 0):
        process = subprocess.Popen([*PROGRAM, *words], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(wanted)
        process.stdout.close()
        told = process.stderr.read()
        process.stderr.close()
        assert (process.wait(60), told) == (0, b"")


needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="platform: no /dev/full")


@needs_full
@pytest.mark.parametrize(
    "words",
    [
        ["analyze", "api.jsonl", "-o", "/dev/full"],
        ["analyze", "api.jsonl", "-o", "/dev/full", "--to", "json"],
        ["analyze", "api.jsonl", "-o", "/dev/full", "--to", "parquet"],
        ["verdicts", "api.jsonl", "-o", "/dev/full", "--to", "csv"],
        ["analyze", "bad.jsonl", "--rejects", "/dev/full"],
    ],
    ids=" ".join,
)
def test_a_full_disk(words: list[str], tmp_path: Path) -> None:
    write_log(tmp_path / "api.jsonl")
    (tmp_path / "bad.jsonl").write_text("no json\n" * 2000 + LINE % 1, encoding="utf-8")
    done = attrib(*words, folder=tmp_path)
    assert done.returncode == 5
    told = one_sentence(done.stderr)
    assert "/dev/full" in told
    assert "disk is full" in told or "No space left" in told
    assert left_in(tmp_path) == {"api.jsonl", "bad.jsonl", "tmp"}


@needs_full
@pytest.mark.parametrize(
    "words",
    [
        ["analyze", "api.jsonl"],
        ["verdicts", "api.jsonl", "--to", "jsonl"],
        ["explain", "r-0", "api.jsonl"],
        ["rules", "list"],
        ["rules", "test"],
        ["schema", "record"],
        ["--version"],
        ["analyze", "--help"],
    ],
    ids=" ".join,
)
def test_standard_output_on_a_full_disk(words: list[str], tmp_path: Path) -> None:
    write_log(tmp_path / "api.jsonl")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([*PROGRAM, *words], cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 5
    assert "cannot write standard output" in one_sentence(done.stderr.decode())


@pytest.mark.parametrize("ending", ["json", "csv", "parquet", "md", "txt"])
def test_no_room_for_the_result_leaves_the_old_one(ending: str, tmp_path: Path) -> None:
    """A file may grow to 64 bytes only: the write fails in the middle, and nothing of it stays."""
    write_log(tmp_path / "api.jsonl", 100)
    (tmp_path / f"out.{ending}").write_text("the old result", encoding="utf-8")

    def narrow() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))

    before = left_in(tmp_path) | {"tmp"}
    done = attrib("verdicts", "api.jsonl", "-o", f"out.{ending}", folder=tmp_path, preexec_fn=narrow)
    assert (done.returncode, done.stdout) == (5, "")
    assert f"cannot write out.{ending}" in one_sentence(done.stderr)
    assert (tmp_path / f"out.{ending}").read_text(encoding="utf-8") == "the old result"
    assert left_in(tmp_path) == before


def test_ten_thousand_files(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    for number in range(10_000):
        (folder / f"{number:05}.jsonl").write_text(LINE % number, encoding="utf-8")
    (folder / "04999.jsonl").write_text("no json\n", encoding="utf-8")
    done = attrib("analyze", "logs", "--to", "json", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    assert (report["input"]["totals"]["accepted"], report["input"]["totals"]["quarantined"]) == (9_999, 1)
    assert report["summary"]["verdicts"]["vendor"] == 9_999
    short = attrib("analyze", "logs", folder=tmp_path)
    assert "10,000 files, 10,000 lines: 9,999 accepted, 1 quarantined" in short.stdout
    assert len(short.stdout) < 10_000, "the text names no file but those that matter"


@pytest.mark.skipif(os.geteuid() == 0, reason="platform: root may read everything")
def test_no_permission(tmp_path: Path) -> None:
    write_log(tmp_path / "api.jsonl")
    write_log(tmp_path / "closed.jsonl").chmod(0)
    done = attrib("analyze", "api.jsonl", "closed.jsonl", folder=tmp_path)
    assert done.returncode == 3
    assert "closed.jsonl: no permission to read it" in one_sentence(done.stderr)


def test_inputs_that_are_no_files(tmp_path: Path) -> None:
    """What root may not read either: a device, a link to nowhere, a link to itself."""
    write_log(tmp_path / "api.jsonl")
    (tmp_path / "nowhere.jsonl").symlink_to("gone.jsonl")
    (tmp_path / "circle.jsonl").symlink_to("circle.jsonl")
    done = attrib("analyze", ".", "/dev/zero", "--to", "json", folder=tmp_path)
    assert done.returncode == 3
    errors = {Path(file["path"]).name: file["error"] for file in json.loads(done.stdout)["input"]["files"]}
    assert errors["api.jsonl"] is None
    assert errors["zero"] == "a device, not a file"
    assert errors["nowhere.jsonl"] == "no such file"
    assert errors["circle.jsonl"].startswith("cannot be read: ")
    assert len(done.stderr.splitlines()) == 3


class Running:
    """A run that reads standard input until it is told to stop."""

    def __init__(self, folder: Path, *words: str) -> None:
        (folder / "tmp").mkdir(exist_ok=True)
        environment = {**os.environ, "TMPDIR": str(folder / "tmp"), "PYTHONUTF8": "1"}
        self.process = subprocess.Popen(
            [*PROGRAM, *words],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._feeder = threading.Thread(target=self._feed, daemon=True)
        self._feeder.start()

    def _feed(self) -> None:
        """Writes for ever, so that the program is always in the middle of reading. It closes the pipe by ending."""
        assert self.process.stdin is not None
        number = 0
        try:
            while True:
                self.process.stdin.write("".join(LINE % n for n in range(number, number + 100)).encode() + b"no json\n")
                number += 100
        except (BrokenPipeError, ValueError):
            pass

    def stop(self, with_signal: int) -> tuple[int, str, str]:
        """(exit code, standard output, standard error) after a signal."""
        self.process.send_signal(with_signal)
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        out, err = self.process.stdout.read().decode(), self.process.stderr.read().decode()
        self.process.stdout.close()
        self.process.stderr.close()
        code = self.process.wait(60)
        self._feeder.join(60)
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        return code, out, err


def wait_for(condition: Any, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "the program did not begin"
        time.sleep(0.02)


@pytest.mark.parametrize("words", [["analyze", "--to", "json"], ["verdicts", "--to", "csv"]], ids=" ".join)
def test_interrupted_while_reading(words: list[str], tmp_path: Path) -> None:
    """Ctrl-C: 130, one word, nothing left behind: no result, no part of one, no temporary folder."""
    running = Running(tmp_path, *words, "-", "-o", "out.txt", "--rejects", "rejects.jsonl")
    # The first rejects come when reading has begun.
    wait_for(lambda: any("rejects" in name for name in left_in(tmp_path)))
    code, out, err = running.stop(signal.SIGINT)
    assert (code, out, err) == (130, "", "attrib: interrupted\n")
    assert left_in(tmp_path) == {"tmp"}


def test_interrupted_while_loading(tmp_path: Path) -> None:
    """Whenever it comes, Ctrl-C shows no traceback."""
    write_log(tmp_path / "api.jsonl", 50)
    for wait in (0.06, 0.1, 0.15, 0.2, 0.3):
        process = subprocess.Popen(
            [*PROGRAM, "analyze", "api.jsonl"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        time.sleep(wait)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        assert process.returncode in (0, 130, -signal.SIGINT), err
        assert b"Traceback" not in err or process.returncode == -signal.SIGINT, err


def test_interrupted_inside_the_engine(tmp_path: Path) -> None:
    """A large input is read by DuckDB, with a temporary folder: Ctrl-C ends both."""
    line = LINE.replace('"status":502', '"status":200,"pad":"' + "x" * 400 + '"')
    with (tmp_path / "large.jsonl").open("w", encoding="utf-8") as file:
        for start in range(0, 200_000, 1000):
            file.write("".join(line % n for n in range(start, start + 1000)))
    (tmp_path / "tmp").mkdir()
    environment = {**os.environ, "TMPDIR": str(tmp_path / "tmp")}
    process = subprocess.Popen(
        [*PROGRAM, "analyze", "large.jsonl", "-o", "out.json", "--rejects", "rejects.jsonl"],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    wait_for(lambda: any((tmp_path / "tmp").glob("attrib-*")) or process.poll() is not None)
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, b"", b"attrib: interrupted\n")
    assert left_in(tmp_path) == {"large.jsonl", "tmp"}
