"""The `input` block of a report: what was read, and what became of every line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from attrib.sources.accounting import InputAccount
from attrib.verdicts.rows import iso

_COUNTS: Final = ("lines_read", "accepted", "quarantined", "skipped", "blank", "duplicates", "repaired")


@dataclass
class Times:
    """Oldest and newest time seen, epoch microseconds; None: none yet."""

    first: int | None = None
    last: int | None = None

    def add(self, ts: int | None) -> None:
        """One more time; None is no time."""
        if ts is not None:
            self.first = ts if self.first is None or ts < self.first else self.first
            self.last = ts if self.last is None or ts > self.last else self.last


def input_block(accounts: InputAccount, times: Times) -> dict[str, Any]:
    """The block as the contract has it; names sorted, so that no order of reading shows."""
    totals = accounts.totals()
    unknown, sampled = accounts.unknown_fields()
    return {
        "files": [
            {
                "path": file.path,
                "format": file.format,
                **{name: getattr(file, name) for name in _COUNTS[:1]},
                "records": file.records,
                **{name: getattr(file, name) for name in _COUNTS[1:]},
                "unreadable_time": file.unreadable_time,
                "zone_less_time": file.zone_less_time,
                "error": file.error,
            }
            for file in accounts.files
        ],
        "totals": {**{name: totals[name] for name in _COUNTS}, "records": totals["records"]},
        "reasons": {reason: n for reason, n in sorted(accounts.reasons().items()) if n},
        "unknown_fields": dict(sorted(unknown.items())),
        "unknown_fields_sampled": sampled,
        "time_range": None if times.first is None else {"start": iso(times.first), "end": iso(times.last)},
    }
