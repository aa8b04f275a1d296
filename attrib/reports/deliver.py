"""Hands a finished report over: to standard output, or to a file that is never half a report."""

from __future__ import annotations

import errno
import os
import secrets
import stat
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from attrib.errors import DeliveryError


def deliver(data: str | bytes | Iterable[str], output: Path | None) -> None:
    """Writes the data to standard output (None) or to a file, which appears whole or not at all.

    A file is written under another name beside the target and renamed; it is removed on failure and interrupt. A
    reader that closes the pipe ends it quietly. Raises DeliveryError where the data cannot be written.
    """
    chunks = [data] if isinstance(data, str | bytes) else data
    if output is None:
        _to_stdout(chunks)
    elif _is_special(output):
        with _explained(output), output.open("wb") as target:
            _write(chunks, target)
    else:
        _to_file(chunks, Path(os.path.realpath(output)), output)


def _to_file(chunks: Iterable[str | bytes], target: Path, shown: Path) -> None:
    part = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}.part")
    with _explained(shown):
        if target.is_dir():
            raise DeliveryError(f"cannot write {shown}: it is a folder; name a file in it")
        # 0o666 leaves the permissions to the user's umask, as for any file a program makes.
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        try:
            with os.fdopen(handle, "wb") as file:
                _write(chunks, file)
                file.flush()
                os.fsync(file.fileno())
            if target.exists():
                part.chmod(stat.S_IMODE(target.stat().st_mode))
            part.replace(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise


def _to_stdout(chunks: Iterable[str | bytes]) -> None:
    try:
        with _explained(None):
            out = getattr(sys.stdout, "buffer", None)
            if out is None:  # replaced by something that takes text only, as a notebook does
                for chunk in chunks:
                    sys.stdout.write(chunk if isinstance(chunk, str) else chunk.decode())
            else:
                sys.stdout.flush()
                _write(chunks, out)
            sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes standard output once more at its end, and would complain then.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _write(chunks: Iterable[str | bytes], out: BinaryIO) -> None:
    out.writelines(chunk if isinstance(chunk, bytes) else chunk.encode("utf-8", "backslashreplace") for chunk in chunks)


def _is_special(path: Path) -> bool:
    """A device or a pipe: it cannot be renamed onto."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


class _explained:  # noqa: N801 - reads as a word in `with`
    """Turns the operating system's refusals into one sentence."""

    def __init__(self, target: Path | None) -> None:
        self._what = "standard output" if target is None else str(target)

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if not isinstance(error, OSError) or isinstance(error, BrokenPipeError):
            return
        raise DeliveryError(f"cannot write {self._what}: {_why(error)}") from error


def _why(error: OSError) -> str:
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return "the disk is full; make room or name another place with -o"
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return "not allowed; name a place you may write to with -o"
        case errno.ENOENT:
            return "there is no such folder; make it first"
        case errno.ENOTDIR:
            return "a part of the path is a file, not a folder"
        case errno.ENAMETOOLONG:
            return "the name is too long"
    return (error.strerror or type(error).__name__).lower()
