"""Proofs about a pack set over the whole finite domain, and the packs' own examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from attrib.rules.examples import facets_of_example
from attrib.rules.facets import Decision, Facets
from attrib.rules.hints import listed
from attrib.rules.load import DEFAULT_PACKS, read_rules, tie_faults
from attrib.rules.model import Example, Fault, Rule
from attrib.rules.ruleset import RuleSet
from attrib.rules.table import Table


@dataclass(frozen=True, slots=True)
class RuleCells:
    """How much of the table one rule has."""

    rule: Rule
    matches: int
    """Cells in which it holds."""
    wins: int
    """Cells in which it decides; with no tie, the wins of all rules and `CheckResult.without_winner` make `cells`."""
    taken_by: tuple[tuple[str, int], ...]
    """Rules that decide the cells it matches and does not win, most cells first."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The proof for one pack set. `faults` empty means: every cell has exactly one winner, no rule is idle."""

    packs: tuple[str, ...]
    cells: int
    without_winner: int
    """Cells that no rule matches; they fall to `none`. Not a fault."""
    rules: tuple[RuleCells, ...]
    """In rank order."""
    faults: tuple[Fault, ...]
    """By file and line: broken keys, ties, shadowed rules, dead rules."""

    @property
    def ok(self) -> bool:
        """True when nothing is wrong with these packs."""
        return not self.faults


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """One example of one rule, run against the rule's own pack."""

    rule: Rule
    example: Example
    facets: Facets
    decision: Decision
    ok: bool


def check_packs(packs: Sequence[str] = DEFAULT_PACKS, settings: Sequence[str] = ()) -> CheckResult:
    """Read and prove packs that may be broken: the faults of the text and those of the table in one answer.

    Rules with a fault of their own are left out of the proof. Raises UsageError for a pack that is not there.
    """
    return check(read_rules(packs, settings))


def check(ruleset: RuleSet) -> CheckResult:
    """Prove a pack set: one winner in every cell, no rule shadowed, none dead."""
    table = ruleset.table
    matches: Counter[str] = Counter()
    wins: Counter[str] = Counter()
    taken: dict[str, Counter[str]] = {rule.id: Counter() for rule in table.rules}
    # Few sets of rules match together: count cells by set first, then look at each set once.
    sets = Counter(mask for _, mask in table.masks())
    for mask, count in sets.items():
        matched = table.rules_of(mask)
        for rule in matched:
            matches[rule.id] += count
            taken[rule.id][matched[0].id] += count
        if matched:
            wins[matched[0].id] += count
    cells = tuple(
        RuleCells(
            rule,
            matches[rule.id],
            wins[rule.id],
            tuple((winner, count) for winner, count in taken[rule.id].most_common() if winner != rule.id),
        )
        for rule in table.rules
    )
    faults = [*ruleset.faults, *tie_faults(ruleset)]
    faults += [_idle(one, ruleset) for one in cells if one.wins == 0]
    return CheckResult(ruleset.packs, sum(sets.values()), sets[0], cells, tuple(sorted(set(faults))))


def _idle(one: RuleCells, ruleset: RuleSet) -> Fault:
    """Why a rule never wins: nothing it asks for can be, or others come first."""
    rule = one.rule
    if one.matches == 0:
        return Fault(rule.file, rule.line, f'rule "{rule.id}" matches no cell: {_impossible(rule)}')
    takers = []
    for winner_id, count in one.taken_by:
        winner = ruleset.rule(winner_id)
        if winner is not None:
            where = f"line {winner.line}" if winner.file == rule.file else f"{winner.file}:{winner.line}"
            share = f"all {count} of its cells" if count == one.matches else f"{count} of its {one.matches} cells"
            takers.append(f'rank {winner.rank} "{winner.id}" ({where}) takes {share}')
    names = " or ".join(f'"{winner}"' for winner, _ in one.taken_by)
    text = f'rule "{rule.id}" can never win: {listed(takers)}. Move it before, or narrow {names}.'
    return Fault(rule.file, rule.line, text)


def _impossible(rule: Rule) -> str:
    """What in a rule excludes the rest of it."""
    upstream = rule.when.get("upstream")
    classes = {f"{code // 100}xx" for code in rule.codes or ()}
    if rule.codes is not None and upstream is not None and not classes.intersection(upstream):
        codes = ", ".join(map(str, sorted(rule.codes)))
        return f"upstream_code {codes} is never {' or '.join(upstream)}. Take upstream out, or mend the codes."
    if rule.codes is not None and rule.codes <= rule.codes_not:
        return "upstream_code_not takes away every upstream_code. Take one of them out."
    if "upstream_phase" in rule.when or "upstream_hosts" in rule.when:
        return 'only no_response has an upstream_phase other than "none", or upstream_hosts "several".'
    return "its facets exclude each other."


def test(ruleset: RuleSet) -> list[ExampleResult]:
    """Run every rule's own examples, with the words and thresholds of `ruleset`.

    An example passes when its rule wins (`passes = true`), or does not win (`passes = false`), among the rules of its
    own pack: what other packs take first is theirs to test.
    """
    results = []
    for pack in dict.fromkeys(rule.pack for rule in ruleset.rules):
        own = Table(rule for rule in ruleset.rules if rule.pack == pack)
        for rule in own.rules:
            for example in rule.examples:
                facets = facets_of_example(example.given, ruleset.words, ruleset.parameters.value)
                decision = own.decide(facets)
                results.append(
                    ExampleResult(rule, example, facets, decision, (decision.rule == rule.id) is example.passes)
                )
    return results


test.__test__ = False  # type: ignore[attr-defined]  # pytest collects functions of this name where they are imported


def without_proof(ruleset: RuleSet) -> list[Rule]:
    """Rules that lack a passing or a failing example. The shipped packs have none; a user's pack may."""
    return [rule for rule in ruleset.rules if {example.passes for example in rule.examples} != {True, False}]
