"""Waits past the bound (15 s): by latency_ms, or by upstream_latency_ms where the whole is not logged.

Every record counts, with the share of the function's records that log a time; a few, or few of very many, are told for
information only. Waits for datastores have a shorter
bound of their own (slow-datastore-wait). A pile of waits at one round number is a deadline that is set, but longer than
a user waits; see timeout-pile-up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from attrib.checks.facts import Facts
from attrib.checks.model import Finding, Sample
from attrib.checks.samples import line, log, quiet
from attrib.incidents.histogram import bin_middle_ms
from attrib.incidents.phrases import ms
from attrib.survey.traits import Bit

_LONG = Bit.LONG_WAIT | Bit.LONG_UPSTREAM_WAIT


def find(facts: Facts) -> Iterator[Finding]:
    """One finding per function."""
    long: Counter[str | None] = Counter()
    upstream: Counter[str | None] = Counter()
    total: Counter[str | None] = Counter()
    longest: dict[str | None, int] = {}
    for trait, seen in facts.survey.traits:
        if trait.bin is None and not trait.bits & _LONG:
            continue
        total[trait.function] += seen.n
        if trait.bits & _LONG:
            long[trait.function] += seen.n
            longest[trait.function] = max(longest.get(trait.function, 0), trait.bin or 0)
            upstream[trait.function] += seen.n if trait.bits & Bit.LONG_UPSTREAM_WAIT else 0
    bound = facts.settings("unbounded-wait", "seconds")
    for function, n in long.items():
        yield _finding(facts, function, n, total[function], upstream[function], longest[function], bound)


def _finding(
    facts: Facts, function: str | None, n: int, total: int, upstream: int, longest: int, bound: float
) -> Finding:
    below = f", {upstream:,} of them waiting for the upstream" if upstream else ""
    longest_ms = round(bin_middle_ms(longest)) if longest else None
    told = f"; the longest about {ms(longest_ms)}" if longest_ms and longest_ms > bound * 1000 else ""
    records, share = facts.settings("unbounded-wait", "records"), facts.settings("unbounded-wait", "share")
    few = n < records or (not facts.sampled and n < share * total)
    return Finding(
        {"function": function},
        f"{function or 'no function'}: {n:,} of {total:,} records took more than {bound:g} s{below}{told}.",
        f"Set a timeout of at most {bound:g} s on every call of {function or 'this function'}, shorter than its "
        "caller's own; then attrib check counts 0 here.",
        n,
        None if facts.sampled else total,
        facts.first(lambda trait: trait.function == function and trait.bits & _LONG != 0),
        facts.slowest(lambda trait: trait.function == function and trait.bits & _LONG != 0),
        severity="info" if few else None,
        data={"function": function, "waiting_for_upstream": upstream, "longest_ms": longest_ms},
    )


SAMPLES = (
    Sample("one answer after 16 s", lambda: quiet() + log(line(300, latency_ms=16_000, upstream_latency_ms=15_990))),
    Sample(
        "only the upstream's time is logged",
        lambda: quiet() + log(line(300, stage="upstream", latency_ms=None, status=None, upstream_latency_ms=20_000)),
    ),
    Sample(
        "two functions", lambda: quiet(9, latency_ms=16_000) + log(line(9, function="b", latency_ms=60_000)), finds=2
    ),
    Sample("exactly 15 s", lambda: quiet() + log(line(300, latency_ms=15_000)), finds=0),
    Sample("quick answers", quiet, finds=0),
)
