"""Intervals of differences: against published figures, and by their properties."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrib.incidents.difference import Estimate, difference, dispersion, quantile, share, smallest_share, z_of
from attrib.incidents.histogram import bin_of
from attrib.incidents.statistics import Z95

COUNTS = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [  # Newcombe 1998, table II, method 10
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
    ],
)
def test_it_is_newcombes_interval(one: tuple[int, int], other: tuple[int, int], low: float, high: float) -> None:
    found = difference(share(*other, Z95), share(*one, Z95))
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_more_comparisons_ask_for_more() -> None:
    assert z_of(0.95, 1) == pytest.approx(Z95)
    assert z_of(0.95, 1) < z_of(0.95, 10) < z_of(0.95, 1000) < 5
    assert z_of(0.95, 0) == z_of(0.95, 1)


@given(COUNTS, COUNTS)
def test_the_other_way_round_is_the_same_the_other_way_round(one: tuple[int, int], other: tuple[int, int]) -> None:
    there = difference(share(*one, 3.0), share(*other, 3.0))
    back = difference(share(*other, 3.0), share(*one, 3.0))
    assert back == pytest.approx((-there.value, -there.high, -there.low))


@given(COUNTS)
def test_the_same_counts_differ_by_nothing(one: tuple[int, int]) -> None:
    found = difference(share(*one, 1.0), share(*one, 1.0))
    assert found.value == 0
    assert found.low <= 0 <= found.high


@given(COUNTS, COUNTS)
def test_twice_the_counts_narrow_the_interval(one: tuple[int, int], other: tuple[int, int]) -> None:
    def width(factor: int) -> float:
        sides = (share(k * factor, n * factor, 2.0) for k, n in (one, other))
        found = difference(*sides)
        return found.high - found.low

    assert width(2) < width(1)


@given(COUNTS, COUNTS)
def test_the_smallest_change_is_one_that_shows(one: tuple[int, int], other: tuple[int, int]) -> None:
    smallest = smallest_share(one[0] + other[0], one[1], other[1], 2.5, (1.0, 1.0))
    if smallest is None:
        return
    p = (one[0] + other[0]) / (one[1] + other[1])
    p = min(p, 1 - p)
    for n, m in ((one[1], other[1]), (other[1], one[1])):
        assert difference(share(p * n, n, 2.5), share((p + smallest) * m, m, 2.5)).low > -1e-9


def test_a_quantile_has_the_limits_of_its_order_statistics() -> None:
    bins = {bin_of(us): 1 for us in range(1, 61)}
    found = quantile(bins, 0.5, Z95)
    assert found is not None
    assert found.low < found.value < found.high
    assert found.value == pytest.approx(0.03)
    assert quantile(bins, 0.99, Z95) is None
    assert quantile({}, 0.5, Z95) is None
    assert quantile({bin_of(1000): 1}, 0.5, Z95) is None


@given(st.lists(st.integers(0, 5_000_000), min_size=1, max_size=200), st.sampled_from([0.5, 0.99]))
def test_a_quantile_lies_between_its_limits(times: list[int], q: float) -> None:
    bins: dict[int, int] = {}
    for us in times:
        bins[bin_of(us)] = bins.get(bin_of(us), 0) + 1
    found = quantile(bins, q, Z95)
    if found is not None:
        assert found.low <= found.value <= found.high


def test_limits_of_a_quantile_hold_as_often_as_they_say() -> None:
    chance = random.Random(5)
    true, misses = 693_147, 0
    for _ in range(300):
        bins: dict[int, int] = {}
        for _ in range(200):
            at = bin_of(int(chance.expovariate(1) * 1_000_000))
            bins[at] = bins.get(at, 0) + 1
        found = quantile(bins, 0.5, Z95)
        assert found is not None
        misses += not found.low * 0.99 <= true / 1000 <= found.high * 1.01
    assert misses <= 300 * 0.08


def test_bursts_are_worth_less() -> None:
    even = [(1.0, 10.0)] * 20
    bursts = [(10.0, 10.0)] * 2 + [(0.0, 10.0)] * 18
    assert dispersion(even) == 1.0
    assert dispersion(bursts) > 9
    assert dispersion(bursts[:5]) == 1.0, "too few minutes to tell"
    assert dispersion([(0.0, 10.0)] * 20) == 1.0
    plain, burst = share(20, 200, Z95), share(20, 200, Z95, dispersion(bursts))
    assert burst.low < plain.low < plain.high < burst.high
    assert burst.value == plain.value


def test_an_estimate_holds_its_value() -> None:
    assert share(0, 10, 2.0).low == 0
    assert share(10, 10, 2.0).high == 1
    assert difference(Estimate(0, 0, 0), Estimate(1, 1, 1)) == (1, 1, 1)
