"""Which callees an invocation's trouble points at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from attrib.invocations.hops import Hops, Link
from attrib.invocations.model import Invocation
from attrib.invocations.outcome import overruns
from attrib.invocations.own_time import below
from attrib.verdicts.case import M1_ALONE, Case, Rules
from attrib.verdicts.fill import filled


class Look(NamedTuple):
    """What an invocation's callees say of its trouble."""

    invocation: Invocation
    """The invocation with what its callees' records fill in; the same object where they add nothing."""
    targets: tuple[int, ...] = ()
    """The callees its trouble points at, each with a symptom of its own; several where the log does not tell which."""
    blame_only: bool = False
    """The answer was a 4xx, which may be right: it is followed only to a hop that is to blame."""
    added: str | None = None
    """What was filled in, as a clause; None: nothing."""


_FAILED: Final = frozenset({"4xx", "5xx", "timeout"})
_BELOW: Final = frozenset({"5xx", "timeout", "no_response"})
_GATEWAY: Final = frozenset({502, 503, 504})
"""Answers that whatever lies between two services writes in a service's stead."""
_UNASKED: Final = frozenset({"not_contacted", "short_circuited"})


def look(number: int, invocations: Sequence[Invocation], hops: Hops, rules: Rules) -> Look:
    """What the callees of one invocation say. Open questions of its own (contradiction, several calls, no end) stay.

    `--rules m1` alone keeps its first rule to the letter: what logged no upstream status has no evidence, and none is
    filled in.
    """
    invocation = invocations[number]
    if invocation.symptom is None or invocation.symptom == "unfinished":
        return Look(invocation)
    if invocation.contradiction is not None or invocation.several_calls:
        return Look(invocation)
    links = hops.links(number)
    if not links or (rules.packs == M1_ALONE and invocation.facets.upstream == "missing"):
        return Look(invocation)
    case = Case(invocation, links, invocations, rules)
    failed = _failed(case)
    targets = failed or _slow(case)
    evidence, added = filled(case, targets)
    return Look(evidence, targets, bool(failed) and evidence.facets.upstream == "4xx", added)


def _failed(case: Case) -> tuple[int, ...]:
    """The callees whose failure this one's may be."""
    facets = case.it.facets
    if facets.status not in _FAILED or facets.upstream not in _BELOW | {"4xx", "missing"}:
        return ()
    if facets.upstream == "missing" and case.odd():
        return ()
    hits = [link for link in case.meant if _explains(case, case.callee(link))]
    if not hits:
        return ()
    if case.it.upstream is None:
        if _went_past(case, hits):
            return ()
    elif facets.upstream == "missing" and len(hits) < len(case.meant):
        return ()  # one failed and one did not, and nothing tells which was the last
    return tuple(link.callee for link in hits)


def _explains(case: Case, callee: Invocation) -> bool:
    """Whether what the callee logged agrees with what the caller saw, and is a symptom."""
    seen, status = case.it.facets.upstream, callee.facets.status
    if callee.symptom is None:
        return False
    late = "slow" in callee.symptom or callee.symptom == "unfinished"
    if seen == "missing":
        begun = callee.ts is None or case.it.ts is None or _begin(callee, callee.ts) <= case.it.ts
        return begun and _failed_for(case, status)
    if seen == "4xx":
        return callee.status is not None and callee.status == case.it.upstream_status
    if seen == "5xx":
        gateway = case.it.upstream_status in _GATEWAY
        return status in ("5xx", "timeout") or (gateway and (late or status == "client_abort"))
    if seen == "no_response":
        reached = case.it.facets.upstream_phase in ("none", "read")
        return reached and (late or status in ("5xx", "timeout", "client_abort"))
    if late or status in ("timeout", "client_abort"):
        return True
    waited = case.it.upstream_latency_ms or case.it.latency_ms
    return status == "5xx" and bool(waited) and (callee.latency_ms or 0.0) >= (waited or 0.0)


def _failed_for(case: Case, status: str) -> bool:
    """Whether a callee's status is a failure where the caller logged no answer: a 4xx only to a call that it names."""
    return status in ("5xx", "timeout") or (status == "4xx" and case.it.upstream is not None)


def _begin(invocation: Invocation, ts: int) -> int:
    return ts - round((invocation.latency_ms or 0.0) * 1000)


def _went_past(case: Case, hits: Sequence[Link]) -> bool:
    """Whether the caller called another one after the failed ones ended, or may have: then it lived with them."""
    rest = [case.callee(link) for link in case.links if link not in hits]
    ends = [case.callee(link).ts for link in hits]
    if not rest:
        return False
    if any(end is None for end in ends):
        return True
    last = max(end for end in ends if end is not None)
    return any(one.ts is None or _begin(one, one.ts) >= last for one in rest)


def _slow(case: Case) -> tuple[int, ...]:
    """The callees that the dominant share of a slow one's time was spent in."""
    facets, latency = case.it.facets, case.it.latency_ms
    gave_up = (facets.status == "timeout" or case.it.status == 504) and facets.upstream == "missing"
    if facets.latency != "high" or latency is None or facets.upstream in _UNASKED:
        return ()
    if facets.status in _FAILED and not gave_up:
        return ()
    if facets.upstream_latency == "dominant":
        near = case.meant
    elif facets.upstream_latency == "missing":
        near = list(case.links)
    else:
        near = [link for link in case.links if link not in case.meant]
    if not (gave_up or facets.status == "client_abort"):
        near = [link for link in near if not overruns(case.callee(link).latency_ms or 0.0, latency)]
    long = [link for link in near if (case.callee(link).latency_ms or 0.0) >= case.dominant * latency]
    if long:
        slow = all("slow" in (case.callee(link).symptom or "") for link in long)
        return tuple(link.callee for link in long) if slow else ()
    return _again_and_again(case, near)


def _again_and_again(case: Case, near: Sequence[Link]) -> tuple[int, ...]:
    """The executions of one function that took the dominant share together, each of them slow."""
    groups: dict[str | None, list[Link]] = {}
    for link in near:
        groups.setdefault(case.callee(link).function, []).append(link)
    for group in groups.values():
        callees = [case.callee(link) for link in group]
        spent = below(case.it, callees)
        if (
            spent is not None
            and all("slow" in (callee.symptom or "") for callee in callees)
            and spent.least >= case.dominant * (case.it.latency_ms or 0.0) * 1000
        ):
            return tuple(link.callee for link in group)
    return ()
