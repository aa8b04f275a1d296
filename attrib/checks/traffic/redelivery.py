"""Requests that one function executed again after it had answered them well.

Told by the function's ends under one request id: the same terminal stage, no attempt numbers, no spans, not the same
line again (that is duplicate-delivery), and the later execution began at least a second after the first one succeeded.
Left out: ids that are plainly reused, functions with at least as many reused ids as such requests (their ids are not
per request), functions that another function of the same request called or that ran within it (several calls are no
redelivery), and probe traffic. In a large log at most 50,000 requests without any failure are looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrib.checks.facts import Facts
from attrib.checks.model import Finding, Sample
from attrib.checks.samples import line, log, quiet
from attrib.checks.traffic._names import first_of, worst_of


def find(facts: Facts) -> Iterator[Finding]:
    """One finding per function."""
    requests = facts.survey.requests
    more = f" At least: {requests.capped:,} more requests were not looked at." if requests.capped else ""
    for function, again in requests.executions.again.items():
        if facts.is_probe(function) or requests.executions.reused[function] >= again.requests:
            continue
        yield Finding(
            {"function": function},
            f"{function or 'no function'}: {again.requests:,} request{'s'[: again.requests != 1]} "
            f"{'was' if again.requests == 1 else 'were'} executed again after success, "
            f"{again.executions:,} executions more, at most {again.worst.measure:,} for one request.{more}",
            "Keep the ids of executed messages for the queue's retention time (a unique key in the database), or send "
            "an idempotency key; then attrib check counts 0 here.",
            again.requests,
            None,
            first_of(again.examples),
            worst_of(again.worst),
            data={"function": function, "executions": again.executions, "most": again.worst.measure},
        )


SAMPLES = (
    Sample("a message that came again after 30 s", lambda: quiet() + log(line(7, 400, latency_ms=41))),
    Sample("it failed the second time", lambda: quiet() + log(line(7, 40, status=500, error_code="TWICE"))),
    Sample("a copy of a line", lambda: quiet() + log(line(7)), 0),
    Sample("two lines of one answer", lambda: quiet() + log(line(7, 7.2, latency_ms=41)), 0),
    Sample("another stage of it", lambda: quiet() + log(line(7, 30, stage="end", latency_ms=41)), 0),
    Sample("it had failed before", lambda: log(line(7, status=500), line(7, 40)) + quiet(5), 0),
    Sample(
        "a function that is called twice in one request",
        lambda: log(
            line(1, 1, function="price"),
            line(1, 5, function="price"),
            line(1, 6, function="basket", upstream="price", latency_ms=5500),
        ),
        0,
    ),
    Sample("ids per session", lambda: log(*(line(n % 3, n * 100, function="search") for n in range(12))), 0),
    Sample("each request once", quiet, 0),
)
