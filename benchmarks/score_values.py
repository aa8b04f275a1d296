"""How well the shapes of label values are told: precision and recall per class, on values that nothing was tuned on.

python benchmarks/score_values.py             # the table of benchmarks/README.md
python benchmarks/score_values.py --tuning --misses
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from attrib.survey.value_shapes import shape_of
from benchmarks.labelled.identifiers import CLASSES
from benchmarks.labelled.ordinary import SORTS
from benchmarks.labelled.values import SCORED, TUNING, Labelled, labelled

MOST_MISSES: Final = 12
"""Wrong values shown of each class."""


@dataclass
class Score:
    """What came of one set. Keys are classes, or sorts of ordinary values."""

    values: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    """Told to identify something, whatever shape was told."""
    named: Counter[str] = field(default_factory=Counter)
    """Told with the very shape of their class."""
    claimed: Counter[str] = field(default_factory=Counter)
    """Shape -> values that are told to have it, right or wrong."""
    rightly: Counter[str] = field(default_factory=Counter)
    """Shape -> those of them that identify something."""
    wrong: list[tuple[Labelled, str | None]] = field(default_factory=list)

    def recall(self, sort: str) -> float:
        """Share of a class that is told to identify something."""
        return self.found[sort] / self.values[sort]

    def precision(self, shape: str) -> float:
        """Share of the values told to have a shape that do identify something."""
        return self.rightly[shape] / self.claimed[shape] if self.claimed[shape] else 1.0

    @property
    def overall(self) -> tuple[float, float]:
        """(precision, recall) over all classes."""
        right = sum(self.rightly.values())
        return right / sum(self.claimed.values()), right / sum(self.values[sort] for sort in CLASSES)


def score(values: list[Labelled]) -> Score:
    """Score a set."""
    result = Score()
    for one in values:
        shape = shape_of(one.value)
        result.values[one.sort] += 1
        if shape is not None:
            result.found[one.sort] += 1
            result.named[one.sort] += shape == one.sort
            result.claimed[shape] += 1
            result.rightly[shape] += one.identifies
        if (shape is not None) != one.identifies:
            result.wrong.append((one, shape))
    return result


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tuning", action="store_true", help="the set that rules were tuned on")
    parser.add_argument("--misses", action="store_true", help="show values that were told wrong")
    options = parser.parse_args()
    result = score(labelled(TUNING if options.tuning else SCORED))
    print("| identifiers | values | recall | told as this shape | precision |\n| --- | --- | --- | --- | --- |")
    for sort in CLASSES:
        n = result.values[sort]
        shares = f"{result.recall(sort):.3f} | {result.named[sort] / n:.3f} | {result.precision(sort):.3f}"
        print(f"| {sort} | {n} | {shares} |")
    precision, recall = result.overall
    print(f"| all | {sum(result.values[sort] for sort in CLASSES)} | {recall:.3f} | | {precision:.3f} |")
    print("\n| ordinary values | values | told to identify |\n| --- | --- | --- |")
    for sort in SORTS:
        print(f"| {sort} | {result.values[sort]} | {result.found[sort]} |")
    if options.misses:
        shown: Counter[str] = Counter()
        for one, shape in result.wrong:
            shown[one.sort] += 1
            if shown[one.sort] <= MOST_MISSES:
                print(f"{one.sort}: {one.value!r} -> {shape}")


if __name__ == "__main__":
    main()
