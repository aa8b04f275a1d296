"""What the logs' faults cost: symptomatic invocations that are `unknown` because of them.

Worked out by asking what the rules would have said. An unknown costs evidence where a facet is missing and some value
of it gives another verdict in the run's own decision table; where every value leaves it unknown (another's party, a
middle share of the time, several calls, an end that never came) the log lacks nothing that would settle it. Each
invocation is counted under one check only, the surest remedy first: what the line contradicts, a word or code that
means nothing, an id that would have joined the line to its upstream's, and then the field.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from attrib.checks.facts import Facts, kinds, timed_kinds
from attrib.incidents.buckets import Kind
from attrib.rules.facets import LATENCY, UPSTREAM_LATENCY, Facets
from attrib.rules.ruleset import RuleSet

CONTRADICTION: Final = "contradiction"
WORD: Final = "unknown-upstream-word"
CODE: Final = "type-drift"
FIELD: Final = "missing-m1-field"
NO_ID: Final = "missing-correlation-id"
PLACEHOLDER_ID: Final = "placeholder-correlation-id"
REUSED_ID: Final = "reused-correlation-id"


class Loss(NamedTuple):
    """What invocations are unknown for want of."""

    check: str
    """The check that finds the fault."""
    function: str | None
    """The function whose lines have it; along a chain of calls the one at its end."""
    field: str
    """The field that would settle it."""


def unknown_for_want_of(facts: Facts) -> dict[tuple[str, str | None], int]:
    """(check, function) -> symptomatic invocations that are unknown because of the fault that the check finds."""
    found: Counter[tuple[str, str | None]] = Counter()
    for loss, n in facts.once(losses).items():
        found[loss.check, loss.function] += n
    return dict(found)


def losses(facts: Facts) -> dict[Loss, int]:
    """The same with the field; the most first, then by name. No invocation is counted twice."""
    table, joined = _Table(facts.ruleset), _functions_with_an_outcome(facts)
    found: Counter[Loss] = Counter()
    decided: dict[tuple[str | None, str | None], Counter[Loss | None]] = {}
    inherited: list[tuple[Kind, int]] = []
    timed = facts.once(timed_kinds)
    for kind, n in facts.once(kinds).items():
        if kind.verdict != "unknown":
            continue
        if len(kind.via) > 1:
            inherited.append((kind, n))
            continue
        for loss, part in _of(kind, n, timed[kind], table, joined):
            decided.setdefault((kind.function, kind.rule), Counter())[loss] += part
            if loss is not None:
                found[loss] += part
    for kind, n in inherited:
        if (below := _usual(decided.get((kind.via[-1], kind.rule)))) is not None:
            found[below] += n
    if facts.surveyed:
        found = _by_record(facts, found)
    return dict(sorted(found.items(), key=lambda item: (-item[1], _order(item[0]))))


def _order(loss: Loss) -> tuple[str, str, str]:
    return loss.check, loss.function or "", loss.field


class _Table:
    """The decision table, asked about what is not known. Remembers its answers: buckets repeat few facets."""

    def __init__(self, ruleset: RuleSet) -> None:
        self._decide: Callable[[Facets], tuple[str, str]] = lambda facets: ruleset.decide(facets)[:2]
        self._cells = [cell for cell in ruleset.table.upstream_cells if cell[0] != "missing"]
        self._known: dict[Facets, bool] = {}
        self._rules: dict[Facets, str] = {}

    def rule(self, facets: Facets) -> str:
        """The rule that wins with the facets as they are."""
        if facets not in self._rules:
            self._rules[facets] = self._decide(facets)[1]
        return self._rules[facets]

    def settles(self, facets: Facets) -> bool:
        """Whether some value of what is missing gives another verdict than unknown."""
        if facets not in self._known:
            self._known[facets] = any(self._decide(one)[0] != "unknown" for one in self._filled(facets))
        return self._known[facets]

    def _filled(self, facets: Facets) -> Iterator[Facets]:
        """All that the facets may be."""
        latencies = LATENCY[1:] if facets.latency == "missing" else (facets.latency,)
        shares = UPSTREAM_LATENCY[1:] if facets.upstream_latency == "missing" else (facets.upstream_latency,)
        own = (facets.upstream, facets.upstream_code, facets.upstream_phase, facets.upstream_hosts)
        for upstream, code, phase, hosts in self._cells if facets.upstream == "missing" else [own]:
            for latency in latencies:
                for share in shares:
                    yield Facets(upstream, facets.upstream_party, facets.status, latency, share, code, phase, hosts)


def _of(kind: Kind, n: int, timed: int, table: _Table, joined: set[str | None]) -> Iterator[tuple[Loss | None, int]]:
    """What a kind's invocations, `timed` of them with a latency, lack to be known; None: nothing a log could tell."""
    if kind.rule == CONTRADICTION:
        yield Loss(CONTRADICTION, kind.function, "upstream_status"), n
        return
    if kind.symptom == "unfinished":  # it has no status that anything could explain
        yield None, n
        return
    if "slow" in (kind.symptom or ""):
        parts = [("high", n)]
    else:
        parts = [("normal", timed), ("missing", n - timed)]
    for latency, part in parts:
        if part:
            yield _one(kind, _facets(kind, latency), table, joined), part


def _facets(kind: Kind, latency: str) -> Facets:
    code = kind.code if isinstance(kind.code, int) and kind.outcome.endswith("xx") else None
    return Facets(kind.outcome, kind.party, kind.status_class, latency, kind.share, code, kind.phase)


def _one(kind: Kind, facets: Facets, table: _Table, joined: set[str | None]) -> Loss | None:
    # Another rule than the table's: several calls, of which nothing tells the one that decided.
    if table.rule(facets) != kind.rule or not table.settles(facets):
        return None
    if facets.upstream != "missing":
        no_latency = facets.latency == "missing"
        return Loss(FIELD, kind.function, "latency_ms" if no_latency else "upstream_latency_ms")
    if isinstance(kind.code, str):
        return Loss(WORD, kind.function, "upstream_status")
    if kind.code is not None:  # a number that is no status
        return Loss(CODE, kind.function, "upstream_status")
    if not kind.correlated and kind.function in joined:
        return Loss(NO_ID, kind.function, "request_id")
    return Loss(FIELD, kind.function, "upstream_status")


def _functions_with_an_outcome(facts: Facts) -> set[str | None]:
    """Functions that log upstream_status anywhere: where one never does, no id could have joined it."""
    return {kind.function for kind in facts.once(kinds) if kind.outcome != "missing"}


def _usual(found: Counter[Loss | None] | None) -> Loss | None:
    """What most of a function's own are unknown for: those that inherit a verdict do not say which one it was."""
    if not found:
        return None
    return min(found, key=lambda loss: (-found[loss], loss is None, loss is not None and _order(loss)))


def _by_record(facts: Facts, found: Counter[Loss]) -> Counter[Loss]:
    """What only single records tell: what is wrong with the ids, and upstream times that exceed the whole.

    Records without a usable id stand alone, so they can be counted one by one; what is left over of a function that
    has usable ones has ids that are used again and again.
    """
    from attrib.survey.id_kinds import MISSING, PLACEHOLDER  # analyze has no survey, and does not load one
    from attrib.survey.traits import Bit

    seen: Counter[tuple[str | None, str]] = Counter()
    usable: set[str | None] = set()
    for trait, row in facts.survey.traits:
        symptom = trait.bits & (Bit.FAILED | Bit.SLOW)
        if trait.id_kind not in (MISSING, PLACEHOLDER):
            usable.add(trait.function)
        elif symptom and trait.bits & Bit.NO_UPSTREAM_STATUS:
            seen[trait.function, trait.id_kind] += row.n
        if symptom and trait.bits & Bit.UPSTREAM_LONGER:
            seen[trait.function, "longer"] += row.n
    split: Counter[Loss] = Counter()
    for loss, n in found.items():
        if loss.check == NO_ID:
            placeholders = min(n, seen[loss.function, PLACEHOLDER])
            missing = min(n - placeholders, seen[loss.function, MISSING])
            reused = n - placeholders - missing if loss.function in usable else 0
            parts = {NO_ID: n - placeholders - reused, PLACEHOLDER_ID: placeholders, REUSED_ID: reused}
        elif loss.check == FIELD and loss.field == "upstream_latency_ms":
            longer = min(n, seen[loss.function, "longer"])
            parts = {CONTRADICTION: longer, FIELD: n - longer}
        else:
            parts = {loss.check: n}
        for check, part in parts.items():
            if part:
                split[loss._replace(check=check)] += part
    return split
