"""A function whose usual or slowest answers take longer than the budget: P50 or P99 of its answered records.

A P99 over its budget is a warning, if more answers are slower than one in a hundred would be by chance. A P50 alone is
told for information: it is how the function was built, and nothing that happened. All answers count, failures too:
their callers wait for them. Quantiles come from histogram bins at most 1.6 % wide and are told when all of the bin lies
above the budget. A function whose own `latency_high_ms` was set has that as its P99, and a P50 in proportion. Probe
traffic is left out; a function needs enough answers to have a P99, and a sampled log (slow answers are often kept, good
ones dropped) has none.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrib.checks.chance import by_chance
from attrib.checks.facts import Facts
from attrib.checks.model import Finding, Sample
from attrib.checks.samples import line, log, quiet
from attrib.incidents.histogram import Histogram, bin_floor_us, bin_of, quantile_ms, whole_us
from attrib.incidents.phrases import ms
from attrib.survey.traits import Bit


def find(facts: Facts) -> Iterator[Finding]:
    """One finding per function."""
    if facts.sampled:
        return
    least = facts.settings("latency-budget", "invocations")
    for function, bins in _answers(facts).items():
        if bins.total() >= least:
            yield from _judged(facts, function, bins)


def _answers(facts: Facts) -> dict[str | None, Histogram]:
    """Function -> latencies of its answers."""
    found: dict[str | None, Histogram] = {}
    for trait, seen in facts.survey.traits:
        if trait.bin is not None and trait.bits & Bit.ANSWERED and not facts.is_probe(trait.function):
            found.setdefault(trait.function, Histogram())[trait.bin] += seen.n
    return found


def _judged(facts: Facts, function: str | None, bins: Histogram) -> Iterator[Finding]:
    p50_most, p99_most = _budget(facts, function)
    over50, over99 = _above(bins, 0.5, p50_most), _above(bins, 0.99, p99_most)
    if not over50 and not over99:
        return
    p50, p99 = quantile_ms(bins, 0.5) or 0.0, quantile_ms(bins, 0.99) or 0.0
    broken = " and ".join(
        f"{name} is {ms(value)} (budget {ms(most)})"
        for name, value, most, over in (("P50", p50, p50_most, over50), ("P99", p99, p99_most, over99))
        if over
    )
    most = p99_most if over99 else p50_most
    bound, total = bin_of(whole_us(most)), bins.total()
    slower = sum(n for index, n in bins.items() if index > bound)
    yield Finding(
        {"function": function},
        f"{function or 'no function'}: {broken}; {slower:,} of {total:,} answers took more than {ms(most)}.",
        f"Find the larger part, own or upstream time, with attrib verdicts; bring P50 to {ms(p50_most)} and P99 to "
        f"{ms(p99_most)} or less, measured with attrib check over a day.",
        slower,
        total,
        facts.first(lambda trait: trait.function == function and trait.bin is not None and trait.bin > bound),
        facts.slowest(lambda trait: trait.function == function),
        severity="info" if not over99 or by_chance(slower, total, 0.01) else None,
        data={
            "function": function,
            "p50_ms": p50,
            "p99_ms": p99,
            "p50_budget_ms": p50_most,
            "p99_budget_ms": p99_most,
        },
    )


def _budget(facts: Facts, function: str | None) -> tuple[float, float]:
    """(P50, P99) in ms."""
    p50, p99 = facts.settings("latency-budget", "p50_ms"), facts.settings("latency-budget", "p99_ms")
    own = facts.ruleset.parameters.functions("latency_high_ms").get(function) if function is not None else None
    return (p50, p99) if own is None or not p99 else (p50 * own / p99, own)


def _above(bins: Histogram, q: float, most_ms: float) -> bool:
    """Whether all of the quantile's bin lies above the bound."""
    middle = quantile_ms(bins, q)
    return middle is not None and bin_floor_us(bin_of(whole_us(middle))) > whole_us(most_ms)


SAMPLES = (
    Sample("every answer takes 130 ms", lambda: quiet(latency_ms=130)),
    Sample("one in twenty takes 900 ms", lambda: log(*(line(n, latency_ms=40 if n % 20 else 900) for n in range(200)))),
    Sample("two functions", lambda: quiet(latency_ms=130) + log(*(line(n, function="b") for n in range(200, 400)))),
    Sample("every answer takes 40 ms", quiet, finds=0),
    Sample("exactly the budget", lambda: quiet(latency_ms=100), finds=0),
    Sample(
        "one in two hundred takes 9 s",
        lambda: log(*(line(n, latency_ms=9000 if n == 7 else 40) for n in range(200))),
        finds=0,
    ),
    Sample("fifty answers have no P99", lambda: quiet(50, latency_ms=800), finds=0),
    Sample("a slow probe", lambda: quiet(function="readyz", latency_ms=800), finds=0),
    Sample("lines that are no answer", lambda: quiet(status=None, stage="upstream", latency_ms=800), finds=0),
    Sample("a sampled log", lambda: quiet(latency_ms=800, sample_rate=0.01), finds=0),
)
