"""From spans to measured incidents: grouping, parts, figures, windows that the user names, and a baseline's faults."""

from __future__ import annotations

import pytest

from attrib.incidents.baseline import usual_state
from attrib.incidents.buckets import MINUTE_US, Buckets, Cause
from attrib.incidents.consequence import in_flight, plateau
from attrib.incidents.draft import FINE, JOINED, OTHER, OWN, TRIPPED, UNKNOWN, USUAL
from attrib.incidents.group import grouped
from attrib.incidents.scene import BEFORE, DURING, Example, Frame, Zone, keep
from attrib.incidents.spans import Span
from tests.incidents.counting import (
    APPLICATION,
    M0,
    SETTINGS,
    VENDOR,
    failed,
    fill,
    fine,
    found,
    judged,
    minutes_of,
    outage,
    quiet,
    slow,
)

UNSURE = failed(Cause("unknown", None))
MAIL = Cause("vendor", "mail-api")


def span(first: int | None, last: int | None, function: str = "checkout", cause: Cause = VENDOR) -> Span:
    return Span(function, cause, frozenset({"server"}), first, last)


def test_functions_with_one_responsible_are_one_incident() -> None:
    assert len(grouped([span(1, 5), span(4, 9, "search")], 5)) == 1
    assert len(grouped([span(1, 5), span(11, 12, "search")], 5)) == 1
    assert len(grouped([span(1, 5), span(12, 12, "search")], 5)) == 2
    assert len(grouped([span(1, 5), span(1, 5, cause=MAIL)], 5)) == 2


def test_causes_that_name_nobody_stay_with_their_function() -> None:
    for cause in (Cause("unknown", None), Cause("caller", None), Cause("vendor", None)):
        assert len(grouped([span(1, 5, cause=cause), span(1, 5, "search", cause)], 5)) == 2
        assert len(grouped([span(1, 5, cause=cause), span(7, 9, cause=cause)], 5)) == 1


def test_what_has_no_time_is_apart() -> None:
    groups = grouped([span(None, None), span(1, 5), span(None, None, "search")], 5)
    assert sorted(len(group) for group in groups) == [1, 2]


def test_a_group_reaches_as_far_as_its_longest_member() -> None:
    groups = grouped([span(1, 60), span(2, 3, "search"), span(40, 70, "mail")], 5)
    assert len(groups) == 1


def test_figures() -> None:
    (draft,) = found(outage()).drafts
    assert minutes_of(draft) == (60, 74)
    assert (draft.symptomatic, draft.failure_rate, draft.baseline_rate) == (225, 225 / 525, 0)
    assert draft.onset == (M0 + 60) * MINUTE_US + 1_000_000
    assert draft.end == (M0 + 74) * MINUTE_US + 59_000_000
    assert draft.peak == M0 + 60
    assert draft.by_minute[M0 + 59] == (0, 20)
    assert draft.by_minute[M0 + 60] == (15, 35)
    assert (min(m for m in draft.by_minute if m), max(m for m in draft.by_minute if m)) == (M0 + 50, M0 + 84)
    assert draft.before == {"checkout": (Zone(M0 + 9, M0 + 58),)}
    assert sum(count.n for count in draft.usual_counts.values()) == 20 * 105


def test_compared_with_what_follows_where_nothing_is_before() -> None:
    (draft,) = found(outage(0, 9)).drafts
    assert draft.before == {"checkout": (Zone(M0 + 11, M0 + 60),)}


def test_no_rate_without_one_ok() -> None:
    (draft,) = found(fill(Buckets(), failed(), range(10), 3)).drafts
    assert (draft.failure_rate, draft.baseline_rate, draft.whole_log) == (None, None, True)


def test_parts() -> None:
    log = fill(outage(), UNSURE, range(60, 75), 1)
    small = failed(APPLICATION)
    fill(log, small, range(60, 75, 3), 1)
    usual = failed(Cause("caller", None), status=404)
    fill(log, usual, range(120), 2)
    breaker = failed(Cause("unknown", None), outcome="short_circuited", status=503)
    fill(log, breaker, range(62, 70), 2)
    (draft,) = found(log).drafts
    assert draft.parts == {
        fine(): FINE, failed(): OWN, UNSURE: UNKNOWN, small: JOINED, usual: USUAL, breaker: TRIPPED
    }  # fmt: skip
    assert draft.symptomatic == 225 + 15 + 5 + 16


def test_unknowns_as_usual_do_not_count() -> None:
    log = fill(fill(quiet(), UNSURE, range(120), 4), failed(), range(60, 75), 15)
    (draft,) = found(log).drafts
    assert draft.parts[UNSURE] == UNKNOWN
    # 1 in 6 calls is such an unknown on any minute: of 39 calls a minute more than are there.
    assert draft.usual[UNSURE] == 60
    assert draft.symptomatic == 225


def test_two_incidents_of_one_function_do_not_share_symptoms() -> None:
    log = fill(outage(), failed(APPLICATION), range(60, 75), 15)
    one, other = found(log).drafts
    assert {one.cause, other.cause} == {VENDOR, APPLICATION}
    assert one.symptomatic == other.symptomatic == 225
    assert sorted(one.parts.values()) == sorted(other.parts.values()) == [FINE, OTHER, OWN]


def test_a_vendor_behind_several_functions() -> None:
    log = outage()
    log.merge(fill(quiet(function="search"), failed(function="search"), range(62, 80), 15))
    (draft,) = found(log).drafts
    assert (draft.functions, minutes_of(draft)) == (["checkout", "search"], (60, 79))
    assert draft.symptomatic == 225 + 18 * 15


class TestWindow:
    def test_it_skips_detection(self) -> None:
        log = fill(quiet(), failed(), [61], 2)
        (draft,) = found(log, window=(60, 64)).drafts
        assert (draft.cause, draft.forced, draft.symptomatic, minutes_of(draft)) == (VENDOR, True, 2, (60, 64))
        assert draft.baseline_rate == 0

    def test_most_known_symptoms_decide(self) -> None:
        log = fill(fill(outage(), failed(APPLICATION), [60], 10), UNSURE, range(60, 75), 90)
        (draft,) = found(log, window=(60, 74)).drafts
        assert draft.cause == VENDOR

    def test_nothing_in_it(self) -> None:
        for window in ((0, 9), (5_000, 5_009)):
            (draft,) = judged(outage(), window=window)
            assert draft.judged is not None
            assert (draft.judged.verdict, draft.judged.responsible, draft.symptomatic) == ("unknown", None, 0)

    def test_longer_than_the_log(self) -> None:
        """65 years: no step may count their minutes one by one."""
        (draft,) = judged(outage(), window=(-30_000_000, 4_000_000))
        assert (draft.symptomatic, draft.failure_rate, draft.before) == (225, 225 / 2625, {"checkout": ()})


class TestBaseline:
    def test_its_own_incidents_are_not_usual(self) -> None:
        state = usual_state(fill(outage(20, 40), failed(), range(120), 1), SETTINGS)
        assert [minutes_of(span) for span in state.left_out] == [(20, 40)]
        (draft,) = judged(outage(), outage())
        assert (draft.symptomatic, draft.baseline_rate) == (225, 0)

    def test_what_was_always_so_is_usual(self) -> None:
        for always in (fill(quiet(), failed(), range(120), 3), fill(quiet(range(20), 88), failed(), range(20), 12)):
            state = usual_state(always, SETTINGS)
            assert (state.left_out, state.only_failures, state.buckets.counts) == ([], [], always.counts)
        assert usual_state(quiet([None], 5), SETTINGS).buckets.counts == quiet([None], 5).counts

    def test_a_grep_of_errors_shows_nothing_usual(self) -> None:
        errors = fill(quiet(function="search"), failed(), range(120), 3)
        state = usual_state(errors, SETTINGS)
        assert (state.only_failures, state.left_out) == (["checkout"], [])
        assert state.buckets.counts == quiet(function="search").counts
        (draft,) = judged(outage(), errors)
        assert (draft.symptomatic, draft.failure_rate, draft.baseline_rate) == (225, 225 / 525, 0)

    def test_names_are_taken_together_as_in_the_log(self) -> None:
        log, before = Buckets(), Buckets()
        for number in range(1_200):
            name = f"/users/{number}"
            fill(log, fine(name), [number % 60], 3)
            if 30 <= number % 60 < 40:
                fill(log, failed(function=name), [number % 60], 3)
            if number < 9:
                fill(before, fine(name), [number - 100], 40)
        (draft,) = judged(log, before)
        assert (draft.functions, minutes_of(draft), draft.baseline_rate) == (["/users/:id"], (30, 39), 0)
        assert sum(count.n for count in draft.usual_counts.values()) == 9 * 40  # the baseline's


class TestConsequence:
    def waiting(self, level: int) -> Buckets:
        """A slow vendor: calls that wait for it, and behind them requests that wait for us."""
        late = failed()._replace(symptom="slow", status_class="2xx", status=200)
        log = fill(outage(kind=late), slow(), range(64, 73), 15)
        for (minute, kind), count in log.counts.items():
            if kind == late and minute is not None:
                count.upstream_us = 9_000_000 * count.n if level or minute % 2 else 0
        return log

    def test_linked(self) -> None:
        vendor, queue = judged(self.waiting(1))
        assert (vendor.cause, queue.cause.verdict) == (VENDOR, "app_bottleneck")
        assert queue.consequence_of == vendor.id
        assert vendor.consequence_of is None
        assert in_flight(vendor)[5] == pytest.approx((15 * 9 + 35 * 0.03) / 60, rel=0.02)

    def test_not_where_the_calls_in_flight_go_up_and_down(self) -> None:
        vendor, queue = judged(self.waiting(0))
        assert not plateau(vendor)
        assert queue.consequence_of is None

    def test_not_where_it_began_before(self) -> None:
        log = fill(self.waiting(1), slow(), range(50, 64), 15)
        assert all(draft.consequence_of is None for draft in judged(log))


def test_zones() -> None:
    frame = Frame({"checkout": Zone(5, 9)}, {"checkout": (Zone(0, 3),)}, "payments-api", Zone(5, 9))
    assert [frame.zone_of("checkout", None, minute) for minute in (5, 9, 3, 4, 10, None)] == [
        DURING, DURING, BEFORE, None, None, None
    ]  # fmt: skip
    assert frame.zone_of("search", "payments-api", 6) == DURING
    assert frame.zone_of("search", "mail-api", 6) is frame.zone_of("search", "payments-api", 4) is None
    assert Zone(None, None).holds(None)
    assert Zone(None, None).holds(7)
    assert not Zone(1, 2).holds(None)


def test_examples_are_the_earliest_in_any_order() -> None:
    some = [Example(ts, f"r{ts}", "checkout") for ts in (5, 3, 9, 1, 7, 2)]
    for order in (some, some[::-1]):
        kept: list[Example] = []
        for example in order:
            keep(kept, example)
        assert [example.ts for example in kept] == [1, 2, 3, 5]
