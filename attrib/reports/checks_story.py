"""What `attrib check` tells people, and in which order: accounting, findings by weight, what each costs and asks."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from attrib.reports.figures import number, percent, plural
from attrib.reports.input_story import accounting
from attrib.reports.outline import (
    Block,
    Card,
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
)  # fmt: skip
from attrib.reports.view import View

FULL: Final = 5
"""Checks whose first finding is told with what to do about it; further ones take two lines each. Errors always are."""
OF_A_CHECK: Final = 3
"""Findings of one check on the first screen."""
MORE: Final = 4
"""Checks named of what is left out."""
LISTED: Final = 15
"""Errors and warnings told at all on the first screen."""
INFOS: Final = 8
"""Findings of severity info told there, a line each."""
ROWS: Final = 20
"""Rows of the table of ids."""
WIDE: Final = 120
"""Columns from which on that table is one: names of files are long, and nobody reads a folded table."""
_WORDS: Final = {"error": ("error", "errors"), "warning": ("warning", "warnings"), "info": ("info", "info")}


def story(report: dict[str, Any], view: View) -> list[Block]:
    """The blocks of a whole report."""
    findings = report["findings"]
    blocks = accounting(report, view)
    blocks.append(Paragraph(_counted(report)))
    if not findings:
        return blocks + _ids(report, view) + _notes(report) + _made_with(report, view)
    weighty = [finding for finding in findings if finding["severity"] != "info" or view.verbose]
    infos = [] if view.verbose else [finding for finding in findings if finding["severity"] == "info"]
    blocks += _cards(weighty, view)
    if infos:
        listed = _first_few(infos, OF_A_CHECK)[:INFOS]
        blocks += [Heading("For your information"), Items(tuple(map(_short, listed)))]
        blocks += _more(infos, Counter(one["check"] for one in listed))
    blocks += _ids(report, view) + _notes(report) + _made_with(report, view)
    words = command(f"attrib check --explain {findings[0]['check']}")
    return [*blocks, Paragraph(line("What a check looks at, and why:  ", words))]


def _counted(report: dict[str, Any]) -> Line:
    findings, checks = report["findings"], plural(len(report["ran"]), "check")
    if not findings:
        fresh = "new " if report["known"] else ""
        names = ", ".join(report["ran"])
        return line(f"Nothing {fresh}found. {checks} ran: {names}.")
    severities = [finding["severity"] for finding in findings]
    counts = [(severities.count(severity), words) for severity, words in _WORDS.items()]
    told = ", ".join(plural(count, *words) for count, words in counts if count)
    fresh = "new finding" if report["known"] else "finding"
    return line(f"{plural(len(findings), fresh)}: {told}. {checks} ran.")


def _cards(findings: list[dict[str, Any]], view: View) -> list[Block]:
    blocks: list[Block] = []
    remedies: set[str] = set()
    told: Counter[str] = Counter()
    listed = findings if view.verbose else _first_few(findings, OF_A_CHECK)[:LISTED]
    for finding in listed:
        told[finding["check"]] += 1
        # What one check says of a second function is short: why and what to do stand above it already.
        full = view.verbose or (told[finding["check"]] == 1 and len(told) <= FULL) or finding["severity"] == "error"
        lines = [line(prose(finding["statement"]))]
        if view.verbose:
            lines += _lines_of(finding)
        if full and (cost := _cost(finding)):
            lines.append(cost)
        if full and finding["remedy"] not in remedies:  # one check asks the same of many functions
            remedies.add(finding["remedy"])
            lines.append(line("To do: ", prose(finding["remedy"])))
        title = line(Piece("verdict", finding["severity"]), f"  {finding['check']}")
        blocks.append(Card(title, _first(finding), (Items(tuple(lines)),), close=not full))
    return blocks + _more(findings, told)


def _first_few(findings: list[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    """At most so many of each check, in their order: one fault in every function does not hide all others."""
    seen: Counter[str] = Counter()
    chosen = []
    for finding in findings:
        seen[finding["check"]] += 1
        if seen[finding["check"]] <= most:
            chosen.append(finding)
    return chosen


def _cost(finding: dict[str, Any]) -> Line | None:
    lost = (finding["cost"] or {}).get("symptomatic_unknown")
    return line(f"Costs evidence: {plural(lost, 'request')} unknown because of it.") if lost else None


def _lines_of(finding: dict[str, Any]) -> list[Line]:
    """Where else to look, and the share."""
    lines: list[Line] = []
    others = [place(one["file"], one["line"]) for one in finding["examples"][1:]]
    if others:
        lines.append(line("Also: ", *_between(others)))
    if worst := finding["worst"]:
        lines.append(line("Worst: ", place(worst["file"], worst["line"])))
    if finding["rate"] is not None:
        lines.append(line(f"Share: {percent(finding['rate'])}; {number(finding['count'])} in all."))
    return lines


def _between(pieces: list[Piece]) -> list[Piece | str]:
    return [one for position, piece in enumerate(pieces) for one in ((", ", piece) if position else (piece,))]


def _short(finding: dict[str, Any]) -> Line:
    return line(f"{finding['check']}: ", prose(finding["statement"]), "  ", *_first(finding))


def _first(finding: dict[str, Any]) -> Line:
    """The first line to look at."""
    for example in finding["examples"]:
        return line(place(example["file"], example["line"]))
    return line("whole log")


def _more(findings: list[dict[str, Any]], told: Counter[str]) -> list[Block]:
    """What is not told here, by check."""
    left = Counter(finding["check"] for finding in findings)
    left.subtract(told)
    rest = [(check, n) for check, n in left.most_common() if n > 0]
    if not rest:
        return []
    names = ", ".join(f"{number(n)} {check}" for check, n in rest[:MORE])
    names += f" and {plural(len(rest) - MORE, 'more check')}" if len(rest) > MORE else ""
    return [Paragraph(line(f"and {number(sum(n for _, n in rest))} more ({names}): -v shows all"))]


def _ids(report: dict[str, Any], view: View) -> list[Block]:
    """Request ids by function and file; findings have told of the faulty ones already."""
    rows = report["ids"] if view.verbose else []
    if not rows:
        return []
    shown = rows[:ROWS]
    table = _id_grid(shown) if view.width >= WIDE else Items(tuple(map(_id_line, shown)))
    left = len(rows) - ROWS
    more = [Paragraph(line(f"and {number(left)} more: --to json"))] if left > 0 else []
    return [Heading("Request ids"), table, *more]


def _id_grid(rows: list[dict[str, Any]]) -> Grid:
    return Grid(
        ("Function", "File", "Records", "No id", "Placeholder", "Malformed", "Kinds"),
        tuple(
            (
                line(value(row["function"])),
                line(Piece("path", row["file"])),
                *(line(number(row[name])) for name in ("records", "missing", "placeholder", "malformed")),
                line(value(_kinds(row))),
            )
            for row in rows
        ),
        frozenset({2, 3, 4, 5}),
    )


def _id_line(row: dict[str, Any]) -> Line:
    """The same in words, for a terminal that is too narrow for the table."""
    faults = f"{number(row['missing'])} without, {number(row['placeholder'])} placeholders, "
    return line(
        value(row["function"]), " in ", Piece("path", row["file"]), f": {plural(row['records'], 'record')}, {faults}"
        f"{number(row['malformed'])} malformed; ", value(_kinds(row)),
    )  # fmt: skip


def _kinds(row: dict[str, Any]) -> str:
    return ", ".join(f"{kind} {number(count)}" for kind, count in row["kinds"].items())


def _notes(report: dict[str, Any]) -> list[Block]:
    lines = tuple(line("Note: ", prose(note)) for note in report["notes"])
    return [Items(lines)] if lines else []


def _made_with(report: dict[str, Any], view: View) -> list[Block]:
    """What ran, and with which bounds."""
    if not view.verbose:
        return []
    values = [
        (line(check), line(name), line(f"{bound:g}"))
        for check, bounds in report["parameters"].items()
        for name, bound in bounds.items()
    ]
    ran = Paragraph(line(f"Checks that ran: {', '.join(report['ran'])}."))
    return [Heading("Made with"), ran, Grid(("Check", "Parameter", "Value"), tuple(values), frozenset({2}))]
