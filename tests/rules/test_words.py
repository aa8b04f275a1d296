"""The shipped word lists, and the facets of single records."""

from __future__ import annotations

import pytest

from attrib.rules.examples import facets_of_example
from attrib.rules.facets import UPSTREAM_PHASE, Facets
from attrib.rules.load import load_rules
from attrib.rules.words import fold

RULES = load_rules()
WORDS = RULES.words


@pytest.mark.parametrize(
    "code",
    [
        "UPSTREAM_INVALID_JSON",
        "UPSTREAM_5XX",
        "UPSTREAM_TIMEOUT",
        "E_UPSTREAM_RESET",
        "ETIMEDOUT",
        "ECONNREFUSED",
        "ECONNRESET",
        "VENDOR_TIMEOUT",
        "DEPENDENCY_UNAVAILABLE",
        "upstream-error",
        "UpstreamError",
        "BAD_GATEWAY",
        "httpx.ReadTimeout",
        "requests.exceptions.ConnectTimeout",
        "java.net.UnknownHostException",
    ],
)
def test_codes_that_claim_an_upstream_failure(code: str) -> None:
    assert WORDS.claims_upstream_failure(code)


@pytest.mark.parametrize(
    "code",
    [
        None,
        "",
        "TypeError",
        "KeyError",
        "NullPointerException",
        "ValidationError",
        "E_UNEXPECTED",
        "timeout",
        "INTERNAL",
        "db_constraint",
        "NOT_FOUND",
        "EMFILE",
        "PoolTimeout",
        "OutOfMemoryError",
        "EOPENBREAKER",
        "DOWNSTREAM_DISCONNECT",
        "client_closed_request",
        "provider_not_configured",
        "BACKEND_BUG",
    ],
)
def test_codes_that_claim_nothing_of_the_kind(code: str | None) -> None:
    assert not WORDS.claims_upstream_failure(code)


@pytest.mark.parametrize(
    ("code", "phase"),
    [
        ("EMFILE", "local"),
        ("httpx.PoolTimeout", "local"),
        ("ENOTFOUND", "dns"),
        ("EAI_AGAIN", "dns"),
        ("getaddrinfo ENOTFOUND api.example", "dns"),
        ("CERT_HAS_EXPIRED", "tls"),
        ("SSLHandshakeException", "tls"),
        ("x509: certificate signed by unknown authority", "tls"),
        ("ECONNREFUSED", "connect"),
        ("ConnectTimeout", "connect"),
        ("ECONNRESET", "read"),
        ("socket hang up", "read"),
        ("TypeError", "none"),
        ("CLASSLOADER", "none"),
        ("SUBTLE_STATE", "none"),
        (None, "none"),
    ],
)
def test_phases(code: str | None, phase: str) -> None:
    assert WORDS.phase_of(code) == phase


def test_words_are_folded_and_mean_one_thing() -> None:
    lists = [
        WORDS.timeout,
        frozenset(WORDS.no_response),
        WORDS.not_contacted,
        WORDS.short_circuited,
        WORDS.client_abort,
    ]
    for words in lists:
        assert words
        assert all(word == fold(word) for word in words)
    assert sum(map(len, lists)) == len(frozenset().union(*lists))
    assert set(WORDS.no_response.values()) == set(UPSTREAM_PHASE)


@pytest.mark.parametrize(
    ("word", "outcome", "phase"),
    [
        ("timeout", "timeout", "none"),
        ("ETIMEDOUT", "timeout", "none"),
        ("deadline-exceeded", "timeout", "none"),
        (504, "5xx", "none"),
        (598, "5xx", "none"),
        ("503", "5xx", "none"),
        (0, "no_response", "none"),
        ("000", "no_response", "none"),
        ("ECONNREFUSED", "no_response", "connect"),
        ("ECONNRESET", "no_response", "read"),
        ("ENOTFOUND", "no_response", "dns"),
        ("EMFILE", "no_response", "local"),
        ("EOPENBREAKER", "short_circuited", "none"),
        ("CallNotPermitted", "short_circuited", "none"),
        ("UO", "short_circuited", "none"),
        ("cache_hit", "not_contacted", "none"),
        (None, "missing", "none"),
        ("", "missing", "none"),
        ("-", "missing", "none"),
        (99, "missing", "none"),
        (600, "missing", "none"),
        ("banana", "missing", "none"),
    ],
)
def test_upstream_outcomes_of_a_record(word: int | str | None, outcome: str, phase: str) -> None:
    facets = facets_of_example({"record": {"upstream_status": word}}, WORDS, RULES.parameters.value)
    assert (facets.upstream, facets.upstream_phase) == (outcome, phase)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"status": 499}, ("client_abort", "missing", "missing")),
        ({"status": "timeout"}, ("timeout", "missing", "missing")),
        ({"latency_ms": 0, "upstream_latency_ms": 0}, ("missing", "missing", "missing")),
        ({"latency_ms": 500, "upstream_latency_ms": 100}, ("missing", "normal", "low")),
        ({"latency_ms": 500.5, "upstream_latency_ms": 101}, ("missing", "high", "middle")),
        ({"latency_ms": 1000, "upstream_latency_ms": 800}, ("missing", "high", "dominant")),
        ({"latency_ms": 1000, "upstream_latency_ms": 1040}, ("missing", "high", "dominant")),
        ({"latency_ms": 1000, "upstream_latency_ms": 1100}, ("missing", "high", "missing")),
    ],
)
def test_status_and_times_of_a_record(record: dict[str, object], expected: tuple[str, str, str]) -> None:
    facets = facets_of_example({"record": record}, WORDS, RULES.parameters.value)
    assert (facets.status, facets.latency, facets.upstream_latency) == expected


def test_the_breaker_counts_in_the_error_code_where_no_upstream_status_is() -> None:
    value = RULES.parameters.value
    assert facets_of_example({"record": {"error_code": "EOPENBREAKER"}}, WORDS, value).upstream == "short_circuited"
    told = facets_of_example({"record": {"error_code": "EOPENBREAKER", "upstream_status": 200}}, WORDS, value)
    assert told.upstream == "2xx"


def test_facets_of_an_example_have_plain_defaults() -> None:
    facets = facets_of_example({"facets": {"upstream": "2xx", "status": "5xx"}}, WORDS, RULES.parameters.value)
    assert facets == Facets("2xx", "external", "5xx", "normal", "missing")
