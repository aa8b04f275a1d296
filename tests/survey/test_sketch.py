"""Sketches of distinct values: the same in any order and in any parts, exact below the bound, near the truth above."""

from __future__ import annotations

from random import Random

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrib.survey.sketch import LONGEST, Sketch, hash_of, key_of, start_of, zeros

VALUES = st.lists(st.text(max_size=4), max_size=80)


def sketch_of(values: list[str], bound: int = 8) -> Sketch:
    """A sketch of values on lines 1, 2, 3 ..."""
    sketch = Sketch(bound)
    for line, value in enumerate(values, 1):
        sketch.see(value, (0, line))
    return sketch


def counts(sketch: Sketch) -> tuple[int, int, dict[str, int]]:
    """What must not depend on who counted, and in what order."""
    return sketch.level, sketch.lines, {key: kept.n for key, kept in sketch.kept.items()}


@given(VALUES, st.randoms(use_true_random=False))
def test_order_changes_nothing(values: list[str], random: Random) -> None:
    shuffled = list(values)
    random.shuffle(shuffled)
    assert counts(sketch_of(shuffled)) == counts(sketch_of(values))


@given(VALUES, st.integers(0, 80))
def test_parts_come_to_the_whole(values: list[str], cut: int) -> None:
    whole, joined = sketch_of(values), Sketch(8)
    for part in (values[:cut], values[cut:]):
        # A part counted on its own, and its values added with their counts.
        for key, kept in sketch_of(part, bound=1000).kept.items():
            joined.add(key, kept.n)
    assert counts(joined) == counts(whole)


@given(VALUES)
def test_a_query_may_leave_out_what_is_not_kept(values: list[str]) -> None:
    whole, filled = sketch_of(values), Sketch(8)
    for key, kept in sketch_of(values, bound=1000).kept.items():
        if zeros(kept.hash) >= max(whole.level - 1, 0):
            filled.put(key, kept.n)
    filled.lines += len(values)
    assert counts(filled) == counts(whole)


@given(VALUES)
def test_never_more_than_the_bound(values: list[str]) -> None:
    sketch = sketch_of(values)
    assert len(sketch.kept) <= 8
    assert sketch.exact == (len(set(values)) <= 8)
    if sketch.exact:
        assert sketch.distinct == len(set(values))
        assert sketch.error == 0
    for key, kept in sketch.kept.items():
        assert kept.n == values.count(key)
        assert kept.place == (0, values.index(key) + 1)


def test_the_first_place_is_the_first_whatever_comes_first() -> None:
    sketch = Sketch()
    for place in ((1, 5), (0, 9), (1, 1)):
        sketch.see("a", place)
    sketch.add("a", 3)
    assert sketch.kept["a"].place == (0, 9)
    assert sketch.lines == 6


def test_an_estimate_lies_within_its_error() -> None:
    for n in (30_000, 200_000):
        sketch = Sketch(2000)
        for number in range(n):
            sketch.add(f"value {number}", 1 + number % 2)
        assert 0.015 < sketch.error < 0.045
        assert abs(sketch.distinct / n - 1) < 3 * sketch.error
        assert sketch.times(1) == pytest.approx(n / 2, rel=4 * sketch.error)
        assert sketch.times(2) == pytest.approx(n / 2, rel=4 * sketch.error)


def test_growth_is_told_from_a_fixed_set() -> None:
    random = Random(5)
    fixed = sketch_of([str(random.randrange(200)) for _ in range(4000)], bound=10_000)
    assert fixed.new_per_line < 0.001
    assert fixed.unseen < 2
    assert fixed.in_half / fixed.distinct > 0.99
    growing = sketch_of([str(n) for n in range(4000)], bound=10_000)
    assert growing.new_per_line == 1
    assert growing.unseen > 1_000_000
    assert growing.in_half / growing.distinct == 0.5
    # A fixed set of which half has been seen only.
    young = sketch_of([str(random.randrange(1000)) for _ in range(700)], bound=10_000)
    assert 350 < young.unseen < 700


def test_an_empty_sketch_has_figures_too() -> None:
    sketch = Sketch()
    assert (sketch.distinct, sketch.new_per_line, sketch.unseen, sketch.in_half) == (0, 0, 0, 0)


@given(st.text(max_size=LONGEST * 2))
def test_the_engine_hashes_alike(text: str) -> None:
    hashed = duckdb.execute("SELECT md5_number_lower($1)", [text]).fetchall()[0][0]
    assert hashed == hash_of(text)
    key = key_of(text)
    assert len(key) <= LONGEST + 33
    assert start_of(key) == text[:LONGEST]


def test_long_values_are_told_apart_by_their_ends() -> None:
    one, other = "x" * 300, "x" * 299 + "y"
    assert key_of(one) != key_of(other)
    assert key_of("x" * LONGEST) == "x" * LONGEST


def test_zeros() -> None:
    assert [zeros(number) for number in (1, 2, 12, 1 << 63, 0)] == [0, 1, 2, 63, 64]
