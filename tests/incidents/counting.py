"""Buckets by hand: minutes and numbers, without a log."""

from __future__ import annotations

from collections.abc import Iterable

from attrib.incidents.buckets import MINUTE_US, Buckets, Cause, Count, Kind
from attrib.incidents.draft import Draft
from attrib.incidents.find import Found, find, settle
from attrib.incidents.series import SeriesSet, series_of
from attrib.incidents.spans import Settings, Span, UsualRates
from attrib.rules.load import load_rules

M0 = 29_900_000
"""A minute of 2026."""
PARAMETERS = load_rules().parameters
SETTINGS = Settings()
VENDOR = Cause("vendor", "payments-api")
APPLICATION = Cause("application", "checkout")


def fine(function: str | None = "checkout", upstream: str | None = "payments-api") -> Kind:
    return Kind(function, upstream, "2xx", masked=False, correlated=True)


def failed(
    cause: Cause = VENDOR,
    function: str | None = "checkout",
    status: int = 502,
    upstream: str | None = "payments-api",
    outcome: str | None = None,
    lean: str | None = None,
    code: int | None = None,
) -> Kind:
    outcomes = {"vendor": "5xx", "application": "2xx", "caller": "4xx", "unknown": "missing"}
    return Kind(
        function, upstream, outcome or outcomes[cause.verdict], masked=False, correlated=True, verdict=cause.verdict,
        rule=f"rule-{cause.verdict}", responsible=cause.responsible, lean=lean, symptom="failed", status=status,
        status_class=f"{status // 100}xx", code=code, party="external",
    )  # fmt: skip


def slow(function: str = "checkout") -> Kind:
    kind = failed(Cause("application", function), function, 200)
    return kind._replace(verdict="app_bottleneck", symptom="slow")


def count(n: int, minute: int | None) -> Count:
    if minute is None:
        return Count(n, None, None, 60_000 * n, n, 30_000 * n, n)
    first = minute * MINUTE_US
    return Count(n, first + 1_000_000, first + 59_000_000, 60_000 * n, n, 30_000 * n, n)


def fill(buckets: Buckets, kind: Kind, minutes: Iterable[int | None], n: int) -> Buckets:
    """n invocations of a kind in each of these minutes, counted from M0 (None: no time)."""
    if n:
        for step in minutes:
            minute = None if step is None else M0 + step
            buckets.add(minute, kind, count(n, minute))
    return buckets


def quiet(minutes: Iterable[int | None] = range(120), n: int = 20, function: str | None = "checkout") -> Buckets:
    return fill(Buckets(), fine(function), minutes, n)


def outage(first: int = 60, last: int = 74, kind: Kind | None = None, n: int = 15) -> Buckets:
    """Two quiet hours, in which for some minutes most requests fail."""
    return fill(quiet(), kind or failed(), range(first, last + 1), n)


def series(buckets: Buckets) -> SeriesSet:
    return series_of(buckets)


def rates(buckets: Buckets, baseline: Buckets | None = None) -> UsualRates:
    return UsualRates(series_of(buckets), None if baseline is None else series_of(baseline), SETTINGS)


def minutes_of(span: Span | Draft) -> tuple[int | None, int | None]:
    """First and last minute, counted from M0."""
    first, last = (span.first, span.last) if isinstance(span, Span) else span.whole
    return (None if first is None else first - M0, None if last is None else last - M0)


def found(buckets: Buckets, baseline: Buckets | None = None, window: tuple[int, int] | None = None) -> Found:
    return find(buckets, PARAMETERS, window and (M0 + window[0], M0 + window[1]), baseline)


def judged(buckets: Buckets, baseline: Buckets | None = None, window: tuple[int, int] | None = None) -> list[Draft]:
    """Incidents, without claims and demotions: those need the lines."""
    return settle(found(buckets, baseline, window), lambda _: None, lambda _: ())
