"""Labelled sets of label values: the one that rules were tuned on, and the one that is scored."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Final, NamedTuple

from benchmarks.labelled.identifiers import CLASSES, Form, Words
from benchmarks.labelled.ordinary import SORTS

PER_CLASS: Final = 400
TUNING: Final = "tuning"
SCORED: Final = "scored"
_SEEDS: Final = {TUNING: 11, SCORED: 2027}
_HALVES: Final = {TUNING: 0, SCORED: 1}


class Labelled(NamedTuple):
    """One value and what it is."""

    value: str
    sort: str
    """A class of identifiers, or a sort of ordinary values."""
    identifies: bool


def labelled(which: str) -> list[Labelled]:
    """A set: PER_CLASS values of every class and sort, different ones as far as there are so many."""
    words = Words(_HALVES[which])
    found: list[Labelled] = []
    for sort, forms in CLASSES.items():
        # The last form is new to the scored set: nobody has seen its values while rules were written.
        known = forms if which == SCORED else forms[:-1]
        found += [Labelled(value, sort, True) for value in _draw(f"{_SEEDS[which]} {sort}", known, words)]
    for sort, forms in SORTS.items():
        found += [Labelled(value, sort, False) for value in _draw(f"{_SEEDS[which]} {sort}", forms, words)]
    return found


def _draw(seed: str, forms: Sequence[Form], words: Words) -> list[str]:
    random = Random(seed)
    values: dict[str, None] = {}
    for at in range(PER_CLASS * 20):
        values[forms[at % len(forms)](random, words)] = None
        if len(values) == PER_CLASS:
            break
    return list(values)
