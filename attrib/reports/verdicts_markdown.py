"""Verdict rows as one Markdown table (GitHub's), for a postmortem or a ticket."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from attrib.reports.figures import clock, milliseconds
from attrib.reports.view import View
from attrib.safe import markdown
from attrib.safe.display import VALUE_LIMIT

_COLUMNS: Final = ("Verdict", "Responsible", "Function", "Status", "Upstream", "Time", "At", "Request", "Rule", "Line")


def lines(rows: Iterable[dict[str, Any]], view: View) -> Iterator[str]:
    """The table, a line at a time; each ends with a line end. No rows: one sentence."""
    empty = True
    for row in rows:
        if empty:
            yield _line(_COLUMNS)
            yield _line("---" for _ in _COLUMNS)
            empty = False
        yield _line(_cells(row, view))
    if empty:
        yield "No failed or slow invocation.\n"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _cells(row: dict[str, Any], view: View) -> Iterator[str]:
    """As many as `_COLUMNS`; null is `-`. Log text is code, so none of it can come alive or end a cell."""
    answered = row["upstream_status"] if row["upstream_status"] is not None else row["upstream_outcome"]

    def shown(value: object) -> str:
        return "-" if value is None or value == "" else view.display.markdown(str(value), VALUE_LIMIT)

    yield f"**{markdown.inline(str(row['verdict']).upper())}**"
    yield shown(row["responsible"])
    yield shown(row["function"])
    yield shown(row["status"])
    yield f"{shown(row['upstream'])} {shown(answered)}"
    yield "-" if row["latency_ms"] is None else milliseconds(row["latency_ms"])
    yield clock(row["ts"], view.zone, full=True)
    yield shown(row["request_id"])
    yield shown(row["rule"])
    yield markdown.code(f"{row['file']}:{row['line']}")
