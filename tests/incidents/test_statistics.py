"""The statistics against sums written out, and values known from tables."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrib.incidents.statistics import binomial_tail, clustered, poisson_tail, resampled_low, wilson


def exact_binomial(k: int, n: int, p: Fraction) -> float:
    return float(sum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(max(k, 0), n + 1)))


@given(n=st.integers(1, 80), k=st.integers(-1, 82), p=st.fractions(0, 1, max_denominator=1000))
def test_binomial_tail(n: int, k: int, p: Fraction) -> None:
    assert binomial_tail(k, n, float(p)) == pytest.approx(exact_binomial(k, n, p), rel=1e-9, abs=1e-300)


def test_binomial_tail_of_large_numbers() -> None:
    # Ten standard deviations out, where 1 - sum would be 0 or worse: the normal tail is 7.6e-24, this one is longer.
    assert 7.6e-24 < binomial_tail(52_180, 1_000_000, 0.05) < 1e-22
    assert binomial_tail(51_000, 1_000_000, 0.05) == pytest.approx(2.4e-6, rel=0.2)
    assert binomial_tail(50_000, 1_000_000, 0.05) == pytest.approx(0.5, abs=0.01)


@given(n=st.integers(1, 60), p=st.floats(0.001, 0.999))
def test_binomial_tail_falls(n: int, p: float) -> None:
    tails = [binomial_tail(k, n, p) for k in range(n + 2)]
    assert tails[0] == 1
    assert tails[-1] == 0
    assert all(b <= a + 1e-12 for a, b in itertools.pairwise(tails))


def direct_poisson(k: int, mean: float) -> float:
    return math.fsum(math.exp(i * math.log(mean) - mean - math.lgamma(i + 1)) for i in range(max(k, 0), k + 900))


@given(k=st.integers(0, 300), mean=st.floats(0.01, 200))
def test_poisson_tail(k: int, mean: float) -> None:
    assert poisson_tail(k, mean) == pytest.approx(direct_poisson(k, mean), rel=1e-6, abs=1e-15)


def test_poisson_tail_at_its_ends() -> None:
    assert poisson_tail(0, 0.0) == 1
    assert poisson_tail(1, 0.0) == 0
    # A mean whose e^-mean is no number any more.
    assert poisson_tail(1_000, 1_000.0) == pytest.approx(0.5, abs=0.02)
    assert poisson_tail(1_200, 1_000.0) < 1e-8


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [  # R: prop.test(k, n, correct = FALSE)
        (0, 10, 0.0, 0.27753),
        (1, 10, 0.01788, 0.40415),
        (5, 10, 0.23659, 0.76341),
        (10, 10, 0.72247, 1.0),
        (81, 263, 0.25529, 0.36620),
    ],
)
def test_wilson(k: int, n: int, low: float, high: float) -> None:
    assert wilson(k, n) == pytest.approx((low, high), abs=1e-4)


def test_wilson_of_nothing_and_of_more_than_all() -> None:
    assert wilson(0, 0) == (0, 1)
    assert wilson(7.0001, 7) == wilson(7, 7)  # counts may be fractions, and rounding must not leave the square root


@given(k=st.integers(0, 50), more=st.integers(0, 50))
def test_wilson_holds_the_share(k: int, more: int) -> None:
    low, high = wilson(k, k + more)
    share = k / (k + more) if k + more else 0.5
    assert 0 <= low <= share + 1e-12
    assert share - 1e-12 <= high <= 1


def test_resampled_low() -> None:
    clusters = [(9.0, 10.0)] * 6 + [(1.0, 10.0)] * 6
    low = resampled_low(clusters, seed=12)
    assert low == resampled_low(clusters, seed=12)
    assert low is not None
    assert 0.2 < low < 0.4
    assert resampled_low(clusters[:9], seed=9) is None
    assert resampled_low([(0.0, 0.0)] * 10, seed=1) == 0


def test_clustered() -> None:
    assert clustered([(9.0, 10.0)] * 6 + [(1.0, 10.0)] * 6)
    assert not clustered([(5.0, 10.0)] * 12)
    assert not clustered([(10.0, 10.0)] * 12)  # nothing differs
    assert not clustered([(9.0, 10.0)] * 4 + [(1.0, 10.0)] * 4)  # too few to tell
