"""The rules of one run: packs merged, words, thresholds, and the decision table they compile to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from attrib.rules.facets import Decision, Facets
from attrib.rules.hints import listed
from attrib.rules.model import DOMAINS, Fault, Rule
from attrib.rules.parameters import Parameters
from attrib.rules.table import Table
from attrib.rules.words import Words


@dataclass(frozen=True, eq=False)
class RuleSet:
    """What decides verdicts in one run. Made by `load.load_rules`."""

    packs: tuple[str, ...]
    """Names in the order given: a shipped pack's name, or the file name of a user's own."""
    rules: tuple[Rule, ...]
    """In rank order, the order in which they are tried."""
    words: Words
    parameters: Parameters
    faults: tuple[Fault, ...] = ()
    """Always empty after `load_rules`; only `load.read_rules` lets faulty packs through, for `check`."""

    @cached_property
    def table(self) -> Table:
        """The one decision table of these packs."""
        return Table(self.rules)

    @cached_property
    def digest(self) -> str:
        """`sha256:...` over what decides (rules, words, thresholds with `--set`), not over names or places of files."""
        rules = [
            [
                rule.rank,
                rule.id,
                rule.title,
                rule.verdict,
                rule.responsible,
                rule.lean,
                rule.reason,
                {facet: list(values) for facet, values in rule.when.items()},
                None if rule.codes is None else sorted(rule.codes),
                sorted(rule.codes_not),
            ]
            for rule in sorted(self.rules, key=lambda rule: (rule.rank, rule.id))
        ]
        words = self.words
        # The order of `phases` and `claims` is part of their meaning (first match), that of the sets is not.
        content = [
            rules,
            self.parameters.as_dict(),
            [
                sorted(words.timeout),
                words.no_response,
                sorted(words.not_contacted),
                sorted(words.short_circuited),
                sorted(words.client_abort),
                sorted(words.claims),
                list(words.phases.items()),
                sorted(words.placeholder_ids),
                sorted(words.terminal_stages),
            ],
        ]
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return "sha256:" + hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()

    def rule(self, rule_id: str) -> Rule | None:
        """The rule of this id; None when no pack has it (`none` and `contradiction` are no rules)."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)

    def decide(self, facets: Facets) -> Decision:
        """The table's word on one invocation. Raises ValueError for a value outside its facet's domain."""
        return self.table.decide(facets)

    def explain(self, facets: Facets) -> list[tuple[Rule, bool, str]]:
        """Every rule in rank order: did it match, and which facets decided that (the first one that failed)."""
        cell = self.table.cell(facets)
        mask = self.table.matching(cell)
        return [
            (rule, bool(mask >> position & 1), _why(rule, cell, facets.upstream_code))
            for position, rule in enumerate(self.table.rules)
        ]


def _why(rule: Rule, cell: Facets, code: int | None) -> str:
    """`upstream is 5xx, needs missing` for the facet that decided against the rule, else all that held."""
    held = []
    for facet in DOMAINS:
        value = getattr(cell, facet)
        if not rule.allows(facet, value):
            return f"{_name(facet)} is {_said(facet, value, code)}, needs {_needs(rule, facet)}"
        if facet in rule.when:
            held.append(f"{_name(facet)} {_said(facet, value, code)}")
        if facet == "upstream" and not rule.allows_code(cell.upstream_code):
            needs = f"needs {_either(sorted(rule.codes))}" if rule.codes is not None else "needs another code"
            return f"upstream is {_said(facet, value, code)}, {needs}"
        if facet == "upstream" and rule.codes is not None and facet not in rule.when:
            held.append(f"upstream {code}")
    return ", ".join(held) if held else "asks for nothing"


def _name(facet: str) -> str:
    return facet.replace("_", " ")


def _said(facet: str, value: str, code: int | None) -> str:
    """The value, with the exact code where it is one of that class."""
    return f"{value} ({code})" if facet == "upstream" and code is not None and f"{code // 100}xx" == value else value


def _needs(rule: Rule, facet: str) -> str:
    allowed = rule.when[facet]
    missing = [value for value in DOMAINS[facet] if value not in allowed]
    # "anything but missing" reads better than a list of nine.
    return f"anything but {listed(missing)}" if len(missing) < len(allowed) and len(missing) < 3 else _either(allowed)


def _either(values: Iterable[object]) -> str:
    return listed(values).replace(" and ", " or ")
