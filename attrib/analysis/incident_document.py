"""An incident as the contract has it (`incidents[]` of the report); reports/incident_model.py describes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrib.incidents.buckets import MINUTE_US
from attrib.incidents.draft import JOINED, MEMBERS, OWN, TRIPPED, UNKNOWN, Draft
from attrib.incidents.evidence.case import Case, Evidence
from attrib.incidents.evidence.listing import counter_evidence, evidence, missing_evidence
from attrib.incidents.index import Index
from attrib.incidents.scene import Example
from attrib.incidents.suspects import suspects
from attrib.parties import Parties
from attrib.rules.facets import VERDICTS
from attrib.verdicts.rows import iso

DIGITS = 6
"""Decimals of shares."""


class Telling:
    """What each incident shows, asked once: its examples are to be found in the files before it is written down."""

    def __init__(self, case: Case, draft: Draft) -> None:
        self.draft, self.case = draft, case
        self.evidence = evidence(case)
        self.against = counter_evidence(case)
        self.missing = missing_evidence(case)

    def examples(self) -> list[Example]:
        """Everything that is cited."""
        return [example for told in (*self.evidence, *self.against, *self.missing) for example in told.examples]


def incident(
    telling: Telling,
    index: Index,
    parties: Parties,
    files: Sequence[str],
    actions: Sequence[Mapping[str, str]],
    *,
    sampled: bool,
    consequences: Sequence[str],
) -> dict[str, Any]:
    """The whole entry. Times UTC; shares are null where nothing is known, rates where the log is a sample."""
    draft, judged = telling.draft, telling.case.judged
    zone = draft.whole
    calls = sum(count.n for count in draft.counts.values())
    rated = not sampled
    upstreams = sorted({k.upstream for k in draft.kinds(OWN, TRIPPED, UNKNOWN, JOINED) if k.upstream is not None})

    def told(entries: Sequence[Evidence]) -> list[dict[str, Any]]:
        return [
            {
                "kind": entry.kind,
                "statement": entry.statement,
                "data": entry.data,
                "examples": [_example(example, files) for example in entry.examples],
            }
            for entry in entries
        ]

    return {
        "id": draft.id,
        "verdict": judged.verdict,
        "lean": judged.lean,
        "responsible": judged.responsible,
        "known_share": _share(judged.known_share),
        "worst_case_share": _share(judged.worst_case_share),
        "worst_case_low": _share(judged.worst_case_low),
        "start": iso(None if zone.first is None else zone.first * MINUTE_US),
        "end": iso(None if zone.last is None else (zone.last + 1) * MINUTE_US),
        "onset": iso(draft.onset),
        "functions": draft.functions,
        "upstreams": upstreams,
        "symptomatic": draft.symptomatic,
        "invocations": calls,
        "failure_rate": _share(draft.failure_rate) if rated else None,
        "baseline_rate": _share(draft.baseline_rate) if rated else None,
        "verdicts": _verdicts(draft),
        "rules": _rules(draft),
        "suspects": suspects(draft, index),
        "evidence": told(telling.evidence),
        "counter_evidence": told(telling.against),
        "missing_evidence": told(telling.missing),
        "consequence_of": draft.consequence_of,
        "parties": {name: parties.of(name).party for name in upstreams},
        "actions": [dict(action) for action in actions],
        "peak": iso(None if draft.peak is None else draft.peak * MINUTE_US),
        "timeline": _timeline(draft),
        "method": judged.method,
        "claimed": judged.claimed,
        "known": {"dominant": judged.dominant, "attributed": judged.attributed},
        "symptoms": _symptoms(draft),
        "whole_log": draft.whole_log,
        "forced": draft.forced,
        "sampled": sampled,
        "consequences": list(consequences),
        "via": [list(chain) for chain in sorted({kind.via for kind in draft.kinds(*MEMBERS) if kind.via})],
    }


def _share(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)


def _example(example: Example, files: Sequence[str]) -> dict[str, Any]:
    return {"file": files[example.file], "line": example.line, "request_id": example.request_id or None}


def _weights(draft: Draft) -> list[tuple[Any, int]]:
    """(kind, members); of unknowns those above the usual, in whole invocations that add up to `symptomatic`."""
    rows: list[tuple[Any, int]] = [(kind, draft.counts[kind].n) for kind in draft.kinds(OWN, JOINED, TRIPPED)]
    left = round(draft.unknown_excess)
    excess = [(kind, max(0.0, draft.counts[kind].n - draft.usual.get(kind, 0.0))) for kind in draft.kinds(UNKNOWN)]
    for position, (kind, share) in enumerate(excess):
        n = left if position == len(excess) - 1 else min(left, round(share))
        rows.append((kind, n))
        left -= n
    return rows


def _verdicts(draft: Draft) -> dict[str, int]:
    counts = dict.fromkeys(VERDICTS, 0)
    for kind, n in _weights(draft):
        counts[kind.verdict] += n
    return counts


def _rules(draft: Draft) -> dict[str, int]:
    counts: dict[str, int] = {}
    for kind, n in _weights(draft):
        if n:
            counts[kind.rule or "none"] = counts.get(kind.rule or "none", 0) + n
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _symptoms(draft: Draft) -> dict[str, int]:
    counts = {"failed": 0, "slow": 0, "unfinished": 0}
    for kind, n in _weights(draft):
        counts["failed" if (kind.symptom or "").startswith("failed") else kind.symptom or "failed"] += n
    return counts


def _timeline(draft: Draft) -> dict[str, Any] | None:
    """Members and invocations minute by minute, minutes without any filled with zeros; long ones in wider steps."""
    if not draft.by_minute:
        return None
    minutes = sorted(minute for minute in draft.by_minute if minute is not None)
    first, last = minutes[0], minutes[-1]
    step = 1 + (last - first) // MOST_STEPS
    counts, invocations = ([0] * ((last - first) // step + 1) for _ in range(2))
    for minute in minutes:
        members, calls = draft.by_minute[minute]
        counts[(minute - first) // step] += members
        invocations[(minute - first) // step] += calls
    return {"start": iso(first * MINUTE_US), "step_s": 60 * step, "counts": counts, "invocations": invocations}


MOST_STEPS = 240
"""Steps of a timeline."""
