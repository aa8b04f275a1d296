"""How the checks of the log contract name things."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from attrib.checks.facts import Facts
from attrib.checks.model import Place
from attrib.sources.accounting import FileAccount
from attrib.survey.places import Examples
from attrib.survey.traits import Bit, Trait

MOST_FILES = 50
"""Files named in the data of one finding, those with the most first."""


def named(function: str | None) -> str:
    """A function as it is named in a statement."""
    return function or "no function"


def first_of(examples: Examples) -> list[Place]:
    """The first places, as findings have them."""
    return [Place(*spot) for spot in examples.spots]


def by_file(facts: Facts, count: Callable[[FileAccount], int]) -> dict[str, int]:
    """File -> count, where there is any; the most first, then by name."""
    found: Counter[str] = Counter()
    for path, account in zip(facts.paths, facts.account.files, strict=True):
        found[path] += count(account)
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return {path: n for path, n in ordered[:MOST_FILES] if n}


def counted(facts: Facts, test: Callable[[Trait], bool]) -> Counter[str | None]:
    """Function -> records with some trait."""
    found: Counter[str | None] = Counter()
    for trait, seen in facts.survey.traits:
        if test(trait):
            found[trait.function] += seen.n
    return found


def with_bit(bit: Bit, function: str | None) -> Callable[[Trait], bool]:
    """The test for a bit on a function's records."""
    return lambda trait: trait.function == function and trait.bits & bit != 0
