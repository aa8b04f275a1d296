"""What a report tells people, and in which order: accounting, incidents, who and how many, and what to do next."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from attrib.reports import incident_story
from attrib.reports.figures import number, part, percent, plural
from attrib.reports.input_story import accounting, trouble
from attrib.reports.outline import (
    Block,
    Grid,
    Heading,
    Items,
    Line,
    Paragraph,
    command,
    line,
    place,
    prose,
    value,
    verdict,
)  # fmt: skip
from attrib.reports.view import View

ROWS: Final = 20
"""Rows of one list or table in a report for people; the rest is counted and one option away."""


def story(report: dict[str, Any], view: View) -> list[Block]:
    """The blocks of a whole report."""
    blocks = accounting(report, view)
    blocks += incident_story.incidents(report, view)
    blocks += _summary(report)
    blocks += _by_function(report)
    blocks += _also(report["summary"])
    blocks += _isolated(report)
    blocks += _background(report)
    blocks += _parties(report)
    blocks += trouble(report)
    if notes := report.get("notes"):
        blocks += [Heading("Notes"), Items(tuple(line(prose(note)) for note in notes))]
    return blocks + _next(report, view)


def more(total: int, where: str) -> list[Block]:
    """`and 12 more`, where a list was cut."""
    left = total - ROWS
    return [Paragraph(line(f"and {number(left)} more: {where}"))] if left > 0 else []


def _summary(report: dict[str, Any]) -> list[Block]:
    summary = report["summary"]
    total, bad = summary["invocations"], summary["symptomatic"]
    if not total:
        return [Paragraph(line("No invocation in the input: nothing to attribute."))]
    if not bad:
        text = f"All quiet: none of {plural(total, 'invocation')} failed or was slow; nothing to attribute."
        return [Paragraph(line(text))]
    blocks: list[Block] = [
        Paragraph(line(f"{number(bad)} of {plural(total, 'invocation')} failed or were slow ({part(bad, total)})."))
    ]
    who: Counter[tuple[str, str | None]] = Counter()
    for entry in report.get("verdict_counts") or ():
        if entry["verdict"] in summary["verdicts"]:
            who[entry["verdict"], entry["responsible"]] += entry["count"]
    if not who:
        who.update({(v, None): n for v, n in summary["verdicts"].items() if n})
    ranked = sorted(who.items(), key=lambda item: (-item[1], item[0][0], item[0][1] or ""))
    rows = tuple(
        (verdict(v, None), line(value(name)), line(number(n)), line(part(n, bad))) for (v, name), n in ranked[:ROWS]
    )
    blocks.append(Grid(("Verdict", "Responsible", "Count", "Share"), rows, frozenset({2, 3})))
    blocks += more(len(ranked), "--to csv")
    coverage = summary.get("evidence_coverage")
    if coverage is not None and coverage < 1:
        blocks.append(Paragraph(line(f"Evidence coverage {percent(coverage)}: the rest lacks what a verdict needs.")))
    return blocks


def _by_function(report: dict[str, Any]) -> list[Block]:
    counts = report.get("verdict_counts") or []
    if not counts:
        return []
    totals = {entry["function"]: entry["invocations"] for entry in report.get("functions") or ()}
    rows = []
    for entry in counts[:ROWS]:
        of = totals.get(entry["function"], 0)
        counted = f"{number(entry['count'])} of {number(of)}" if of else number(entry["count"])
        to = line(" <- ", value(entry["upstream"])) if entry["upstream"] else ()
        where = (value(entry["function"]), *to, *line(" (", value(entry["rule"]), ")"))
        rows.append((line(counted), line(part(entry["count"], of)), verdict(entry["verdict"], None), where))
    # Figures first: the names, of any length, have the rest of the line.
    grid = Grid(("Count", "Rate", "Verdict", "Function <- upstream (rule)"), tuple(rows), frozenset({0, 1}))
    return [Heading("By function and upstream"), grid, *more(len(counts), "--to csv")]


def _also(summary: dict[str, Any]) -> list[Block]:
    lines: list[Line] = []
    if masked := summary["masked_upstream_failures"]:
        lines.append(line(f"{plural(masked, 'upstream failure')} masked: the function answered well all the same."))
    if lone := summary["uncorrelated"]:
        total = summary["invocations"]
        text = (
            f"{number(lone)} of {plural(total, 'invocation')} uncorrelated: no usable request_id ({part(lone, total)})."
        )
        lines.append(line(text))
    return [Items(tuple(lines))] if lines else []


def _isolated(report: dict[str, Any]) -> list[Block]:
    entries = report["isolated"]
    if not entries:
        return []
    lines = tuple(_isolated_line(entry) for entry in entries[:ROWS])
    return [Heading(f"Isolated failures ({number(len(entries))})"), Items(lines), *more(len(entries), "--to json")]


def _isolated_line(entry: dict[str, Any]) -> Line:
    function, statement = entry["function"], entry["statement"]
    named = () if not function or function in statement else (value(function), *line(": "))
    who = verdict(entry["verdict"], entry["responsible"], entry["rule"])
    where = place(entry["file"], entry["line"])
    return (where, *line("  ", value(entry["request_id"]), "  "), *named, prose(statement), *line("  "), *who)


def _background(report: dict[str, Any]) -> list[Block]:
    entries = report["background"]
    if not entries:
        return []
    rows = tuple(
        (
            line(value(entry["function"])),
            line(value(entry["status"])),
            verdict(entry["verdict"], None),
            line(value(entry["rule"])),
            line(number(entry["count"])),
            line(percent(entry["rate"])),
        )
        for entry in entries[:ROWS]
    )
    grid = Grid(("Function", "Status", "Verdict", "Rule", "Count", "Rate"), rows, frozenset({4, 5}))
    return [Heading("Background"), grid, *more(len(entries), "--to json")]


def _parties(report: dict[str, Any]) -> list[Block]:
    entries = report.get("parties") or []
    if not entries:
        return []
    rows = tuple(
        (
            line(value(entry["upstream"])),
            line(str(entry["party"])),
            line(number(entry["records"])),
            line(prose(entry["reason"])),
        )
        for entry in entries[:ROWS]
    )
    grid = Grid(("Upstream", "Party", "Records", "Reason"), rows, frozenset({2}))
    return [Heading("Whose upstream is it"), grid, *more(len(entries), "--to json")]


def _next(report: dict[str, Any], view: View) -> list[Block]:
    if not report["summary"]["symptomatic"]:
        return []
    lines = []
    if (found := _example_id(report, view)) is not None:
        lines.append(line(command(view.command("explain", found)), "  one request, and why its rule won"))
    lines.append(line(command(view.command("verdicts")), "  one row per failed or slow invocation"))
    return [Heading("Next"), Items(tuple(lines))]


def _example_id(report: dict[str, Any], view: View) -> str | None:
    """A request id that can be typed as shown: neither redacted nor written out."""
    examples = [e for incident in report["incidents"] for ev in incident["evidence"] for e in ev.get("examples") or ()]
    for entry in [*examples, *report["isolated"]]:
        found = entry.get("request_id")
        if found and view.display.terminal(found) == found and not found.startswith("-"):
            return str(found)
    return None
