"""One side of a comparison, and what makes a change one that matters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from attrib.comparison.figures import Figures

DOUBLED: Final = 0.0005
"""From 0.05 points on a share that doubled matters."""


@dataclass(frozen=True)
class Bounds:
    """When a change counts. Each must hold beside the interval, which must exclude no change at all."""

    level: float = 0.95
    """Certainty of all intervals together: one comparison in twenty shows a change by chance alone, at most."""
    min_change: float = 0.005
    """Change of a share that matters: half of a percentage point."""
    min_latency: float = 0.1
    """Change of a latency that matters, as a share of the smaller one."""
    min_latency_ms: float = 5.0
    """Change of a latency that matters, in milliseconds."""

    @property
    def min_change_doubled(self) -> float:
        """The same where a share is at least twice the other side's, for failures that are rare. Whoever sets a bound
        of their own means that one."""
        return DOUBLED if self.min_change == Bounds.min_change else self.min_change

    def least_change(self, smaller: float) -> float:
        """The change of a share that matters where the smaller of the two sides' is this."""
        return min(self.min_change, max(self.min_change_doubled, smaller))


@dataclass(frozen=True)
class Side:
    """What is compared with the other side."""

    name: str
    """As named on the command line."""
    kind: str
    """`logs`, `report` or `bundle`."""
    report: dict[str, Any]
    figures: Figures
    missing: tuple[str, ...] = ()
    """What this kind of source cannot tell, in sentences."""
    unread: tuple[str, ...] = field(default=())
    """Inputs that could not be read whole."""

    @property
    def sampled(self) -> bool:
        """Its log is a sample: counts stay, rates go."""
        return bool(self.report["sampled"])

    @property
    def functions(self) -> frozenset[str | None]:
        """Names of its functions; null: invocations that name none."""
        return frozenset(entry["function"] for entry in self.figures["functions"])
