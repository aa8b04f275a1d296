"""The figures of a ticket: what it is about, the window beside the time before, what came back."""

from __future__ import annotations

from datetime import UTC
from typing import Any, Final

from attrib.reports.figures import milliseconds, number, span
from attrib.reports.outline import Block, Grid, Line, line, value
from attrib.reports.vendor.words import (
    TO_FILL,
    about,
    answer,
    kind_of_trouble,
    milli,
    minute,
    of_known,
)

FUNCTIONS: Final = 10
"""Functions of ours that are named."""
NAMED: Final = 3
OUTCOMES: Final = 12
_ROWS: Final = (
    ("failed", "Failed: 5xx, timeout or no response"),
    ("turned_away", "Answered 401, 403, 407 or 429"),
    ("slow", "Answered, and slowed our request down"),
    ("recovered", "Failed at first, answered on a later attempt"),
    ("answered", "Answered, nothing to report"),
    ("no_outcome", "Without an outcome in our log, so not failed"),
    ("not_sent", "Not sent: our breaker, cache or pool answered"),
)


def facts(ticket: dict[str, Any]) -> list[tuple[Line, Line]]:
    """(field, what the log says) of the first table."""
    window = ticket["window"]
    start, end = window["start"] or ticket["log"]["start"], window["end"] or ticket["log"]["end"]
    covered = span(start, end, UTC) or "no time in our log"
    rows = ticket["rows"]
    named = line("not named in our log; ", value(ticket["vendor"]), " is what we call it") if ticket["unnamed"] else ()
    found = [
        (line("Endpoint or host, as in our log"), named or line(value(ticket["vendor"]))),
        (line("Full URL, region"), line(TO_FILL)),
        (line("Window"), line(covered)),
    ]
    timed = [row["ts"] for row in rows if row["ts"] and row["result"] == kind_of_trouble(ticket)]
    if timed:
        last = f"{milli(timed[-1])} UTC" if ticket["listed"] <= ticket["rows_most"] else "see the table below"
        found += [(line("First such call"), line(f"{milli(timed[0])} UTC")), (line("Last such call"), line(last))]
    names = [row["function"] for row in ticket["functions"] if row["function"]]
    if names:
        pieces = [piece for name in names[:NAMED] for piece in (", ", value(name))][1:]
        more = f" and {number(len(names) - NAMED)} more" if len(names) > NAMED else ""
        found.append((line("Called by, to tell your operations apart"), line(*pieces, more)))
    return [*found, (line("How long we wait for one attempt"), _deadline(ticket))]


def _deadline(ticket: dict[str, Any]) -> Line:
    piles = [row for row in ticket["deadlines"] if row["ms"] is not None]
    if not piles:
        return line(f"our deadline: {TO_FILL}", *("; no call timed out" for _ in (1,) if not ticket["deadlines"]))
    pieces: Line = ()
    for row in piles[:FUNCTIONS]:
        whose = line(" in ", value(row["function"])) if len(piles) > 1 and row["function"] else ()
        where = "" if row["measure"] == "upstream" else ", by our function's own time"
        seen = f"about {about(row['ms'])}"
        told = f" (seen: {number(row['piled'])} of {number(row['of'])} timeouts end there{where})"
        pieces = (*pieces, *line("; " if pieces else "", seen), *whose, *line(told))
    return pieces


def figures(ticket: dict[str, Any]) -> Grid:
    """The window beside the time before."""
    during, usual = ticket["during"], ticket["usual"]
    columns = [during] if usual is None or not usual["calls"] else [during, usual]
    rows: list[tuple[Line, ...]] = [_row("Calls", [number(figures["calls"]) for figures in columns])]
    for result, said in _ROWS:
        if result == "failed" or any(figures[result] for figures in columns):
            shown = [
                number(figures[result])
                if result in ("answered", "no_outcome", "not_sent")
                else of_known(ticket, figures, result)
                for figures in columns
            ]
            rows.append(_row(said, shown))
    rows.append(_row("Requests as logged, retries included", [number(figures["attempts"]) for figures in columns]))
    for name in ("p50", "p95", "p99"):
        said = f"Your time for one request, {name}"
        rows.append(_row(said, [milliseconds(figures["upstream_ms"][name]) for figures in columns]))
    heads = ("", "In the window") if len(columns) == 1 else ("", "In the window", _before(ticket))
    return Grid(heads, tuple(rows), frozenset(range(1, len(heads))))


def _row(said: str, shown: list[str]) -> tuple[Line, ...]:
    return (line(said), *(line(text) for text in shown))


def _before(ticket: dict[str, Any]) -> str:
    start, end = minute(ticket["before"]["start"]), minute(ticket["before"]["end"])
    same_day = start[:10] == end[:10] == minute(ticket["window"]["start"])[:10]
    return f"Before ({start[11:]} to {end[11:]})" if same_day else f"Before ({start} to {end})"


def outcomes(ticket: dict[str, Any]) -> list[Block]:
    """What came back, and what our functions returned; the functions, where there are several."""
    rows = tuple(
        (answer(row["outcome"], row["answer"]), line(value(row["returned"])), line(number(row["calls"])))
        for row in ticket["outcomes"][:OUTCOMES]
    )
    blocks: list[Block] = [Grid(("Last answer", "Our function returned", "Calls"), rows, frozenset({2}))]
    functions = [row for row in ticket["functions"] if row["function"]][:FUNCTIONS]
    if len(functions) > 1:
        trouble = kind_of_trouble(ticket)
        told = tuple(
            (
                line(value(row["function"])),
                line(number(sum(row[result] for result, _ in _ROWS) - row["not_sent"])),
                line(number(row[trouble])),
            )
            for row in functions
        )
        heads = ("Our function (it tells your operations apart)", "Calls", trouble.replace("_", " ").capitalize())
        blocks.append(Grid(heads, told, frozenset({1, 2})))
    return blocks
