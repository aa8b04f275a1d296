"""Request ids that are none: "-", "null", "unknown", zeros, and the other words of the packs' list `placeholder_ids`.

One finding per function, with the files that such records stand in. They join nothing and cost what a missing id costs
(see missing-correlation-id). An id that is absent or null is that check's.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrib.checks.cost import unknown_for_want_of
from attrib.checks.facts import Facts
from attrib.checks.ids._table import by_file, functions, named, places
from attrib.checks.model import Finding, Sample
from attrib.checks.samples import line, log, quiet
from attrib.survey.id_kinds import PLACEHOLDER

_ID = "placeholder-correlation-id"


def find(facts: Facts) -> Iterator[Finding]:
    """One finding per function."""
    cost = unknown_for_want_of(facts)
    for function, ids in functions(facts).items():
        if not (n := ids.kinds[PLACEHOLDER]):
            continue
        yield Finding(
            {"function": function},
            f"{named(function)}: {n:,} of {ids.records:,} records have a placeholder for a request_id.",
            f"Find where the id is lost before these {n:,} lines (no context in a thread, a job or a retry), and log "
            "null where there is none: grep the examples. Done when attrib check counts 0 of them.",
            n,
            ids.records,
            places(facts, function, [PLACEHOLDER]),
            cost=cost.get((_ID, function), 0),
            data={"function": function, "files": by_file(facts, ids, [PLACEHOLDER])},
        )


_WORDS = ("-", "null", "00000000-0000-0000-0000-000000000000", "unknown", "  ")

SAMPLES = (
    Sample("words and zeros", lambda: log(*(line(n, request_id=word) for n, word in enumerate(_WORDS)), line(9))),
    Sample("one in a hundred", lambda: quiet(100) + log(line(200, request_id="N/A"))),
    Sample("none at all is another check's", lambda: log(line(1), line(2, request_id=None)), finds=0),
    Sample("short ids are ids", lambda: log(*(line(n, request_id=f"r{n}") for n in range(50))), finds=0),
    Sample("every record has one", quiet, finds=0),
)
