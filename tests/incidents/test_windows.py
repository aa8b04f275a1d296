"""Windows: which minutes stand out, and where they begin and end."""

from __future__ import annotations

import pytest

from attrib.incidents.buckets import Count
from attrib.incidents.ranges import Ranges, united
from attrib.incidents.usual import Usual
from attrib.incidents.windows import Bounds, Track, anomalous

BOUNDS = Bounds(5, 0.05, 1e-6)
RARE = Usual(10, 10_000)


def track(symptoms: dict[int, int], calls: int = 100, minutes: int = 120) -> Track:
    return Track({minute: Count(n) for minute, n in symptoms.items()}, dict.fromkeys(range(minutes), calls))


def found(symptoms: dict[int, int], calls: int = 100, usual: Usual = RARE, gap: int = 5) -> list[tuple[int, int]]:
    return anomalous(track(symptoms, calls), usual, BOUNDS, gap)


def test_sums() -> None:
    one = Track({3: Count(2), 5: Count(1)}, {3: 10, 5: 20, 9: 30})
    assert one.sums(3, 5) == (3, 30)
    assert one.sums(4, 4) == (0, 0)
    assert one.sums(0, 100) == (3, 60)


def test_one_minute_is_enough() -> None:
    assert found({60: 30}) == [(60, 60)]
    assert found({60: 4}) == []  # fewer than incident_min_failures
    assert found({60: 5}) == []  # 5 % is not over 5 %


def test_neighbours_within_the_gap_are_one() -> None:
    assert found({50: 30, 56: 30}) == [(50, 56)]
    assert found({50: 30, 57: 30}) == [(50, 50), (57, 57)]


def test_thin_minutes_are_taken_together() -> None:
    thin = dict.fromkeys(range(40, 70), 1)
    assert found(thin, calls=2) == [(40, 69)]
    five = dict.fromkeys(range(40, 45), 3)
    assert found(five, calls=4) == [(40, 44)]


def test_a_wide_window_is_cut_down_to_what_stands_out() -> None:
    """Half an hour with 12 failures in 6 of its minutes is an incident of those 6."""
    ((first, last),) = found(dict.fromkeys(range(50, 56), 2), calls=4)
    assert (first, last) == (50, 55)


def test_the_edge_minutes_belong_to_it() -> None:
    assert found({59: 3, 60: 60, 61: 60, 62: 3}) == [(59, 62)]
    assert found({59: 1, 60: 60, 61: 60}, usual=Usual(100, 10_000)) == [(60, 61)]


@pytest.mark.parametrize("rate", [0.02, 0.12, 0.2])
def test_the_usual_is_no_anomaly(rate: float) -> None:
    assert found(dict.fromkeys(range(120), round(100 * rate)), usual=Usual(rate * 1e5, 1e5)) == []


def test_nothing_stands_out_where_nothing_is_known() -> None:
    assert found({60: 100}, usual=Usual(0, 0)) == []


def test_candidates_by_width() -> None:
    one = track({10: 3, 12: 3}, calls=10)
    assert list(one.candidates(BOUNDS, (1,))) == []
    assert list(one.candidates(BOUNDS, (5,))) == [(10, 14)]


def test_united() -> None:
    assert united([(5, 6), (1, 2), (2, 3)], 0) == [(1, 3), (5, 6)]
    assert united([(5, 6), (1, 3)], 1) == [(1, 6)]
    assert united([(1, 9), (2, 3)], 0) == [(1, 9)]
    assert united([], 5) == []


def test_ranges() -> None:
    some = Ranges([(10, 12), (11, 14), (-5, -3)])
    assert [m for m in range(-7, 18) if m in some] == [-5, -4, -3, 10, 11, 12, 13, 14]
    assert None not in some
    assert 0 not in Ranges()
    assert 10**9 in Ranges([(0, 10**12)])  # in no time, and without a minute being counted
