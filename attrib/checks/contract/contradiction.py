"""Lines that contradict themselves, by function and kind.

- `upstream-longer`: the upstream took longer than the whole, by more than a tick (1 ms) and 5 %.
- `error-on-success`: 2xx with an error_code. Left alone are codes that mean none (OK, 0, none) and answers that hide an
  upstream's failure, whose code it may be.
- `failure-without-error`: 5xx or a timeout without an error_code; always info, for the status says enough.
- `claim-denied`: the error_code claims that the upstream failed, and the upstream answered 2xx; counted in symptomatic
  invocations, whose verdict is unknown for it.

Below the share of a function's records, a kind is info.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from attrib.checks.contract._said import counted, named, with_bit
from attrib.checks.cost import CONTRADICTION, losses
from attrib.checks.facts import Facts, kinds
from attrib.checks.model import Finding, Sample, Severity
from attrib.checks.samples import line, log, quiet
from attrib.survey.traits import Bit, Trait

_ID: Final = "contradiction"


class _Kind(NamedTuple):
    name: str
    test: Callable[[Trait], bool]
    """Of single records."""
    what: str
    remedy: str
    severity: Severity | None = None
    costs: str | None = None
    """The field under which cost.py counts what it costs."""


def _error_on_success(trait: Trait) -> bool:
    return trait.bits & (Bit.ERROR_ON_SUCCESS | Bit.UPSTREAM_FAILED) == Bit.ERROR_ON_SUCCESS


_KINDS: Final = (
    _Kind(
        "upstream-longer",
        lambda trait: trait.bits & Bit.UPSTREAM_LONGER != 0,
        "say that the upstream took longer than the whole",
        "Measure both with one monotonic clock, and latency_ms from the first call to the last answer, retries "
        "included",
        costs="upstream_latency_ms",
    ),
    _Kind(
        "error-on-success",
        _error_on_success,
        "answered 2xx and have an error_code",
        "Set status and error_code in one place, when the request ends; null where it went well",
    ),
    _Kind(
        "failure-without-error",
        lambda trait: trait.bits & Bit.FAILURE_WITHOUT_ERROR != 0,
        "failed (5xx or timeout) and have no error_code",
        "Log the exception's type as error_code on every 5xx",
        "info",
    ),
)


def find(facts: Facts) -> Iterator[Finding]:
    """One finding per function and kind."""
    total = counted(facts, lambda _: True)
    least = facts.settings(_ID, "share")
    costs = {(loss.function, loss.field): n for loss, n in facts.once(losses).items() if loss.check == CONTRADICTION}
    for kind in _KINDS:
        for function, n in counted(facts, kind.test).items():
            yield Finding(
                {"function": function, "kind": kind.name},
                f"{named(function)}: {n:,} of {total[function]:,} records {kind.what}.",
                f"{kind.remedy}; done when attrib check counts 0 of {named(function)}'s {total[function]:,} records.",
                n,
                total[function],
                facts.first(_of(function, kind.test)),
                facts.slowest(_of(function, kind.test)) if kind.costs else None,
                cost=costs.get((function, kind.costs), 0) if kind.costs else None,
                severity=kind.severity or (None if n >= least * total[function] else "info"),
                data={"function": function, "kind": kind.name},
            )
    yield from _denied(facts)


def _of(function: str | None, test: Callable[[Trait], bool]) -> Callable[[Trait], bool]:
    return lambda trait: trait.function == function and test(trait)


def _denied(facts: Facts) -> Iterator[Finding]:
    """Claims of an upstream failure that the upstream's own answer denies, in symptomatic invocations."""
    symptomatic: Counter[str | None] = Counter()
    found: Counter[str | None] = Counter()
    for kind, n in facts.once(kinds).items():
        if kind.symptom is not None:
            symptomatic[kind.function] += n
            found[kind.function] += n if kind.rule == _ID else 0
    for function, n in found.items():
        if n:
            yield Finding(
                {"function": function, "kind": "claim-denied"},
                f"{named(function)}: {n:,} of {symptomatic[function]:,} symptomatic invocations have an error_code "
                "that claims an upstream failure, though the upstream answered 2xx.",
                "Keep upstream error codes (UPSTREAM_*, ETIMEDOUT ...) for calls that failed, and give a body that "
                "cannot be parsed a code of its own; done when attrib check counts 0.",
                n,
                symptomatic[function],
                facts.first(with_bit(Bit.CLAIM_DENIED, function)),
                cost=n,
                data={"function": function, "kind": "claim-denied"},
            )


SAMPLES = (
    Sample("the upstream took longer than the whole", lambda: quiet() + log(line(300, upstream_latency_ms=80))),
    Sample("an error code on a 200", lambda: quiet() + log(line(300, error_code="TypeError"))),
    Sample("a 500 without an error code", lambda: quiet() + log(line(300, status=500))),
    Sample(
        "an upstream error though the upstream answered 200",
        lambda: quiet() + log(line(300, status=502, error_code="UPSTREAM_INVALID_JSON")),
    ),
    Sample("a tick over", lambda: quiet() + log(line(300, latency_ms=2, upstream_latency_ms=3)), finds=0),
    Sample("a whole of 0 is not measured", lambda: quiet() + log(line(300, latency_ms=0)), finds=0),
    Sample("codes that mean none", lambda: quiet(9, error_code="OK") + quiet(9, error_code="0"), finds=0),
    Sample(
        "a fallback hides the upstream's failure",
        lambda: quiet() + log(line(300, upstream_status=503, error_code="UPSTREAM_UNAVAILABLE")),
        finds=0,
    ),
    Sample("a 500 with its error code", lambda: quiet() + log(line(300, status=500, error_code="TypeError")), finds=0),
)
