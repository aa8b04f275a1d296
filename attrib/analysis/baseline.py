"""The baseline: logs that show the usual state. Read like any other, and never part of an incident."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from attrib.incidents.baseline import UsualState
from attrib.incidents.buckets import MINUTE_US, Buckets
from attrib.incidents.phrases import listed, name_of
from attrib.options import Options
from attrib.verdicts.rows import iso


@dataclass
class Baseline:
    """What `--baseline` gave."""

    buckets: Buckets
    files: list[str]
    records: int
    invocations: int
    unread: list[str] = field(default_factory=list)
    """Files that could not be read whole, with the reason."""

    def as_dict(self) -> dict[str, Any]:
        """As it stands in the report."""
        return {"files": self.files, "records": self.records, "invocations": self.invocations}


def baseline_notes(state: UsualState) -> list[str]:
    """What was not taken as usual, though the baseline holds it: one sentence each."""
    notes = []
    if state.left_out:
        names = listed(sorted({name_of(span.function) for span in state.left_out}))
        first = min(span.first for span in state.left_out if span.first is not None)
        last = max(span.last for span in state.left_out if span.last is not None)
        notes.append(
            f"The baseline holds incidents of its own (in {names}, from {iso(first * MINUTE_US)} to "
            f"{iso((last + 1) * MINUTE_US)}): those minutes are left out of the usual state."
        )
    if state.only_failures:
        names = listed(name_of(function) for function in state.only_failures)
        notes.append(
            f"The baseline holds only failures of {names}: the usual state there is taken from the log itself."
        )
    return notes


def usual_options(options: Options) -> Options:
    """The run's options for reading its baseline: the same rules and parties, all of the time in it."""
    return replace(
        options, since=None, until=None, window=None, baseline=(), marks=(), sampled=False, rejects=None, shown_as={}
    )
