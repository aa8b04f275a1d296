"""Requests that are retried at two hops: a function tries its call again, and so does the function that it calls.

Both hops must be in the log under one request id, and the upstream's name must be the lower function's or its
service's. The lower hop counts where one of its executions holds a failed attempt and a further one: its executions are
told apart by spans or by the ends it logs, else it must have more failed attempts than it was asked, which proves that
one execution tried twice. A lower hop that fails once each time it is asked is retried at one level only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrib.checks.facts import Facts
from attrib.checks.model import Finding, Sample
from attrib.checks.samples import line, log, quiet
from attrib.checks.traffic._names import calls_to, first_of, worst_of


def find(facts: Facts) -> Iterator[Finding]:
    """One finding per pair of hops."""
    least = facts.settings("stacked-retries", "requests")
    retries = facts.survey.requests.retries
    for (upper, lower), entry in retries.stacked.items():
        if entry.requests < least or facts.is_probe(upper.function):
            continue
        retried = sum(retries.calls[upper].calls.values())
        yield Finding(
            {
                "function": upper.function,
                "upstream": upper.upstream,
                "below": lower.function,
                "below_upstream": lower.upstream,
            },
            f"{entry.requests:,} of {retried:,} requests that {upper.function or 'no function'} retried were retried "
            f"again below, by {calls_to(*lower)}: up to {entry.most.measure:,} attempts for one request.",
            f"Retry in one of the two only: let {lower.function or 'the lower one'} answer with a status that is not "
            "retried (or Retry-After), and keep the retry at the top; then no request is retried at two hops.",
            entry.requests,
            retried,
            first_of(entry.examples),
            worst_of(entry.most),
            data={"function": upper.function, "below": lower.function, "most_attempts": entry.most.measure},
        )


def _upstream(number: int, at: float, **fields: Any) -> str:
    return line(number, at, stage="upstream", status=None, latency_ms=None, error_code=None, upstream_status=503,
                upstream_latency_ms=5, **fields)  # fmt: skip


def _request(number: int, upper: int, lower: int, ends: bool) -> str:
    """`checkout` asks `payments` so many times, which each time asks `bank` so many times."""
    lines, at = [], number * 10.0
    for above in range(1, upper + 1):
        for below in range(1, lower + 1):
            at += 0.1
            lines.append(_upstream(number, at, function="payments", upstream="bank", attempt=below))
        if ends:
            lines.append(line(number, at + 0.01, function="payments", status=503, upstream="bank", upstream_status=503))
        lines.append(_upstream(number, at + 0.02, upstream="payments", attempt=above))
    lines.append(line(number, at + 0.03, status=503, upstream="payments", upstream_status=503, error_code="UP"))
    return log(*lines)


SAMPLES = (
    Sample("three times three", lambda: "".join(_request(n, 3, 3, ends=True) for n in range(3))),
    Sample("two times two, only attempts logged below", lambda: "".join(_request(n, 2, 2, False) for n in range(3))),
    Sample("retried above only", lambda: "".join(_request(n, 3, 1, ends=True) for n in range(5)), 0),
    Sample("retried above only, no ends below", lambda: "".join(_request(n, 3, 1, ends=False) for n in range(5)), 0),
    Sample("retried below only", lambda: "".join(_request(n, 1, 3, ends=True) for n in range(5)), 0),
    Sample("two requests", lambda: "".join(_request(n, 3, 3, ends=True) for n in range(2)), 0),
    Sample("no retries", quiet, 0),
)
