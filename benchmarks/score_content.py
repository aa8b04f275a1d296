"""How well secrets and personal data are told from what looks alike: precision and recall on a labelled set.

python benchmarks/score_content.py             # the table of benchmarks/README.md
python benchmarks/score_content.py --seed 7 --misses
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from attrib.survey.content import Content
from benchmarks.labelled.content import SCORED, Class, Labelled, labelled

CLASSES: Final[tuple[Class, ...]] = ("secret", "personal")
Detector = Callable[[bytes], set[str]]
"""A line -> the classes that are found in it."""


@dataclass
class Score:
    """What came of one set."""

    values: Counter[str] = field(default_factory=Counter)
    sorts: Counter[tuple[str, str]] = field(default_factory=Counter)
    found: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(class, sort) -> values with a finding of that class, or, of ordinary ones, of any."""
    claimed: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    wrong: list[tuple[Labelled, set[str]]] = field(default_factory=list)

    def recall(self, label: str) -> float:
        """Share of a class that is found."""
        return self.right[label] / self.values[label]

    def precision(self, label: str) -> float:
        """Share of what is claimed that is right."""
        return self.right[label] / self.claimed[label] if self.claimed[label] else 1.0


def attrib(line: bytes) -> set[str]:
    """The classes that this program finds in a line; public addresses, which are info only, aside."""
    content = Content(())
    content.see(line, 0, 1)
    return {where.group for where in content.hits if where.group in CLASSES and where.kind != "ip"}


def score(values: list[Labelled], detect: Detector = attrib) -> Score:
    """Score a set."""
    result = Score()
    for one in values:
        found = detect(one.line)
        result.values[one.label] += 1
        result.sorts[one.label, one.sort] += 1
        for label in found:
            result.claimed[label] += 1
            result.right[label] += label == one.label
        if found if one.label == "ordinary" else one.label in found:
            result.found[one.label, one.sort] += 1
        if found != ({one.label} - {"ordinary"}):
            result.wrong.append((one, found))
    return result


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seed", type=int, default=SCORED)
    parser.add_argument("--misses", action="store_true", help="Show what was told wrong.")
    options = parser.parse_args()
    result = score(labelled(options.seed))
    out = sys.stdout.write
    out("| class | lines | precision | recall |\n| --- | ---: | ---: | ---: |\n")
    for label in CLASSES:
        out(f"| {label} | {result.values[label]} | {result.precision(label):.3f} | {result.recall(label):.3f} |\n")
    ordinary = sum(n for (kind, _), n in result.found.items() if kind == "ordinary")
    out(f"| ordinary | {result.values['ordinary']} | {ordinary} with a finding | |\n")
    if options.misses:
        for (kind, sort), n in sorted(result.sorts.items()):
            out(f"{kind:9} {sort:26} {result.found[kind, sort]:4} of {n}\n")
        for one, found in result.wrong:
            out(f"{one.label} {one.sort}: {sorted(found)} {one.line.decode()[:300]}\n")


if __name__ == "__main__":
    main()
