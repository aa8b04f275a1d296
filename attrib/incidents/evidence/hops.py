"""The chain of functions down to the one whose verdict this is."""

from __future__ import annotations

from collections import Counter

from attrib.incidents.evidence.case import Case, Evidence
from attrib.incidents.phrases import number


def hops(case: Case) -> Evidence | None:
    """Grain of `chains`: one per chain of functions. None where no request of the incident went through a chain."""
    members = case.members
    chains: Counter[tuple[str, ...]] = Counter()
    for kind in members:
        if kind.via:
            chains[kind.via] += case.draft.counts[kind].n
    if not chains:
        return None
    ranked = sorted(chains.items(), key=lambda item: (-item[1], item[0]))
    (chain, n), others = ranked[0], len(ranked) - 1
    more = f"; {others} more {'chain' if others == 1 else 'chains'}" if others else ""
    return Evidence(
        "hops",
        f"{number(n)} of {number(case.n(members))} went through {' -> '.join(chain)}: the deepest hop with a symptom "
        f"of its own is {chain[-1]}{more}.",
        {"chains": [{"via": list(via), "count": count} for via, count in ranked]},
        case.examples(kind for kind in members if kind.via == chain),
    )
