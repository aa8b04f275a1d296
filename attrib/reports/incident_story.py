"""What a report says about incidents: who, how sure, since when, how many, why, what speaks against it, what next."""

from __future__ import annotations

from typing import Any, Final

from attrib.reports.figures import clock, number, percent, span
from attrib.reports.outline import Block, Items, Line, Paragraph, Piece, line, place, prose, value, verdict
from attrib.reports.view import View

EXAMPLES: Final = 3
"""Example lines shown per incident (design section 7)."""


def incidents(report: dict[str, Any], view: View) -> list[Block]:
    """All incidents in the report's order; nothing where there are none."""
    blocks: list[Block] = []
    for position, entry in enumerate(report["incidents"], 1):
        blocks += [Paragraph(_headline(position, entry)), Items(_lines(entry, view))]
    return blocks


def _headline(position: int, entry: dict[str, Any]) -> Line:
    who = verdict(entry["verdict"], entry["responsible"])
    lean = line(f", probably {entry['lean']}") if entry["lean"] else ()
    return (*line(f"{position}  "), *who, *lean, *line("  "), Piece("words", entry["id"]))


def _lines(entry: dict[str, Any], view: View) -> tuple[Line, ...]:
    lines: list[Line] = []
    when = span(entry["start"], entry["end"], view.zone)
    if when:
        onset = f", onset {clock(entry['onset'], view.zone, full=True)}" if entry["onset"] else ""
        lines.append(line(when + onset))
    of = f"{number(entry['symptomatic'])} of {number(entry['invocations'])} invocations of "
    lines.append((*line(of), *_rate(entry)))
    lines += [line(prose(e["statement"])) for e in entry["evidence"]]
    if entry["worst_case_share"] is not None:
        lines.append(line(f"In the worst case still {percent(entry['worst_case_share'])} of the evidence."))
    lines += [line("Against it: ", prose(e["statement"])) for e in entry["counter_evidence"]]
    lines += [line("Missing: ", prose(e["statement"])) for e in entry["missing_evidence"]]
    if entry["consequence_of"]:
        lines.append(line(f"A consequence of {entry['consequence_of']}."))
    examples = [example for e in entry["evidence"] for example in e.get("examples") or ()]
    lines += [line(place(e["file"], e["line"]), "  ", value(e.get("request_id"))) for e in examples[:EXAMPLES]]
    lines += [line("Next: ", prose(action["text"])) for action in entry["actions"]]
    return tuple(lines)


def _rate(entry: dict[str, Any]) -> Line:
    names: list[Piece | str] = []
    for name in entry["functions"]:
        names += [", " if names else "", value(name)]
    if entry["failure_rate"] is None:
        return line(*names, " failed or were slow; this log holds only failures")
    usual = f", usually {percent(entry['baseline_rate'])}" if entry["baseline_rate"] is not None else ""
    return line(*names, f" failed or were slow ({percent(entry['failure_rate'])}{usual})")
