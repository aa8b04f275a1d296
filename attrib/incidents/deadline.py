"""Our deadline: timeouts that say more about how long we wait than about the upstream (design section 6).

Timeouts always pile up at our deadline D; that alone clears nobody. It is our deadline where the upstream usually takes
as long (its usual p99 is at or above D), or where D is not what it was before the incident.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from attrib.incidents.buckets import Kind
from attrib.incidents.draft import OWN, Demotion, Draft
from attrib.incidents.phrases import ms, name_of, number, upstream_of
from attrib.incidents.pile_up import Pile, durations, margin, pile_up
from attrib.incidents.scene import BEFORE, DURING, Scene, Sight

WELL: Final = frozenset({"2xx", "3xx"})
"""Outcomes that are a success of the upstream."""
USUAL_CALLS: Final = 20
"""Successful calls before that make a usual p99 (the design's 20 of `confined`)."""
USUAL_LONGER: Final = 2
"""Of these, at or above D: one outlier of a few calls is no p99."""
CHANGED_CALLS: Final = 3
"""Successful calls before that took longer than D and its margin: D was not in force then."""
CHANGED_SHARE: Final = 0.001
"""And their least share of all before (attrib's own: a read timeout that begins again with each byte lets a stray call
past)."""


class Wait(NamedTuple):
    """How one function's calls to the upstream waited. Grain: one per function. Milliseconds."""

    function: str | None
    timeouts: int
    measure: str
    """`upstream`: upstream_latency_ms; `latency`: the function's, where that is not logged."""
    pile: Pile
    usual_p99: float | None
    """Of successful calls before; None: too few."""
    usual_calls: int
    longer: int
    """Successful calls before that took longer than the deadline and its margin."""
    deadline_before: float | None
    """Where timeouts before the incident piled up; None: they did not."""

    @property
    def too_tight(self) -> bool:
        """The upstream usually takes as long as we wait."""
        return self.usual_p99 is not None and self.usual_p99 >= self.pile.ms - margin(self.pile.ms)

    @property
    def changed(self) -> bool:
        """D is not what it was."""
        if self.deadline_before is not None:
            gap = abs(self.deadline_before - self.pile.ms)
            if gap > margin(self.pile.ms) + margin(self.deadline_before):
                return True
        return self.longer >= CHANGED_CALLS and self.longer >= CHANGED_SHARE * self.usual_calls


def deadline(draft: Draft) -> Demotion | None:
    """The demotion, where our deadline explains more than half of the draft's own symptoms. Functions are compared each
    with itself: they may wait differently for the same upstream."""
    if draft.scene is None:
        return None
    kinds = direct(draft)
    waits = [wait for wait in waits_of(draft, draft.scene, kinds) if wait.too_tight or wait.changed]
    explained, of = sum(wait.timeouts for wait in waits), sum(draft.counts[kind].n for kind in kinds)
    if not waits or 2 * explained <= of:
        return None
    first = waits[0]
    data: dict[str, object] = {"functions": [_data(wait) for wait in waits], "explained": explained, "of": of}
    return Demotion("deadline", _statement(first, upstream_of(draft.cause.responsible)), data)


def direct(draft: Draft) -> list[Kind]:
    """The draft's own kinds that called the upstream themselves; callers along a chain have hosts and deadlines of
    their own. All of them where none names it."""
    own = draft.kinds(OWN)
    return [kind for kind in own if kind.upstream == draft.cause.responsible] or own


def waits_of(draft: Draft, scene: Scene, kinds: Sequence[Kind]) -> Iterator[Wait]:
    """Every function whose timeouts pile up, those with the most timeouts first."""
    timeouts: dict[str | None, list[Kind]] = {}
    for kind in kinds:
        if kind.outcome == "timeout":
            timeouts.setdefault(kind.function, []).append(kind)
    counted = {name: sum(draft.counts[kind].n for kind in late) for name, late in timeouts.items()}
    for name in sorted(timeouts, key=lambda name: (-counted[name], name or "")):
        late = timeouts[name]
        sights = [(kind.attempts, found) for kind in late if (found := scene.sights.get((DURING, kind))) is not None]
        measure = "upstream" if any(sight.upstream for _, sight in sights) else "latency"
        pile = pile_up(durations(sights, measure))
        if pile is not None:
            before = _before(scene, name, {kind.upstream for kind in late})
            yield _compared(name, counted[name], measure, pile, before)


def _before(scene: Scene, function: str | None, upstreams: set[str | None]) -> list[tuple[Kind, Sight]]:
    """The function's calls to the same upstreams in unaffected minutes."""
    return [
        (kind, sight)
        for (zone, kind), sight in scene.sights.items()
        if zone == BEFORE and kind.function == function and kind.upstream in upstreams
    ]


def _compared(name: str | None, n: int, measure: str, pile: Pile, before: list[tuple[Kind, Sight]]) -> Wait:
    # Retried calls are left out of the usual ones: their time is a sum of attempts, whose number is not known here.
    well = durations([(1, sight) for kind, sight in before if kind.outcome in WELL and not kind.masked], measure)
    late = durations([(kind.attempts, sight) for kind, sight in before if kind.outcome == "timeout"], measure)
    calls = sum(well.values())
    longer = sum(count for value, count in well.items() if value > pile.ms + margin(pile.ms))
    at_least = sum(count for value, count in well.items() if value >= pile.ms - margin(pile.ms))
    p99 = _p99(well) if calls >= USUAL_CALLS else None
    if p99 is not None and p99 >= pile.ms - margin(pile.ms) and at_least < USUAL_LONGER:
        p99 = None
    earlier = pile_up(late)
    return Wait(name, n, measure, pile, p99, calls, longer, earlier.ms if earlier else None)


def _p99(values: Counter[float]) -> float:
    """Nearest rank."""
    left = -(-sum(values.values()) * 99 // 100)
    for value in sorted(values):
        left -= values[value]
        if left <= 0:
            return round(value, 3)
    return 0.0


def _statement(wait: Wait, upstream: str) -> str:
    piled = (
        f"{number(wait.pile.n)} of {number(wait.pile.of)} timeouts of {name_of(wait.function)} end at about "
        f"{ms(wait.pile.ms)}, which is how long we wait"
    )
    if wait.too_tight and wait.usual_p99 is not None:
        return (
            f"{piled}, and {upstream} usually takes up to {ms(wait.usual_p99)} (p99 of {number(wait.usual_calls)} "
            "successful calls before): the evidence points to our deadline."
        )
    if wait.deadline_before is not None and wait.longer < CHANGED_CALLS:
        return f"{piled}; before, we waited about {ms(wait.deadline_before)}: the evidence points to our new deadline."
    return (
        f"{piled}; before, {number(wait.longer)} of {number(wait.usual_calls)} successful calls to {upstream} took "
        "longer: the evidence points to our new deadline."
    )


def _data(wait: Wait) -> dict[str, Any]:
    return {
        "function": wait.function,
        "timeouts": wait.timeouts,
        "measure": wait.measure,
        "deadline_ms": wait.pile.ms,
        "piled": wait.pile.n,
        "piled_of": wait.pile.of,
        "usual_p99_ms": wait.usual_p99,
        "usual_calls": wait.usual_calls,
        "usual_longer": wait.longer,
        "deadline_before_ms": wait.deadline_before,
    }
