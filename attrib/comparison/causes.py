"""Incidents of two sides: which are new, which are gone, which have a cause that the other side has too.

The same cause: the same verdict and responsible component, and a function in common. Ids are of no use between two
times: an incident's id holds its start.
"""

from __future__ import annotations

from typing import Any

_KEYS = (
    "id", "verdict", "lean", "responsible", "functions", "upstreams", "start", "end", "symptomatic", "invocations",
    "failure_rate",
)  # fmt: skip


def causes(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row per incident of a side, or per pair of the same cause: new first, then the same, then gone.

    Pairs are made in the order of the report, largest first; several incidents of one cause pair up with as many.
    """
    left = list(before)
    new, same = [], []
    for entry in after:
        match = next((other for other in left if _alike(other, entry)), None)
        if match is None:
            new.append({"result": "new", "before": None, "after": _shown(entry)})
            continue
        left.remove(match)
        same.append({"result": "same", "before": _shown(match), "after": _shown(entry)})
    return [*new, *same, *({"result": "gone", "before": _shown(entry), "after": None} for entry in left)]


def _alike(one: dict[str, Any], other: dict[str, Any]) -> bool:
    if (one["verdict"], one["responsible"]) != (other["verdict"], other["responsible"]):
        return False
    functions = set(one["functions"]) & set(other["functions"])
    return bool(functions) or not (one["functions"] or other["functions"])


def _shown(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: entry[key] for key in _KEYS}
