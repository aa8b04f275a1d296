"""Turns what stands on the command line into the list of inputs to read: files, globs, folders, standard input.

Nothing is opened here and nothing raises: what cannot be an input comes back as one with its `error` set, so that the
run goes on with the rest and names it (contract: exit code 3).
"""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

STDIN: Final = "-"
ENDINGS: Final = tuple(
    base + packed for base in (".jsonl", ".ndjson", ".json", ".log") for packed in ("", ".gz", ".zst", ".bz2", ".xz")
)
"""Names that count as logs within a folder (contract "Commands"); a file that is named is read whatever its name."""


@dataclass(slots=True)
class Source:
    """One input, grain: one per file that is read, or that was named and cannot be."""

    path: str
    """As named or found; `-` is standard input."""
    kind: Literal["file", "pipe", "stdin"] = "file"
    """Only a file can be read twice and has a size."""
    size: int | None = None
    """Bytes when it was found; None where it has no size."""
    error: str | None = None
    """Why it cannot be read, without the path; None when nothing is known against it yet."""
    also: tuple[str, ...] = ()
    """Other names under which the same file was given; it is read once."""


def find(args: Sequence[str]) -> list[Source]:
    """All inputs, in the order given and sorted within a folder or glob; the same file is read once."""
    sources: list[Source] = []
    seen: dict[tuple[int, int] | str, Source] = {}
    for arg in args:
        for source, identity in _expand(arg):
            first = seen.setdefault(identity, source)
            if first is source:
                sources.append(source)
            elif source.path not in (first.path, *first.also):
                first.also += (source.path,)
    return sources


_Found = tuple[Source, tuple[int, int] | str]
"""An input, and what tells whether two names mean the same one: device and inode, else the name."""


def _expand(arg: str) -> Iterator[_Found]:
    if arg == STDIN:
        yield Source(arg, "stdin"), arg
        return
    # A name that exists is that file, even with characters of a glob in it.
    if not os.path.lexists(arg) and glob.has_magic(arg):
        matches = sorted(glob.glob(arg, recursive=True))  # noqa: PTH207 (takes absolute patterns too)
        if not matches:
            yield Source(arg, error="no file matches this pattern"), arg
        for match in matches:
            yield from _expand_path(match)
        return
    yield from _expand_path(arg)


def _expand_path(path: str) -> Iterator[_Found]:
    if not os.path.isdir(path):  # noqa: PTH112 (10,000 names: a Path object for each costs more than its stat)
        yield _look(path)
        return
    files, closed = _logs_in(path)
    for folder, error in closed:
        yield Source(folder, error=error), folder
    if not files and not closed:
        yield Source(path, error="a folder without logs (*.jsonl, *.ndjson, *.json, *.log, packed or not)"), path
    for file in files:
        yield _look(file)


def _logs_in(folder: str) -> tuple[list[str], list[tuple[str, str]]]:
    """(log files below a folder, sorted; folders that could not be looked into, with the reason).

    Hidden names are left out, as a glob does; links to folders are not followed, so that no circle is.
    """
    closed: list[tuple[str, str]] = []

    def refused(error: OSError) -> None:
        closed.append((str(error.filename), reason(error)))

    files = []
    for here, folders, names in os.walk(folder, onerror=refused):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if name.lower().endswith(ENDINGS) and not name.startswith("."):
                path = os.path.join(here, name)  # noqa: PTH118 (as above)
                if not _is_special(path):
                    files.append(path)
    return sorted(files), closed


def _is_special(path: str) -> bool:
    """A pipe, socket or device that merely lies in a folder with a log's name; a dangling link is not: it is named."""
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 (as above)
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _look(path: str) -> _Found:
    try:
        found = os.stat(path)  # noqa: PTH116 (as above)
    except (OSError, ValueError) as error:
        return Source(path, error=reason(error)), path
    identity = (found.st_dev, found.st_ino) if found.st_ino else os.path.realpath(path)
    if stat.S_ISREG(found.st_mode):
        return Source(path, "file", found.st_size), identity
    if stat.S_ISFIFO(found.st_mode) or (stat.S_ISCHR(found.st_mode) and _is_null(found)):
        return Source(path, "pipe"), identity
    return Source(path, error=f"{_what(found.st_mode)}, not a file"), identity


def _is_null(found: os.stat_result) -> bool:
    """Whether a device is the null device: an input of nothing, which scripts pass."""
    try:
        return found.st_rdev == os.stat(os.devnull).st_rdev  # noqa: PTH116 (as above)
    except OSError:
        return False


def _what(mode: int) -> str:
    if stat.S_ISSOCK(mode):
        return "a socket"
    if stat.S_ISDIR(mode):
        return "a folder"
    return "a device"


def reason(error: OSError | ValueError) -> str:
    """One clear sentence for what the system says of a file, without its path."""
    if isinstance(error, FileNotFoundError):
        return "no such file"
    if isinstance(error, PermissionError):
        return "no permission to read it"
    if isinstance(error, IsADirectoryError):
        return "a folder, not a file"
    if isinstance(error, OSError) and error.strerror:
        return f"cannot be read: {error.strerror}"
    return f"cannot be read: {error}"
