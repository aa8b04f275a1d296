"""M1 fields that a function should log and does not, by function and field.

- `function` and `stage`: on every record.
- `status`: on records whose stage ends the request.
- `latency_ms`: on records that have a status.
- `upstream_status`: on failed and slow invocations of functions that call an upstream (they name one, or log an outcome
  elsewhere); it may stand on any line of the request, so requests are counted here, not lines.

request_id has checks of its own; an error_code that is missing on a failure is a contradiction; upstream_latency_ms may
be null. A share below the bound is an accident and not told, and a few are info. The cost counts the symptomatic
invocations that some value of the field would have given a verdict other than unknown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from attrib.checks.contract._said import counted, named
from attrib.checks.cost import FIELD, losses
from attrib.checks.facts import Facts, kinds
from attrib.checks.model import Finding, Place, Sample
from attrib.checks.samples import line, log, quiet
from attrib.survey.traits import Bit, Trait

_ID: Final = "missing-m1-field"


def _has(bit: Bit) -> Callable[[Trait], bool]:
    return lambda trait: trait.bits & bit != 0


def _is_record(trait: Trait) -> bool:
    return trait is not None


_BY_RECORD: Final = (
    ("stage", _has(Bit.NO_STAGE), _is_record, "records"),
    ("latency_ms", _has(Bit.NO_LATENCY), _has(Bit.ANSWERED), "records with a status"),
    ("status", _has(Bit.NO_STATUS), lambda trait: trait.bits & (Bit.NO_STATUS | Bit.ANSWERED) != 0,
     "records that end a request"),
)  # fmt: skip
"""Field, the records that lack it, those that should have it, and what they are called."""


def find(facts: Facts) -> Iterator[Finding]:
    """One finding per function and field."""
    cost: Counter[tuple[str | None, str]] = Counter()
    for loss, n in facts.once(losses).items():
        if loss.check == FIELD:
            cost[loss.function, loss.field] += n
    everything = counted(facts, _is_record)
    if everything[None]:
        yield _finding(facts, None, "function", everything[None], everything.total(), "records", cost,
                       facts.first(lambda trait: trait.function is None))  # fmt: skip
    for field, lacking, wanted, what in _BY_RECORD:
        totals = counted(facts, wanted)
        for function, n in counted(facts, lacking).items():
            if n >= facts.settings(_ID, "share") * totals[function]:
                places = facts.first(_of(function, lacking))
                yield _finding(facts, function, field, n, totals[function], what, cost, places)
    yield from _without_outcome(facts, cost)


def _of(function: str | None, test: Callable[[Trait], bool]) -> Callable[[Trait], bool]:
    return lambda trait: trait.function == function and test(trait)


def _without_outcome(facts: Facts, cost: Counter[tuple[str | None, str]]) -> Iterator[Finding]:
    """Symptomatic invocations of callers that say nothing of their upstream."""
    callers = {
        trait.function
        for trait, _ in facts.survey.traits
        if trait.upstream is not None or not trait.bits & Bit.NO_UPSTREAM_STATUS
    }
    symptomatic: Counter[str | None] = Counter()
    silent: Counter[str | None] = Counter()
    for kind, n in facts.once(kinds).items():
        if kind.symptom is not None and kind.symptom != "unfinished" and kind.function in callers:
            symptomatic[kind.function] += n
            # A word or code that means nothing is another check's.
            silent[kind.function] += n if kind.outcome == "missing" and kind.code is None else 0
    lacking = Bit.NO_UPSTREAM_STATUS
    for function, n in silent.items():
        if n and n >= facts.settings(_ID, "share") * symptomatic[function]:
            places = facts.first(
                lambda trait, name=function: (
                    trait.function == name  # type: ignore[misc]
                    and bool(trait.bits & lacking and trait.bits & (Bit.FAILED | Bit.SLOW))
                )
            )
            what = "failed or slow invocations"
            yield _finding(facts, function, "upstream_status", n, symptomatic[function], what, cost, places)


def _finding(
    facts: Facts,
    function: str | None,
    field: str,
    n: int,
    total: int,
    what: str,
    cost: Counter[tuple[str | None, str]],
    places: list[Place],
) -> Finding:
    where = "on the line that ends the request" if field in ("status", "latency_ms", "upstream_status") else "on each"
    who = "" if field == "function" else f"{named(function)}: "
    lost = cost[function, field]
    return Finding(
        {"function": function, "field": field},
        f"{who}{n:,} of {total:,} {what} have no {field}.",
        f"Log {field} {where}, success and failure alike (one access-log middleware does it); done when attrib check "
        f"finds it missing on less than {facts.settings(_ID, 'share'):.0%} of these {what}.",
        n,
        total,
        places,
        cost=lost,
        severity=None if n >= facts.settings(_ID, "requests") else "info",
        data={"function": function, "field": field},
    )


SAMPLES = (
    Sample("failures without upstream_status", lambda: quiet() + log(*(
        line(n, status=500, error_code="E", upstream_status=None, upstream_latency_ms=None) for n in range(300, 310)
    ))),
    Sample("answers without latency_ms", lambda: quiet(40, latency_ms=None, upstream_latency_ms=None)),
    Sample("no stage and no function", lambda: quiet(40, stage=None, function=None), finds=2),
    Sample("responses without a status", lambda: quiet(40, status=None)),
    Sample("one stage in two hundred", lambda: quiet() + log(line(300, stage=None)), finds=0),
    Sample(
        "failures of a function that calls nobody",
        lambda: quiet() + log(*(
            line(n, function="own", status=500, error_code="E", upstream=None, upstream_status=None,
                 upstream_latency_ms=None) for n in range(300, 310)
        )),
        finds=0,
    ),
    Sample(
        "the outcome stands on another line of the request",
        lambda: log(*(
            one for n in range(20) for one in (
                line(n, stage="payment", status=None, latency_ms=None, upstream_status=503),
                line(n, status=500, error_code="E", upstream=None, upstream_status=None, upstream_latency_ms=None),
            )
        )),
        finds=0,
    ),
    Sample("a start has no status and no latency", lambda: quiet(40) + log(*(
        line(n, at=n - 0.1, stage="start", status=None, latency_ms=None, upstream_status=None) for n in range(40)
    )), finds=0),
)  # fmt: skip
