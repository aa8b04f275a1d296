"""A function that fails too often: more than the error budget's share of its invocations, over the whole log.

Failed means status 400 or more, a timeout or an abort, as for incidents; answers 4xx that are the callers' own (verdict
`caller`) are left out, and so is probe traffic. A function needs enough invocations for a rate to mean anything; one
that could be chance (2 of 20) is told for information, and a sampled log has no rates.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from attrib.checks.chance import by_chance
from attrib.checks.facts import Facts, kinds
from attrib.checks.model import Finding, Needs, Place, Sample
from attrib.checks.samples import line, log, quiet

NEEDS = Needs.BUCKETS


def find(facts: Facts) -> Iterator[Finding]:
    """One finding per function."""
    if facts.sampled:
        return
    most, least = facts.settings("error-rate", "rate"), facts.settings("error-rate", "invocations")
    calls: Counter[str | None] = Counter()
    failed: Counter[str | None] = Counter()
    callers: Counter[str | None] = Counter()
    for kind, n in facts.once(kinds).items():
        if not facts.is_probe(kind.function):
            calls[kind.function] += n
            if kind.symptom in ("failed", "failed+slow"):
                (callers if kind.verdict == "caller" else failed)[kind.function] += n
    for function, n in failed.items():
        total = calls[function]
        if total >= least and n / total > most:
            also = f"; {callers[function]:,} more failed by the caller's own doing" if callers[function] else ""
            yield Finding(
                {"function": function},
                f"{function or 'no function'}: {n:,} of {total:,} invocations failed ({n / total:.1%}){also}.",
                f"Bring it to {most:.0%} or less: attrib analyze names who is responsible; measure with attrib check.",
                n,
                total,
                _places(facts, function, mixed=function in callers),
                severity="info" if by_chance(n, total, most) else None,
                data={"function": function, "failed": n, "invocations": total, "callers": callers[function]},
            )


def _places(facts: Facts, function: str | None, *, mixed: bool) -> list[Place]:
    """The first failures. Where callers' own are among them, those that a record alone shows to be none: of these the
    upstream answered 4xx. Where a record alone shows it of none, simply the first."""
    if not facts.surveyed:
        return []
    from attrib.survey.traits import Bit, Trait  # analyze has no survey, and does not load one

    not_callers = Bit.UPSTREAM_FAILED | Bit.NO_UPSTREAM_STATUS

    def failed(trait: Trait) -> bool:
        return trait.function == function and trait.bits & Bit.FAILED != 0

    clear = facts.first(lambda trait: failed(trait) and trait.bits & not_callers != 0) if mixed else []
    return clear or facts.first(failed)


SAMPLES = (
    Sample(
        "one in ten fails",
        lambda: log(*(line(n, status=500 if n % 10 == 0 else 200, error_code=None) for n in range(200))),
    ),
    Sample("none fails", quiet, finds=0),
    Sample(
        "one in fifty fails",
        lambda: log(*(line(n, status=500 if n % 50 == 0 else 200) for n in range(200))),
        finds=0,
    ),
    Sample(
        "one in ten asked for what there is not",
        lambda: log(*(line(n, status=404 if n % 10 else 200, upstream_status=404) for n in range(200))),
        finds=0,
    ),
    Sample(
        "only the probe fails",
        lambda: quiet() + log(*(line(n, function="healthz", status=503) for n in range(200, 250))),
        finds=0,
    ),
    Sample("ten are too few for a rate", lambda: log(*(line(n, status=500) for n in range(10))), finds=0),
    Sample(
        "a sample of the log has no rate",
        lambda: log(*(line(n, status=500 if n % 2 else 200, sample_rate=0.1) for n in range(100))),
        finds=0,
    ),
)
