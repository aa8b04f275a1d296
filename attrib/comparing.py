"""`attrib compare`: two sides (logs, saved reports or bundles) -> what got worse or better, as a plain dict.

The document's shape is attrib.reports.compare_model. How a change is told from chance: attrib.comparison.judge.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from importlib.metadata import version
from typing import Any, Final

from attrib.comparison.causes import causes
from attrib.comparison.figures import Figures, figures_from, figures_of_report
from attrib.comparison.judge import judge
from attrib.comparison.model import Bounds, Side
from attrib.errors import InputError, NoRecordsError, UsageError
from attrib.options import Options
from attrib.pipeline import Analysed, Outcome, analysed
from attrib.reports.saved import Saved, saved_report

SCHEMA: Final = "attrib.compare/1"
_NO_LATENCY: Final = "latencies (a saved report holds counts only; name the logs, or a bundle)"
_NO_UPSTREAMS: Final = "failures per upstream (a saved report counts what failed, not what went well)"
_NO_BURSTS: Final = "how much failures come in bursts: its counts are taken as independent of each other"
_LENGTHS: Final = 2.0
"""Times of the one's length beyond which the difference is worth a note."""


def compare(before: str, after: str, options: Options | None = None, bounds: Bounds | None = None) -> Outcome:
    """What got worse or better from one side to the other. Raises AttribError.

    `before`, `after`: a log (path, glob, folder, `-`), a saved report or a bundle. The exit code is 3 where a log could
    not be read whole, 4 where a side has no record.
    """
    if before == after == "-":
        raise UsageError("compare: both sides name standard input; it can be read once only.")
    options, bounds = options or Options(), bounds or Bounds()
    # What was saved is looked at first: its faults are told before a long log is read.
    found = [saved_report(name) for name in (before, after)]
    sides = [
        _saved_side(name, saved) if saved else _log_side(name, options)
        for name, saved in zip((before, after), found, strict=True)
    ]
    report = _document(sides[0], sides[1], bounds)
    unread = [*sides[0].unread, *sides[1].unread]
    if unread:
        return Outcome(report, InputError.exit_code, unread=unread)
    empty = [side.name for side in sides if not side.report["input"]["totals"]["records"]]
    if empty:
        return Outcome(report, NoRecordsError.exit_code, f"no M1 record in {' and '.join(empty)}: nothing to compare.")
    return Outcome(report, 0)


def figures_of(found: Analysed) -> Figures:
    """The figures of an analysis, while its run is open."""
    fill: Callable[[Any], None] = found.look.fill
    return figures_from(found.outcome.report, found.buckets, fill)


def _log_side(name: str, options: Options) -> Side:
    with analysed([name], options) as found:
        return Side(name, "logs", found.outcome.report, figures_of(found), unread=tuple(found.outcome.unread))


def _saved_side(name: str, saved: Saved) -> Side:
    figures = saved.bundle.figures if saved.bundle is not None else None
    if figures is not None:
        return Side(name, "bundle", saved.report, figures)
    return Side(
        name, "report" if saved.bundle is None else "bundle", saved.report, figures_of_report(saved.report),
        (_NO_UPSTREAMS, _NO_LATENCY, _NO_BURSTS),
    )  # fmt: skip


def _document(before: Side, after: Side, bounds: Bounds) -> dict[str, Any]:
    rows, comparisons, z = judge(before, after, bounds)
    incidents = causes(before.report["incidents"], after.report["incidents"])
    worse = sum(row["result"] == "worse" for row in rows)
    better = sum(row["result"] == "better" for row in rows)
    new = sum(row["result"] == "new" for row in incidents)
    return {
        "schema": SCHEMA,
        "attrib_version": version("attrib"),
        "before": _side(before),
        "after": _side(after),
        "parameters": {
            "level": bounds.level,
            "min_change": bounds.min_change,
            "min_change_doubled": bounds.min_change_doubled,
            "min_latency": bounds.min_latency,
            "min_latency_ms": bounds.min_latency_ms,
            "comparisons": comparisons,
            "z": round(z, 6),
        },
        "summary": {
            "worse": worse,
            "better": better,
            "new_incidents": new,
            "gone_incidents": sum(row["result"] == "gone" for row in incidents),
            "regress": bool(worse or new),
        },
        "figures": rows,
        "only_before": _only(before, after),
        "only_after": _only(after, before),
        "incidents": incidents,
        "notes": _notes(before, after, comparisons),
    }


def _side(side: Side) -> dict[str, Any]:
    report = side.report
    times = report["input"]["time_range"] or {"start": None, "end": None}
    return {
        "name": side.name,
        "kind": side.kind,
        "files": [file["path"] for file in report["input"]["files"]],
        "time_range": times,
        "seconds": _seconds(times),
        "invocations": report["summary"]["invocations"],
        "symptomatic": report["summary"]["symptomatic"],
        "incidents": len(report["incidents"]),
        "sampled": side.sampled,
        "rules": report["rules"]["digest"],
        "missing": list(side.missing),
    }


def _seconds(times: dict[str, Any]) -> float | None:
    if times["start"] is None or times["end"] is None:
        return None
    start, end = (datetime.fromisoformat(times[key]) for key in ("start", "end"))
    return round((end - start).total_seconds(), 3)


def _only(side: Side, other: Side) -> dict[str, list[str | None]]:
    """Functions and upstreams that one side alone has; upstreams only where both sides tell them."""
    theirs = other.functions
    functions = [one["function"] for one in side.figures["functions"] if one["function"] not in theirs]
    upstreams: list[str | None] = []
    if side.figures["upstreams"] is not None and other.figures["upstreams"] is not None:
        known = {entry["upstream"] for entry in other.figures["upstreams"]}
        upstreams = [entry["upstream"] for entry in side.figures["upstreams"] if entry["upstream"] not in known]
    return {"functions": functions, "upstreams": upstreams}


def _notes(before: Side, after: Side, comparisons: int) -> list[str]:
    notes = [
        f"{word}: from a {side.kind}, which does not tell {missing}."
        for word, side in (("Before", before), ("After", after))
        for missing in side.missing
    ]
    if before.sampled or after.sampled:
        which = "Both logs are samples" if before.sampled and after.sampled else "One log is a sample"
        notes.append(f"{which}: there are no rates and no latencies to compare, only incidents.")
    elif not comparisons:
        notes.append("The sides have no function in common with invocations on both: no figure can be compared.")
    elif before.functions != after.functions:
        notes.append("Figures over all count only the functions that both sides have.")
    if before.report["rules"]["digest"] != after.report["rules"]["digest"]:
        notes.append("The sides were judged by different rules or thresholds: shares of verdicts may differ by these.")
    lengths = [_side(side)["seconds"] for side in (before, after)]
    if all(lengths) and max(lengths) > _LENGTHS * min(lengths):
        notes.append("The sides cover times of different length: shares compare, counts and incidents do not.")
    return notes
