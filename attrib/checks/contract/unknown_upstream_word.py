"""Words as upstream_status that the rule packs do not know: they say that something happened, and not what.

One finding per function, with its words; ids within a word are left out of it. Codes outside 100..599 are
type-drift's, and words that stand for what happened (timeout, ECONNREFUSED, cache_hit, CallNotPermitted) are known.
The cost counts the symptomatic invocations that another word would have given a verdict.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attrib.checks.contract._said import counted, named
from attrib.checks.cost import unknown_for_want_of
from attrib.checks.facts import Facts
from attrib.checks.model import Finding, Place, Sample
from attrib.checks.samples import line, log, quiet
from attrib.survey.traits import Bit
from attrib.survey.unknown_words import Said

_ID: Final = "unknown-upstream-word"
_SHOWN: Final = 3
_LISTED: Final = 20


def find(facts: Facts) -> Iterator[Finding]:
    """One finding per function."""
    functions: dict[str | None, list[tuple[str, Said]]] = {}
    for (function, word), said in facts.survey.unknown_words:
        functions.setdefault(function, []).append((word, said))
    if not functions:
        return
    cost = unknown_for_want_of(facts)
    spoken = counted(facts, lambda trait: not trait.bits & Bit.NO_UPSTREAM_STATUS)
    for function, found in functions.items():
        found.sort(key=lambda item: (-item[1].n, item[0]))
        n = sum(said.n for _, said in found)
        total = spoken[function]
        words = ", ".join(f'"{word}"' for word, _ in found[:_SHOWN])
        more = f" and {len(found) - _SHOWN:,} more" if len(found) > _SHOWN else ""
        yield Finding(
            {"function": function},
            f"{named(function)}: {n:,} of {total:,} values of upstream_status are words that nobody "
            f"knows: {words}{more}.",
            "Log the upstream's code, or a word of the pack (timeout, econnrefused, not_contacted ...; attrib rules "
            "show); a word of your own goes into a pack's list. Done when attrib check counts 0.",
            n,
            total,
            [Place(*said.spot) for said in sorted((said for _, said in found), key=lambda said: said.spot)[:3]],
            cost=cost.get((_ID, function), 0),
            data={"function": function, "words": {word: said.n for word, said in found[:_LISTED]}},
        )


SAMPLES = (
    Sample("a word of their own", lambda: quiet(9) + log(line(9, status=500, upstream_status="kaputt"))),
    Sample(
        "two functions", lambda: log(line(1, upstream_status="x9"), line(2, function="b", upstream_status="y")), finds=2
    ),
    Sample(
        "known words",
        lambda: log(
            *(line(n, upstream_status=word) for n, word in enumerate(["ETIMEDOUT", "econnrefused", "timeout"]))
        ),
        finds=0,
    ),
    Sample(
        "codes and nothing", lambda: log(line(1), line(2, upstream_status=None), line(3, upstream_status="-")), finds=0
    ),
)
