"""A vendor verdict also survives comparison (design section 6): what is ours is not the vendor's.

confined   the failures carry one value of ours, while calls by others to the same upstream succeed
together   unrelated upstreams stop answering in the same minutes: our network
deadline   timeouts pile up at a deadline of ours that is too tight or new (deadline.py)

Differences between functions, stages or error codes demote nothing: one endpoint of a vendor may be down.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from attrib.incidents.buckets import Kind, Minute
from attrib.incidents.contrast import CONFINED, FLAG, difference, flags_logged, summed
from attrib.incidents.deadline import WELL, deadline, direct
from attrib.incidents.draft import OWN, Demotion, Draft
from attrib.incidents.index import Index
from attrib.incidents.phrases import listed, number, plural, share, upstream_of
from attrib.incidents.scene import DURING, Scene, Sight
from attrib.incidents.statistics import wilson
from attrib.parties import Parties, host_of

FIELDS: Final = (
    "service.version", "feature_flag", "host.name", "k8s.pod.name", "cloud.region", "deployment.environment",
)  # fmt: skip
"""What is ours to change (design section 6: "one of our versions, hosts, regions or flags"), the most telling first."""
_SAID: Final = {"service.version": "version", "host.name": "host", "k8s.pod.name": "pod", "cloud.region": "region",
                "deployment.environment": "environment", "feature_flag": "flag"}  # fmt: skip
OTHERS: Final = 20
"""Successful calls by others to the same upstream (design section 6: "at least 20 calls")."""
NO_ANSWER: Final = frozenset({"timeout", "no_response"})
"""Outcomes without an answer; a 504 that was answered is a 5xx (design section 6)."""
TOGETHER: Final = 2
"""Other, unrelated upstreams (design section 6: "at least two"); one more where ours has no name to tell it by."""
FAILURES: Final = 5
"""Calls without an answer before an upstream counts (incident_min_failures)."""
USUAL_MOST: Final = 0.2
"""Its usual rate is never taken to be above this (usual_rate_max), nor below the next where no usual time is logged."""
USUAL_NONE: Final = 0.05
"""incident_min_rate."""
SAME_MINUTES: Final = 0.5
"""Share of the draft's own failures that lie within a minute of one of the other upstream's (attrib's own: three bad
minutes of two others explain no outage of two hours)."""


def demotions(draft: Draft, index: Index, parties: Parties) -> list[Demotion]:
    """Why a vendor verdict on this draft does not survive; empty where it does, and for every other verdict."""
    if draft.cause.verdict != "vendor":
        return []
    found = [confined(draft), together(draft, index, parties), deadline(draft)]
    return [demotion for demotion in found if demotion is not None]


# --- confined


def confined(draft: Draft) -> Demotion | None:
    """The failures carry one value of ours, and others, who carry another, are answered well.

    Beyond the letter of the design, the others must fail less than by chance (the 95 % interval of the difference
    excludes 0): where nearly all calls carry the value, nearly all failures do. Lines that do not log the field are
    nobody's; a feature flag that is not logged is not set, where fine lines log flags.
    """
    if draft.scene is None:
        return None
    kinds = direct(draft)
    failing = [(kind, sight) for kind in kinds if (sight := draft.scene.sights.get((DURING, kind))) is not None]
    well = _answered_well(draft, draft.scene)
    total, fine = sum(sight.n for _, sight in failing), sum(sight.n for _, sight in well)
    if not total:
        return None
    for name in FIELDS:
        ours, theirs = summed(failing, name), summed(well, name)
        if not ours:
            continue
        value = min(ours, key=lambda v: (-ours[v], v))
        everyone = fine if name == FLAG and flags_logged(draft) else sum(theirs.values())
        by_others, failed_others = everyone - theirs[value], total - ours[value]
        if ours[value] < CONFINED * total or by_others < OTHERS:
            continue
        calls, calls_others = ours[value] + theirs[value], failed_others + by_others
        if difference(ours[value], calls, failed_others, calls_others)[0] <= 0:
            continue
        to = upstream_of(draft.cause.responsible)
        return Demotion(
            "confined",
            f"{number(ours[value])} of {plural(total, 'failure')} are on {_SAID[name]} {value} ({name}), while others "
            f"called {to} successfully {plural(by_others, 'time')} in the same minutes: the evidence points to that "
            f"{_SAID[name]}, not to {to}.",
            {
                "field": name,
                "value": value,
                "failures": ours[value],
                "failures_of": total,
                "share": share(ours[value], total),
                "succeeded": theirs[value],
                "others_failed": failed_others,
                "others_succeeded": by_others,
            },
        )
    return None


def _answered_well(draft: Draft, scene: Scene) -> list[tuple[Kind, Sight]]:
    """Calls to the same upstream that it answered well in the incident's minutes, whoever made them.

    An upstream without a name is the same only within the incident's functions.
    """
    to = draft.cause.responsible
    return [
        (kind, sight)
        for (zone, kind), sight in scene.sights.items()
        if zone == DURING
        and kind.upstream == to
        and kind.outcome in WELL
        and not kind.masked
        and draft.parts.get(kind) != OWN
        and kind.verdict != "vendor"
        and (to is not None or kind.function in draft.reach)
    ]


# --- together


@dataclass
class _Other:
    """Another upstream's calls, all functions."""

    calls: int = 0
    """That were tried, in the incident's minutes."""
    lost: Counter[Minute] = field(default_factory=Counter)
    """Calls without an answer, by minute, in the incident's minutes."""
    all_calls: int = 0
    all_lost: int = 0


def together(draft: Draft, index: Index, parties: Parties) -> Demotion | None:
    """Other unrelated external upstreams do not answer either, in the same minutes and clearly more than usual."""
    kinds = direct(draft)
    lost = {kind for kind in kinds if _lost(kind)}
    if 2 * sum(draft.counts[kind].n for kind in lost) <= sum(draft.counts[kind].n for kind in kinds):
        return None
    own: Counter[Minute] = Counter()
    others: dict[str, _Other] = {}
    for minute in index.within(draft.whole):
        for kind, count in index.minutes[minute]:
            if kind in lost and draft.reach[kind.function].holds(minute):
                own[minute] += count.n
            elif (name := _other(kind, draft, parties)) is not None:
                other = others.setdefault(name, _Other())
                other.calls += count.n
                other.lost[minute] += count.n if _lost(kind) else 0
    for kind, count in index.totals.items():
        if kind.upstream in others and _tried(kind):
            others[kind.upstream].all_calls += count.n
            others[kind.upstream].all_lost += count.n if _lost(kind) else 0
    failing = sorted(name for name, other in others.items() if _fails(other) and _same_minutes(own, other.lost))
    groups = _unrelated(failing)
    if len(groups) < TOGETHER + (draft.cause.responsible is None):
        return None
    told = listed(
        f"{name} ({number(sum(others[name].lost.values()))} of {number(others[name].calls)})" for name in groups
    )
    return Demotion(
        "together",
        f"In the same minutes other upstreams did not answer either: {told}; unrelated vendors seldom fail together, "
        "so the evidence points to our network.",
        {
            "upstreams": [
                {
                    "upstream": name,
                    "no_answer": sum(others[name].lost.values()),
                    "calls": others[name].calls,
                    "usual_rate": share(
                        others[name].all_lost - sum(others[name].lost.values()),
                        others[name].all_calls - others[name].calls,
                    ),
                }
                for name in failing
            ]
        },
    )


def _tried(kind: Kind) -> bool:
    return kind.outcome not in ("missing", "not_contacted", "short_circuited")


def _lost(kind: Kind) -> bool:
    """No answer, and not because the call never left us."""
    return kind.outcome in NO_ANSWER and kind.phase != "local"


def _other(kind: Kind, draft: Draft, parties: Parties) -> str | None:
    """The name of another external upstream that a call was made to; None: it was not."""
    name = kind.upstream
    if name is None or not _tried(kind) or related(name, draft.cause.responsible):
        return None
    party = parties.of(name).party if kind.ok else kind.party
    return name if party == "external" else None


def _fails(other: _Other) -> bool:
    """Clearly above its own usual rate: the Wilson bound of the rate in the incident's minutes is over it."""
    lost, calls = sum(other.lost.values()), other.calls
    outside = other.all_calls - calls
    usual = min((other.all_lost - lost) / outside, USUAL_MOST) if outside else USUAL_NONE
    return lost >= FAILURES and wilson(lost, calls)[0] > usual


def _same_minutes(own: Counter[Minute], lost: Counter[Minute]) -> bool:
    at = {minute for minute, n in lost.items() if n}
    near = at | {m + step for m in at if m is not None for step in (-1, 1)}
    return sum(n for minute, n in own.items() if minute in near) >= SAME_MINUTES * sum(own.values())


def _unrelated(names: list[str]) -> list[str]:
    """The first name of each group of related ones."""
    found: list[str] = []
    for name in names:
        if not any(related(name, other) for other in found):
            found.append(name)
    return found


def related(name: str, other: str | None) -> bool:
    """Whether two upstreams may be one vendor's.

    They share the registrable domain (api.stripe.com, files.stripe.com), one name begins with the other, word by word
    (stripe, stripe-files), or a plain name is a label of the other's host (stripe, api.stripe.com).
    """
    if other is None:
        return False
    a, b = host_of(name.strip().casefold()), host_of(other.strip().casefold())
    if "." in a and "." in b:
        return _domain(a) == _domain(b)
    if "." in a or "." in b:
        plain, host = (b, a) if "." in a else (a, b)
        return plain.replace("_", "-").split("-")[0] in host.split(".")
    first, second = (text.replace("_", "-").split("-") for text in (a, b))
    shorter = min(len(first), len(second))
    return first[:shorter] == second[:shorter]


def _domain(host: str) -> str:
    """Its last two labels, three where the second to last is short (co.uk); an address as it is."""
    labels = host.split(".")
    if labels[-1].isdigit():
        return host
    keep = 3 if len(labels) > 2 and len(labels[-2]) <= 3 and len(labels[-1]) == 2 else 2
    return ".".join(labels[-keep:])
