"""What `attrib rules list | show | check | test` print: plain strings, no colour, at most 80 columns where text allows.

Texts of packs are untrusted: the caller makes the strings safe for the terminal.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import zip_longest
from typing import Final

from attrib.errors import UsageError
from attrib.rules.check import CheckResult, ExampleResult
from attrib.rules.facets import Facets
from attrib.rules.hints import hint
from attrib.rules.model import DOMAINS, Rule
from attrib.rules.ruleset import RuleSet
from attrib.rules.truth import TruthRow

_WIDTH: Final = 80


def list_text(ruleset: RuleSet) -> str:
    """`rules list`: the rules in the order in which they are tried, then the thresholds that hold."""
    width = max((len(rule.id) for rule in ruleset.rules), default=2)
    lines = [f"packs: {', '.join(ruleset.packs)}   {ruleset.digest[:19]}   first match wins", ""]
    lines += [f"{'rank':>6}  {'id':<{width}}  {'verdict':<14}  title"]
    for rule in ruleset.rules:
        lines.append(f"{rule.rank:>6}  {rule.id:<{width}}  {rule.verdict:<14}  {rule.title}")
    lines += [f"{'':>6}  {'none':<{width}}  {'unknown':<14}  What no rule matches", "", *_parameters(ruleset)]
    return "\n".join(lines)


def show_text(ruleset: RuleSet, rule_id: str) -> str:
    """`rules show ID`: one rule whole. Raises UsageError with the near name for an id that no pack has."""
    rule = ruleset.rule(rule_id)
    if rule is None:
        ids = [one.id for one in ruleset.rules]
        raise UsageError(f'no rule "{rule_id}" in {", ".join(ruleset.packs)}.{hint(rule_id, ids)}')
    verdict = rule.verdict.upper() + (f", lean {rule.lean}" if rule.lean else "")
    names = f"; names the {rule.responsible}" if rule.responsible else "; names nobody"
    lines = [f"{rule.id}   rank {rule.rank}   {rule.pack}   {rule.file}:{rule.line}", rule.title, ""]
    lines += [f"verdict  {verdict}{names}", *_wrapped("reason   ", rule.reason)]
    lines += ["when", *(f"  {line}" for line in _conditions(rule)), "examples"]
    for example in rule.examples:
        form = "record" if "record" in example.given else "facets"
        fields = ", ".join(f"{key}={value}" for key, value in example.given[form].items())
        lines += _wrapped("  wins     " if example.passes else "  not this ", fields)
    return "\n".join(lines if rule.examples else [*lines, "  none"])


def check_text(result: CheckResult, rows: Sequence[TruthRow] = ()) -> str:
    """`rules check`: the faults, one a line, the truth table, and last the sum of it."""
    lines = [str(fault) for fault in result.faults]
    if rows:
        lines += [*([""] if lines else []), truth_text(rows), ""]
    return "\n".join([*lines, check_summary(result)])


def check_summary(result: CheckResult) -> str:
    """The last line of `rules check`, e.g. `2 faults, 2,592 cells, 0 without a winner.`"""
    return f"{_count(len(result.faults), 'fault')}, {result.cells:,} cells, {result.without_winner:,} without a winner."


def examples_text(results: Sequence[ExampleResult], without_proof: Sequence[Rule] = ()) -> str:
    """`rules test`: every example that failed, rules that prove too little, and the sum."""
    lines = []
    for result in results:
        if not result.ok:
            rule, decision = result.rule, result.decision
            wanted = f'should win "{rule.id}"' if result.example.passes else f'should not be won by "{rule.id}"'
            lines.append(
                f"{rule.file}:{result.example.line}: this example {wanted}; "
                f'"{decision.rule}" ({decision.verdict}) wins it: {facets_text(result.facets)}.'
            )
    lines += [
        f'{rule.file}:{rule.line}: rule "{rule.id}" lacks an example that it wins, or one that it does not.'
        for rule in without_proof
    ]
    good = sum(result.ok for result in results)
    rules = len({result.rule.id for result in results})
    lines.append(f"{good} of {_count(len(results), 'example')} of {_count(rules, 'rule')} hold.")
    return "\n".join(lines)


def facets_text(facets: Facets) -> str:
    """Facets as one short phrase, leaving out the refinements that say nothing."""
    code = f" ({facets.upstream_code})" if facets.upstream_code is not None else ""
    phase = f" in {facets.upstream_phase}" if facets.upstream_phase != "none" else ""
    hosts = ", several hosts" if facets.upstream_hosts == "several" else ""
    return (
        f"upstream {facets.upstream}{code}{phase}{hosts}, {facets.upstream_party}, status {facets.status}, "
        f"latency {facets.latency}, upstream latency {facets.upstream_latency}"
    )


_COLUMNS: Final = (("upstream", 31), ("party", 10), ("status", 15), ("latency", 8), ("up. time", 8))


def truth_text(rows: Sequence[TruthRow]) -> str:
    """The truth table in 80 columns: under each rule, in rank order, the cells it wins; long lists wrapped."""
    lines = [_line([name for name, _ in _COLUMNS])]
    previous = ""
    for row in rows:
        if row.rule != previous:
            cells = sum(other.cells for other in rows if other.rule == row.rule)
            lines += [f"{row.rule}: {row.verdict} ({_count(cells, 'cell')})"]
            previous = row.rule
        wrapped = [textwrap.wrap(cell, width) for cell, (_, width) in zip(row[:5], _COLUMNS, strict=True)]
        lines += [_line(parts) for parts in zip_longest(*wrapped, fillvalue="")]
    return "\n".join(lines)


def truth_markdown(rows: Sequence[TruthRow]) -> str:
    """The truth table as a Markdown table, one row for each of `rows`."""
    lines = ["| upstream | party | status | latency | upstream time | verdict | rule | cells |", "|" + " --- |" * 8]
    lines += ["| " + " | ".join(str(value).replace("|", "\\|") for value in row) + " |" for row in rows]
    return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    return "  " + " ".join(f"{cell:<{width}}" for cell, (_, width) in zip(cells, _COLUMNS, strict=True)).rstrip()


def _conditions(rule: Rule) -> list[str]:
    lines = [f"{facet}: {', '.join(rule.when[facet])}" for facet in DOMAINS if facet in rule.when]
    if rule.codes is not None:
        lines.append(f"upstream_code: {', '.join(map(str, sorted(rule.codes)))}")
    if rule.codes_not:
        lines.append(f"upstream_code_not: {', '.join(map(str, sorted(rule.codes_not)))}")
    wrapped = [part for line in lines for part in textwrap.wrap(line, _WIDTH - 2, subsequent_indent="    ")]
    return wrapped or ["always"]


def _parameters(ruleset: RuleSet) -> list[str]:
    values = ruleset.parameters.as_dict()
    units = {parameter.name: parameter.unit for parameter in ruleset.parameters.all()}
    width = max((len(name) for name in values), default=0)
    return [f"{name:<{width}}  {value:>6} {units[name.partition('@')[0]]}" for name, value in values.items()]


def _wrapped(label: str, text: str) -> list[str]:
    return textwrap.wrap(label + text, _WIDTH, subsequent_indent=" " * len(label), break_long_words=False) or [label]


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
