"""Times that cannot be read: such a record has no place in time, unless its id holds one (UUIDv7, ULID).

Read are ISO 8601 with any offset or none, and epoch numbers in s, ms, us and ns. A record without any time is legal:
M1 does not require one.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrib.checks.facts import Facts
from attrib.checks.model import Finding, Needs, Sample
from attrib.checks.samples import line, log, quiet

NEEDS = Needs.BUCKETS


def find(facts: Facts) -> Iterator[Finding]:
    """One finding of the run."""
    n, total = (facts.account.totals()[name] for name in ("unreadable_time", "records"))
    if not n:
        return
    examples = []
    files = {}
    if facts.surveyed:
        from attrib.checks.contract._said import by_file  # analyze has no survey, and does not load one
        from attrib.survey.traits import Bit

        examples = facts.first(lambda trait: trait.bits & Bit.UNREADABLE_TIME != 0)
        files = by_file(facts, lambda account: account.unreadable_time)
    yield Finding(
        {},
        f"{n:,} of {total:,} records have a time that cannot be read.",
        f"Log ISO 8601 in UTC with milliseconds (2026-11-20T14:02:11.480Z) on these {n:,} lines; done when attrib "
        "check counts 0.",
        n,
        total,
        examples,
        data={"files": files},
    )


SAMPLES = (
    Sample("a time in words", lambda: quiet(9) + log(line(9, ts="yesterday"))),
    Sample("a day that there is not", lambda: quiet(9) + log(line(9, ts="2026-02-30T14:00:00Z"))),
    Sample("a list", lambda: quiet(9) + log(line(9, ts=[2026, 11, 20]))),
    Sample(
        "epochs and offsets",
        lambda: log(line(1, ts=1795183260.5), line(2, ts="1795183260123"), line(3, ts="2026-11-20T15:00:00+01:00")),
        finds=0,
    ),
    Sample("no time at all", lambda: log(line(1, drop=["ts"]), line(2, ts=None), line(3, ts="")), finds=0),
)
