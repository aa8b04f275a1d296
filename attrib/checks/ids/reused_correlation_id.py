"""Request ids that stand over unrelated requests: their records fall apart in time again and again, or one function
ends more often than any request can (the packs' `reuse_gap_s` and `reuse_max_terminals`).

One finding per function. Such an id joins nothing: each of its records is judged by itself, and the cost counts the
symptomatic ones that are unknown for want of what the others know. Two far clusters in time are one request that slept;
spans of one trace are told apart by their span.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrib.checks.cost import unknown_for_want_of
from attrib.checks.facts import Facts
from attrib.checks.ids._table import functions, named
from attrib.checks.model import Finding, Place, Sample
from attrib.checks.samples import line, log, quiet

_ID = "reused-correlation-id"


def find(facts: Facts) -> Iterator[Finding]:
    """One finding per function."""
    cost = unknown_for_want_of(facts)
    for function, row in facts.survey.reuse.functions.items():
        ids = functions(facts).get(function)
        total = row.records if ids is None else ids.records
        name = "request id stands" if row.ids == 1 else "request ids stand"
        yield Finding(
            {"function": function},
            f"{named(function)}: {row.ids:,} {name} over {row.records:,} of {total:,} records of unrelated requests, "
            f"{row.most:,} of them with one id.",
            f"Make the id per request (a job, a session or a process has another name for itself): the {row.records:,} "
            "records then join their own requests. Done when attrib check counts 0 of them.",
            row.records,
            total,
            [Place(*place) for place in row.first],
            worst=None if row.worst is None else Place(*row.worst),
            cost=cost.get((_ID, function), 0),
            data={"function": function, "ids": row.ids, "records_of_the_most_used": row.most},
        )


_JOB = "nightly-job-0007"

SAMPLES = (
    Sample(
        "one id every five minutes",
        lambda: quiet(50) + log(*(line(n, at=n * 300, request_id=_JOB) for n in range(6))),
    ),
    Sample("thirty ends at once", lambda: log(*(line(n, at=n / 10, request_id=_JOB) for n in range(30)))),
    Sample(
        "over two functions",
        lambda: log(*(line(n, at=n * 300, function=f"job-{n % 2}", request_id=_JOB) for n in range(8))),
        finds=2,
    ),
    Sample("delivered a second time", lambda: log(line(1, request_id=_JOB), line(2, at=900, request_id=_JOB)), finds=0),
    Sample(
        "a placeholder again and again",
        lambda: log(*(line(n, at=n * 300, request_id="-") for n in range(6))),
        finds=0,
    ),
    Sample("every request has its own", quiet, finds=0),
)
