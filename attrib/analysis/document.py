"""The report as a plain dict in the contract's shape (`attrib.report/1`); reports/model.py describes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from attrib.analysis.baseline import Baseline
from attrib.analysis.run import Run
from attrib.analysis.span import Limits
from attrib.analysis.tally import Tally
from attrib.parties import Parties
from attrib.verdicts.rows import iso

SCHEMA: Final = "attrib.report/1"


@dataclass
class Rest:
    """What the incidents' rooms add to a report; nothing where they were not asked."""

    incidents: list[dict[str, Any]] = field(default_factory=list)
    isolated: list[dict[str, Any]] = field(default_factory=list)
    background: list[dict[str, Any]] = field(default_factory=list)
    baseline: Baseline | None = None
    checks: dict[str, Any] | None = None


def document(
    version: str, accounts: dict[str, Any], run: Run, tally: Tally, parties: Parties, limits: Limits, rest: Rest
) -> dict[str, Any]:
    """The whole report. `accounts` is the `input` block; times are UTC."""
    symptomatic = tally.symptomatic
    verdicts = tally.verdicts()
    ruleset, config = run.ruleset, run.options.config
    return {
        "schema": SCHEMA,
        "attrib_version": version,
        "input": accounts,
        "rules": {
            "packs": list(ruleset.packs),
            "digest": ruleset.digest,
            "thresholds": ruleset.parameters.as_dict(),
            "config": None if config is None else {"path": config.path, "digest": config.digest},
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
        "incidents": rest.incidents,
        "isolated": rest.isolated,
        "background": rest.background,
        "checks": rest.checks,
        "parties": _parties(tally, parties),
        "verdict_counts": _verdict_counts(tally),
        "functions": _functions(tally),
        "window": None if limits == (None, None) else {"start": iso(limits[0]), "end": iso(limits[1])},
        "marks": _marks(run),
        "sampled": run.sampled,
        "baseline": None if rest.baseline is None else rest.baseline.as_dict(),
        "notes": list(run.notes),
    }


def _marks(run: Run) -> list[dict[str, Any]]:
    """What the user marked, in order of time."""
    marks = sorted((mark.resolve(run.times.last), mark.text) for mark in run.marks)
    return [{"time": iso(at), "text": text} for at, text in marks]


def _parties(tally: Tally, parties: Parties) -> list[dict[str, Any]]:
    rows = []
    for upstream, n in sorted(tally.upstreams.items(), key=lambda item: (-item[1], item[0] or "")):
        party = parties.of(upstream)
        rows.append({"upstream": upstream, "party": party.party, "reason": party.reason, "records": n})
    return rows


def _verdict_counts(tally: Tally) -> list[dict[str, Any]]:
    ordered = sorted(tally.blames.items(), key=lambda item: (-item[1], *(x or "" for x in item[0])))
    return [{**blame._asdict(), "count": n} for blame, n in ordered]


def _functions(tally: Tally) -> list[dict[str, Any]]:
    ordered = sorted(tally.functions.items(), key=lambda item: (-item[1].invocations, item[0] or ""))
    return [
        {"function": name, "invocations": f.invocations, "ok": f.ok, "failed": f.failed, "slow": f.slow}
        for name, f in ordered
    ]
