from __future__ import annotations

import pytest

from attrib.invocations.outcome import (
    Outcome,
    contradicts,
    latency_facet,
    masked,
    overruns,
    record_outcome,
    status_facet,
    symptom,
    upstream_latency_facet,
    upstream_outcome,
    upstream_share,
)
from tests.invocations.making import WORDS


@pytest.mark.parametrize(
    ("code", "word", "expected"),
    [
        (None, None, ("missing", "none", None)),
        (100, None, ("1xx", "none", 100)),
        (200, None, ("2xx", "none", 200)),
        (304, None, ("3xx", "none", 304)),
        (429, None, ("4xx", "none", 429)),
        (499, None, ("4xx", "none", 499)),
        (503, None, ("5xx", "none", 503)),
        (504, None, ("5xx", "none", 504)),
        (598, None, ("5xx", "none", 598)),
        (599, None, ("5xx", "none", 599)),
        (0, None, ("no_response", "none", None)),
        (99, None, ("missing", "none", None)),
        (600, None, ("missing", "none", None)),
        (None, "ETIMEDOUT", ("timeout", "none", None)),
        (None, "Deadline-Exceeded", ("timeout", "none", None)),
        (None, "ECONNREFUSED", ("no_response", "connect", None)),
        (None, "ECONNRESET", ("no_response", "read", None)),
        (None, "cache hit", ("not_contacted", "none", None)),
        (None, "CallNotPermitted", ("short_circuited", "none", None)),
        (None, "whatever", ("missing", "none", None)),
    ],
)
def test_outcomes(code: int | None, word: str | None, expected: tuple[str, str, int | None]) -> None:
    assert upstream_outcome(code, word, WORDS) == expected


@pytest.mark.parametrize(
    ("code", "error_code", "outcome", "phase"),
    [
        (None, "EOPENBREAKER", "short_circuited", "none"),  # the breaker's word counts where the status is missing
        (503, "EOPENBREAKER", "5xx", "none"),  # and only there
        (0, "EMFILE", "no_response", "local"),
        (0, "ENOTFOUND", "no_response", "dns"),
        (0, "CERT_HAS_EXPIRED", "no_response", "tls"),
        (0, "TypeError", "no_response", "none"),
        (503, "CERT_HAS_EXPIRED", "5xx", "none"),  # a phase belongs to a no_response
        (None, "ETIMEDOUT", "missing", "none"),  # a claim is no evidence
    ],
)
def test_what_an_error_code_adds(code: int | None, error_code: str, outcome: str, phase: str) -> None:
    assert record_outcome(code, None, error_code, WORDS)[:2] == (outcome, phase)


def test_the_phase_of_the_word_itself_wins() -> None:
    assert record_outcome(None, "ECONNREFUSED", "ENOTFOUND", WORDS) == Outcome("no_response", "connect", None)


@pytest.mark.parametrize(
    ("status", "word", "facet"),
    [
        (None, None, "missing"),
        (0, None, "client_abort"),
        (499, None, "client_abort"),
        (1, None, "missing"),
        (99, None, "missing"),
        (100, None, "1xx"),
        (200, None, "2xx"),
        (404, None, "4xx"),
        (504, None, "5xx"),
        (600, None, "missing"),
        (999, None, "missing"),
        (None, "timeout", "timeout"),
        (None, "client closed", "client_abort"),
    ],
)
def test_status(status: int | None, word: str | None, facet: str) -> None:
    assert status_facet(status, word, WORDS) == facet


def test_latency_is_high_strictly_above_the_threshold() -> None:
    values = [None, 0.0, 500.0, 500.5]
    assert [latency_facet(v, 500.0) for v in values] == ["missing", "normal", "normal", "high"]


@pytest.mark.parametrize(
    ("upstream", "latency", "facet"),
    [
        (None, 100.0, "missing"),
        (0.0, 100.0, "missing"),
        (10.0, None, "missing"),
        (10.0, 0.0, "missing"),
        (20.0, 100.0, "low"),
        (20.1, 100.0, "middle"),
        (79.9, 100.0, "middle"),
        (80.0, 100.0, "dominant"),
        (100.0, 100.0, "dominant"),
        (105.0, 100.0, "dominant"),  # 5 % over is rounding
        (105.1, 100.0, "missing"),
        (2.0, 1.0, "dominant"),  # a tick is rounding
        (2.1, 1.0, "missing"),
    ],
)
def test_share(upstream: float | None, latency: float | None, facet: str) -> None:
    assert upstream_latency_facet(upstream, latency, 0.2, 0.8) == facet


def test_share_clamps_what_is_rounding_and_reports_what_is_not() -> None:
    assert upstream_share(104.0, 100.0, 0.2, 0.8) == ("dominant", 100.0, 0.0, False)
    assert upstream_share(200.0, 100.0, 0.2, 0.8) == ("missing", None, None, True)
    assert upstream_share(1.0, 0.0, 0.2, 0.8) == ("missing", 1.0, None, False)
    assert not overruns(105.0, 100.0)


def test_only_a_2xx_contradicts_a_claim() -> None:
    assert contradicts("2xx", True)
    assert not contradicts("2xx", False)
    assert not any(contradicts(outcome, True) for outcome in ("missing", "3xx", "4xx", "5xx", "not_contacted"))


def test_masked_is_an_upstream_failure_behind_a_good_answer() -> None:
    assert masked("5xx", "2xx")
    assert masked("timeout", "3xx")
    assert not masked("5xx", "5xx")
    assert not masked("4xx", "2xx")
    assert not masked("5xx", "missing")


def test_symptoms() -> None:
    assert symptom("2xx", "normal") is None
    assert symptom("missing", "normal") is None
    assert symptom("missing", "high") == "slow"
    assert symptom("client_abort", "normal") == "failed"
    assert symptom("timeout", "high") == "failed+slow"
