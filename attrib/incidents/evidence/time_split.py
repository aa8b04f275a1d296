"""Where the time went: latency, upstream time and own time, against before."""

from __future__ import annotations

from typing import Any, Final

from attrib.incidents.buckets import Kind
from attrib.incidents.evidence.case import Case, Evidence
from attrib.incidents.histogram import Histogram, quantile_ms
from attrib.incidents.phrases import ms
from attrib.incidents.scene import Sight

MEASURES: Final = (("latency", "latency"), ("upstream", "upstream time"), ("own", "own time"))
QUANTILES: Final = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
"""Design section 7."""


def time_split(case: Case) -> Evidence | None:
    """Quantiles in milliseconds (3 decimals, binned: at most 0.8 % off) of the members, and of all invocations of the
    same functions before. A measure that is not logged is null."""
    members = case.members
    during, before = _figures(case.seen(members)), _figures(case.before())
    told = []
    for measure, said in MEASURES:
        now, then = during[measure], before[measure]
        if now is None:
            continue
        usual = f" (before: {ms(then['p95'])})" if then is not None else ""
        told.append(f"{said} p95 {ms(now['p95'])}{usual}")
    if not told:
        return None
    text = ", ".join(told)
    note = "" if before["latency"] is not None else "; this log shows no unaffected time to compare with"
    return Evidence(
        "time_split",
        f"{text[0].upper()}{text[1:]}{note}.",
        {"during": during, "before": before},
        case.examples(members),
    )


def _figures(sights: list[tuple[Kind, Sight]]) -> dict[str, dict[str, Any] | None]:
    found: dict[str, dict[str, Any] | None] = {}
    for measure, _ in MEASURES:
        histogram: Histogram = Histogram()
        for _, sight in sights:
            histogram.update(getattr(sight, measure))
        n = sum(histogram.values())
        found[measure] = {name: quantile_ms(histogram, q) for name, q in QUANTILES.items()} | {"n": n} if n else None
    return found
