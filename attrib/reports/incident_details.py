"""All that the first screen leaves out of an incident: tables behind the evidence, suspects, rules, what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from attrib.reports.figures import figure, milliseconds, number, part, percent
from attrib.reports.incident_words import sentence
from attrib.reports.outline import Block, Grid, Items, Line, Paragraph, Piece, line, place, prose, value, words

ROWS: Final = 20
"""Rows of one table; the rest is in the JSON."""

EXAMPLES: Final = 3
"""Example lines of one statement."""

DEEDS: Final = {
    "investigate": "Investigate", "roll_back": "Roll back", "escalate": "Escalate", "stop_rule": "Stop rule"
}  # fmt: skip
"""Kind of action -> its word."""


def details(entry: dict[str, Any]) -> list[Block]:
    """The blocks below the answer."""
    blocks: list[Block] = [_titled("Why")] if entry["evidence"] else []
    for evidence in entry["evidence"]:
        places = [piece for e in evidence["examples"][:EXAMPLES] for piece in (words("\n"), *example(e))]
        blocks.append(Items(((*sentence(evidence["statement"]), *places),)))
        blocks += [grid] if (grid := table(evidence)) is not None else []
    blocks += [_titled("How it adds up"), Items(facts)] if (facts := facts_of(entry)) else []
    blocks += _suspects(entry)
    deeds = tuple(line(f"{DEEDS.get(deed['kind'], 'Do')}: ", prose(deed["text"])) for deed in entry["actions"])
    return [*blocks, _titled("What to do"), Items(deeds)] if deeds else blocks


def _titled(text: str) -> Paragraph:
    return Paragraph(line(Piece("strong", text)))


def example(entry: dict[str, Any]) -> Line:
    """`logs/api-2.jsonl:8812  7f3c91d2  payments-api answered 503 ...`."""
    told = line("  ", prose(entry["statement"])) if entry.get("statement") else ()
    return (*line(place(entry["file"], entry["line"]), "  ", value(entry.get("request_id"))), *told)


def rows_of(data: dict[str, Any], name: str = "rows") -> list[dict[str, Any]]:
    """The rows of a loosely typed table, at most `ROWS`; what is no row is left out."""
    rows = data.get(name)
    return [row for row in rows if isinstance(row, dict)][:ROWS] if isinstance(rows, list) else []


def _plain(found: object) -> Line:
    """A cell that should be a figure."""
    shown = figure(found)
    return line(shown if shown is not None else value(found))


def _share(found: object) -> Line:
    """A cell that should be a share."""
    return line(percent(found)) if isinstance(found, int | float) and 0 <= found <= 1 else _plain(found)


def _status_matrix(data: dict[str, Any]) -> Grid | None:
    rows = []
    for row in rows_of(data):
        code = line(" ", value(row["upstream_status"])) if row.get("upstream_status") is not None else ()
        rows.append(
            ((*line(value(row.get("upstream"))), *code), line(value(row.get("status"))), _plain(row.get("count")))
        )
    return Grid(("Upstream", "Function returned", "Count"), tuple(rows), frozenset({2})) if rows else None


def _time_split(data: dict[str, Any]) -> Grid | None:
    during, before = part_of(data, "during") or data, part_of(data, "before")
    rows = []
    for name in ("latency", "upstream", "own"):
        now, then = part_of(during, name), part_of(before, name)
        if now or then:
            rows.append((line(name), *_quantiles(now), *_quantiles(then)))
    columns = ("Time, ms", "p50", "p95", "p99", "usual p50", "p95", "p99")
    return Grid(columns, tuple(rows), frozenset(range(1, 7))) if rows else None


def part_of(data: dict[str, Any], name: str) -> dict[str, Any]:
    """A part of a loosely typed table; empty where there is none."""
    found = data.get(name)
    return found if isinstance(found, dict) else {}


def _quantiles(found: dict[str, Any]) -> tuple[Line, ...]:
    return tuple(_plain(found.get(name)) for name in ("p50", "p95", "p99"))


def _contrast(data: dict[str, Any]) -> Grid | None:
    rows = []
    for row in rows_of(data, "features") or rows_of(data):
        low: Any = row.get("low")
        high: Any = row.get("high")
        # The interval is of the difference between the two shares.
        known = isinstance(low, int | float) and isinstance(high, int | float)
        between = f"{low * 100:+.0f} to {high * 100:+.0f} points" if known else "-"
        failing, rest = row.get("share_failing", row.get("failing")), row.get("share_rest", row.get("rest"))
        what = line(value(row.get("field")), " = ", value(row.get("value")))
        rows.append((what, _share(failing), _share(rest), _plain(row.get("lift")), line(between)))
    columns = ("What sets them apart", "Failing", "Rest", "Lift", "Difference (95 %)")
    return Grid(columns, tuple(rows), frozenset({1, 2, 3, 4})) if rows else None


_TABLES: Final[dict[str, Callable[[dict[str, Any]], Grid | None]]] = {
    "status_matrix": _status_matrix, "time_split": _time_split, "contrast": _contrast,
}  # fmt: skip


def table(evidence: dict[str, Any]) -> Grid | None:
    """The table behind a statement; None where its kind has none, or its figures are not there."""
    made = _TABLES.get(evidence["kind"])
    return made(evidence["data"]) if made is not None else None


def _suspects(entry: dict[str, Any]) -> list[Block]:
    found = entry["suspects"][:ROWS]
    if not found:
        return []
    rows = tuple(
        (
            line(value(one["component"])),
            line(str(one["kind"])),
            line(f"{one['score']:.2f}"),
            line(number(one.get("excess_failures"))),
            _share(one.get("share_failures")),
            line(milliseconds(one.get("excess_ms"))),
            _share(one.get("share_time")),
        )
        for one in found
    )
    columns = ("Suspect", "Kind", "Score", "Excess failures", "Share", "Excess time", "Share")
    return [Grid(columns, rows, frozenset({2, 3, 4, 5, 6}))]


def facts_of(entry: dict[str, Any]) -> tuple[Line, ...]:
    """Rules, shares, chains and parties, a line each."""
    lines: list[Line] = []
    rules: list[Piece | str] = []
    for rule, count in sorted(entry["rules"].items(), key=lambda item: (-item[1], item[0])):
        rules += [", " if rules else "Rules: ", value(rule), f" {number(count)}"]
    lines += [line(*rules)] if rules else []
    if known := entry.get("known"):
        says = entry["lean"] or entry["verdict"]
        # A verdict that failed a comparison leans elsewhere than its known part says.
        of = f"say {says}" if known["dominant"] <= entry["verdicts"].get(says, 0) else "are of one cause"
        text = f"Known: {number(known['dominant'])} of {number(known['attributed'])} attributed {of}"
        lines.append(line(f"{text} ({part(known['dominant'], known['attributed'])})."))
    if entry["worst_case_low"] is not None:
        how = {"wilson": ", Wilson interval", "resampling": ", by resampling"}.get(entry.get("method") or "", "")
        share, low = percent(entry["worst_case_share"]), percent(entry["worst_case_low"])
        lines.append(line(f"Worst case: {share}, 95 % lower bound {low}{how}; a verdict takes more than 50 %."))
    lines += [line("Through: ", *chain(names)) for names in entry.get("via") or ()]
    for upstream, party in sorted(entry["parties"].items()):
        lines.append(line("Party: ", value(upstream), f" is {party}"))
    if below := entry.get("consequences"):
        lines.append(line(f"Its consequences: {', '.join(below)}"))
    return tuple(lines)


def chain(names: list[str]) -> list[Piece | str]:
    """`checkout > orders > stock`."""
    pieces: list[Piece | str] = []
    for name in names:
        pieces += [" > " if pieces else "", value(name)]
    return pieces
