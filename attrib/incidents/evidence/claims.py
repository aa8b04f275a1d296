"""What the log claims where it proves nothing: claimed, not proven (design section 6)."""

from __future__ import annotations

from collections import Counter
from typing import Final

from attrib.incidents.buckets import Kind
from attrib.incidents.draft import MEMBERS, Draft
from attrib.incidents.phrases import listed, ms, name_of, number
from attrib.incidents.pile_up import Pile, durations
from attrib.incidents.pile_up import pile_up as piled
from attrib.incidents.scene import DURING
from attrib.rules.words import Words

LEAST_MS: Final = 500.0
"""A pile-up below this is no wait for anybody (latency_high_ms)."""
_LEAN: Final = {"external": "vendor", "own": "application"}


def claims(draft: Draft, words: Words) -> tuple[str, str] | None:
    """(lean, sentence) of an incident of unknowns; None where nothing is claimed, or something is known.

    In this order, each by more than half of the members: error codes that claim an upstream failure (an external
    upstream: vendor, an own one: application), what the rules lean to, a pile-up at one high latency.
    """
    members = draft.kinds(*sorted(MEMBERS))
    total = sum(draft.counts[kind].n for kind in members)
    if not total or any(kind.verdict != "unknown" for kind in members):
        return None
    return _by_codes(draft, members, total, words) or _by_rules(draft, members, total) or _by_pile(draft, members)


def _by_codes(draft: Draft, members: list[Kind], total: int, words: Words) -> tuple[str, str] | None:
    leans: Counter[str] = Counter()
    codes: dict[str, Counter[str]] = {}
    for kind in members:
        lean = _LEAN.get(kind.party)
        if lean is not None and kind.error_code and words.claims_upstream_failure(kind.error_code):
            leans[lean] += draft.counts[kind].n
            codes.setdefault(lean, Counter())[kind.error_code] += draft.counts[kind].n
    for lean, n in sorted(leans.items()):
        if 2 * n > total:
            named = listed(sorted(codes[lean], key=lambda code: (-codes[lean][code], code)))
            text = f"{number(n)} of {number(total)} carry an error code that claims an upstream failure ({named})"
            return lean, f"{text}: claimed, not proven."
    return None


def _by_rules(draft: Draft, members: list[Kind], total: int) -> tuple[str, str] | None:
    leans: Counter[str] = Counter()
    for kind in members:
        if kind.lean:
            leans[kind.lean] += draft.counts[kind].n
    for lean, n in sorted(leans.items()):
        if 2 * n > total:
            return lean, f"{number(n)} of {number(total)} match a rule that leans to {lean}: claimed, not proven."
    return None


def _by_pile(draft: Draft, members: list[Kind]) -> tuple[str, str] | None:
    """A wait that ends at one high latency is a wait for somebody: the upstream, where it can be an external one."""
    found = _pile(draft, members)
    if found is None or found.ms < LEAST_MS or any(kind.outcome != "missing" for kind in members):
        return None
    parties = {kind.party for kind in members}
    lean = _LEAN.get(parties.pop()) if len(parties) == 1 else None
    if lean is None:
        return None
    names = listed(sorted({name_of(kind.function) for kind in members}))
    return lean, (
        f"{number(found.n)} of {number(found.of)} requests of {names} end at about {ms(found.ms)}, as when waiting for "
        "an upstream: claimed, not proven."
    )


def _pile(draft: Draft, members: list[Kind]) -> Pile | None:
    sights = draft.scene.sights if draft.scene is not None else {}
    return piled(durations(((1, sights[DURING, kind]) for kind in members if (DURING, kind) in sights), "latency"))
