"""The facets of one record, as small pure functions: the reference meaning that every engine repeats.

All arithmetic is on IEEE doubles, in exactly the form written here (one multiplication or addition, then one
comparison), so that SQL over DOUBLE columns and DOUBLE literals gives the same cell for every input.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from attrib.rules.words import Words, fold

TICK_MS: Final = 1.0
"""Upstream time may exceed the latency by this much: both clocks tick in milliseconds (nginx logs 0.000 and 0.001)."""
OVER: Final = 1.05
"""... or by this factor. Beyond both, the record contradicts itself (design: "a tick or 5 % over")."""

WELL: Final = frozenset({"1xx", "2xx", "3xx", "not_contacted"})
"""Upstream outcomes that leave nothing to recover from. 4xx is an answer, not a good one; `missing` proves nothing."""
UPSTREAM_FAILED: Final = frozenset({"5xx", "timeout", "no_response", "short_circuited"})
"""Upstream outcomes that are a failure below us whatever was asked; a 4xx may be the right answer to what we sent."""
ANSWERED_WELL: Final = frozenset({"1xx", "2xx", "3xx"})
"""Status facets of a function that answered well."""

_CLASSES: Final = ("", "1xx", "2xx", "3xx", "4xx", "5xx")


class Outcome(NamedTuple):
    """What one record says of its upstream."""

    outcome: str
    """A value of the facet `upstream`."""
    phase: str
    """A value of `upstream_phase`: `none` unless the outcome is `no_response` and the log tells where it broke."""
    code: int | None
    """The exact status, 100..599; None for words, 0 and missing."""


class Share(NamedTuple):
    """Where the time of one invocation went."""

    facet: str
    """A value of the facet `upstream_latency`."""
    upstream_ms: float | None
    """Upstream time, clamped to the latency; None when missing or contradicted."""
    own_ms: float | None
    """Latency less upstream time; None where either is missing."""
    overrun: bool
    """Upstream time exceeds the latency by more than rounding: a contradiction, to be reported."""


def upstream_outcome(code: int | None, word: str | None, words: Words) -> Outcome:
    """Outcome of upstream_status alone: a code, or a word as logged, or neither (missing).

    0 is `no_response`; other codes outside 100..599 and unknown words are `missing` (checks report them). 504, 598
    and 599 keep the class 5xx: somebody answered.
    """
    if code is not None:
        if 100 <= code <= 599:
            return Outcome(_CLASSES[code // 100], "none", code)
        return Outcome("no_response" if code == 0 else "missing", "none", None)
    if word is None:
        return Outcome("missing", "none", None)
    folded = fold(word)
    if folded in words.timeout:
        return Outcome("timeout", "none", None)
    if folded in words.no_response:
        return Outcome("no_response", words.no_response[folded], None)
    if folded in words.not_contacted:
        return Outcome("not_contacted", "none", None)
    if folded in words.short_circuited:
        return Outcome("short_circuited", "none", None)
    return Outcome("missing", "none", None)


def record_outcome(code: int | None, word: str | None, error_code: str | None, words: Words) -> Outcome:
    """Outcome of one record: `upstream_outcome`, and what error_code may add.

    error_code adds two things only: the breaker's words where upstream_status is missing, and the phase of a
    no_response whose own word does not tell. It never makes a failure out of a missing status.
    """
    found = upstream_outcome(code, word, words)
    if error_code is None:
        return found
    if found.outcome == "missing":
        return Outcome("short_circuited", "none", None) if fold(error_code) in words.short_circuited else found
    if found.outcome == "no_response" and found.phase == "none":
        return found._replace(phase=words.phase_of(error_code))
    return found


def status_facet(status: int | None, word: str | None, words: Words) -> str:
    """Facet of the function's own status.

    499 and 0 mean that the client went away; 1..99 and 600..999 are no HTTP statuses and `missing` (checks report
    them as type drift). A word is a timeout unless the pack lists it as a client abort.
    """
    if status is not None:
        if status in (0, 499):
            return "client_abort"
        return _CLASSES[status // 100] if 100 <= status <= 599 else "missing"
    if word is None:
        return "missing"
    return "client_abort" if fold(word) in words.client_abort else "timeout"


def latency_facet(latency: float | None, threshold: float) -> str:
    """`high` strictly above the threshold (ms); 0 is a value and normal; null is missing."""
    if latency is None:
        return "missing"
    return "high" if latency > threshold else "normal"


def overruns(upstream_latency: float, latency: float) -> bool:
    """True when upstream time exceeds the latency by more than a tick and more than 5 % (both in ms)."""
    return upstream_latency > latency + TICK_MS and upstream_latency > latency * OVER


def upstream_share(upstream_latency: float | None, latency: float | None, low: float, dominant: float) -> Share:
    """Share of the latency that was spent upstream; all times ms, `low` and `dominant` fractions of the latency.

    Tested in this order: null or 0 on either side is missing; more than rounding above the latency is missing and
    an overrun; then `u <= low * latency` is low, `u >= dominant * latency` is dominant, and the rest is middle.
    """
    if upstream_latency is None or upstream_latency <= 0:
        return Share("missing", None, None, False)
    if latency is None or latency <= 0:
        return Share("missing", upstream_latency, None, False)
    if upstream_latency > latency:
        if overruns(upstream_latency, latency):
            return Share("missing", None, None, True)
        upstream_latency = latency
    if upstream_latency <= low * latency:
        facet = "low"
    elif upstream_latency >= dominant * latency:
        facet = "dominant"
    else:
        facet = "middle"
    return Share(facet, upstream_latency, latency - upstream_latency, False)


def upstream_latency_facet(upstream_latency: float | None, latency: float | None, low: float, dominant: float) -> str:
    """The facet of `upstream_share` alone."""
    return upstream_share(upstream_latency, latency, low, dominant).facet


def contradicts(outcome: str, claims: bool) -> bool:
    """True when one record says both that the upstream answered well (2xx) and that the upstream failed.

    `claims` is what `Words.claims_upstream_failure` says of its error_code. Only 2xx contradicts a claim: a 3xx or
    4xx may be the failure that is meant, and a missing status says nothing.
    """
    return claims and outcome == "2xx"


def masked(upstream: str, status: str) -> bool:
    """True when the upstream failed and the function answered well all the same."""
    return upstream in UPSTREAM_FAILED and status in ANSWERED_WELL


def symptom(status: str, latency: str) -> str | None:
    """`failed`, `slow`, `failed+slow` or None (ok), from the facets of status and latency."""
    failed = status in ("4xx", "5xx", "timeout", "client_abort")
    if latency == "high":
        return "failed+slow" if failed else "slow"
    return "failed" if failed else None
