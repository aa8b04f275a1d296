"""Idempotency keys that came with another fingerprint of the request.

Grain: one entry per (function, tenant, key): a key means something only to the one who asks, and each hop of a request
has a body of its own. Keys, tenants and fingerprints are digests (fields.py).

Bounded: at most `MOST` keys, about 400 bytes each. Of more keys every second, fourth, ... is kept, told by its digest
alone, so that any order of lines keeps the same ones; counts are then of those kept, and `one_in` says how many each
stands for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from attrib.records.model import Record
from attrib.survey.places import Examples, Spot
from attrib.survey.sketch import hash_of

MOST: Final = 200_000
KEY: Final = "idempotency_key"
FINGERPRINT: Final = "request_fingerprint"
TENANT: Final = "tenant"


@dataclass(slots=True)
class Entry:
    """One key: the least and the greatest of its fingerprints, each with its first line."""

    function: str | None
    least: str
    least_at: Spot
    most: str
    most_at: Spot

    @property
    def conflicts(self) -> bool:
        """Whether it came with several fingerprints."""
        return self.least != self.most


@dataclass(slots=True)
class Conflicts:
    """The keys of one function."""

    keys: int = 0
    """With a fingerprint."""
    conflicts: int = 0
    """Keys with several."""
    examples: Examples = field(default_factory=Examples)
    """Lines whose key has another fingerprint elsewhere."""


class Idempotency:
    """All keys."""

    def __init__(self) -> None:
        self.entries: dict[int, Entry] = {}
        self.one_in = 1
        self._queried: dict[str | None, Conflicts] | None = None

    def see(self, record: Record) -> None:
        """Look at one record; copies add nothing."""
        key, fingerprint = record.extra.get(KEY), record.extra.get(FINGERPRINT)
        if key is None or fingerprint is None:
            return
        slot = slot_of(record.function, record.extra.get(TENANT), key)
        if slot % self.one_in:
            return
        at = (record.file, record.line)
        entry = self.entries.get(slot)
        if entry is None:
            self.entries[slot] = Entry(record.function, fingerprint, at, fingerprint, at)
            while len(self.entries) > MOST:
                self.one_in *= 2
                self.entries = {known: one for known, one in self.entries.items() if known % self.one_in == 0}
            return
        if (fingerprint, at) < (entry.least, entry.least_at):
            entry.least, entry.least_at = fingerprint, at
        if fingerprint > entry.most or (fingerprint == entry.most and at < entry.most_at):
            entry.most, entry.most_at = fingerprint, at

    def answer(self, found: dict[str | None, Conflicts]) -> None:
        """Take what a query over the whole log found."""
        self._queried, self.entries, self.one_in = found, {}, 1

    def by_function(self) -> dict[str | None, Conflicts]:
        """Function -> its keys."""
        if self._queried is not None:
            return self._queried
        found: defaultdict[str | None, Conflicts] = defaultdict(Conflicts)
        for entry in self.entries.values():
            mine = found[entry.function]
            mine.keys += 1
            if entry.conflicts:
                mine.conflicts += 1
                mine.examples.add(entry.least_at)
                mine.examples.add(entry.most_at)
        return dict(found)

    def __iter__(self) -> Iterator[tuple[int, Entry]]:
        """(slot, entry) of the keys seen line by line."""
        return iter(self.entries.items())


def slot_of(function: str | None, tenant: str | None, key: str) -> int:
    """64 bits that tell keys apart: the same as engines/idempotency.py has in SQL."""
    return hash_of(f"{function or ''}\x1f{tenant or ''}\x1f{key}")
