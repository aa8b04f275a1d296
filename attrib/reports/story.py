"""What a report tells people, and in which order: accounting, incidents, who and how many, and what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from attrib.reports import incident_story, short_story
from attrib.reports.cost_story import cost
from attrib.reports.figures import number, part, percent, plural
from attrib.reports.input_story import accounting, means, trouble
from attrib.reports.next_steps import example_id
from attrib.reports.outline import (
    Block,
    Grid,
    Heading,
    Items,
    Line,
    Paragraph,
    Piece,
    command,
    line,
    place,
    prose,
    value,
    verdict,
)  # fmt: skip
from attrib.reports.view import View

QUIET: Final = "No incident: what failed is too little, or no more than usual."

STATUSES: Final = 3
"""Statuses named in one row."""

ROWS: Final = 20
"""Rows of one list or table in a report for people; the rest is counted and one option away."""


def story(report: dict[str, Any], view: View) -> list[Block]:
    """The blocks of a whole report: with incidents these and what else is worth a line; without, or verbose, all."""
    blocks = accounting(report, view)
    blocks += incident_story.incidents(report, view)
    if report["incidents"] and not view.verbose:
        return blocks + short_story.rest(report, view)
    blocks += _summary(report)
    told = _statuses(report)
    blocks += _by_function(report, told)
    blocks += _also(report, view)
    blocks += _isolated(report)
    blocks += _background(report, told)
    blocks += _parties(report)
    blocks += trouble(report)
    if notes := report.get("notes"):
        blocks += [Heading("Notes"), Items(tuple(line(prose(note)) for note in notes))]
    if view.verbose:
        blocks += means(report)
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
    blocks: list[Block] = [] if report["incidents"] else [Paragraph(line(QUIET))]
    blocks += [
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


Group = tuple[str | None, str, str]
"""(function, verdict, rule): what a row by function and a background group have in common."""


def _group(entry: dict[str, Any]) -> Group:
    return entry["function"], entry["verdict"], entry["rule"]


def _statuses(report: dict[str, Any]) -> dict[Group, list[dict[str, Any]]]:
    """The background groups that the rows by function can tell with a word: the status. Those need no table.

    That takes one row for the whole group, and no incidents: else rows and background are of different invocations.
    """
    found: dict[Group, list[dict[str, Any]]] = {}
    if report["incidents"]:
        return found
    for entry in report["background"]:
        found.setdefault(_group(entry), []).append(entry)
    counts: dict[Group, list[int]] = {}
    for entry in report.get("verdict_counts") or ():
        counts.setdefault(_group(entry), []).append(entry["count"])
    return {key: rows for key, rows in found.items() if counts.get(key) == [sum(row["count"] for row in rows)]}


def _by_function(report: dict[str, Any], told: dict[Group, list[dict[str, Any]]]) -> list[Block]:
    counts = report.get("verdict_counts") or []
    if not counts:
        return []
    totals = {entry["function"]: entry["invocations"] for entry in report.get("functions") or ()}
    rows = []
    for entry in counts[:ROWS]:
        of = totals.get(entry["function"], 0)
        counted = f"{number(entry['count'])} of {number(of)}" if of else number(entry["count"])
        to = line(" <- ", value(entry["upstream"])) if entry["upstream"] else ()
        status = _status(told.get(_group(entry), ()))
        where = (value(entry["function"]), *status, *to, *line(" (", value(entry["rule"]), ")"))
        rows.append((line(counted), line(part(entry["count"], of)), verdict(entry["verdict"], None), where))
    # Figures first: the names, of any length, have the rest of the line.
    title = "Function, status <- upstream (rule)" if told else "Function <- upstream (rule)"
    grid = Grid(("Count", "Rate", "Verdict", title), tuple(rows), frozenset({0, 1}))
    return [Heading("By function and upstream"), grid, *more(len(counts), "--to csv")]


def _status(groups: Sequence[dict[str, Any]]) -> Line:
    """` 502`; of several the largest three, each with its count."""
    pieces: list[Piece | str] = []
    for entry in groups[:STATUSES]:
        pieces += [", " if pieces else " ", value(entry["status"])]
        pieces += [f" ({number(entry['count'])})"] if len(groups) > 1 else []
    if len(groups) > STATUSES:
        pieces.append(f" and {number(len(groups) - STATUSES)} more")
    return line(*pieces)


def _also(report: dict[str, Any], view: View) -> list[Block]:
    summary = report["summary"]
    lines: list[Line] = []
    if masked := summary["masked_upstream_failures"]:
        lines.append(line(f"{plural(masked, 'upstream failure')} masked: the function answered well all the same."))
    if lone := summary["uncorrelated"]:
        total = summary["invocations"]
        text = (
            f"{number(lone)} of {plural(total, 'invocation')} uncorrelated: no usable request_id ({part(lone, total)})."
        )
        lines.append(line(text))
    lines += [lost] if (lost := cost(report, view)) else []
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
    return (*who, *line(": "), *named, prose(statement), *line("\n", where, "  ", value(entry["request_id"])))


def _background(report: dict[str, Any], told: dict[Group, list[dict[str, Any]]]) -> list[Block]:
    entries = [entry for entry in report["background"] if _group(entry) not in told]
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
    return [Heading("Groups of five and more"), grid, *more(len(entries), "--to json")]


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
    if (found := example_id(report, view)) is not None:
        lines.append(line("one request, and why its rule won:\n", command(view.command("explain", found))))
    lines.append(line("one row per failed or slow invocation:\n", command(view.command("verdicts"))))
    return [Heading("Next"), Items(tuple(lines))]
