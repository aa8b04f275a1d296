"""The truth table of a pack set, readable: the cells each rule wins, merged into as few rows as come by merging."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, cast

from attrib.rules.facets import (
    LATENCY,
    STATUS,
    UPSTREAM,
    UPSTREAM_HOSTS,
    UPSTREAM_LATENCY,
    UPSTREAM_PARTY,
    UPSTREAM_PHASE,
)
from attrib.rules.model import NO_RULE
from attrib.rules.ruleset import RuleSet

_Upstream = tuple[str, int | None, str, str]
_Box = tuple[frozenset[_Upstream], frozenset[str], frozenset[str], frozenset[str], frozenset[str]]
"""Cells that share a decision: upstream cells x party x status x latency x upstream latency."""

_MERGE_ORDER: Final = (4, 3, 0, 1, 2)
"""Which dimension is merged when: the times first, then upstreams and parties; found to give the fewest rows."""


class TruthRow(NamedTuple):
    """Some cells of the table in words, all decided alike. No cell is in two rows, and together they are all cells."""

    upstream: str
    party: str
    status: str
    latency: str
    upstream_latency: str
    verdict: str
    rule: str
    cells: int


def truth_table(ruleset: RuleSet) -> list[TruthRow]:
    """The whole table as few rows, in the order of the rules; the cells that no rule matches come last."""
    table = ruleset.table
    boxes: dict[tuple[str, _Box], None] = {
        (
            table.decision_of(mask).rule,
            (
                frozenset([(cell.upstream, cell.upstream_code, cell.upstream_phase, cell.upstream_hosts)]),
                frozenset([cell.upstream_party]),
                frozenset([cell.status]),
                frozenset([cell.latency]),
                frozenset([cell.upstream_latency]),
            ),
        ): None
        for cell, mask in table.masks()
    }
    for dimension in _MERGE_ORDER:
        boxes = _merge(boxes, dimension)
    verdicts = {rule.id: rule.verdict for rule in table.rules} | {NO_RULE: "unknown"}
    order = {rule.id: position for position, rule in enumerate(table.rules)} | {NO_RULE: len(table.rules)}
    rows = [_row(rule, verdicts[rule], box, table.upstream_cells) for rule, box in boxes]
    return sorted(rows, key=lambda row: order[row.rule])


def _merge(boxes: dict[tuple[str, _Box], None], dimension: int) -> dict[tuple[str, _Box], None]:
    """Join the boxes of a rule that differ in this dimension only."""
    grouped: dict[tuple[str, tuple[object, ...]], list[frozenset[object]]] = {}
    for rule, box in boxes:
        others = (*box[:dimension], *box[dimension + 1 :])
        grouped.setdefault((rule, others), []).append(frozenset(box[dimension]))
    merged: dict[tuple[str, _Box], None] = {}
    for (rule, rest), values in grouped.items():
        joined: frozenset[object] = frozenset().union(*values)
        merged[rule, cast("_Box", (*rest[:dimension], joined, *rest[dimension:]))] = None
    return merged


def _row(rule: str, verdict: str, box: _Box, upstream_cells: Sequence[_Upstream]) -> TruthRow:
    upstream, party, status, latency, part = box
    cells = len(upstream) * len(party) * len(status) * len(latency) * len(part)
    return TruthRow(
        _upstream_label(upstream, upstream_cells),
        _label(party, UPSTREAM_PARTY),
        _label(status, STATUS),
        _label(latency, LATENCY),
        _label(part, UPSTREAM_LATENCY),
        verdict,
        rule,
        cells,
    )


def _label(values: frozenset[str], domain: Sequence[str]) -> str:
    """The values in domain order; `any` for all, `not x` where only one is left out of many."""
    left = [value for value in domain if value not in values]
    if not left:
        return "any"
    if len(left) == 1 and len(domain) > 2:
        return f"not {left[0]}"
    return ", ".join(value for value in domain if value in values)


def _upstream_label(cells: frozenset[_Upstream], every: Sequence[_Upstream]) -> str:
    """Outcomes in domain order; exact codes and phases only where the class or outcome is not whole."""
    whole = [outcome for outcome in UPSTREAM if all(cell in cells for cell in every if cell[0] == outcome)]
    left = [outcome for outcome in UPSTREAM if outcome not in whole]
    if not left:
        return "any"
    if len(left) == 1 and not any(cell[0] == left[0] for cell in cells):
        return f"not {left[0]}"
    labels: list[str] = []
    for outcome in UPSTREAM:
        if outcome in whole:
            labels.append(outcome)
            continue
        own = [cell for cell in every if cell in cells and cell[0] == outcome]
        if outcome == "no_response":
            labels += _phases(own)
        else:
            labels += [f"other {outcome}" if code is None else str(code) for _, code, _, _ in own]
    return ", ".join(labels)


def _phases(cells: Sequence[_Upstream]) -> list[str]:
    """`no_response (connect)`, and `(dns: several hosts)` where the number of hosts matters."""
    if not cells:
        return []
    hosts_of = {phase: {hosts for _, _, own, hosts in cells if own == phase} for phase in UPSTREAM_PHASE}
    whole = [phase for phase, hosts in hosts_of.items() if len(hosts) == len(UPSTREAM_HOSTS)]
    labels = [f"no_response ({', '.join(whole)})"] if whole else []
    for number in UPSTREAM_HOSTS:
        partly = [phase for phase, hosts in hosts_of.items() if hosts == {number}]
        if partly:
            labels.append(f"no_response ({', '.join(partly)}: {number} host{'s' if number == 'several' else ''})")
    return labels
