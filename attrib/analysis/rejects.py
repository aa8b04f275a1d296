"""The file of --rejects: it appears whole when the run ends, or not at all when the run does not."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

from attrib.errors import DeliveryError, UsageError
from attrib.sources.accounting import Reject, RejectWriter
from attrib.sources.find import Source


class RejectsFile:
    """Written beside the target under another name and renamed; a device or a pipe is written to as it is."""

    def __init__(self, path: str, sources: Sequence[Source], redact: Callable[[str], str]) -> None:
        """Raises UsageError where the path is one of the inputs, DeliveryError where it cannot be written."""
        self._path = path
        target = Path(os.path.realpath(path))
        for source in sources:
            if source.kind == "file" and source.error is None and target.exists() and target.samefile(source.path):
                raise UsageError(f"--rejects {path} is one of the inputs; name another file.")
        self._target, self._part = target, target
        if target.is_file() or not target.exists():
            self._part = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}.part")
        try:
            self._file = self._part.open("wb")
        except OSError as error:
            raise self._refused(error) from None
        self._writer = RejectWriter(self._file, redact)

    def write(self, reject: Reject) -> None:
        """One quarantined line. Raises DeliveryError."""
        try:
            self._writer.write(reject)
        except OSError as error:
            raise self._refused(error) from None

    def close(self, *, keep: bool) -> None:
        """Puts the file in its place, or takes it away. Raises DeliveryError where it is to be kept and cannot be."""
        try:
            self._file.close()
            if keep and self._part != self._target:
                self._part.replace(self._target)
        except OSError as error:
            if keep:
                raise self._refused(error) from None
        finally:
            if self._part != self._target:
                self._part.unlink(missing_ok=True)

    def _refused(self, error: OSError) -> DeliveryError:
        return DeliveryError(f"cannot write {self._path}: {error.strerror}")
