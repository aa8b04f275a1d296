"""Minutes in which more failed, or was slow, than the budget allows, counted from an incident's timeline."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any, NamedTuple

from attrib.reports.figures import moment, number


class Over(NamedTuple):
    """What an incident took from the budget."""

    steps: int
    """Steps of the timeline, between the incident's start and end, whose share was above the bound."""
    of: int
    """Steps in that time that had any request."""
    step_s: float
    """Length of one step, s."""
    bound: float
    """The share that was allowed (`incident_min_rate`)."""
    first: str
    """Start of the first step above the bound, ISO 8601 UTC."""
    low_ms: float | None
    """Above this a request counts as slow, ms (`latency_high_ms`); None: the incident has no slow ones."""


def threshold(report: dict[str, Any], entry: dict[str, Any], name: str) -> float:
    """A threshold of the run; the function's own where the incident has only one."""
    known = report["rules"]["thresholds"]
    own = [known.get(f"{name}@{function}") for function in entry["functions"]]
    return float(own[0] if len(own) == 1 and own[0] is not None else known[name])


def over_budget(report: dict[str, Any], entry: dict[str, Any]) -> Over | None:
    """The minutes above the bound; None without times, without rates (a sample) and where no minute was."""
    line = entry.get("timeline")
    first, start, end = (moment(text, UTC) for text in ((line or {}).get("start"), entry["start"], entry["end"]))
    if not line or first is None or start is None or end is None or entry.get("sampled"):
        return None
    if entry["failure_rate"] is None or "incident_min_rate" not in report["rules"]["thresholds"]:
        return None
    bound = threshold(report, entry, "incident_min_rate")
    over, busy = [], 0
    for position, (bad, total) in enumerate(zip(line["counts"], line["invocations"], strict=False)):
        at = first + timedelta(seconds=position * line["step_s"])
        if total and start <= at < end:
            busy += 1
            over += [at] if bad / total > bound else []
    if not over:
        return None
    slow = (entry.get("symptoms") or {}).get("slow")
    high = threshold(report, entry, "latency_high_ms") if slow else None
    return Over(len(over), busy, line["step_s"], bound, f"{over[0]:%Y-%m-%dT%H:%M:%SZ}", high)


def told(over: Over) -> str:
    """`18 of 19 minutes: in each, more than 5 % of the requests failed (incident_min_rate)`."""
    what = "failed" if over.low_ms is None else f"failed or took longer than {number(over.low_ms)} ms"
    minutes = over.steps * over.step_s / 60
    busy = over.of * over.step_s / 60
    counted = f"{number(minutes)} of {number(busy)} minute{'s'[: busy != 1]} with requests"
    if over.step_s != 60:
        counted = f"at most {counted} (counted in steps of {number(over.step_s / 60)} min)"
    names = "`incident_min_rate`" + ("" if over.low_ms is None else ", `latency_high_ms`")
    return f"{counted}: in each, more than {over.bound * 100:g} % of the requests {what} ({names})"
