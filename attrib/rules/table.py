"""The decision table: every cell of the facets' product, and which rule wins it.

There is no second interpretation of a rule: `decide` reads this table one cell at a time, engines join `rows()`, and
`check` proves things about all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import product
from typing import Final, NamedTuple

from attrib.rules.facets import (
    LATENCY,
    STATUS,
    UPSTREAM,
    UPSTREAM_HOSTS,
    UPSTREAM_LATENCY,
    UPSTREAM_PARTY,
    UPSTREAM_PHASE,
    Decision,
    Facets,
)
from attrib.rules.model import DOMAINS, NO_RULE, NO_RULE_REASON, Rule

_REST: Final = (UPSTREAM_PARTY, STATUS, LATENCY, UPSTREAM_LATENCY)
_REST_NAMES: Final = ("upstream_party", "status", "latency", "upstream_latency")

COLUMNS: Final = (
    "upstream",
    "upstream_code",
    "upstream_phase",
    "upstream_hosts",
    "upstream_party",
    "status",
    "latency",
    "upstream_latency",
    "verdict",
    "rule",
    "also_matched",
    "lean",
    "responsible",
    "reason",
)
"""Columns of `Table.rows()`, in order. The first eight are the key."""


class Row(NamedTuple):
    """One cell and its decision, grain: one per cell of the product."""

    upstream: str
    upstream_code: int | None
    """An exact code that some rule names; None: every other code of the class, and every outcome that is no class."""
    upstream_phase: str
    upstream_hosts: str
    upstream_party: str
    status: str
    latency: str
    upstream_latency: str
    verdict: str
    rule: str
    also_matched: str
    """Rule ids in rank order, separated by commas; empty when none."""
    lean: str | None
    responsible: str | None
    reason: str


class Tie(NamedTuple):
    """Two rules of one rank that match the same cells."""

    first: Rule
    second: Rule
    cells: int
    example: Facets


class Table:
    """A pack set compiled to one table. Cheap to make: single cells are decided on demand and remembered."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules: Final[tuple[Rule, ...]] = tuple(sorted(rules, key=lambda rule: rule.rank))
        self.codes: Final[frozenset[int]] = frozenset().union(
            *((rule.codes or frozenset()) | rule.codes_not for rule in self.rules)
        )
        """Exact upstream statuses that are cells of their own; an engine joins any other code as null."""
        self._masks = {
            (facet, value): self._mask(rule.allows(facet, value) for rule in self.rules)
            for facet, values in DOMAINS.items()
            for value in values
        }
        self._code_masks = {
            code: self._mask(rule.allows_code(code) for rule in self.rules) for code in (*self.codes, None)
        }
        self._decided: dict[Facets, Decision] = {}
        self._by_mask: dict[int, Decision] = {}

    @staticmethod
    def _mask(allowed: Iterable[bool]) -> int:
        """One bit per rule, the lowest for the first in rank: a cell's rules are the AND of its values' masks."""
        return sum(1 << position for position, is_allowed in enumerate(allowed) if is_allowed)

    def cell(self, facets: Facets) -> Facets:
        """The cell these facets fall into: refinements that do not apply to the outcome are taken out.

        Raises ValueError for a value outside its facet's domain.
        """
        for facet in DOMAINS:
            if (facet, getattr(facets, facet)) not in self._masks:
                raise ValueError(f"{facet} cannot be {getattr(facets, facet)!r}")
        code = facets.upstream_code
        # A code beside another outcome was made up by a proxy (a 502 for a refused connection): it is no answer.
        if code is not None and (code not in self.codes or facets.upstream != f"{code // 100}xx"):
            facets = facets._replace(upstream_code=None)
        if facets.upstream != "no_response":
            facets = facets._replace(upstream_phase="none", upstream_hosts="one")
        return facets

    def decide(self, facets: Facets) -> Decision:
        """What the table says of these facets. Raises ValueError for a value outside its facet's domain."""
        found = self._decided.get(facets)
        if found is None:
            found = self._decided[facets] = self.decision_of(self.matching(self.cell(facets)))
        return found

    def matching(self, cell: Facets) -> int:
        """The rules that match a cell, as bits: bit i for `rules[i]`."""
        mask = self._code_masks[cell.upstream_code]
        for facet in DOMAINS:
            mask &= self._masks[facet, getattr(cell, facet)]
        return mask

    def decision_of(self, mask: int) -> Decision:
        """The decision where these rules match: the first in rank wins, the others are evidence."""
        found = self._by_mask.get(mask)
        if found is None:
            found = self._by_mask[mask] = self._decision(self.rules_of(mask))
        return found

    def rules_of(self, mask: int) -> list[Rule]:
        """The rules of a mask, in rank order."""
        return [rule for position, rule in enumerate(self.rules) if mask >> position & 1]

    @staticmethod
    def _decision(matched: Sequence[Rule]) -> Decision:
        if not matched:
            return Decision("unknown", NO_RULE, (), None, None, NO_RULE_REASON)
        first, *others = matched
        return Decision(
            first.verdict, first.id, tuple(rule.id for rule in others), first.lean, first.responsible, first.reason
        )

    @cached_property
    def upstream_cells(self) -> tuple[tuple[str, int | None, str, str], ...]:
        """The refined upstream dimension: outcome, exact code, phase, hosts."""
        cells: list[tuple[str, int | None, str, str]] = []
        for outcome in UPSTREAM:
            if outcome == "no_response":
                cells += [(outcome, None, phase, hosts) for phase in UPSTREAM_PHASE for hosts in UPSTREAM_HOSTS]
                continue
            codes = sorted(code for code in self.codes if f"{code // 100}xx" == outcome)
            cells += [(outcome, code, "none", "one") for code in (*codes, None)]
        return tuple(cells)

    def masks(self) -> Iterator[tuple[Facets, int]]:
        """Every cell of the product with the rules that match it, in domain order."""
        rest = []
        for values in product(*_REST):
            mask = -1
            for name, value in zip(_REST_NAMES, values, strict=True):
                mask &= self._masks[name, value]
            rest.append((values, mask))
        for outcome, code, phase, hosts in self.upstream_cells:
            upstream = (
                self._masks["upstream", outcome]
                & self._masks["upstream_phase", phase]
                & self._masks["upstream_hosts", hosts]
                & self._code_masks[code]
            )
            for (party, status, latency, part), mask in rest:
                yield Facets(outcome, party, status, latency, part, code, phase, hosts), upstream & mask

    def rows(self) -> list[Row]:
        """Every cell with its decision, for an engine to join on the eight key columns (see `COLUMNS`, `codes`)."""
        result = []
        for cell, mask in self.masks():
            decision = self.decision_of(mask)
            result.append(
                Row(
                    cell.upstream,
                    cell.upstream_code,
                    cell.upstream_phase,
                    cell.upstream_hosts,
                    cell.upstream_party,
                    cell.status,
                    cell.latency,
                    cell.upstream_latency,
                    decision.verdict,
                    decision.rule,
                    ",".join(decision.also_matched),
                    decision.lean,
                    decision.responsible,
                    decision.reason,
                )
            )
        return result

    def ties(self) -> list[Tie]:
        """Pairs of rules of equal rank that match a same cell: the table would not say which of them wins."""
        groups: dict[int, int] = {}
        for position, rule in enumerate(self.rules):
            groups[rule.rank] = groups.get(rule.rank, 0) | 1 << position
        shared = [mask for mask in groups.values() if mask.bit_count() > 1]
        if not shared:
            return []
        found: dict[tuple[int, int], Tie] = {}
        for cell, mask in self.masks():
            for group in shared:
                if (mask & group).bit_count() > 1:
                    self._note_ties(found, cell, mask & group)
        return list(found.values())

    def _note_ties(self, found: dict[tuple[int, int], Tie], cell: Facets, mask: int) -> None:
        positions = [position for position in range(len(self.rules)) if mask >> position & 1]
        for first in positions:
            for second in positions:
                if first < second:
                    before = found.get((first, second))
                    found[first, second] = (
                        before._replace(cells=before.cells + 1)
                        if before
                        else Tie(self.rules[first], self.rules[second], 1, cell)
                    )
