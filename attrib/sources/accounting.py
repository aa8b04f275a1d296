"""Counts what became of every line, file by file, and holds the law that none is lost.

Contract "Accounting": lines_read = accepted + quarantined + skipped + blank, for every file and in total. Counts are
lines unless said otherwise.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, Final, NamedTuple

from attrib.records.model import Record
from attrib.records.parse import BLANK, MAX_NAMES, SKIPPED, Bad, Other, Tally

TEXT_CHARS: Final = 200
"""Characters of a line that --rejects shows (contract)."""


class Reject(NamedTuple):
    """One quarantined line, as --rejects shows it."""

    file: str
    line: int
    offset: int
    """Of its first byte, decompressed."""
    reason: str
    field: str | None
    text: str
    """Its first TEXT_CHARS characters; bytes that are no UTF-8 as \\xNN. Not redacted yet."""


@dataclass(slots=True)
class FileAccount:
    """What became of one file's lines."""

    path: str
    format: str = "m1"
    lines_read: int = 0
    records: int = 0
    """Records, not lines: one line may hold many."""
    accepted: int = 0
    quarantined: int = 0
    skipped: int = 0
    blank: int = 0
    duplicates: int = 0
    """Part of accepted: byte-identical to a line counted before, and with a request_id."""
    repaired: int = 0
    """Part of accepted: almost JSON, and mended by its format."""
    unreadable_time: int = 0
    zone_less_time: int = 0
    error: str | None = None
    """Why the file could not be read whole; None when it was."""
    reasons: Counter[str] = field(default_factory=Counter)
    """Reason -> lines, of the quarantined and (not_m1) the skipped."""
    unknown_fields: Counter[str] = field(default_factory=Counter)
    """Name -> lines; at most MAX_NAMES names."""
    unknown_fields_sampled: bool = False
    """The counts come from a part of the lines, or there were more names than are kept."""
    type_drift: Counter[str] = field(default_factory=Counter)
    """Canonical field -> values of another type than the field's."""

    def count(self, result: Record | Bad | Other) -> None:
        """One line read, and what became of it."""
        self.lines_read += 1
        if isinstance(result, Record):
            self.accepted += 1
            self.records += 1
        elif result is BLANK:
            self.blank += 1
        elif result is SKIPPED:
            self.skipped += 1
            self.reasons[SKIPPED.value] += 1
        elif isinstance(result, Bad):
            self.quarantined += 1
            self.reasons[result.reason] += 1

    def add(self, tally: Tally) -> None:
        """What the parser counted beside the records of this file."""
        self.unreadable_time += tally.unreadable_time
        self.zone_less_time += tally.zone_less_time
        self.type_drift.update(tally.type_drift)
        self.unknown_fields_sampled |= tally.names_dropped | merge_names(self.unknown_fields, tally.unknown_fields)

    def assert_conserved(self) -> None:
        """Every line is somewhere: raises ConservationError when not."""
        told = sum(lines for reason, lines in self.reasons.items() if reason != SKIPPED.value)
        parts = self.accepted + self.quarantined + self.skipped + self.blank
        if self.lines_read != parts or told != self.quarantined or self.reasons[SKIPPED.value] != self.skipped:
            raise ConservationError(
                f"{self.path}: {self.lines_read} lines read, but {self.accepted} accepted + {self.quarantined} "
                f"quarantined + {self.skipped} skipped + {self.blank} blank; reasons {dict(self.reasons)}"
            )
        if max(self.duplicates, self.repaired) > self.accepted:
            raise ConservationError(
                f"{self.path}: {self.duplicates} duplicates, {self.repaired} repaired of {self.accepted} accepted"
            )


class ConservationError(AssertionError):
    """A line was lost or counted twice: a defect of this program, never of its input."""


COUNTS: Final = ("lines_read", "records", "accepted", "quarantined", "skipped", "blank", "duplicates", "repaired",
                 "unreadable_time", "zone_less_time")  # fmt: skip
"""The counts that add up over files."""


@dataclass(slots=True)
class InputAccount:
    """All files of a run, in the order they were given."""

    files: list[FileAccount] = field(default_factory=list)

    def totals(self) -> dict[str, int]:
        """Each of COUNTS over all files."""
        return {name: sum(getattr(file, name) for file in self.files) for name in COUNTS}

    def reasons(self) -> Counter[str]:
        """Reason -> lines, over all files."""
        return sum((file.reasons for file in self.files), Counter())

    def type_drift(self) -> Counter[str]:
        """Canonical field -> values, over all files."""
        return sum((file.type_drift for file in self.files), Counter())

    def unknown_fields(self) -> tuple[Counter[str], bool]:
        """(name -> lines over all files, whether that is less than the whole truth)."""
        names: Counter[str] = Counter()
        dropped = [merge_names(names, file.unknown_fields) for file in self.files]
        return names, any(dropped) or any(file.unknown_fields_sampled for file in self.files)

    def errors(self) -> list[FileAccount]:
        """The files that could not be read whole: exit code 3 when there are any."""
        return [file for file in self.files if file.error is not None]

    def assert_conserved(self) -> None:
        """The law of every file; see `FileAccount.assert_conserved`."""
        for file in self.files:
            file.assert_conserved()


def merge_names(into: Counter[str], names: Mapping[str, int]) -> bool:
    """Adds counts by name up to MAX_NAMES names; True when a name found no room."""
    dropped = False
    for name, lines in names.items():
        if name in into or len(into) < MAX_NAMES:
            into[name] += lines
        else:
            dropped = True
    return dropped


def shown(line: bytes) -> str:
    """The first characters of a line, whatever its bytes are."""
    # Four bytes hold one character at most; a byte that is none takes four characters itself.
    return line[: 4 * TEXT_CHARS].decode("utf-8", "backslashreplace")[:TEXT_CHARS]


class RejectWriter:
    """Writes --rejects: one JSON object per quarantined line, UTF-8, LF."""

    def __init__(self, out: BinaryIO, redact: Callable[[str], str]) -> None:
        self._out = out
        self._redact = redact
        self.written = 0

    def write(self, reject: Reject) -> None:
        """One line's object. Redaction may change the text's length, so it is cut again."""
        row = reject._asdict()
        # A path may hold bytes that are no UTF-8; Python carries them as lone surrogates, which JSON cannot.
        row["file"] = reject.file.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        row["text"] = self._redact(reject.text)[:TEXT_CHARS]
        self._out.write(json.dumps(row, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n")
        self.written += 1

    def write_all(self, rejects: Iterable[Reject]) -> None:
        """Several, in order."""
        for reject in rejects:
            self.write(reject)
