"""Steps back in time: counted within stretches and from one to the next, whatever the order of the stretches."""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from attrib.records.model import Record
from attrib.survey.order import Order

BOUNDS: Any = SimpleNamespace(backwards_us=60)
TIMES = st.lists(st.one_of(st.none(), st.integers(0, 300)), max_size=20)


def steps(stretches: list[list[tuple[int, int | None]]]) -> dict[int, tuple[int, int, int]]:
    order = Order(BOUNDS)
    for stretch in stretches:
        if stretch:
            order.begin(0, stretch[0][0])
        for line, ts in stretch:
            order.see(Record(0, line, ts=ts))
    return {file: (one.n, one.line, one.longest_us) for file, one in order.steps().items()}


@given(TIMES, st.lists(st.integers(0, 20), max_size=3), st.randoms(use_true_random=False))
def test_cutting_a_file_changes_nothing(times: list[int | None], cuts: list[int], random: Any) -> None:
    lines = list(enumerate(times, 1))
    edges = sorted({0, *cuts, len(lines)})
    stretches = [lines[a:b] for a, b in pairwise(edges)]
    random.shuffle(stretches)
    assert steps(stretches) == steps([lines])


def test_steps() -> None:
    assert steps([[(1, 100), (2, None), (3, 39), (4, 100), (5, 40), (6, 0)]]) == {0: (1, 3, 61)}
    assert steps([[(1, 0), (2, 500)]]) == {}


def test_files_are_apart() -> None:
    order = Order(BOUNDS)
    for record in (Record(0, 1, ts=500), Record(1, 1, ts=0), Record(1, 2, ts=100), Record(1, 3, ts=0)):
        order.see(record)
    assert {file: one.n for file, one in order.steps().items()} == {1: 1}
