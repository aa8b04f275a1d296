"""One fault of ours that looks like many vendors': incidents demoted because they fail together become one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from attrib.incidents.buckets import Buckets, Cause, Count
from attrib.incidents.draft import FINE, JOINED, OTHER, OWN, TRIPPED, UNKNOWN, USUAL, Draft, Judged
from attrib.incidents.figures import measure
from attrib.incidents.parts import reaches
from attrib.incidents.scene import Frame, Scene, Zone
from attrib.incidents.spans import Settings, Span

STRONGEST: Final = (OWN, TRIPPED, JOINED, UNKNOWN, OTHER, USUAL, FINE)
"""Of a kind that two incidents see differently, the first of these counts."""


def merged(
    drafts: Sequence[Draft], spans: Sequence[Span], buckets: Buckets, settings: Settings, baseline: Buckets | None
) -> list[Draft]:
    """Judged drafts; those that were demoted because vendors failed together, at overlapping times, as one."""
    result: list[Draft] = []
    groups: list[list[Draft]] = []
    for draft in sorted(drafts, key=lambda d: (d.whole.first or 0, repr(d.cause))):
        if draft.judged is None or not any(demotion.kind == "together" for demotion in draft.judged.demotions):
            result.append(draft)
            continue
        for group in groups:
            if any(_overlap(draft.whole, other.whole) for other in group):
                group.append(draft)
                break
        else:
            groups.append([draft])
    return result + [
        group[0] if len(group) == 1 else _one(group, spans, buckets, settings, baseline) for group in groups
    ]


def _overlap(one: Zone, other: Zone) -> bool:
    if one.first is None or one.last is None or other.first is None or other.last is None:
        return one.first is None and other.first is None
    return one.first <= other.last and other.first <= one.last


def _one(
    group: Sequence[Draft], spans: Sequence[Span], buckets: Buckets, settings: Settings, baseline: Buckets | None
) -> Draft:
    group = sorted(group, key=lambda d: (-d.symptomatic, d.functions, repr(d.cause)))
    draft = Draft(Cause("vendor", None), {}, {})
    for one in group:
        for function, zone in one.reach.items():
            draft.reach[function] = _union(draft.reach.get(function, zone), zone)
        for kind, part in one.parts.items():
            known = draft.parts.get(kind, part)
            draft.parts[kind] = min(known, part, key=STRONGEST.index)
        for kind, n in one.usual.items():
            draft.usual[kind] = max(n, draft.usual.get(kind, 0.0))
    for minute, kind, count in buckets.of(draft.reach):
        if reaches(draft, kind.function, minute):
            draft.parts.setdefault(kind, FINE if kind.ok else USUAL)
            draft.counts.setdefault(kind, Count()).merge(count)
            draft.minutes.setdefault(minute, {}).setdefault(kind, Count()).merge(count)
    measure([draft], spans, buckets, settings, baseline)
    usual = [(one, sum(count.n for count in one.usual_counts.values())) for one in group]
    calls = sum(n for _, n in usual)
    known_rates = [(one.baseline_rate, n) for one, n in usual if one.baseline_rate is not None]
    draft.baseline_rate = sum(rate * n for rate, n in known_rates) / calls if calls and known_rates else None
    draft.scene = _scene(group, draft)
    own, joined = draft.n(OWN, TRIPPED), draft.n(JOINED)
    demotions = [d for one in group[:1] if one.judged is not None for d in one.judged.demotions]
    draft.judged = Judged(
        "unknown", "application", None, own / (own + joined), own / (own + joined + draft.unknown_excess), None,
        dominant=own, attributed=own + joined, demotions=demotions,
    )  # fmt: skip
    return draft


def _union(one: Zone, other: Zone) -> Zone:
    if one.first is None or one.last is None or other.first is None or other.last is None:
        return Zone(None, None)
    return Zone(min(one.first, other.first), max(one.last, other.last))


def _scene(group: Sequence[Draft], draft: Draft) -> Scene:
    scenes = [one.scene for one in group if one.scene is not None]
    result = Scene(Frame(draft.reach, draft.before, None, draft.whole), sampled=any(scene.sampled for scene in scenes))
    for scene in scenes:
        for key, sight in scene.sights.items():
            known = result.sights.get(key)
            if known is None or known.n < sight.n:
                result.sights[key] = sight
    return result
