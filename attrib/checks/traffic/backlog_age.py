"""Work that waited in a queue for longer than its caller waits: records with queued_ms above the bound, by function.

Only functions that log queued_ms (or queue_ms, queue_time_ms) can show it. The share is that of all records of the
function, with or without a queue time, so it is at most too low. Probe traffic is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from attrib.checks.facts import Facts
from attrib.checks.model import Finding, Sample
from attrib.checks.samples import line, log, quiet
from attrib.survey.traits import Bit, Trait


def find(facts: Facts) -> Iterator[Finding]:
    """One finding per function."""
    bound = facts.settings("backlog-age", "queued_ms")
    late: Counter[str | None] = Counter()
    total: Counter[str | None] = Counter()
    for trait, seen in facts.survey.traits:
        total[trait.function] += seen.n
        late[trait.function] += seen.n if trait.bits & Bit.LONG_QUEUED else 0
    for function, n in late.items():
        if n and not facts.is_probe(function):
            yield Finding(
                {"function": function},
                f"{function or 'no function'}: {n:,} of {total[function]:,} records waited more than "
                f"{bound / 1000:g} s in a queue (queued_ms).",
                f"Add workers when the oldest message is older than {bound / 2000:g} s (an autoscaler on queue age, "
                "such as KEDA), and drop what is past its caller's deadline; then no record waits more than "
                f"{bound / 1000:g} s.",
                n,
                None if facts.sampled else total[function],
                facts.first(_late(function)),
                data={"function": function},
            )


def _late(function: str | None) -> Callable[[Trait], bool]:
    return lambda trait: trait.function == function and trait.bits & Bit.LONG_QUEUED != 0


SAMPLES = (
    Sample("ten records waited 40 s", lambda: quiet() + log(*(line(300 + n, queued_ms=40_000) for n in range(10)))),
    Sample("another name of the field", lambda: quiet() + log(line(300, queue_time_ms=40_000))),
    Sample("exactly 30 s", lambda: quiet(queued_ms=30_000), finds=0),
    Sample("no queue times", quiet, finds=0),
)
