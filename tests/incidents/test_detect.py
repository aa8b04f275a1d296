"""Detection: which functions had more symptoms of a cause than usual, and when."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from attrib.incidents.buckets import Buckets, Cause
from attrib.incidents.detect import detect
from attrib.incidents.series import (
    MOST_FUNCTIONS,
    UNKNOWN,
    class_of,
    folded,
    key_of,
    template,
    tripped,
)
from attrib.incidents.spans import Settings, Span, joined
from tests.incidents.counting import (
    APPLICATION,
    M0,
    SETTINGS,
    VENDOR,
    failed,
    fill,
    fine,
    minutes_of,
    outage,
    quiet,
    rates,
    series,
    slow,
)

Told = tuple[str | None, str, tuple[int | None, int | None]]
UNSURE = failed(UNKNOWN)


def spans(buckets: Buckets, baseline: Buckets | None = None, settings: Settings = SETTINGS) -> list[Span]:
    return detect(series(buckets), rates(buckets, baseline), settings)


def told(found: Iterable[Span]) -> list[Told]:
    return [(span.function, span.cause.verdict, minutes_of(span)) for span in found]


def test_an_outage() -> None:
    (span,) = spans(outage())
    assert (span.function, span.cause, minutes_of(span)) == ("checkout", VENDOR, (60, 74))
    assert (span.classes, span.whole) == (frozenset({"server"}), False)


def test_buckets_in_any_order_and_apart() -> None:
    backwards = Buckets()
    for minute, kind, count in reversed(list(outage())):
        backwards.add(minute, kind, count)
    assert spans(backwards) == spans(outage())


@pytest.mark.parametrize(
    "log",
    [
        quiet(),
        fill(quiet(), failed(status=404, cause=APPLICATION), range(120), 3),  # always 13 % of 404
        fill(quiet(n=100), failed(), range(120), 2),
        fill(quiet(n=100), failed(), range(0, 120, 7), 4),  # four in one minute is less than an incident
        Buckets(),
    ],
    ids=["fine", "always 404", "always 2 %", "four at a time", "empty"],
)
def test_what_is_usual_is_no_incident(log: Buckets) -> None:
    assert spans(log) == []


def test_other_functions_do_not_matter() -> None:
    log = outage()
    log.merge(quiet(n=1000, function="search"))
    assert told(spans(log)) == [("checkout", "vendor", (60, 74))]


def test_4xx_above_their_usual_rate() -> None:
    log = fill(quiet(), failed(APPLICATION, status=404), range(120), 3)
    assert told(spans(fill(log, failed(APPLICATION, status=404), range(60, 70), 40))) == [
        ("checkout", "application", (60, 69))
    ]


def test_slow_and_failed_are_counted_apart_and_told_together() -> None:
    bottleneck = fill(outage(kind=slow()), slow()._replace(symptom="failed+slow", status_class="5xx"), range(62, 70), 9)
    (span,) = spans(bottleneck)
    assert span.cause == Cause("app_bottleneck", "checkout")
    assert span.classes == {"slow", "server"}


def test_two_causes_in_one_function() -> None:
    log = fill(outage(), failed(APPLICATION), range(66, 80), 10)
    assert told(spans(log)) == [("checkout", "application", (66, 79)), ("checkout", "vendor", (60, 74))]


def test_unknowns_join_the_cause_beside_them() -> None:
    assert told(spans(fill(outage(), UNSURE, range(60, 75), 10))) == [("checkout", "vendor", (60, 74))]
    # Neither is enough by itself, together they are.
    both = fill(fill(quiet(), failed(), range(60, 64), 2), UNSURE, range(60, 64), 2)
    assert [span.cause for span in spans(both)] == [VENDOR]
    assert told(spans(fill(quiet(), UNSURE, range(60, 64), 9))) == [("checkout", "unknown", (60, 63))]


def test_causes_that_are_too_small_alone() -> None:
    log = quiet()
    for number in range(12):
        fill(log, failed(Cause("vendor", f"api-{number}")), [60, 61], 1)
    (span,) = spans(log)
    assert minutes_of(span) == (60, 61)


def test_low_volume_widens() -> None:
    log = fill(quiet(range(0, 600, 3), 1), failed(), range(301, 331, 3), 1)
    ((function, verdict, (first, last)),) = told(spans(log))
    assert (function, verdict) == ("checkout", "vendor")
    assert first == 301
    assert last is not None
    assert 325 <= last <= 328


def test_parameters_hold() -> None:
    assert spans(outage(), settings=Settings(failures=1000)) == []
    assert spans(outage(), settings=Settings(rate=0.6)) == []  # 15 of 35


class TestWithoutQuietTime:
    @pytest.mark.parametrize("minutes", [12, 50, 300])
    @pytest.mark.parametrize("rate", [0.3, 0.78, 0.95])
    def test_most_fail_all_the_time(self, minutes: int, rate: float) -> None:
        """However long: what is above usual_rate_max is no usual state of 5xx."""
        bad = round(100 * rate)
        (span,) = spans(fill(quiet(range(minutes), 100 - bad), failed(), range(minutes), bad))
        assert (minutes_of(span), span.whole) == ((0, minutes - 1), True)

    def test_a_long_log_with_a_rate_below_the_cap_is_usual(self) -> None:
        assert spans(fill(quiet(range(300), 85), failed(), range(300), 15)) == []

    def test_a_short_one_is_not(self) -> None:
        (span,) = spans(fill(quiet(range(15), 85), failed(), range(15), 15))
        assert (minutes_of(span), span.whole) == ((0, 14), True)

    @pytest.mark.parametrize("begins", [1, 3, 5, 9, 40])
    def test_an_outage_to_the_end_of_a_long_log(self, begins: int) -> None:
        """The minutes before it are few, and all the quiet time there is."""
        log = fill(quiet(range(begins), 10), failed(), range(begins, 300), 10)
        (span,) = spans(fill(log, fine(), [200], 1))
        assert (minutes_of(span), span.whole) == ((begins, 299), False)

    def test_only_failures(self) -> None:
        (span,) = spans(fill(Buckets(), failed(), range(10), 3))
        assert (minutes_of(span), span.whole) == ((0, 9), True)
        assert spans(fill(Buckets(), failed(), [0], 4)) == []
        assert spans(fill(Buckets(), failed(status=404), range(10), 30)) == []

    def test_bursts_of_failures(self) -> None:
        log = fill(fill(Buckets(), failed(), range(0, 300, 20), 1), failed(), range(100, 110), 30)
        (span,) = spans(log)
        assert (minutes_of(span), span.whole) == ((100, 109), False)

    def test_the_same_again_the_next_day(self) -> None:
        """Two incidents: the log is silent between them, in all functions."""
        for log in (
            fill(quiet([*range(40), *range(1440, 1480)], 4), failed(), [*range(40), *range(1440, 1480)], 16),
            fill(Buckets(), failed(), [*range(40), *range(1440, 1480)], 2),
        ):
            assert [minutes_of(span) for span in spans(log)] == [(0, 39), (1440, 1479)]
        log.merge(quiet(range(1480), 9, "search"))
        assert [minutes_of(span) for span in spans(log)] == [(0, 1479)]

    def test_a_clock_of_1970(self) -> None:
        log = fill(fill(Buckets(), failed(), range(10), 3), failed(), [-M0], 2)
        assert [minutes_of(span) for span in spans(log)] == [(0, 9)]
        # Neither is enough alone: still nothing is hidden.
        few = fill(fill(Buckets(), failed(), [0], 4), failed(), [-M0], 2)
        assert [minutes_of(span) for span in spans(few)] == [(-M0, 0)]

    def test_calls_that_are_a_day_apart(self) -> None:
        days = range(0, 1440 * 200, 1440)
        assert [minutes_of(span) for span in spans(fill(Buckets(), failed(), days, 1))] == [(0, 1440 * 199)]


class TestWithoutTime:
    def test_one_window(self) -> None:
        (span,) = spans(fill(quiet([None], 90), failed(), [None], 10))
        assert (minutes_of(span), span.whole, span.cause) == ((None, None), True, VENDOR)

    @pytest.mark.parametrize(("good", "bad"), [(90, 4), (95, 5), (2, 3)])
    def test_too_few_or_too_rare(self, good: int, bad: int) -> None:
        assert spans(fill(quiet([None], good), failed(), [None], bad)) == []

    def test_two_causes(self) -> None:
        log = fill(fill(quiet([None], 80), failed(), [None], 10), failed(APPLICATION), [None], 10)
        assert [span.cause for span in spans(log)] == [APPLICATION, VENDOR]

    def test_mostly_unknown(self) -> None:
        log = fill(fill(quiet([None], 80), failed(), [None], 3), UNSURE, [None], 10)
        assert [span.cause for span in spans(log)] == [UNKNOWN]

    def test_beside_lines_with_time(self) -> None:
        log = fill(fill(outage(), fine(), [None], 90), failed(), [None], 30)
        assert sorted(minutes_of(span) for span in spans(log) if span.first) == [(60, 74)]
        assert [minutes_of(span) for span in spans(log) if span.first is None] == [(None, None)]


class TestBaseline:
    def test_it_is_the_usual_state(self) -> None:
        always = fill(quiet(), failed(), range(120), 3)
        assert spans(always, quiet()) != []
        assert spans(always, fill(quiet(), failed(), range(120), 3)) == []

    def test_one_that_does_not_know_the_function(self) -> None:
        assert told(spans(outage(), quiet(function="search"))) == told(spans(outage()))

    def test_one_without_times(self) -> None:
        assert told(spans(outage(), quiet([None], 500))) == told(spans(outage()))
        assert spans(fill(quiet(), failed(), range(120), 3), fill(quiet([None], 87), failed(), [None], 13)) == []

    def test_an_outage_of_everything(self) -> None:
        (span,) = spans(fill(fill(Buckets(), failed(), range(90), 9), fine(), [89], 1), quiet())
        assert minutes_of(span) == (0, 89)


class TestBreaker:
    open_breaker = failed(UNKNOWN, outcome="short_circuited")

    def test_it_inherits_what_tripped_it(self) -> None:
        log = fill(outage(60, 62), self.open_breaker, range(62, 80), 10)
        assert set(tripped(log).values()) == {VENDOR}
        assert told(spans(log)) == [("checkout", "vendor", (60, 79))]

    def test_not_of_another_upstream_nor_long_after(self) -> None:
        other = fill(outage(60, 62), self.open_breaker._replace(upstream="mail-api"), range(62, 80), 10)
        late = fill(outage(60, 62), self.open_breaker, range(110, 120), 10)
        assert tripped(other) == tripped(late) == {}
        assert told(spans(late)) == [("checkout", "unknown", (110, 119)), ("checkout", "vendor", (60, 62))]


def test_classes() -> None:
    assert [class_of(failed(status=status)) for status in (500, 502, 404, 429)] == ["server"] * 2 + ["client"] * 2
    assert class_of(failed()._replace(status_class="client_abort")) == "client"
    assert class_of(failed()._replace(status_class="timeout")) == "server"
    assert class_of(slow()) == "slow"
    assert class_of(UNSURE._replace(symptom="unfinished")) == "unfinished"
    assert key_of(failed()) == ("checkout", VENDOR, "server")


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("/users/123/orders/456", "/users/:id/orders/:id"),
        ("/cart/3f2504e0-4f89-41d3-9a0c-0305e82c3301", "/cart/:id"),
        ("/file/0123456789abcdef", "/file/:id"),
        ("checkout", "checkout"),
        ("", ""),
    ],
)
def test_forms_of_names(name: str, form: str) -> None:
    assert template(name) == form


def test_many_names_are_taken_together_by_their_form() -> None:
    log = Buckets()
    for number in range(MOST_FUNCTIONS + 1):
        name = f"/users/{number}/orders"
        fill(log, fine(name), [number % 100], 3)
        if 40 <= number % 100 < 50:
            fill(log, failed(Cause("application", name), name), [number % 100], 9)
    together, names = folded(log)
    assert (names, together.functions()) == (MOST_FUNCTIONS + 1, {"/users/:id/orders"})
    (span,) = spans(together)
    assert (span.cause, minutes_of(span)) == (Cause("application", "/users/:id/orders"), (40, 49))
    assert folded(outage())[1] == 0
    assert folded(outage(), always=True)[0].counts == outage().counts


def test_joined() -> None:
    def span(first: int, last: int, cause: Cause = VENDOR, of: str = "server") -> Span:
        return Span("checkout", cause, frozenset({of}), first, last)

    assert joined([span(9, 12, of="slow"), span(1, 3)], 5) == [
        Span("checkout", VENDOR, frozenset({"server", "slow"}), 1, 12)
    ]
    assert len(joined([span(10, 12), span(1, 3)], 5)) == 2
    assert len(joined([span(1, 3), span(2, 3, APPLICATION)], 5)) == 2
