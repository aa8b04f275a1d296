"""The usual rate of a series is found inside the log, and no incident becomes its own excuse."""

from __future__ import annotations

import random

import pytest

from attrib.incidents.buckets import Count
from attrib.incidents.usual import Usual, usual_of
from tests.incidents.counting import (
    APPLICATION,
    M0,
    SETTINGS,
    VENDOR,
    failed,
    fill,
    fine,
    outage,
    quiet,
    rates,
)


def usual(symptoms: list[int], calls: int | list[int], cap: float | None = 0.2, left_out: range = range(0)) -> Usual:
    every = calls if isinstance(calls, list) else [calls] * len(symptoms)
    points = {minute: Count(n) for minute, n in enumerate(symptoms) if n}
    return usual_of(points, dict(enumerate(every)), left_out, cap)


def test_a_steady_rate_is_usual() -> None:
    chance = random.Random(1)
    found = usual([sum(chance.random() < 0.12 for _ in range(100)) for _ in range(120)], 100)
    assert found.rate == pytest.approx(0.12, abs=0.01)
    assert found.dispersion < 1.5
    assert found.chance(12, 100) > 0.3
    assert found.chance(60, 100) < 1e-20


def test_an_incident_is_no_part_of_it_however_long() -> None:
    for minutes in (5, 30, 80):
        assert usual([1] * (120 - minutes) + [90] * minutes, 100).rate == pytest.approx(0.01)


def test_what_is_left_out_does_not_count() -> None:
    assert usual([0] * 60 + [3] * 60, 100, left_out=range(60, 120)).rate == 0
    nothing = usual([5] * 10, 10, left_out=range(10))
    assert (nothing.rate, nothing.chance(5, 5)) == (None, 1.0)


def test_the_cap() -> None:
    assert usual([70] * 60, 100).rate == 0.2
    assert usual([70] * 60, 100).high == 0.2
    assert usual([70] * 60, 100, cap=None).rate == pytest.approx(0.7)


def test_noise_that_comes_in_bursts_is_dispersed() -> None:
    chance = random.Random(3)
    bursts = [chance.choice([0, 0, 1, 2, 5]) for _ in range(240)]
    steady = [chance.choice([1, 2]) for _ in range(240)]
    assert 1.5 < usual(bursts, 100).dispersion <= 4
    assert usual(steady, 100).dispersion == 1
    assert usual(bursts, 100).chance(10, 100) > usual(steady, 100).chance(10, 100)


def test_what_differs_by_more_than_chance_is_no_noise() -> None:
    """Few calls, so that half an hour with some failures passes for usual; two of them are no reason to believe that
    failures come in bursts here."""
    one = [0] * 90 + [1, 0, 0, 0] * 8 + [0] * 30
    found = usual([*one, *([0] * 480), *one], [8] * 152 + [0] * 480 + [8] * 152)
    assert found.chance(44, 300) < 1e-9


def test_chance_of_no_more_than_usual_is_one() -> None:
    found = Usual(50, 1000)
    assert found.chance(5, 100) == 1
    assert found.chance(0, 0) == 1
    assert Usual(0, 0).rate is None


def test_the_baseline_is_asked_first() -> None:
    log = fill(quiet(), failed(), range(120), 4)
    assert rates(log).of("checkout", "server", frozenset({VENDOR})).rate == pytest.approx(4 / 24, abs=0.02)
    assert rates(log, quiet()).of("checkout", "server", frozenset({VENDOR})).rate == 0
    known = rates(log, quiet(function="search"))
    assert not known.known_by_baseline("checkout")
    assert known.of("checkout", "server", frozenset({VENDOR})).rate == pytest.approx(4 / 24, abs=0.02)


def test_a_baseline_without_times_is_one_window() -> None:
    baseline = fill(fill(quiet([None], 95), failed(), [None], 4), failed(APPLICATION), [None], 1)
    found = rates(outage(), baseline)
    assert found.of("checkout", "server", frozenset({VENDOR})).rate == pytest.approx(0.04)
    assert found.of("checkout", "server").rate == pytest.approx(0.05)
    half = rates(outage(), fill(quiet([None], 50), failed(), [None], 50))
    assert half.of("checkout", "server").rate == SETTINGS.usual_max


def test_each_class_of_symptoms_has_its_own() -> None:
    log = fill(quiet(), failed(status=404), range(120), 3)
    assert rates(log).of("checkout", "client").rate == pytest.approx(3 / 23)
    assert rates(log).of("checkout", "server").rate == 0
    assert rates(fill(log, fine("search"), [1], 1)).of("search", "client").rate == 0
    assert rates(log).of("nobody", "client", left_out=range(M0, M0 + 9)).rate is None
