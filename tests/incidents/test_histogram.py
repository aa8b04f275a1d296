"""Latency histograms: bins that hold what they say, and merge in any order."""

from __future__ import annotations

import math
import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from attrib.incidents.buckets import Buckets, Count, Kind, total
from attrib.incidents.histogram import MOST_US, bin_floor_us, bin_middle_ms, bin_of, quantile_ms, whole_us

TIMES = st.one_of(st.integers(0, 200), st.integers(0, MOST_US))


@given(us=TIMES)
def test_a_bin_holds_what_falls_into_it(us: int) -> None:
    index = bin_of(us)
    low, high = bin_floor_us(index), bin_floor_us(index + 1)
    assert low <= us < high
    assert high - low <= max(1, 0.02 * low)


@given(one=TIMES, other=TIMES)
def test_bins_keep_the_order(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert bin_of(low) <= bin_of(high)


def test_bins_are_exact_at_powers_of_two_and_when_short() -> None:
    assert [bin_floor_us(bin_of(1 << power)) for power in range(46)] == [1 << power for power in range(46)]
    assert [bin_of(us) for us in range(129)] == [*range(128), 128]
    assert bin_of((1 << 20) - 1) == bin_of(1 << 20) - 1  # no bin between, none twice


@given(us=st.integers(1, MOST_US))
def test_the_middle_is_near(us: int) -> None:
    assert abs(bin_middle_ms(bin_of(us)) * 1000 - us) <= max(0.5, 0.01 * us)


def test_whole_microseconds() -> None:
    assert [whole_us(ms) for ms in (0, 0.0004, 0.0005, 1.5, 60_000)] == [0, 0, 1, 1500, 60_000_000]
    assert whole_us(1e12) == whole_us(1e300) == whole_us(math.inf) == MOST_US


@given(times=st.lists(st.integers(0, 10**7), min_size=1, max_size=60), q=st.sampled_from([0.0, 0.5, 0.95, 0.99, 1.0]))
def test_quantiles(times: list[int], q: float) -> None:
    found = quantile_ms(Counter(map(bin_of, times)), q)
    nearest = sorted(times)[max(1, math.ceil(q * len(times))) - 1]
    assert found is not None
    assert bin_of(round(found * 1000)) == bin_of(nearest)


def test_quantile_of_nothing() -> None:
    assert quantile_ms({}, 0.5) is None


KINDS = [Kind("checkout", name, "2xx", masked=False, correlated=True) for name in ("a", "b")]
COUNTS = st.builds(
    Count, st.integers(1, 9), st.one_of(st.none(), st.integers(0, 99)), st.one_of(st.none(), st.integers(0, 99)),
    st.integers(0, 10**9), st.integers(0, 9), st.integers(0, 10**9), st.integers(0, 9),
)  # fmt: skip
CELLS = st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 3)), st.sampled_from(KINDS), COUNTS), max_size=12)


@given(cells=CELLS, seed=st.integers(0, 999), cut=st.integers(0, 12))
def test_buckets_merge_in_any_order(cells: list[tuple[int | None, Kind, Count]], seed: int, cut: int) -> None:
    whole, one, other = Buckets(), Buckets(), Buckets()
    for cell in cells:
        whole.add(*cell)
    shuffled = random.Random(seed).sample(cells, len(cells))
    for cell in shuffled[:cut]:
        one.add(*cell)
    for cell in shuffled[cut:]:
        other.add(*cell)
    other.merge(one)
    assert other.counts == whole.counts
    assert total(count for *_, count in cells) == total(whole.counts.values())
