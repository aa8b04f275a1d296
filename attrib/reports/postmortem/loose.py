"""Reading the `data` of evidence: each kind has its own, and a saved report may hold anything there.

What is not of the shape asked for is not there: no figure is made up, and no text is taken for one.
"""

from __future__ import annotations

import math
from typing import Any


def figure(data: dict[str, Any], name: str) -> int | float | None:
    """A number that is finite and at least 0; None: there is none."""
    found = data.get(name)
    if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found) or found < 0:
        return None
    return found


def rows(data: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The tables in a list; empty: there are none."""
    found = data.get(name)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def inner(data: dict[str, Any], *names: str) -> dict[str, Any]:
    """A table within tables; empty: there is none."""
    for name in names:
        found = data.get(name)
        data = found if isinstance(found, dict) else {}
    return data


def data_of(entry: dict[str, Any], *kinds: str) -> dict[str, Any]:
    """The data of the first evidence of these kinds, for the verdict or against it; empty: there is none."""
    every = [*entry["evidence"], *entry["counter_evidence"]]
    return next((e["data"] for e in every if e["kind"] in kinds), {})
