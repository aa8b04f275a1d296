"""Whether a share above its bound may be chance: few of a few are no rate."""

from __future__ import annotations

from typing import Final

from attrib.incidents.statistics import binomial_tail

CHANCE: Final = 0.01
"""At most one function in a hundred that keeps its bound exactly is taken for one that does not (attrib's own)."""


def by_chance(n: int, total: int, bound: float) -> bool:
    """Whether `n` of `total` or more would be seen too often where the true share is the bound."""
    return binomial_tail(n, total, bound) > CHANCE
