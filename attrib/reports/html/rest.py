"""What the page says besides incidents: isolated failures, background, checks, parties, accounting, rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from attrib.reports.cost_story import cost
from attrib.reports.figures import figure, number, part, percent, plural
from attrib.reports.input_story import means, trouble
from attrib.reports.outline import Block, Grid, Items, Line, Paragraph, Piece, line, place, prose, value, verdict
from attrib.reports.view import View

ROWS: Final = 100
"""Rows of one table; the rest is counted, and `--to json` has it."""


class Table(NamedTuple):
    """A grid and what it shows, in words."""

    grid: Grid
    caption: str


class Section(NamedTuple):
    """A part of the page below the incidents."""

    id: str
    short: str
    """Its word among the links at the top."""
    title: str
    total: int | None
    """Shown beside the title; null: there is nothing to count."""
    blocks: list[Block | Table]


def sections(report: dict[str, Any], view: View) -> list[Section]:
    """The sections in their order; those with nothing to say are left out, the accounting and the rules never are."""
    isolated, background, parties = report["isolated"], report["background"], report.get("parties") or []
    found = [
        Section("functions", "Functions", "By function and upstream", None, _functions(report)),
        Section("isolated", "Isolated", "Isolated failures", len(isolated), _isolated(isolated)),
        Section("background", "Background", "Failures in no incident, in groups", len(background), _background(report)),
        Section("checks", "Logs", "The logs themselves", None, _checks(report, view)),
        Section("parties", "Upstreams", "Whose upstream is it", len(parties), _parties(parties)),
        Section("accounting", "Lines", "Every line accounted for", None, _accounting(report["input"])),
        Section("rules", "Rules", "Rules and thresholds", None, _rules(report)),
    ]
    return [section for section in found if section.blocks]


def _cut(rows: Sequence[Any]) -> list[Block | Table]:
    left = len(rows) - ROWS
    return [Paragraph(line(f"and {number(left)} more: --to json has them"))] if left > 0 else []


def _functions(report: dict[str, Any]) -> list[Block | Table]:
    totals = {entry["function"]: entry for entry in report.get("functions") or ()}
    counts = report.get("verdict_counts") or []
    blocks: list[Block | Table] = []
    if totals:
        bad = sorted(totals.values(), key=lambda one: (-(one["invocations"] - one["ok"]), str(one["function"])))
        rows = tuple(
            (
                line(value(one["function"])), line(number(one["invocations"])), line(number(one["failed"])),
                line(number(one["slow"])), line(part(one["invocations"] - one["ok"], one["invocations"])),
            )
            for one in bad[:ROWS]
        )  # fmt: skip
        columns = ("Function", "Requests", "Failed", "Slow", "Not ok")
        blocks += [Table(Grid(columns, rows, frozenset({1, 2, 3, 4})), "Requests of each function"), *_cut(bad)]
    if counts:
        who = tuple(
            (
                (*line(value(one["function"])), *(line(" <- ", value(one["upstream"])) if one["upstream"] else ())),
                verdict(one["verdict"], one["responsible"]),
                line(value(one["rule"])),
                line(number(one["count"])),
            )
            for one in counts[:ROWS]
        )
        grid = Grid(("Function <- upstream", "Verdict", "Rule", "Failed or slow"), who, frozenset({3}))
        blocks += [Table(grid, "Failed or slow requests by upstream, verdict and rule"), *_cut(counts)]
    return blocks


def _isolated(entries: list[dict[str, Any]]) -> list[Block | Table]:
    rows = tuple(
        (
            verdict(one["verdict"], one["responsible"]),
            line(value(one["function"])),
            (*line(prose(one["statement"]), " "), *line("(", value(one["rule"]), ")")),
            line(place(one["file"], one["line"]), " ", value(one["request_id"])),
        )
        for one in entries[:ROWS]
    )
    grid = Grid(("Verdict", "Function", "What happened", "Where"), rows)
    return [Table(grid, "Failures that stand alone"), *_cut(entries)] if entries else []


def _background(report: dict[str, Any]) -> list[Block | Table]:
    entries = report["background"]
    rows = tuple(
        (
            line(value(one["function"])), line(value(one["status"])), verdict(one["verdict"], None),
            line(value(one["rule"])), line(number(one["count"])), line(percent(one["rate"])),
        )
        for one in entries[:ROWS]
    )  # fmt: skip
    columns = ("Function", "Status", "Verdict", "Rule", "Count", "Rate")
    grid = Grid(columns, rows, frozenset({4, 5}))
    return [Table(grid, "Five and more alike, no more than usual"), *_cut(entries)] if entries else []


def _checks(report: dict[str, Any], view: View) -> list[Block | Table]:
    checks, summary = report["checks"], report["summary"]
    lines: list[Line] = []
    if checks is not None:
        counted = ", ".join(
            f"{number(checks[name])} {word}" for name, word in (("error", "errors"), ("warning", "warnings"),
                                                                ("info", "for your information"))
        )  # fmt: skip
        lines.append(line(f"Findings of {plural(len(checks['ran']), 'check')}: {counted}."))
    lines += [lost] if (lost := cost(report, view)) else []
    if masked := summary["masked_upstream_failures"]:
        lines.append(line(f"{plural(masked, 'upstream failure')} masked: the function answered well all the same."))
    if lone := summary["uncorrelated"]:
        total = summary["invocations"]
        lines.append(line(f"{number(lone)} of {plural(total, 'invocation')} uncorrelated: no usable request_id."))
    lines += [line("Note: ", prose(note)) for note in report.get("notes") or ()]
    blocks: list[Block | Table] = [Items(tuple(lines))] if lines else []
    if checks and checks.get("lost"):
        rows = tuple(
            (
                line(value(one["function"])), line(value(one["field"])), line(value(one["check"])),
                line(number(one["symptomatic_unknown"])),
            )
            for one in checks["lost"][:ROWS]
        )  # fmt: skip
        columns = ("Function", "Field that would settle it", "Check", "Requests unknown")
        blocks += [Table(Grid(columns, rows, frozenset({3})), "What the logs do not say, and what that costs")]
        blocks += _cut(checks["lost"])
    if checks and checks["ran"]:
        blocks.append(Paragraph(line("Checks: ", value(", ".join(checks["ran"])))))
    return blocks


def _parties(entries: list[dict[str, Any]]) -> list[Block | Table]:
    rows = tuple(
        (
            line(value(one["upstream"])), line(value(one["party"])), line(prose(one["reason"])),
            line(number(one["records"])),
        )
        for one in entries[:ROWS]
    )  # fmt: skip
    grid = Grid(("Upstream", "Party", "Reason", "Records"), rows, frozenset({3}))
    return [Table(grid, "Upstreams, and why we think so"), *_cut(entries)] if entries else []


_ACCOUNTS: Final = ("lines_read", "accepted", "quarantined", "skipped", "blank", "duplicates", "repaired")


def _accounting(source: dict[str, Any]) -> list[Block | Table]:
    """One row per file and the sum; then what was rejected, and why."""
    files, totals = source["files"], source["totals"]
    rows = [
        (
            line(Piece("path", one["path"])), line(value(one["format"])),
            *(line(number(one[name])) for name in _ACCOUNTS),
        )
        for one in files[:ROWS]
    ]  # fmt: skip
    if len(files) > 1:
        rows.append(
            (line(Piece("strong", f"all {number(len(files))} files")), line(" "),
             *(line(number(totals[name])) for name in _ACCOUNTS))
        )  # fmt: skip
    columns = ("File", "Format", "Lines", "Accepted", "Quarantined", "Skipped", "Blank", "Duplicates", "Repaired")
    said = "Lines = accepted + quarantined + skipped + blank. Duplicates and repaired lines are parts of the accepted."
    grid = Grid(columns, tuple(rows), frozenset(range(2, 9)))
    broken = tuple(line(Piece("path", one["path"]), ": ", prose(one["error"])) for one in files if one["error"])
    blocks: list[Block | Table] = [Paragraph(line(said)), Table(grid, "Lines of each file"), *_cut(files)]
    blocks += [Paragraph(line(Piece("strong", "Not read whole"))), Items(broken[:ROWS])] if broken else []
    return [*blocks, *(block for block in trouble({"input": source}) if isinstance(block, Items))]


def _rules(report: dict[str, Any]) -> list[Block | Table]:
    thresholds: list[tuple[Line, Line]] = []
    for name, found in report["rules"]["thresholds"].items():
        by_function = found.items() if isinstance(found, dict) else [(None, found)]
        for function, number_of in by_function:
            where = line(" for ", value(function)) if function is not None else ()
            thresholds.append(((*line(value(name)), *where), line(figure(number_of) or value(number_of))))
    made: list[Block | Table] = [block for block in means(report) if isinstance(block, Items)]
    grid = Grid(("Threshold", "Value"), tuple(thresholds), frozenset({1}))
    return [*made, Table(grid, "Thresholds in force")] if thresholds else made
