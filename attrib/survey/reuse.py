"""Request ids that plainly stand over unrelated requests (invocations.ids), by function.

Grain: one row per function whose records bear such an id; too many functions are taken together by form, as in the
traits (survey/names.py). Ids are not kept.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from attrib.invocations.ids import usable_id
from attrib.invocations.model import Invocation
from attrib.rules.words import Words
from attrib.survey.names import Names, at_level
from attrib.survey.places import Spot

FIRST: Final = 3
"""Places kept."""


@dataclass
class Reused:
    """The reused ids of one function."""

    ids: int = 0
    records: int = 0
    """Copies left out: each is an invocation by itself."""
    first: list[Spot] = field(default_factory=list)
    """The first record of each id; of these the first, in order."""
    most: int = 0
    """Records of the id that has the most of them in this function."""
    worst: Spot | None = None
    """Its first record."""

    def add(self, other: Reused) -> None:
        """Count what another row counted."""
        self.ids += other.ids
        self.records += other.records
        self.first = heapq.nsmallest(FIRST, (*self.first, *other.first))
        if other.worst is not None and (self.worst is None or (-other.most, other.worst) < (-self.most, self.worst)):
            self.most, self.worst = other.most, other.worst


class Reuse:
    """Function -> its reused ids."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._names = Names()
        self.functions: dict[str | None, Reused] = {}

    def see(self, invocations: Sequence[Invocation]) -> None:
        """All invocations of some requests."""
        # An id that could join and did not was taken for reused.
        found: dict[tuple[str | None, str | None], list[Spot]] = {}
        for one in invocations:
            if not one.correlated and usable_id(one.request_id, self._words):
                places = found.setdefault((one.function, one.request_id), [])
                places += ((record.file, record.line) for record in one.records)
        for (function, _), places in found.items():
            first = min(places)
            self._add(function, Reused(1, len(places), [first], len(places), first))

    def _add(self, function: str | None, row: Reused) -> None:
        if self._names.see((function,)):
            before, self.functions = self.functions, {}
            for name, one in before.items():
                self._add(name, one)
        self.functions.setdefault(at_level(function, self._names.level), Reused()).add(row)
