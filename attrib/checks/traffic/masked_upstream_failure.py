"""Upstream failures behind good answers: a retry or a fallback hid them, so no error rate shows them.

The upstream answered 5xx, timed out, did not answer or was cut off by our breaker, and the function answered well.
Counted by function and upstream, with the share of the calls whose outcome is logged: a warning above the bound, else
for information.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from attrib.checks.facts import Facts, kinds
from attrib.checks.model import Finding, Needs, Place, Sample
from attrib.checks.samples import line, log, quiet

NEEDS = Needs.BUCKETS
_FAILED = ("5xx", "timeout", "no_response", "short_circuited")
_Link = tuple[str | None, str | None]


def find(facts: Facts) -> Iterator[Finding]:
    """One finding per function and upstream."""
    masked: Counter[_Link] = Counter()
    calls: Counter[_Link] = Counter()
    seen_failing: set[_Link] = set()
    for kind, n in facts.once(kinds).items():
        link = kind.function, kind.upstream
        if kind.outcome != "missing" or kind.masked:
            calls[link] += n
        if kind.masked:
            masked[link] += n
        elif kind.outcome in _FAILED:
            seen_failing.add(link)
    for link, n in masked.items():
        yield _finding(facts, link, n, calls[link], _places(facts, link, mixed=link in seen_failing))


def _finding(facts: Facts, link: _Link, n: int, total: int, places: list[Place]) -> Finding:
    most, least = facts.settings("masked-upstream-failure", "share"), facts.settings("masked-upstream-failure", "calls")
    function, upstream = link
    often = not facts.sampled and total >= least and n / total > most
    rate = "" if facts.sampled else f" ({n / total:.1%})"
    return Finding(
        {"function": function, "upstream": upstream},
        f"{function or 'no function'}: {upstream or 'an upstream without a name'} failed in {n:,} of {total:,} calls"
        f"{rate} and the function answered well all the same.",
        f"Count {upstream or 'the upstream'}'s failures as a metric of their own, before retry and fallback, and alert "
        f"above {most:.0%}; then its next failure is seen while the fallback still holds.",
        n,
        None if facts.sampled else total,
        places,
        severity="warning" if often else "info",
        data={"function": function, "upstream": upstream},
    )


def _places(facts: Facts, link: _Link, *, mixed: bool) -> list[Place]:
    """The first lines that answered well over a failed upstream; else its failed attempts, if no request failed."""
    if not facts.surveyed:
        return []
    from attrib.survey.traits import Bit  # analyze has no survey, and does not load one

    marks, wanted = Bit.UPSTREAM_FAILED | Bit.ANSWERED | Bit.FAILED, Bit.UPSTREAM_FAILED | Bit.ANSWERED
    whole = facts.first(lambda trait: trait.bits & marks == wanted and (trait.function, trait.upstream) == link)
    if whole or mixed:
        return whole
    return facts.first(
        lambda trait: (
            trait.bits & Bit.UPSTREAM_FAILED != 0
            and not trait.bits & Bit.FAILED
            and (trait.function, trait.upstream) == link
        )
    )


SAMPLES = (
    Sample("a fallback answers for one 503", lambda: quiet() + log(line(300, upstream_status=503))),
    Sample(
        "two upstreams", lambda: quiet(upstream_status=503) + log(line(300, upstream="b", upstream_status=0)), finds=2
    ),
    Sample(
        "the second attempt is answered, and the first was not",
        lambda: (
            quiet(3)
            + log(
                line(3, stage="upstream", status=None, upstream_status=503, attempt=1),
                line(3, at=3.1, stage="upstream", status=None, upstream_status=503, attempt=2),
                line(3, at=3.2, upstream_status=503, attempt=2),
            )
        ),
    ),
    Sample("the request failed with it", lambda: quiet(upstream_status=503, status=502), finds=0),
    Sample("all answers are good", quiet, finds=0),
    Sample("a 404 is an answer", lambda: quiet(upstream_status=404), finds=0),
)
