"""Verdicts of all invocations of a run together: the blame follows the calls down to the deepest hop with a symptom.

Design, "More than one hop": where an invocation's trouble is that of a call whose callee is in the log too, and that
callee has a symptom of its own, the callee's verdict is the caller's, with the chain in `Verdict.via`. Where the log
cannot tell (several callees that disagree, a cycle, a missing hop) each keeps its own evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from attrib.invocations.hops import CYCLE, SEVERAL, Hops, Link
from attrib.invocations.model import Invocation
from attrib.invocations.own_time import between_ms, own_ms
from attrib.verdicts.below import Look, look
from attrib.verdicts.case import Rules
from attrib.verdicts.decide import OK, Verdict, judge
from attrib.verdicts.statement import milliseconds

_TO_BLAME: Final = frozenset({"vendor", "application", "app_bottleneck"})
_LONGEST: Final = 100
"""Hops kept of a chain: a function that calls itself for ever must not fill the machine. The last one stays."""
_TOLD: Final = 6
"""Hops with figures in a sentence; of longer chains the first and the last."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict of one invocation and where it comes from. Grain: one per invocation."""

    verdict: Verdict
    evidence: Invocation
    """The invocation that decided, with what its callees' records fill in: what the decision table was asked about."""
    path: tuple[int, ...]
    """Positions from this one down to `decided`; alone where its own evidence decided."""
    ends: str | None = None
    """Why the blame goes no further: `cycle` or `several callees`; None: nothing stopped it here."""

    @property
    def decided(self) -> int:
        """Position of the invocation whose evidence decided: the deepest hop, or itself."""
        return self.path[-1]


class Hop(NamedTuple):
    """One line of a chain as it is shown. Grain: one per invocation of a chain."""

    number: int
    """Position of the invocation."""
    depth: int
    """0 for one that nobody in the log called."""
    own_ms: float | None
    """Latency less the union of its callees' intervals; None: not known."""
    between_ms: float | None
    """Time that its caller saw and it did not; None: not known, or no caller in the log."""
    ends: str | None
    """`leaf`, `cycle`, `missing callee` or `several callees` where the chain ends here; None where it goes on."""
    missing_parent: bool
    """It names a parent span that is not in the log."""


def judge_all(invocations: Sequence[Invocation], ruleset: Rules) -> list[Verdict]:
    """The verdict of each invocation, in the order given; nothing but that order depends on it.

    `invocations` are all of a run, or at least all of each request and trace in it. Without any name that is both
    called and logged, and without parent spans, this is `judge` on each and one look at every record.
    """
    hops = _hops(invocations, ruleset)
    if not hops:
        return [judge(invocation, ruleset) for invocation in invocations]
    return [found.verdict for found in Chains(invocations, ruleset, hops).judged]


def _hops(invocations: Sequence[Invocation], ruleset: Rules) -> Hops:
    return Hops(invocations, ruleset.words, ruleset.parameters.value("reuse_gap_s"))


class Chains:
    """All invocations of a run, judged along their links."""

    def __init__(self, invocations: Sequence[Invocation], ruleset: Rules, hops: Hops | None = None) -> None:
        self._all = invocations
        self._hops = _hops(invocations, ruleset) if hops is None else hops
        self._texts: dict[tuple[int, int | None], str] = {}
        looks = {
            number: look(number, invocations, self._hops, ruleset)
            for number, invocation in enumerate(invocations)
            if invocation.symptom is not None
        }
        self.judged: list[Judged] = []
        for number, invocation in enumerate(invocations):
            seen = looks[number].invocation if number in looks else invocation
            self.judged.append(Judged(judge(seen, ruleset), seen, (number,)))
        targets = {number: found.targets for number, found in looks.items() if found.targets}
        cyclic = _cyclic(targets)
        stuck = {number for number in cyclic if not cyclic.isdisjoint(targets[number])}
        for number, found in looks.items():
            if number not in targets or number in stuck:
                self._keep(number, CYCLE if number in stuck else None, found)
        for number in _callees_first({number: found for number, found in targets.items() if number not in stuck}):
            self._follow(number, looks[number])

    def tree(self, chosen: Iterable[int] | None = None) -> list[Hop]:
        """The hops of the chains that the chosen invocations (None: all) are part of, callers before callees.

        Chains in order of time, and each invocation once. One that nobody called and that called nobody is no chain.
        """
        links = {number: self._hops.links(number) for number in range(len(self._all))}
        callers: dict[int, list[int]] = {}
        for number, found in links.items():
            for link in found:
                callers.setdefault(link.callee, []).append(number)
        part = _connected(range(len(self._all)) if chosen is None else chosen, links, callers)
        shown: dict[int, int] = {}
        order = sorted(part, key=self._hops.order)
        # Callers first; what is left then is called only from within cycles.
        for root in (*(number for number in order if number not in callers), *order):
            self._descend(root, shown)
        return [self._hop(number, depth, callers.get(number, ())) for number, depth in shown.items()]

    def _descend(self, root: int, shown: dict[int, int]) -> None:
        waiting = [(root, 0)]
        while waiting:
            number, depth = waiting.pop()
            if number not in shown:
                shown[number] = depth
                waiting += [(link.callee, depth + 1) for link in reversed(self._hops.links(number))]

    def _hop(self, number: int, depth: int, callers: Sequence[int]) -> Hop:
        invocation = self._all[number]
        links = self._hops.links(number)
        ends = self.judged[number].ends
        if ends is None and not links:
            ends = self._hops.end(number)
        between = self._between(callers[0], number) if len(callers) == 1 else between_ms(invocation)
        return Hop(number, depth, self._own_ms(number), between, ends, not callers and self._hops.lost(number))

    # --- judging

    def _follow(self, number: int, seen: Look) -> None:
        """Take over the verdict of the callee that the trouble points at, if there is one verdict there."""
        answers = [self.judged[target] for target in seen.targets]
        if len({(one.verdict.verdict, one.verdict.responsible, one.verdict.lean) for one in answers}) > 1:
            self._keep(number, SEVERAL, seen)
            return
        target = min(seen.targets, key=self._hops.order)
        answer = self.judged[target]
        word = answer.verdict.verdict
        # `caller` says that the callee's client is to blame: that is this one, and its own evidence tells about it.
        if word in ("caller", OK) or (seen.blame_only and word not in _TO_BLAME):
            self._keep(number, None, seen)
            return
        path = (number, *answer.path)
        if len(path) > _LONGEST:
            path = (*path[: _LONGEST - 1], path[-1])
        told = [self._told(hop, path[at - 1] if at else None) for at, hop in enumerate(path)]
        if len(told) > _TOLD:
            told[_TOLD - 1 : -1] = ["..."]
        deepest = self.judged[answer.decided].verdict.statement
        via = tuple(_name(self._all[hop]) for hop in path)
        verdict = replace(answer.verdict, via=via, statement=f"{' > '.join(told)}: {deepest}")
        self.judged[number] = Judged(verdict, answer.evidence, path)

    def _keep(self, number: int, ends: str | None, seen: Look) -> None:
        """The invocation's own verdict, with what is known of its callees in the sentence."""
        mine = self.judged[number]
        notes = [mine.verdict.statement]
        if seen.added is not None:
            notes.append(seen.added)
        if ends == CYCLE:
            notes.append("the calls form a cycle, so none of them can be told to be the cause")
        elif ends == SEVERAL:
            notes.append(f"{len(seen.targets)} invocations of it are logged, and not which of them answered this call")
        verdict = replace(mine.verdict, statement="; ".join(notes)) if len(notes) > 1 else mine.verdict
        self.judged[number] = replace(mine, verdict=verdict, ends=ends)

    # --- figures

    def _told(self, number: int, caller: int | None) -> str:
        """One hop with its figures: `payments (503 in 52 ms, own 4 ms)`."""
        if (known := self._texts.get((number, caller))) is not None:
            return known
        invocation = self._all[number]
        status = invocation.status if invocation.status is not None else invocation.status_word
        parts = ["no status" if status is None else f"{status}"]
        if invocation.latency_ms is not None:
            parts[0] += f" in {milliseconds(invocation.latency_ms)}"
        own = self._own_ms(number)
        if own is not None:
            parts.append(f"own {milliseconds(own)}")
        between = None if caller is None else self._between(caller, number)
        if between:
            parts.append(f"{milliseconds(between)} more seen by its caller")
        text = self._texts[number, caller] = f"{_name(invocation)} ({', '.join(parts)})"
        return text

    def _own_ms(self, number: int) -> float | None:
        return own_ms(self._all[number], [self._all[link.callee] for link in self._hops.links(number)])

    def _between(self, caller: int, callee: int) -> float | None:
        links = self._hops.links(caller)
        link = next((link for link in links if link.callee == callee), None)
        waited = None if link is None else _waited_ms(self._all[caller], link, links)
        return between_ms(self._all[callee], waited)


def _name(invocation: Invocation) -> str:
    """What a hop is called in `via`: its function, else its service; `-` where the log names neither."""
    services = (record.service for record in invocation.records if record.service is not None)
    return invocation.function or min(services, default="-")


def _waited_ms(caller: Invocation, link: Link, links: Sequence[Link]) -> float | None:
    """The caller's own time for one link: its upstream time, where that is of this one call. None: not told."""
    same = [one for one in links if one.upstream == link.upstream]
    if link.upstream is None or link.upstream != caller.upstream or len(same) > 1 or caller.attempts > 1:
        return None
    return caller.upstream_latency_ms if len(caller.calls) == 1 else None


def _connected(
    chosen: Iterable[int], links: Mapping[int, Sequence[Link]], callers: Mapping[int, list[int]]
) -> set[int]:
    """All that are linked, up or down, with the chosen ones; those without any link left out."""
    part: set[int] = set()
    waiting = [number for number in chosen if links[number] or number in callers]
    while waiting:
        number = waiting.pop()
        if number not in part:
            part.add(number)
            waiting += [link.callee for link in links[number]] + callers.get(number, [])
    return part


def _cyclic(targets: Mapping[int, Sequence[int]]) -> set[int]:
    """Those on a cycle, or between two: what is left when leaves and roots are taken away again and again."""
    left = dict(targets)
    for graph in (targets, _reversed(targets)):
        gone = set(_callees_first({number: graph.get(number, ()) for number in left}))
        left = {number: found for number, found in left.items() if number not in gone}
    return set(left)


def _reversed(targets: Mapping[int, Sequence[int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for number, callees in targets.items():
        for callee in callees:
            found.setdefault(callee, []).append(number)
    return found


def _callees_first(targets: Mapping[int, Sequence[int]]) -> Iterator[int]:
    """Those of `targets` that no cycle keeps from an order, each after all that it points at."""
    waits = {number: sum(callee in targets for callee in callees) for number, callees in targets.items()}
    back = _reversed(targets)
    ready = [number for number, count in waits.items() if not count]
    while ready:
        number = ready.pop()
        yield number
        for caller in back.get(number, ()):
            waits[caller] -= 1
            if not waits[caller]:
                ready.append(caller)
