"""Records without a request id: the key is absent, or holds null or nothing.

One finding per function, with the files that such records stand in. Such a record joins nothing, so it is an invocation
by itself: what its upstream answered, if another line tells, is lost to it. The cost counts those of them that have a
symptom, are unknown, and whose function logs upstream outcomes elsewhere. Placeholders such as "-" are another check's.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrib.checks.cost import unknown_for_want_of
from attrib.checks.facts import Facts
from attrib.checks.ids._table import by_file, functions, named, places
from attrib.checks.model import Finding, Sample
from attrib.checks.samples import line, log, quiet
from attrib.survey.id_kinds import MISSING

_ID = "missing-correlation-id"


def find(facts: Facts) -> Iterator[Finding]:
    """One finding per function."""
    cost = unknown_for_want_of(facts)
    for function, ids in functions(facts).items():
        if not (n := ids.kinds[MISSING]):
            continue
        yield Finding(
            {"function": function},
            f"{named(function)}: {n:,} of {ids.records:,} records have no request_id.",
            f"Log the incoming id (traceparent's trace-id) on all {ids.records:,} lines; OpenTelemetry's log "
            "instrumentation does it. Done when attrib check counts 0 of them.",
            n,
            ids.records,
            places(facts, function, [MISSING]),
            cost=cost.get((_ID, function), 0),
            data={"function": function, "files": by_file(facts, ids, [MISSING])},
        )


SAMPLES = (
    Sample("the key is absent", lambda: log(*(line(n, drop=["request_id"] if n % 5 == 0 else []) for n in range(50)))),
    Sample(
        "two functions, null and nothing",
        lambda: log(line(1), line(2, request_id=None), line(3, function="search", request_id="")),
        finds=2,
    ),
    Sample("a placeholder is another check's", lambda: log(line(1), line(2, request_id="-")), finds=0),
    Sample("every record has one", quiet, finds=0),
)
