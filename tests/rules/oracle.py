"""The rules of the design once more, in plain ifs and apart from the packs: what the tests compare them to."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from attrib.rules.facets import (
    LATENCY,
    STATUS,
    UPSTREAM,
    UPSTREAM_HOSTS,
    UPSTREAM_LATENCY,
    UPSTREAM_PARTY,
    UPSTREAM_PHASE,
    Facets,
)

CODES = {"2xx": (204,), "3xx": (304,), "4xx": (400, 401, 403, 404, 407, 422, 429), "5xx": (503, 504, 598, 599)}
ANSWERED = ("1xx", "2xx", "3xx", "4xx", "5xx")
NOT_FAILED = ("missing", "1xx", "2xx", "3xx")
Answer = tuple[str, str | None, str | None]
"""Verdict, responsible, lean."""


def every_facets() -> Iterator[Facets]:
    """The whole product, with exact codes that packs name and some that they do not."""
    for upstream in UPSTREAM:
        codes = (None, *CODES.get(upstream, ()))
        phases = UPSTREAM_PHASE if upstream == "no_response" else ("none",)
        hosts = UPSTREAM_HOSTS if upstream == "no_response" else ("one",)
        for code, phase, host, party, status, latency, part in product(
            codes, phases, hosts, UPSTREAM_PARTY, STATUS, LATENCY, UPSTREAM_LATENCY
        ):
            yield Facets(upstream, party, status, latency, part, code, phase, host)


def m1(f: Facets) -> str:
    """The rule id of M1, to the letter."""
    if f.upstream == "missing":
        return "m1-unknown"
    if f.upstream in ("5xx", "timeout") and f.upstream_party == "external" and f.status in ("5xx", "timeout"):
        return "m1-vendor"
    if f.upstream == "2xx" and f.status in ("4xx", "5xx"):
        return "m1-application"
    if f.latency == "high" and f.upstream_latency == "low":
        return "m1-bottleneck"
    return "none"


M1_ANSWERS: dict[str, Answer] = {
    "m1-unknown": ("unknown", None, None),
    "m1-vendor": ("vendor", "upstream", None),
    "m1-application": ("application", "function", None),
    "m1-bottleneck": ("app_bottleneck", "function", None),
    "none": ("unknown", None, None),
}

UNKNOWN: Answer = ("unknown", None, None)
OURS: Answer = ("application", "function", None)


def by_party(f: Facets) -> Answer:
    """Whose upstream it is decides: a third party's, one of ours, or nobody knows."""
    return {"external": ("vendor", "upstream", None), "own": ("application", "upstream", None)}.get(
        f.upstream_party, UNKNOWN
    )


def extended(f: Facets) -> Answer:
    """Both packs together: the design's table around M1's rules."""
    rule = m1(f)
    if rule in ("m1-unknown", "m1-vendor", "m1-application"):
        return M1_ANSWERS[rule]
    takes_rule_4 = f.upstream in ("4xx", "timeout", "no_response", "short_circuited") and f.status != "client_abort"
    if rule == "m1-bottleneck" and not takes_rule_4:
        return M1_ANSWERS[rule]
    if f.status == "client_abort":
        return client_abort(f)
    failed = failed_request(f) if f.status not in NOT_FAILED else None
    return failed or M1_ANSWERS.get(rule if rule == "m1-bottleneck" else "") or slow(f)


def client_abort(f: Facets) -> Answer:
    if f.latency == "normal":
        return ("caller", None, None)
    if f.latency == "missing" or f.upstream_latency != "dominant":
        return UNKNOWN
    if f.upstream in ("not_contacted", "short_circuited") or f.upstream_phase == "local":
        return UNKNOWN
    if f.upstream_phase in ("dns", "tls") and f.upstream_hosts == "one" and f.upstream_party == "external":
        return UNKNOWN
    return by_party(f)


def failed_request(f: Facets) -> Answer | None:
    """4xx, 5xx or timeout; None where the design's table has no row."""
    if f.upstream == "4xx":
        return upstream_refused(f)
    if f.upstream == "no_response":
        if f.upstream_phase == "local":
            return OURS
        if f.upstream_phase in ("dns", "tls") and f.upstream_hosts == "one" and f.upstream_party == "external":
            return UNKNOWN
        return by_party(f)
    if f.upstream in ("5xx", "timeout"):
        return by_party(f)
    if f.upstream == "short_circuited":
        return UNKNOWN
    if f.upstream == "not_contacted" and f.status in ("4xx", "5xx"):
        return OURS
    if f.upstream in ("1xx", "3xx") and f.status == "5xx":
        return OURS
    if f.upstream == "2xx" and f.status == "timeout":
        return OURS
    return None


def upstream_refused(f: Facets) -> Answer | None:
    if f.status == "timeout":
        return None
    if f.upstream_code == 429:
        return OURS
    if f.upstream_code in (401, 403, 407):
        return OURS if f.status == "5xx" else ("unknown", None, "caller")
    return OURS if f.status == "5xx" else ("caller", None, None)


def slow(f: Facets) -> Answer:
    if f.status not in NOT_FAILED or f.latency != "high":
        return UNKNOWN
    if f.upstream == "not_contacted":
        return ("app_bottleneck", "function", None)
    if f.upstream in ANSWERED and f.upstream_latency == "dominant":
        return by_party(f)
    return UNKNOWN
