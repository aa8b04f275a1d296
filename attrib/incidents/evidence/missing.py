"""What would settle an unknown incident: which field, in which function, on how many lines, and the change to the log.

Only for incidents whose verdict is `unknown`; one that a comparison demoted lacks no field.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from attrib.incidents.buckets import Kind
from attrib.incidents.evidence.case import Case, Evidence
from attrib.incidents.phrases import clock, name_of, number
from attrib.verdicts.decide import CONTRADICTION

MOST: Final = 5
"""Changes named, those that settle most first."""
HOSTS: Final = ("host.name", "k8s.pod.name")


class Gap(NamedTuple):
    """What one kind of unknown lacks. Equal gaps are one finding."""

    field: str | None
    """The field to log; None: a word of the user or other lines are needed."""
    function: str | None
    stage: str | None
    change: str
    """Of the log line, or of the call."""


def missing(case: Case) -> list[Evidence]:
    """One per gap, those that settle most requests first."""
    if case.judged.verdict != "unknown" or case.judged.demotions:
        return []
    unknown = [kind for kind in case.members if kind.verdict == "unknown"]
    gaps: dict[Gap, list[Kind]] = {}
    for kind in unknown:
        if (gap := gap_of(kind, case)) is not None:
            gaps.setdefault(gap, []).append(kind)
    total = case.n(unknown)
    ranked = sorted(gaps, key=lambda gap: (-case.n(gaps[gap]), repr(gap)))
    return [_evidence(case, gap, gaps[gap], total) for gap in ranked[:MOST]]


def _evidence(case: Case, gap: Gap, kinds: list[Kind], total: int) -> Evidence:
    n, examples = case.n(kinds), case.examples(kinds)
    data = {
        "field": gap.field,
        "function": gap.function,
        "stage": gap.stage,
        "lines": n,
        "unknown": total,
        "change": gap.change,
    }
    whole = f"all {number(total)}" if n == total else f"{number(n)} of {number(total)}"
    kind = f"missing_{gap.field}" if gap.field else "missing"
    return Evidence(kind, f"To settle {whole} unknown: {gap.change}{case.where(examples)}.", data, examples)


def gap_of(kind: Kind, case: Case) -> Gap | None:
    """What an unknown kind lacks; None where no change to the log is known to help."""
    first = _end(kind) or _contradiction(kind) or _party(kind) or _outcome(kind)
    if first is None:
        first = _host(kind, case) or _breaker(kind, case)
    return first or _credentials(kind) or _times(kind) or _which_call(kind)


def _at(kind: Kind) -> str:
    """`search, stage exception`."""
    return f"{name_of(kind.function)}, stage {kind.stage}" if kind.stage else name_of(kind.function)


def _gap(field: str | None, kind: Kind, change: str) -> Gap:
    return Gap(field, kind.function, kind.stage, change)


def _end(kind: Kind) -> Gap | None:
    if kind.symptom != "unfinished":
        return None
    return _gap("status", kind, f"log an end (stage response or exception, with status) after {_at(kind)}")


def _contradiction(kind: Kind) -> Gap | None:
    if kind.rule != CONTRADICTION:
        return None
    claim = f"error_code {kind.error_code}" if kind.error_code else "the line"
    return _gap(
        "upstream_status",
        kind,
        f"log in {_at(kind)} the upstream_status of the call that failed: {claim} and the upstream_status logged "
        "contradict each other",
    )


def _party(kind: Kind) -> Gap | None:
    if kind.party != "unknown" or kind.outcome in ("missing", "not_contacted", "short_circuited"):
        return None
    if kind.upstream is None:
        return _gap("upstream", kind, f"log the name of the upstream in {_at(kind)}")
    name = kind.upstream
    return Gap(None, None, None, f"say whose {name} is: --vendors {name} or --own {name}")


def _outcome(kind: Kind) -> Gap | None:
    if kind.outcome != "missing":
        return None
    if kind.code is not None:
        change = f"log a status or a known word as upstream_status in {_at(kind)}: {kind.code} tells nothing"
    elif not kind.correlated:
        change = f"log upstream_status, and request_id to join the line to its upstream's, in {_at(kind)}"
    else:
        change = f"log upstream_status in {_at(kind)}"
    return _gap("upstream_status", kind, change)


def _host(kind: Kind, case: Case) -> Gap | None:
    if kind.phase not in ("dns", "tls"):
        return None
    sights = [sight for _, sight in case.seen([kind])]
    if any(sight.fields.get(name) for sight in sights for name in HOSTS):
        return Gap(None, kind.function, None, f"compare {kind.phase} on the one host that fails with another host")
    return _gap(
        "host.name",
        kind,
        f"log host.name in {_at(kind)}: several hosts that see the same {kind.phase} failure clear ours",
    )


def _breaker(kind: Kind, case: Case) -> Gap | None:
    if kind.outcome != "short_circuited":
        return None
    onset = case.draft.onset
    when = f" before {clock(onset)}" if onset is not None else ""
    return Gap(
        None,
        kind.function,
        None,
        f"add the lines{when} of {name_of(kind.function)}: the failures that opened the breaker are not in this log",
    )


def _credentials(kind: Kind) -> Gap | None:
    if kind.code not in (401, 403, 407):
        return None
    return _gap(
        "error_code",
        kind,
        f"log in {_at(kind)} whose credentials were refused, the caller's or ours (an error_code for each)",
    )


def _times(kind: Kind) -> Gap | None:
    slow = kind.symptom in ("slow", "failed+slow") or kind.status_class == "client_abort"
    if not slow:
        return None
    if kind.share == "missing":
        both = "latency_ms and upstream_latency_ms" if kind.symptom == "failed" else "upstream_latency_ms"
        return _gap("upstream_latency_ms", kind, f"log {both} in {_at(kind)}")
    if kind.share == "middle":
        return _gap(
            "latency_ms",
            kind,
            f"log the stages of {name_of(kind.function)} with a latency_ms each: the time is split between us and the "
            "upstream",
        )
    return None


def _which_call(kind: Kind) -> Gap | None:
    if kind.rule not in (None, "none") or kind.symptom == "slow":
        return None
    return _gap(
        "error_code",
        kind,
        f"log in {_at(kind)} an error_code with the name of the call that failed, or upstream, upstream_status and ts "
        "for each call: which one decided is not logged",
    )
