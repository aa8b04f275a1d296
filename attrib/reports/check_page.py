"""One check explained, and the list of all: `attrib check --explain ID`, `attrib check --list`, docs/checks.md.

The input is the plain description that attrib.checks.describe gives, with `example` added: null, or
{"log": [str], "more": int, "statement": str, "severity": str} of a sample that triggers it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from attrib.reports.outline import Block, Grid, Heading, Items, Line, Paragraph, Piece, line, prose

_QUIET: Final = "quiet"
"""What a check must be on a sample that holds nothing for it."""


def page(check: Mapping[str, Any]) -> list[Block]:
    """Everything there is to say about one check."""
    title = line(Piece("strong", check["check"]), f"  {check['title']} ({check['severity']})")
    blocks: list[Block] = [Paragraph(title), Paragraph(line(check["reason"]))]
    blocks += [Heading("What it looks at"), *(Paragraph(line(text)) for text in paragraphs(check["explanation"]))]
    blocks += [Heading("What to do"), Paragraph(line(check["remedy"]))]
    blocks += [Paragraph(line(f"Source: {check['source']}."))]
    if check["parameters"]:
        blocks += [Heading("Bounds"), Items(tuple(_bound(check["check"], one) for one in check["parameters"]))]
    if example := check.get("example"):
        blocks += _example(example)
    return [*blocks, Heading("Samples that prove it"), Items(tuple(_sample(one) for one in check["samples"]))]


def paragraphs(text: str) -> list[str]:
    """A docstring's paragraphs, each on one line; the items of a list stay one to a line."""
    found = []
    for part in text.split("\n\n"):
        rows: list[str] = []
        for row in part.splitlines():
            if rows and not row.lstrip().startswith(("- ", "* ")):
                rows[-1] += f" {row.strip()}"
            else:
                rows.append(row.strip())
        found.append("\n".join(rows))
    return [part for part in found if part]


def _bound(check: str, parameter: Mapping[str, Any]) -> Line:
    name = f"{check}.{parameter['name']}"
    return line(Piece("strong", name), f" {parameter['value']:g} {parameter['unit']}: {parameter['source']}")


def _example(example: Mapping[str, Any]) -> list[Block]:
    rows: list[Line] = [line(prose(row)) for row in example["log"]]
    if example["more"]:
        rows.append(line(f"... and {example['more']:,} more lines"))
    said = line(Piece("verdict", example["severity"]), "  ", prose(example["statement"]))
    return [Heading("For example"), Items(tuple(rows)), Paragraph(said)]


def _sample(sample: Mapping[str, Any]) -> Line:
    told = f"finds {sample['finds']}" if sample["finds"] else _QUIET
    return line(f"{sample['title']}: {told}")


def listing(checks: Sequence[Mapping[str, Any]]) -> list[Block]:
    """All checks, one row each."""
    rows = tuple(
        (line(check["check"]), line(Piece("verdict", check["severity"])), line(check["title"])) for check in checks
    )
    return [Grid(("Check", "Severity", "What it finds"), rows)]
