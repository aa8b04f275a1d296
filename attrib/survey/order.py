"""Time running backwards from record to record of a file.

Grain: one `Steps` per file. A step is counted where a record's time lies before that of the record before it by more
than the bound; records without a time of their own are passed over. A file may come in stretches, each in the order of
its lines, the stretches in any order: what lies between two neighbours is worked out at the end.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from attrib.records.model import Record
from attrib.survey.traits import Bounds


@dataclass(slots=True)
class Steps:
    """The steps back in one file."""

    n: int = 0
    line: int = 0
    """Of the first record that lies before its predecessor; 0: there is none."""
    longest_us: int = 0

    def add(self, n: int, line: int, longest_us: int) -> None:
        """Count further steps, of which the first leads to `line`."""
        self.n += n
        self.line = min(self.line or line, line)
        self.longest_us = max(self.longest_us, longest_us)


@dataclass(slots=True)
class Stretch:
    """Neighbouring lines of one file. Times in epoch microseconds; None: no record in it has one."""

    file: int
    first_line: int
    """Of the first record with a time; of the stretch itself, where there is none."""
    first_ts: int | None = None
    last_ts: int | None = None


@dataclass
class Order:
    """Every file's steps."""

    bounds: Bounds
    stretches: list[Stretch] = field(default_factory=list)
    """One per file or part of one."""
    _inside: dict[int, Steps] = field(default_factory=dict)

    def begin(self, file: int, line: int) -> None:
        """A stretch begins with that line."""
        self.stretches.append(Stretch(file, line))

    def see(self, record: Record) -> None:
        """Look at the next record of the stretch; one of another file begins a stretch."""
        ts = record.ts
        if ts is None:
            return
        if not self.stretches or self.stretches[-1].file != record.file:
            self.begin(record.file, record.line)
        stretch = self.stretches[-1]
        if stretch.last_ts is None:
            stretch.first_ts, stretch.first_line = ts, record.line
        elif stretch.last_ts - ts > self.bounds.backwards_us:
            self.add(record.file, 1, record.line, stretch.last_ts - ts)
        stretch.last_ts = ts

    def add(self, file: int, n: int, line: int, longest_us: int) -> None:
        """Count steps within a stretch, of which the first leads to `line`."""
        self._inside.setdefault(file, Steps()).add(n, line, longest_us)

    def steps(self) -> dict[int, Steps]:
        """File -> its steps, those from one stretch to the next too; files without a step are left out."""
        found: dict[int, Steps] = {}
        for file, steps in self._inside.items():
            found[file] = Steps(steps.n, steps.line, steps.longest_us)
        timed = [stretch for stretch in self.stretches if stretch.first_ts is not None]
        last: dict[int, int] = {}
        for stretch in sorted(timed, key=lambda one: (one.file, one.first_line)):
            assert stretch.first_ts is not None and stretch.last_ts is not None  # noqa: S101, PT018 - filtered above
            step = last.get(stretch.file, stretch.first_ts) - stretch.first_ts
            if step > self.bounds.backwards_us:
                found.setdefault(stretch.file, Steps()).add(1, stretch.first_line, step)
            last[stretch.file] = stretch.last_ts
        return dict(sorted(found.items()))
