"""Lines that were delivered more than once: byte for byte the same, with a usable request id.

Lines without an id are never taken for copies of each other, and a retry that is logged differs at least in its time.
Copies are counted once in every figure of incidents; records of other checks count them, for they are in the files.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrib.checks.facts import Facts
from attrib.checks.model import Finding, Needs, Sample
from attrib.checks.samples import line, log, quiet

NEEDS = Needs.BUCKETS


def find(facts: Facts) -> Iterator[Finding]:
    """One finding of the run."""
    n, total = (facts.account.totals()[name] for name in ("duplicates", "accepted"))
    if not n:
        return
    examples = []
    files = {}
    if facts.surveyed:
        from attrib.checks.contract._said import by_file, first_of  # analyze has no survey, and does not load one

        examples = first_of(facts.survey.copies.examples)
        files = by_file(facts, lambda account: account.duplicates)
    yield Finding(
        {},
        f"{n:,} of {total:,} records {'is a copy' if n == 1 else 'are copies'} of a line before, byte for byte.",
        "Give every line an id where it is written and drop repeats by it in the shipper (fluent-bit, Vector: dedupe); "
        "done when attrib check counts 0 copies.",
        n,
        total,
        examples,
        data={"files": files},
    )


SAMPLES = (
    Sample("one line twice", lambda: quiet(9) + log(line(3))),
    Sample("the same line without an id", lambda: log(*[line(3, drop=["request_id"])] * 3), finds=0),
    Sample("two tries that differ in their time", lambda: log(line(3), line(3, at=3.5, attempt=2)), finds=0),
    Sample("every line once", quiet, finds=0),
)
