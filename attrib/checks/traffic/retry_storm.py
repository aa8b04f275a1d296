"""Calls that are tried again and again while they fail, by function and upstream.

Two signs, each enough: five minutes in which the attempts are a multiple of the calls (amplification), and requests
with more attempts than anybody should make. Only an attempt that follows a failed attempt of the same call in the same
request counts (5xx, 429, a timeout, no response, or an error code that claims one); what a breaker or a cache answered
is no attempt. Calls are the function's invocations of those minutes that were counted under the upstream; where its
requests call several upstreams, all its invocations, so that the figure is never too high. Left out: requests of a
single line, probe traffic, redeliveries of a whole request (see poison-message), and, of a sampled log, amplification.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from attrib.checks.facts import Facts
from attrib.checks.model import Finding, Sample
from attrib.checks.samples import line, log, quiet
from attrib.checks.traffic._names import calls_to, first_of, worst_of
from attrib.survey.retries import WINDOW_MIN, Hop, Retried, Window, window_of


class _Storm(NamedTuple):
    """The five minutes with too many attempts, taken together."""

    windows: int
    calls: int
    retried: int
    extra: int

    @property
    def amplification(self) -> float:
        return (self.calls + self.extra) / self.calls


_Calls = Mapping[tuple[str | None, Window], Counter[str | None]]
"""(function, five minutes) -> upstream -> invocations."""


def find(facts: Facts) -> Iterator[Finding]:
    """One finding per function and upstream."""
    calls = _calls(facts)
    for hop, entry in facts.survey.requests.retries.calls.items():
        if not facts.is_probe(hop.function):
            storm = None if facts.sampled else _storm(facts, hop, entry, calls)
            most = facts.settings("retry-storm", "attempts")
            many = sum(n for attempts, n in entry.attempts.items() if attempts > most)
            if many < facts.settings("retry-storm", "requests"):
                many = 0
            if storm is not None or many:
                yield _finding(hop, entry, storm, many, most)


def _calls(facts: Facts) -> _Calls:
    calls: defaultdict[tuple[str | None, Window], Counter[str | None]] = defaultdict(Counter)
    for minute, kind, count in facts.buckets:
        calls[kind.function, window_of(minute)][kind.upstream] += count.n
    return calls


def _storm(facts: Facts, hop: Hop, entry: Retried, calls: _Calls) -> _Storm | None:
    bound, least = (facts.settings("retry-storm", name) for name in ("amplification", "requests"))
    found = _Storm(0, 0, 0, 0)
    for window, retried in entry.calls.items():
        if retried < least:
            continue
        by_upstream = calls.get((hop.function, window), Counter[str | None]())
        made = sum(by_upstream.values()) if entry.among_others else by_upstream[hop.upstream]
        made = max(made, retried)
        extra = entry.extra[window]
        if (made + extra) / made >= bound:
            found = _Storm(found.windows + 1, found.calls + made, found.retried + retried, found.extra + extra)
    return found if found.windows else None


def _finding(hop: Hop, entry: Retried, storm: _Storm | None, many: int, most: float) -> Finding:
    retried = sum(entry.calls.values())
    told = []
    if storm is not None:
        minutes = f"{storm.windows * WINDOW_MIN:,} minutes with retries" if None not in entry.calls else "the log"
        told.append(
            f"in {minutes}, {storm.calls:,} calls took {storm.calls + storm.extra:,} attempts "
            f"(amplification {storm.amplification:.1f})"
        )
    if many:
        told.append(f"{many:,} of {retried:,} retried calls took more than {most:g} attempts")
    worst = entry.most.measure
    return Finding(
        {"function": hop.function, "upstream": hop.upstream},
        f"{calls_to(*hop)}: {'; '.join(told)}; at most {worst:,} in one request.",
        f"Allow at most {most:g} attempts per request and retries for at most 10 % of calls (a retry budget, as in "
        "Envoy or resilience4j); amplification during the next failure is then below 1.1, as attrib check measures it.",
        storm.retried if storm is not None else many,
        storm.calls if storm is not None else retried,
        first_of(entry.examples),
        worst_of(entry.most),
        data={
            "function": hop.function,
            "upstream": hop.upstream,
            "amplification": None if storm is None else round(storm.amplification, 3),
            "retried_calls": retried,
            "most_attempts": worst,
            "attempts": {str(n): entry.attempts[n] for n in sorted(entry.attempts)},
        },
    )


def _request(number: int, attempts: int, status: int = 503) -> str:
    """A request whose attempts failed, 200 ms apart, and its answer."""
    tries = (
        line(number, number + at / 5, stage="upstream", status=None, latency_ms=None, upstream_status=status,
             attempt=at + 1, error_code=None)
        for at in range(attempts)
    )  # fmt: skip
    return log(*tries, line(number, number + attempts / 5, status=502, upstream_status=status, error_code="UP"))


SAMPLES = (
    Sample("every call is tried three times", lambda: "".join(_request(n, 3) for n in range(20))),
    Sample(
        "eight attempts of a few calls among many that were fine",
        lambda: quiet(400) + "".join(_request(500 + n, 8) for n in range(6)),
    ),
    Sample("one call in ten is tried twice", lambda: quiet(90) + "".join(_request(n + 90, 2) for n in range(9)), 0),
    Sample("four retried calls", lambda: "".join(_request(n, 4) for n in range(4)), 0),
    Sample("probes", lambda: "".join(_request(n, 3).replace('"checkout"', '"healthz"') for n in range(20)), 0),
    Sample("no retries", quiet, 0),
)
