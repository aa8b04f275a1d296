"""The report as a plain dict in the contract's shape (`attrib.report/1`); reports/model.py describes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from attrib.analysis.tally import Kind, Tally
from attrib.parties import Parties
from attrib.rules.ruleset import RuleSet
from attrib.verdicts.rows import iso

SCHEMA: Final = "attrib.report/1"


def document(
    version: str,
    accounts: dict[str, Any],
    ruleset: RuleSet,
    tally: Tally,
    parties: Parties,
    files: Sequence[str],
    window: tuple[int | None, int | None],
    notes: Sequence[str],
) -> dict[str, Any]:
    """The whole report. `accounts` is the `input` block; `files` are the paths that places count; times are UTC."""
    symptomatic = tally.symptomatic
    verdicts = tally.verdicts()
    return {
        "schema": SCHEMA,
        "attrib_version": version,
        "input": accounts,
        "rules": {
            "packs": list(ruleset.packs),
            "digest": ruleset.digest,
            "thresholds": ruleset.parameters.as_dict(),
        },
        "summary": {
            "invocations": tally.invocations,
            "ok": tally.invocations - symptomatic,
            "symptomatic": symptomatic,
            "verdicts": verdicts,
            "masked_upstream_failures": tally.masked,
            "uncorrelated": tally.uncorrelated,
            # The share of symptoms for which the evidence sufficed; nothing to explain is null, not 1.
            "evidence_coverage": round(1 - verdicts["unknown"] / symptomatic, 6) if symptomatic else None,
        },
        "incidents": [],
        "isolated": [_isolated(single, files) for single in tally.isolated()],
        "background": [_background(kind, n, tally) for kind, n in tally.background()],
        "checks": None,
        "parties": _parties(tally, parties),
        "verdict_counts": _verdict_counts(tally),
        "functions": _functions(tally),
        "window": None if window == (None, None) else {"start": iso(window[0]), "end": iso(window[1])},
        "notes": list(notes),
    }


def _isolated(single: Any, files: Sequence[str]) -> dict[str, Any]:
    kind: Kind = single.kind
    return {
        "verdict": kind.verdict,
        "rule": kind.rule,
        "responsible": kind.responsible,
        "function": kind.function,
        "request_id": single.request_id,
        "file": files[single.place.file],
        "line": single.place.line,
        "statement": single.statement,
    }


def _background(kind: Kind, n: int, tally: Tally) -> dict[str, Any]:
    return {
        "function": kind.function,
        "status": kind.status,
        "verdict": kind.verdict,
        "rule": kind.rule,
        "count": n,
        "rate": round(n / tally.functions[kind.function].invocations, 6),
    }


def _parties(tally: Tally, parties: Parties) -> list[dict[str, Any]]:
    rows = []
    for upstream, n in sorted(tally.upstreams.items(), key=lambda item: (-item[1], item[0] or "")):
        party = parties.of(upstream)
        rows.append({"upstream": upstream, "party": party.party, "reason": party.reason, "records": n})
    return rows


def _verdict_counts(tally: Tally) -> list[dict[str, Any]]:
    counts: dict[tuple[str | None, str | None, str, str, str | None], int] = {}
    for kind, n in tally.kinds.items():
        key = (kind.function, kind.upstream, kind.verdict, kind.rule, kind.responsible)
        counts[key] = counts.get(key, 0) + n
    names = ("function", "upstream", "verdict", "rule", "responsible")
    ordered = sorted(counts.items(), key=lambda item: (-item[1], *(x or "" for x in item[0])))
    return [{**dict(zip(names, key, strict=True)), "count": n} for key, n in ordered]


def _functions(tally: Tally) -> list[dict[str, Any]]:
    ordered = sorted(tally.functions.items(), key=lambda item: (-item[1].invocations, item[0] or ""))
    return [
        {"function": name, "invocations": f.invocations, "ok": f.ok, "failed": f.failed, "slow": f.slow}
        for name, f in ordered
    ]
