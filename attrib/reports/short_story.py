"""What the first screen says besides its incidents: what else there was, what the logs lack, what to do next."""

from __future__ import annotations

from typing import Any, Final

from attrib.reports.cost_story import cost
from attrib.reports.figures import number, part, percent, plural
from attrib.reports.next_steps import short
from attrib.reports.outline import Block, Heading, Items, Line, Paragraph, Piece, command, line, prose, value
from attrib.reports.view import View

BACKGROUND: Final = 3
"""Background groups named."""

NOTES: Final = 3
"""Notes shown."""


def rest(report: dict[str, Any], view: View) -> list[Block]:
    """The blocks below the incidents, each a line or two."""
    summary = report["summary"]
    bad, total = summary["symptomatic"], summary["invocations"]
    lines = [line(f"In all, {number(bad)} of {plural(total, 'invocation')} failed or were slow ({part(bad, total)}).")]
    lines += [also] if (also := _also(report)) else []
    lines += [lost] if (lost := cost(report, view)) else []
    notes = report.get("notes") or []
    lines += [line("Note: ", prose(note)) for note in notes[:NOTES]]
    blocks: list[Block] = [Paragraph(stop_rule(report)), Paragraph(_joined(lines))]
    steps = (("every detail", short(view, "analyze", "-v")), ("one row per request", short(view, "verdicts")))
    return [*blocks, Heading("Next"), Items(tuple(line(f"{what}:  ", command(text)) for what, text in steps))]


def _joined(lines: list[Line]) -> Line:
    pieces: list[Piece | str] = []
    for position, one in enumerate(lines):
        pieces += ["\n" if position else "", *one]
    return line(*pieces)


def stop_rule(report: dict[str, Any]) -> Line:
    """The stop rule in one sentence; where something is unknown, that nothing may be rewritten at all."""
    unknown = any(entry["verdict"] == "unknown" for entry in report["incidents"])
    none = "; none for UNKNOWN." if unknown else "."
    return line(Piece("strong", "Stop rule:"), f" no data rewrite without replay plan and rollback{none}")


def _also(report: dict[str, Any]) -> Line:
    """`Also: 3 isolated failures, background 404 in catalog (12 %, as always).`"""
    summary, found = report["summary"], []
    if isolated := len(report["isolated"]):
        found.append(line(plural(isolated, "isolated failure")))
    usual = ", as always" if _has_usual(report) else ""
    where = "outside the window " if any(entry.get("forced") for entry in report["incidents"]) else "background "
    groups = _background(report)
    for (status, function), (rate, count) in groups[:BACKGROUND]:
        told = f"{percent(rate)}{usual}" if rate is not None else number(count)
        found.append(line(where, value(status), " in ", value(function), f" ({told})"))
    if (more := len(groups) - BACKGROUND) > 0:
        found.append(line(f"{number(more)} more background groups"))
    if masked := summary["masked_upstream_failures"]:
        found.append(line(f"{plural(masked, 'masked upstream failure')}"))
    if lone := summary["uncorrelated"]:
        found.append(line(f"{number(lone)} without a usable request_id"))
    pieces: list[Piece | str] = []
    for one in found:
        pieces += [", " if pieces else "Also: ", *one]
    return line(*pieces, ".") if pieces else ()


def _background(report: dict[str, Any]) -> list[tuple[tuple[Any, Any], tuple[float | None, int]]]:
    """(status, function) -> (rate, count), most first: who was responsible for each is one option away."""
    groups: dict[tuple[Any, Any], tuple[float | None, int]] = {}
    for entry in report["background"]:
        rate, count = groups.get((entry["status"], entry["function"]), (0.0, 0))
        both = None if rate is None or entry["rate"] is None else rate + entry["rate"]
        groups[entry["status"], entry["function"]] = both, count + entry["count"]
    return sorted(groups.items(), key=lambda item: (-item[1][1], str(item[0])))


def _has_usual(report: dict[str, Any]) -> bool:
    """Whether the log shows a usual state, which what is no incident does not exceed."""
    timed = (report["input"]["time_range"] or {}).get("start") is not None
    return timed and not any(entry.get("whole_log") or entry.get("forced") for entry in report["incidents"])
