"""Failures that end at one round number of milliseconds: a deadline's mark, whoever set it.

Looked at are the latencies of records that failed, or whose upstream did (a fallback answered), by function. They pile
up where most of them lie at a usual deadline or a little above it, and hardly any just below: timers fire late, never
early, while slow work ends on either side. Where the pile is a small share of all the function's records, it is told
for information: single timeouts are every day's. That a deadline fired does not say whose fault it was: analyze
compares it with the upstream's usual time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

from attrib.checks.facts import Facts
from attrib.checks.model import Finding, Sample
from attrib.checks.samples import line, log, quiet
from attrib.incidents.histogram import Histogram, bin_middle_ms
from attrib.incidents.phrases import ms
from attrib.incidents.pile_up import NEAR, NEAR_MS
from attrib.survey.traits import Bit, Trait

DEADLINES_MS: Final = (
    1_000, 1_500, 2_000, 2_500, 3_000, 4_000, 5_000, 6_000, 8_000, 10_000, 12_000, 15_000, 20_000, 25_000, 29_000,
    30_000, 40_000, 45_000, 50_000, 60_000, 90_000, 100_000, 120_000, 180_000, 300_000, 600_000,
)  # fmt: skip
"""Usual deadlines. Source: defaults of Kubernetes probes (1 s), OkHttp (10 s), Envoy routes (15 s), Amazon API Gateway
(29 s), Heroku's router (30 s), nginx and AWS load balancers (60 s), Cloudflare (100 s); and round numbers beside."""
EDGE: Final = 4
"""A deadline's failures are at least so many times those of as wide a band just below it (attrib's own)."""


class Pile(NamedTuple):
    """Where a function's failures pile up."""

    ms: int
    low: float
    high: float
    """Milliseconds between which they lie."""
    n: int


def find(facts: Facts) -> Iterator[Finding]:
    """One finding per function: its largest pile."""
    share, least = facts.settings("timeout-pile-up", "share"), facts.settings("timeout-pile-up", "failures")
    tolerance, rate = facts.settings("timeout-pile-up", "tolerance"), facts.settings("timeout-pile-up", "rate")
    records: Counter[str | None] = Counter()
    for trait, seen in facts.survey.traits:
        records[trait.function] += seen.n
    for function, bins in _failures(facts).items():
        total = bins.total()
        piles = [pile for deadline in DEADLINES_MS if (pile := _pile(bins, deadline, tolerance)) is not None]
        pile = max(piles, key=lambda one: one.n, default=None)
        if pile is not None and pile.n >= least and pile.n >= share * total:
            yield _finding(facts, function, pile, total, often=facts.sampled or pile.n >= rate * records[function])


def _failures(facts: Facts) -> dict[str | None, Histogram]:
    """Function -> latencies of its failures."""
    found: dict[str | None, Histogram] = {}
    for trait, seen in facts.survey.traits:
        if trait.bin is not None and _failed(trait):
            found.setdefault(trait.function, Histogram())[trait.bin] += seen.n
    return found


def _failed(trait: Trait) -> bool:
    return trait.bits & (Bit.FAILED | Bit.UPSTREAM_FAILED) != 0


def _pile(bins: Histogram, deadline: int, tolerance: float) -> Pile | None:
    """The failures at a deadline; None where as many lie just below it."""
    # A bin stands for its middle, up to 0.8 % off, and clocks tick.
    low, high = deadline * (1 - NEAR / 2) - NEAR_MS, deadline * (1 + tolerance) + NEAR_MS
    n = sum(count for index, count in bins.items() if low <= bin_middle_ms(index) <= high)
    before = sum(count for index, count in bins.items() if 2 * low - high <= bin_middle_ms(index) < low)
    return Pile(deadline, low, high, n) if n and n >= EDGE * before else None


def _finding(facts: Facts, function: str | None, pile: Pile, total: int, *, often: bool) -> Finding:
    def at(trait: Trait) -> bool:
        return (
            trait.function == function
            and trait.bin is not None
            and _failed(trait)
            and pile.low <= bin_middle_ms(trait.bin) <= pile.high
        )

    return Finding(
        {"function": function, "deadline_ms": str(pile.ms)},
        f"{function or 'no function'}: {pile.n:,} of {total:,} failures took {ms(pile.ms)}, give or take a little: a "
        "deadline ended them, not an answer.",
        f"Find who waits {ms(pile.ms)} ({function or 'the function'}, its client library or a proxy), set it from the "
        "upstream's own P99.9 and name it in the error_code; then no failures pile up there in quiet times.",
        pile.n,
        None if facts.sampled else total,
        facts.first(at),
        facts.slowest(at),
        severity=None if often else "info",
        data={"function": function, "deadline_ms": pile.ms},
    )


SAMPLES = (
    Sample(
        "timeouts after 5 s",
        lambda: (
            quiet()
            + log(*(line(n, status=504, upstream_status="timeout", latency_ms=5_002 + n % 9) for n in range(300, 320)))
        ),
    ),
    Sample(
        "a fallback answers after 2 s",
        lambda: quiet() + log(*(line(n, upstream_status="timeout", latency_ms=2_001.5) for n in range(300, 306))),
    ),
    Sample(
        "failures of all lengths",
        lambda: quiet() + log(*(line(n, status=500, latency_ms=4_000 + 97 * (n - 300)) for n in range(300, 320))),
        finds=0,
    ),
    Sample(
        "slow work that happens to end around 1 s",
        lambda: log(*(line(n, status=500, latency_ms=960 + n % 60) for n in range(120))),
        finds=0,
    ),
    Sample(
        "four are a coincidence",
        lambda: quiet() + log(*(line(n, status=504, latency_ms=5_001) for n in range(300, 304))),
        finds=0,
    ),
    Sample("good answers after 5 s", lambda: quiet(latency_ms=5_001, upstream_latency_ms=4_990), finds=0),
)
