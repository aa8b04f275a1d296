"""Which figures of two sides differ by more than chance and by enough to matter.

A change is worse or better only where its interval excludes 0 and it is at least as large as matters (Bounds). The
intervals hold together: with more figures each is wider (Bonferroni). Else there is no change that the counts can show,
and the smallest one that they could have shown is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from attrib.comparison.model import Bounds, Side
from attrib.incidents.difference import Estimate, difference, quantile, share, smallest_share, z_of
from attrib.rules.facets import VERDICTS

QUANTILES: Final = {"p50": 0.5, "p99": 0.99}
_MORE_IS_WORSE: Final = 1
_MORE_IS_BETTER: Final = -1


@dataclass(frozen=True)
class Share:
    """A count out of others on one side."""

    count: int
    of: int
    dispersion: float = 1.0
    """How much more its minutes differ than by chance; both sides are judged by the larger."""


@dataclass(frozen=True)
class Compared:
    """One figure of both sides. Grain: one per (scope, name, figure); `one` and `other` are before and after."""

    scope: str
    """`all`, `function`, `upstream` or `verdict`."""
    name: str | None
    figure: str
    one: Share | dict[int, int]
    """A share, or a histogram of latencies (bin -> count)."""
    other: Share | dict[int, int]
    direction: int = _MORE_IS_WORSE

    def judged(self, bounds: Bounds, z: float) -> dict[str, Any]:
        """The row of the document."""
        if isinstance(self.one, Share) and isinstance(self.other, Share):
            # Bursts of one side may come on the other as well: chance decides which day has one.
            spread = max(self.one.dispersion, self.other.dispersion)
            one, other = replace(self.one, dispersion=spread), replace(self.other, dispersion=spread)
            return self._row("share", *_shares(one, other, bounds, z))
        assert isinstance(self.one, dict)  # noqa: S101 - both are of one kind
        assert isinstance(self.other, dict)  # noqa: S101
        return self._row("ms", *_latencies(self.one, self.other, QUANTILES[self.figure], bounds, z))

    def _row(
        self, unit: str, before: dict[str, Any], after: dict[str, Any], change: Estimate | None, matters: bool,
        smallest: float | None,
    ) -> dict[str, Any]:  # fmt: skip
        result = "unclear" if change is None else "none"
        if change is not None and matters and (change.low > 0 or change.high < 0):
            result = "worse" if (change.value > 0) == (self.direction == _MORE_IS_WORSE) else "better"
        return {
            "scope": self.scope,
            "name": self.name,
            "figure": self.figure,
            "unit": unit,
            "before": before,
            "after": after,
            "change": None if change is None else _rounded(change, "share" if unit == "share" else "ms"),
            "smallest": None if smallest is None else _round(smallest, unit),
            "result": result,
        }


def judge(before: Side, after: Side, bounds: Bounds) -> tuple[list[dict[str, Any]], int, float]:
    """(rows, number of comparisons, normal quantile of their intervals); no rows where a side is a sample."""
    if before.sampled or after.sampled:
        return [], 0, z_of(bounds.level, 1)
    pairs = list(_pairs(before, after))
    z = z_of(bounds.level, len(pairs))
    return [pair.judged(bounds, z) for pair in pairs], len(pairs), z


def _pairs(before: Side, after: Side) -> Iterator[Compared]:
    yield from _whole(before, after)
    yield from _components(before, after, "functions", "function", ("failed", "slow"), "invocations")
    yield from _components(before, after, "upstreams", "upstream", ("failed",), "calls")


def _whole(before: Side, after: Side) -> Iterator[Compared]:
    """Figures over all functions that both sides have: others would show as a change of what stayed as it was."""
    common = before.functions & after.functions
    one, other = _Whole(before, common), _Whole(after, common)
    if not one.invocations or not other.invocations:
        return
    for figure in ("failed", "slow", "masked"):
        pair = one.share(figure, one.count(figure)), other.share(figure, other.count(figure))
        if pair[0] is not None and pair[1] is not None:
            yield Compared("all", None, figure, pair[0], pair[1])
    if one.symptomatic and other.symptomatic:
        known, known_other = (
            Share(side.symptomatic - side.verdicts["unknown"], side.symptomatic, side.spread("unknown"))
            for side in (one, other)
        )
        yield Compared("all", None, "coverage", known, known_other, _MORE_IS_BETTER)
    for verdict in VERDICTS:
        pair = one.share(verdict, one.verdicts[verdict]), other.share(verdict, other.verdicts[verdict])
        if pair[0] is not None and pair[1] is not None:
            yield Compared("verdict", verdict, "share", pair[0], pair[1])


class _Whole:
    """The counts of one side over some of its functions."""

    def __init__(self, side: Side, functions: frozenset[str | None]) -> None:
        self._side = side
        self._entries = [one for one in side.figures["functions"] if one["function"] in functions]
        self.invocations = sum(one["invocations"] for one in self._entries)
        self.verdicts = dict.fromkeys(VERDICTS, 0)
        for row in side.report["verdict_counts"]:
            if row["function"] in functions:
                self.verdicts[row["verdict"]] += row["count"]
        self.symptomatic = sum(self.verdicts.values())

    def count(self, figure: str) -> int | None:
        """Of invocations; null: the source does not tell."""
        counts = [one[figure] for one in self._entries]
        if figure == "masked" and None in counts and len(counts) == len(self._side.functions):
            masked: int = self._side.report["summary"]["masked_upstream_failures"]
            return masked
        return None if None in counts else sum(counts)

    def share(self, figure: str, count: int | None) -> Share | None:
        """Of all invocations."""
        return None if count is None else Share(count, self.invocations, self.spread(figure))

    def spread(self, figure: str) -> float:
        """The dispersion of a figure."""
        found: float = self._side.figures["all"]["dispersion"].get(figure, 1.0)
        return found


def _components(
    before: Side, after: Side, table: str, scope: str, figures: tuple[str, ...], of: str
) -> Iterator[Compared]:
    """Functions or upstreams of both sides."""
    there = {entry[scope]: entry for entry in after.figures[table] or ()}
    for entry in before.figures[table] or ():
        name, other = entry[scope], there.get(entry[scope])
        if other is None or not entry[of] or not other[of]:
            continue
        for figure in figures:
            spreads = (entry["dispersion"].get(figure, 1.0), other["dispersion"].get(figure, 1.0))
            yield Compared(
                scope,
                name,
                figure,
                Share(entry[figure], entry[of], spreads[0]),
                Share(other[figure], other[of], spreads[1]),
            )
        if entry["latency"] is not None and other["latency"] is not None:
            for figure in QUANTILES:
                yield Compared(scope, name, figure, dict(entry["latency"]), dict(other["latency"]))


def _shares(
    one: Share, other: Share, bounds: Bounds, z: float
) -> tuple[dict[str, Any], dict[str, Any], Estimate, bool, float | None]:
    before, after = share(one.count, one.of, z, one.dispersion), share(other.count, other.of, z, other.dispersion)
    change = difference(before, after)
    smallest = smallest_share(one.count + other.count, one.of, other.of, z, (one.dispersion, other.dispersion))
    # Shares are fractions of whole numbers: a change that just reaches what matters shall not fail by a last digit.
    matters = abs(change.value) >= bounds.least_change(min(before.value, after.value)) - 1e-12
    return (
        _rounded(before, "share") | {"count": one.count, "of": one.of},
        _rounded(after, "share") | {"count": other.count, "of": other.of},
        change,
        matters,
        None
        if smallest is None
        else max(smallest, bounds.least_change((one.count + other.count) / (one.of + other.of))),
    )


def _latencies(
    one: dict[int, int], other: dict[int, int], q: float, bounds: Bounds, z: float
) -> tuple[dict[str, Any], dict[str, Any], Estimate | None, bool, float | None]:
    before, after = quantile(one, q, z), quantile(other, q, z)
    rows = [
        (_rounded(found, "ms") if found else {"value": None, "low": None, "high": None})
        | {"count": None, "of": sum(bins.values())}
        for found, bins in ((before, one), (after, other))
    ]
    if before is None or after is None:
        return rows[0], rows[1], None, False, None
    change = difference(before, after)
    least = max(bounds.min_latency_ms, bounds.min_latency * min(before.value, after.value))
    widest = max(change.value - change.low, change.high - change.value)
    return rows[0], rows[1], change, abs(change.value) >= least, max(widest, least)


def _rounded(found: Estimate, unit: str) -> dict[str, Any]:
    return {"value": _round(found.value, unit), "low": _round(found.low, unit), "high": _round(found.high, unit)}


def _round(value: float, unit: str) -> float:
    # Adding 0.0 makes no difference but to -0.0.
    return round(value, 6 if unit == "share" else 3) + 0.0
