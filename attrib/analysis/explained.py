"""One invocation as `attrib explain` shows it; the shape is documented in reports/explain.py."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attrib.invocations.model import Invocation
from attrib.invocations.outcome import record_outcome
from attrib.records.model import Record
from attrib.rules.facets import Facets
from attrib.rules.model import DOMAINS, Rule
from attrib.rules.ruleset import RuleSet
from attrib.verdicts.chain import Chains
from attrib.verdicts.decide import OK, Verdict
from attrib.verdicts.rows import computed_ms, iso


def request_report(
    request_id: str, invocations: Sequence[Invocation], ruleset: RuleSet, files: Sequence[str]
) -> dict[str, Any]:
    """All there is to say about one request: its invocations, callers first, and the chain they are part of.

    `invocations`: those of the request and of whatever it calls or is called by; `files` as in `Record.file`.
    """
    chains = Chains(invocations, ruleset)
    chain = chain_of(chains, invocations, files)
    places = {(hop["file"], hop["line"]): position for position, hop in enumerate(chain)}
    entries = [
        explained(invocation, found.verdict, ruleset, files, found.evidence)
        for invocation, found in zip(invocations, chains.judged, strict=True)
        if invocation.request_id == request_id
    ]
    late = len(places)
    entries.sort(
        key=lambda entry: (
            places.get((entry["file"], entry["line"]), late), entry["ts"] or "", entry["file"], entry["line"]
        )
    )  # fmt: skip
    return {"request_id": request_id, "invocations": entries, "chain": chain}


def explained(
    invocation: Invocation,
    verdict: Verdict,
    ruleset: RuleSet,
    files: Sequence[str],
    evidence: Invocation | None = None,
) -> dict[str, Any]:
    """The invocation, its records in the order that decides, and every rule with what it saw.

    `evidence` is what the rules were asked about: the deepest hop of its chain, where the blame went there.
    """
    contradiction = invocation.contradiction or invocation.time_contradiction
    return {
        "function": invocation.function,
        "ts": iso(invocation.ts),
        "status": invocation.status if invocation.status is not None else invocation.status_word,
        "latency_ms": invocation.latency_ms,
        "own_ms": computed_ms(invocation.own_ms),
        "retry_wait_ms": computed_ms(invocation.retry_wait_ms),
        "symptom": invocation.symptom,
        "verdict": verdict.verdict,
        "rule": verdict.rule,
        "responsible": verdict.responsible,
        "lean": verdict.lean,
        "reason": _reason(invocation, verdict, ruleset),
        "correlated": invocation.correlated,
        "masked": invocation.masked,
        "via": list(verdict.via),
        "file": files[invocation.decisive.file],
        "line": invocation.decisive.line,
        "contradiction": contradiction
        and {
            "statement": contradiction.statement,
            "places": [{"file": files[r.file], "line": r.line} for r in contradiction.records],
        },
        "records": [_record(record, ruleset, files) for record in invocation.records],
        "rules": [] if verdict.verdict == OK else _rules(evidence or invocation, verdict, ruleset),
    }


def chain_of(chains: Chains, invocations: Sequence[Invocation], files: Sequence[str]) -> list[dict[str, Any]]:
    """The hops that the invocations are part of, callers before callees; empty where nothing is linked."""
    blamed = {found.decided for found in chains.judged if found.verdict.via}
    return [
        {
            "depth": hop.depth,
            "request_id": invocation.request_id,
            "function": invocation.function,
            "ts": iso(invocation.ts),
            "status": invocation.status if invocation.status is not None else invocation.status_word,
            "latency_ms": invocation.latency_ms,
            "own_ms": computed_ms(hop.own_ms),
            "between_ms": computed_ms(hop.between_ms),
            "symptom": invocation.symptom,
            "verdict": verdict.verdict,
            "rule": verdict.rule,
            "responsible": verdict.responsible,
            "blamed": hop.number in blamed,
            "ends": hop.ends,
            "missing_parent": hop.missing_parent,
            "file": files[invocation.decisive.file],
            "line": invocation.decisive.line,
        }
        for hop in chains.tree()
        for invocation, verdict in [(invocations[hop.number], chains.judged[hop.number].verdict)]
    ]


def _reason(invocation: Invocation, verdict: Verdict, ruleset: RuleSet) -> str:
    if verdict.verdict == OK:
        return verdict.statement
    if invocation.several_calls:
        return f"{verdict.statement}. Several calls may be the cause, and the log does not tell which: no blame."
    rule = ruleset.rule(verdict.rule or "")
    return f"{verdict.statement}. {rule.reason}" if rule is not None else verdict.statement


def _record(record: Record, ruleset: RuleSet, files: Sequence[str]) -> dict[str, Any]:
    found = record_outcome(record.upstream_status, record.upstream_word, record.error_code, ruleset.words)
    return {
        "stage": record.stage,
        "attempt": record.attempt,
        "ts": iso(record.ts),
        "status": record.status if record.status is not None else record.status_word,
        "latency_ms": record.latency_ms,
        "error_code": record.error_code,
        "upstream": record.upstream,
        "upstream_outcome": found.outcome,
        "upstream_status": record.upstream_status if record.upstream_status is not None else record.upstream_word,
        "upstream_latency_ms": record.upstream_latency_ms,
        "file": files[record.file],
        "line": record.line,
    }


def _rules(invocation: Invocation, verdict: Verdict, ruleset: RuleSet) -> list[dict[str, Any]]:
    cell = ruleset.table.cell(invocation.facets)
    return [
        {
            "id": rule.id,
            "title": rule.title,
            "matched": matched,
            "won": rule.id == verdict.rule,
            "why": why,
            "missed": _missed(rule, cell),
        }
        for rule, matched, why in ruleset.explain(invocation.facets)
    ]


def _missed(rule: Rule, cell: Facets) -> list[str]:
    """The facets that speak against the rule, in the order in which `why` looks for the first."""
    return [
        facet
        for facet in DOMAINS
        if not rule.allows(facet, getattr(cell, facet))
        or (facet == "upstream" and not rule.allows_code(cell.upstream_code))
    ]
