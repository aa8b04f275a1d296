"""What the callees' own records add to an invocation's evidence: whose the upstream is, what it answered, how long.

A record may fill in what another lacks, never overrule it, and only where the link is certain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from attrib.invocations.model import Invocation
from attrib.invocations.outcome import TICK_MS, overruns, upstream_share
from attrib.invocations.own_time import below
from attrib.verdicts.case import ALIKE, M1_ALONE, Case


def filled(case: Case, targets: Sequence[int]) -> tuple[Invocation, str | None]:
    """The invocation with what its callees tell, and a clause that says so where they gave the answer.

    `targets`: positions of the callees that its trouble points at. The same object where they add nothing.
    """
    it, added = _fill(case, _own(case, targets))
    return _timed(case, it), added


def _own(case: Case, targets: Sequence[int]) -> Invocation:
    """The invocation with its upstream known as ours: what has logs here does not leave them."""
    facets = case.it.facets
    if case.it.upstream is not None:
        if not case.meant or facets.upstream_party == "own":
            return case.it
        return replace(case.it, facets=facets._replace(upstream_party="own"))
    near = targets or [link.callee for link in case.meant if _may_be(case, case.callee(link))]
    if not near:
        return case.it
    if len(near) > 1 or not targets:
        return replace(case.it, facets=facets._replace(upstream_party="unknown"))
    callee = case.all[near[0]]
    return replace(case.it, upstream=callee.function or _service(callee), facets=facets._replace(upstream_party="own"))


def _may_be(case: Case, callee: Invocation) -> bool:
    """Whether an unnamed call that took the dominant share may have been this callee."""
    waited = case.it.upstream_latency_ms
    return waited is not None and (callee.latency_ms or 0.0) >= ALIKE * waited


def _fill(case: Case, it: Invocation) -> tuple[Invocation, str | None]:
    """The callee's own status where the caller logged none, and only one call and one callee are in question."""
    callee = _certain(case)
    if callee is None or it.facets.upstream != "missing" or case.odd():
        return it, None
    status = callee.facets.status
    if status not in ("1xx", "2xx", "3xx", "4xx", "5xx", "timeout"):
        return it, None
    if status in ("1xx", "2xx", "3xx"):
        if case.rules.words.claims_upstream_failure(it.error_code) or it.facets.status == "timeout":
            return it, None  # the caller says that it failed: nothing tells whether it saw this answer
        if it.latency_ms is not None and overruns(callee.latency_ms or 0.0, it.latency_ms):
            return it, None
        if it.ts is not None and callee.ts is not None and callee.ts > it.ts + round(TICK_MS * 1000):
            return it, None  # it answered when its caller had ended: to nobody, or to another call
    facets = it.facets._replace(upstream=status, upstream_code=callee.status)
    known = replace(it, facets=facets, upstream_status=callee.status, upstream_word=callee.status_word)
    return known, "the answer is from its own record, the caller logged none"


def _certain(case: Case) -> Invocation | None:
    """The callee, where the caller names one upstream, tried once, and one callee bears the name."""
    if len(case.named) != 1 or case.it.upstream is None or len(case.meant) != 1 or case.it.attempts > 1:
        return None
    return case.callee(case.meant[0])


def _timed(case: Case, it: Invocation) -> Invocation:
    """The upstream's share of the time from the callees, where the caller logged none.

    `low` needs every upstream that the caller names to be linked: a call that is not in the log may have taken
    any time. Where it did log a low one and callees that it does not name took more, the share is not known.
    """
    latency = it.latency_ms
    if not latency or it.attempts > 1 or it.time_contradiction is not None:
        return it
    if it.facets.upstream_latency == "low":
        others = [case.callee(link) for link in case.links if link not in case.meant]
        spent = below(it, others)
        busy = case.rules.packs != M1_ALONE and spent is not None and spent.most > case.low * latency * 1000
        return replace(it, facets=it.facets._replace(upstream_latency="missing")) if busy else it
    if it.facets.upstream_latency != "missing" or any(r.upstream_latency_ms is not None for r in it.records):
        return it
    linked = {link.upstream for link in case.links}
    everything = _share(case, [link.callee for link in case.links])
    if everything is not None and everything[0] == "low":
        found = everything if case.named and case.named <= linked else None
    else:
        found = _share(case, [link.callee for link in case.meant]) if len(case.named) == 1 else None
        found = found if found is not None and found[0] != "low" else None
    if found is None:
        return it
    facet, upstream_ms = found
    return replace(
        it,
        facets=it.facets._replace(upstream_latency=facet),
        upstream_latency_ms=upstream_ms,
        own_ms=latency - upstream_ms,
    )


def _share(case: Case, callees: Sequence[int]) -> tuple[str, float] | None:
    """(facet, ms) of the time below; None where not known, or not the same at both bounds."""
    latency = case.it.latency_ms
    found = below(case.it, [case.all[callee] for callee in callees])
    if found is None or latency is None:
        return None
    bounds = {upstream_share(us / 1000, latency, case.low, case.dominant).facet for us in (found.least, found.most)}
    facet = bounds.pop()
    return None if bounds or facet == "missing" else (facet, min(found.likely / 1000, latency))


def _service(invocation: Invocation) -> str | None:
    return min((record.service for record in invocation.records if record.service is not None), default=None)
