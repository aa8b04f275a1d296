"""A function that fails too often: more than the error budget's share of its invocations, over the whole log.

Failed means status 400 or more, a timeout or an abort, as for incidents; answers 4xx that are the callers' own (verdict
`caller`) are left out, and so is probe traffic. A function needs enough invocations for a rate to mean anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from attrib.checks.facts import Facts
from attrib.checks.model import Finding, Needs, Sample
from attrib.checks.samples import line, log, quiet

NEEDS = Needs.BUCKETS


def find(facts: Facts) -> Iterator[Finding]:
    """One finding per function."""
    if facts.sampled:
        return
    most, least = facts.settings("error-rate", "rate"), facts.settings("error-rate", "invocations")
    calls: Counter[str | None] = Counter()
    failed: Counter[str | None] = Counter()
    for _, kind, count in facts.buckets:
        if not facts.is_probe(kind.function):
            calls[kind.function] += count.n
            if kind.symptom in ("failed", "failed+slow") and kind.verdict != "caller":
                failed[kind.function] += count.n
    for function, n in failed.items():
        total = calls[function]
        if total >= least and n / total > most:
            yield Finding(
                {"function": function},
                f"{function or 'no function'}: {n:,} of {total:,} invocations failed ({n / total:.1%}).",
                f"Bring it to {most:.0%} or less: attrib analyze names who is responsible; measure with attrib check.",
                n,
                total,
                data={"function": function},
            )


SAMPLES = (
    Sample(
        "one in ten fails",
        lambda: log(*(line(n, status=500 if n % 10 == 0 else 200, error_code=None) for n in range(200))),
    ),
    Sample("none fails", quiet, finds=0),
)
