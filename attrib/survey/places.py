"""The lines that findings cite: the first few, and the worst, the same for any order of seeing them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

Spot = tuple[int, int]
"""(index of the file, line number)."""
_KEPT: Final = 3
"""Examples of a finding (contract: the first lines)."""


@dataclass(slots=True)
class Examples:
    """The first few of all places seen."""

    spots: list[Spot] = field(default_factory=list)
    """In order, each once."""

    def add(self, spot: Spot) -> None:
        """See one place."""
        if len(self.spots) < _KEPT or spot < self.spots[-1]:
            self.spots = sorted({*self.spots, spot})[:_KEPT]


@dataclass(slots=True)
class Worst:
    """The place with the largest measure; of several, the first."""

    measure: int = 0
    spot: Spot | None = None

    def add(self, measure: int, spot: Spot) -> None:
        """See one place."""
        if self.spot is None or (-measure, spot) < (-self.measure, self.spot):
            self.measure, self.spot = measure, spot
