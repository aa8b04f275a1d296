"""Which rules decided, and how often."""

from __future__ import annotations

from collections import Counter

from attrib.incidents.evidence.case import Case, Evidence
from attrib.incidents.phrases import listed, number


def rule_hits(case: Case) -> Evidence | None:
    """Rule -> invocations over the incident's members."""
    hits: Counter[tuple[str, str]] = Counter()
    for kind in case.members:
        hits[kind.rule or "none", kind.verdict] += case.draft.counts[kind].n
    if not hits:
        return None
    ranked = sorted(hits.items(), key=lambda item: (-item[1], item[0]))
    told = listed(f"{rule} ({verdict}) decided {number(n)}" for (rule, verdict), n in ranked)
    if len(ranked) == 1:
        told = f"{ranked[0][0][0]} ({ranked[0][0][1]}) decided all"
    rows = [{"rule": rule, "verdict": verdict, "count": n} for (rule, verdict), n in ranked]
    (rule, verdict), _ = ranked[0]
    first = [kind for kind in case.members if (kind.rule or "none") == rule and kind.verdict == verdict]
    return Evidence("rule_hits", f"Of {number(sum(hits.values()))}, {told}.", {"rules": rows}, case.examples(first))
