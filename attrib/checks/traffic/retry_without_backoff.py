"""Retries that follow a failed attempt at once, or whose pauses do not grow, by function and upstream.

A pause is the gap between the ends of two attempts less the time that the later one took (upstream_latency_ms). Only
calls whose pauses the log tells count: every attempt has a time finer than whole seconds and no other one's, and a
duration. A log in whole seconds cannot tell, so nothing is said. The median decides: with jitter, single pauses are
short. Pauses that are long enough and all alike are told as info. Attempts that overlap are no retries (hedged calls).
"""

from __future__ import annotations

from collections.abc import Iterator

from attrib.checks.facts import Facts
from attrib.checks.model import Finding, Sample
from attrib.checks.samples import line, log, quiet
from attrib.checks.traffic._names import calls_to, first_of, worst_of
from attrib.incidents.histogram import bin_of, quantile_ms
from attrib.incidents.phrases import ms
from attrib.survey.retries import Hop, Retried

_GROWS = 1.2
"""The last median pause is at least so many times the first one's; doubling with full jitter is well above."""


def find(facts: Facts) -> Iterator[Finding]:
    """One finding per function and upstream."""
    shortest, least = (facts.settings("retry-without-backoff", name) for name in ("pause_ms", "requests"))
    for hop, entry in facts.survey.requests.retries.calls.items():
        told = sum(entry.first_pauses.values())
        if facts.is_probe(hop.function) or told < least:
            continue
        first = quantile_ms(entry.first_pauses, 0.5) or 0.0
        if first < shortest and bin_of(round(first * 1000)) < bin_of(round(shortest * 1000)):
            yield _finding(hop, entry, first, None, told, shortest)
        elif sum(entry.last_pauses.values()) >= least:
            early = quantile_ms(entry.early_pauses, 0.5) or 0.0
            last = quantile_ms(entry.last_pauses, 0.5) or 0.0
            if last < early * _GROWS:
                yield _finding(hop, entry, early, last, sum(entry.last_pauses.values()), shortest)


def _finding(hop: Hop, entry: Retried, first: float, last: float | None, told: int, shortest: float) -> Finding:
    retried = sum(entry.calls.values())
    if last is None:
        statement = f"the median pause before the first retry is {ms(first)}, below {shortest:g} ms"
    else:
        statement = f"pauses do not grow: the median of the first is {ms(first)}, of the last {ms(last)}"
    return Finding(
        {"function": hop.function, "upstream": hop.upstream},
        f"{calls_to(*hop)}: {statement} ({told:,} of {retried:,} retried calls, whose times tell).",
        "Wait 100 ms before the first retry and twice as long before each further one, with full jitter (tenacity "
        "wait_random_exponential, resilience4j ofExponentialRandomBackoff); the median first pause is then at least "
        f"{shortest:g} ms and the last one longer.",
        told,
        retried,
        first_of(entry.examples),
        worst_of(entry.hasty),
        severity=None if last is None else "info",
        data={
            "function": hop.function,
            "upstream": hop.upstream,
            "first_pause_ms": first,
            "last_pause_ms": last,
            "retried_calls": retried,
        },
    )


def _requests(*pauses: float, n: int = 8, jitter: float = 0.0, whole: bool = False) -> str:
    """Requests whose attempts took 40 ms each, with these pauses (ms) between them; each a little longer."""
    lines = []
    for number in range(n):
        end = number + 0.123
        for at, pause in enumerate((0.0, *pauses)):
            end += (pause * (1 + jitter * (number % 5)) + 40) / 1000
            stamp = float(int(end)) if whole else end
            lines.append(
                line(number, stamp, stage="upstream", status=None, latency_ms=None, upstream_status=503,
                     upstream_latency_ms=40, attempt=at + 1)
            )  # fmt: skip
        lines.append(line(number, end + 0.005, status=503, upstream_status=503, upstream_latency_ms=None))
    return log(*lines)


SAMPLES = (
    Sample("attempts that follow at once", lambda: _requests(2, 2)),
    Sample("one retry, 10 ms later", lambda: _requests(10)),
    Sample("pauses all alike", lambda: _requests(300, 300, 300)),
    Sample("pauses that double", lambda: _requests(100, 200, 400, jitter=0.1), 0),
    Sample("the shortest pause that is one", lambda: _requests(50, 100), 0),
    Sample("one pause, long enough", lambda: _requests(200), 0),
    Sample("whole seconds tell nothing", lambda: _requests(0, 0, whole=True), 0),
    Sample("too few", lambda: _requests(2, n=4), 0),
    Sample("no retries", quiet, 0),
)
