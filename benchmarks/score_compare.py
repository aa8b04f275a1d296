"""How often `attrib compare` finds a change where there is none, and how often it finds one that is there.

python benchmarks/score_compare.py                   # the table of benchmarks/README.md
python benchmarks/score_compare.py --pairs 2000

Pairs of days are drawn from one generator, functions with their own rates and latencies. `steady`: failures come alone.
`bursts`: half of them come in minutes in which one request in three fails. The sides of a pair differ in nothing, or in
one function's failures or latency. What is judged are counts, as buckets hold them: no log is written.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from attrib.comparison.judge import judge
from attrib.comparison.model import Bounds, Side
from attrib.incidents.difference import dispersion
from attrib.incidents.histogram import bin_of

FUNCTIONS: Final = 8
MINUTES: Final = 240
PER_MINUTE: Final = 12
RATES: Final = (0.0, 0.001, 0.004, 0.01, 0.02, 0.05, 0.1, 0.2)
BURST: Final = 0.33
PAIRS: Final = 400
FREE: Final = Bounds(min_change=0.0, min_latency=0.0, min_latency_ms=0.0)
"""Every change counts, however small: the certainty of the intervals alone."""


def side(chance: random.Random, *, bursts: bool, worse: float = 1.0, slower: float = 1.0) -> Side:
    """One side. `worse`, `slower`: what the last function's failures and latency are multiplied by."""
    entries, failures, total = [], 0, 0
    spread_all: list[tuple[float, float]] = [(0.0, 0.0)] * MINUTES
    for number, rate in enumerate(RATES[:FUNCTIONS]):
        last = number == FUNCTIONS // 2
        cells = _minutes(chance, rate * (worse if last else 1.0), bursts=bursts)
        times = Counter(
            bin_of(int(80_000 * (slower if last else 1.0) * math.exp(chance.gauss(0, 0.4))))
            for _ in range(sum(n for _, n in cells))
        )
        failed, n = sum(k for k, _ in cells), sum(n for _, n in cells)
        spread_all = [(k + failed_, m + n_) for (k, m), (failed_, n_) in zip(spread_all, cells, strict=True)]
        failures, total = failures + failed, total + n
        entries.append(
            {
                "function": f"f{number}", "invocations": n, "failed": failed, "slow": 0, "masked": 0,
                "dispersion": {"failed": dispersion(cells)}, "latency": [[at, count] for at, count in times.items()],
            }
        )  # fmt: skip
    counts = [
        {"function": entry["function"], "verdict": "vendor", "count": entry["failed"]}
        for entry in entries
        if entry["failed"]
    ]
    spread = dispersion(spread_all)
    report: dict[str, Any] = {"sampled": False, "verdict_counts": counts, "summary": {}}
    figures = {"functions": entries, "upstreams": [], "all": {"dispersion": {"failed": spread, "vendor": spread}}}
    return Side("x", "logs", report, figures)


def _minutes(chance: random.Random, rate: float, *, bursts: bool) -> list[tuple[int, int]]:
    """(failed, requests) of each minute."""
    cells = []
    for _ in range(MINUTES):
        n = sum(chance.random() < 0.5 for _ in range(2 * PER_MINUTE))
        p = rate
        if bursts:
            p = BURST if chance.random() < rate / 2 / BURST else rate / 2
        cells.append((sum(chance.random() < p for _ in range(n)), n))
    return cells


def alarms(pairs: int, make: Callable[[random.Random], tuple[Side, Side]], bounds: Bounds) -> tuple[int, int]:
    """(pairs in which something changed, pairs in which the last function's own figures got worse)."""
    any_, found = 0, 0
    for seed in range(pairs):
        before, after = make(random.Random(seed))
        rows = [row for row in judge(before, after, bounds)[0] if row["result"] in ("worse", "better")]
        any_ += bool(rows)
        found += any(row["name"] == f"f{FUNCTIONS // 2}" and row["result"] == "worse" for row in rows)
    return any_, found


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=PAIRS)
    pairs = parser.parse_args().pairs
    print(f"{pairs} pairs of {FUNCTIONS} functions, about {PER_MINUTE * MINUTES:,} requests each on a side\n")
    print("| nothing changed | bounds | pairs with a change told |\n| --- | --- | --- |")
    for bursts in (False, True):
        for name, bounds in (("none: the intervals alone", FREE), ("as shipped", Bounds())):
            found, _ = alarms(pairs, lambda chance, b=bursts: (side(chance, bursts=b), side(chance, bursts=b)), bounds)  # type: ignore[misc]
            print(f"| {'bursts' if bursts else 'steady'} | {name} | {found / pairs:.1%} |")
    print("\n| one function changed (2 % fail before) | failures | found |\n| --- | --- | --- |")
    for worse, slower in ((1.25, 1.0), (1.5, 1.0), (2.0, 1.0), (3.0, 1.0), (1.0, 1.12), (1.0, 1.3)):
        for bursts in (False, True):

            def make(chance: random.Random, w: float = worse, s: float = slower, b: bool = bursts) -> tuple[Side, Side]:
                return side(chance, bursts=b), side(chance, bursts=b, worse=w, slower=s)

            _, found = alarms(pairs // 4, make, Bounds())
            what = f"{worse:g} times the failures" if worse > 1 else f"{slower - 1:.0%} slower"
            print(f"| {what} | {'bursts' if bursts else 'steady'} | {found / (pairs // 4):.0%} |")


if __name__ == "__main__":
    main()
