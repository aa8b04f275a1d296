"""The tables of an incident's section: what answered what, what sets the failing apart, who is suspected, the hops."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final, NamedTuple

from attrib.reports import incident_details
from attrib.reports.figures import figure, milliseconds, number, percent
from attrib.reports.outline import Grid, Line, line, value

ROWS: Final = 20
"""Rows of one table; the report has them all."""
_STATUSES: Final = 6
"""Columns of the matrix; with more statuses it becomes a list."""
_LEVELS: Final = 5
"""Shades of the matrix."""


class Cell(NamedTuple):
    """One cell of the matrix. `level`: 0 for none, then by its share of the largest, up to `_LEVELS`."""

    text: str
    level: int


class Matrix(NamedTuple):
    """Upstream outcome by what the function returned, in requests."""

    columns: list[Line]
    rows: list[tuple[Line, list[Cell]]]


def of_kind(entry: dict[str, Any], kind: str) -> Grid | None:
    """The table of one kind of evidence; None without it."""
    return next((incident_details.table(one) for one in entry["evidence"] if one["kind"] == kind), None)


def matrix(entry: dict[str, Any]) -> Matrix | Grid | None:
    """Outcome by status; a list where that makes no columns; None where nobody knows."""
    rows = incident_details.rows_of(_data(entry, "status_matrix"))
    counts: Counter[tuple[Any, Any, Any]] = Counter()
    for row in rows:
        count = row.get("count")
        counts[row.get("upstream"), row.get("upstream_status"), row.get("status")] += (
            count if isinstance(count, int) else 0
        )
    statuses = list(dict.fromkeys(status for _, _, status in counts))
    top = max(counts.values(), default=0)
    if not top or len(statuses) > _STATUSES:
        return of_kind(entry, "status_matrix")
    outcomes = dict.fromkeys((outcome, code) for outcome, code, _ in counts)
    return Matrix(
        [line(value(status)) if status is not None else line("no status") for status in statuses],
        [(_outcome(*outcome), [_cell(counts[(*outcome, status)], top) for status in statuses]) for outcome in outcomes],
    )


def _outcome(outcome: Any, code: Any) -> Line:
    """`5xx 503`, or the outcome's word."""
    return line(value(outcome), " ", value(code)) if code is not None else line(value(str(outcome).replace("_", " ")))


def _cell(count: int, top: int) -> Cell:
    return Cell(number(count) if count else "", -(-count * _LEVELS // top))


class Bar(NamedTuple):
    """A share as a word and as the length of a bar, 0 to 100; no bar where there is no share."""

    text: str
    length: int | None


def _bar(share: Any) -> Bar:
    known = isinstance(share, int | float) and 0 <= share <= 1
    return Bar(percent(share), round(share * 100)) if known else Bar("-", None)


class Difference(NamedTuple):
    """One field's value: how many of the failing carry it, how many of the rest, and how much more often."""

    what: Line
    failing: Bar
    rest: Bar
    lift: str


def contrast(entry: dict[str, Any]) -> list[Difference]:
    """What sets the failing apart from the rest, the strongest first; empty where nothing does."""
    data = _data(entry, "contrast")
    return [
        Difference(
            line(value(one.get("field")), " ", value(one.get("value"))),
            _bar(one.get("share_failing", one.get("failing"))),
            _bar(one.get("share_rest", one.get("rest"))),
            figure(one.get("lift")) or "-",
        )
        for one in incident_details.rows_of(data, "features") or incident_details.rows_of(data)
    ]


class Suspect(NamedTuple):
    """A component with its score, and what of the trouble above the usual it explains."""

    name: Line
    kind: str
    score: Bar
    failures: str
    time: str


def suspects(entry: dict[str, Any]) -> list[Suspect]:
    """The components, the likeliest first."""
    return [
        Suspect(
            line(value(one["component"])),
            one["kind"],
            Bar(f"{one['score']:.2f}", round(one["score"] * 100)),
            _of(number(one.get("excess_failures")), one.get("share_failures")),
            _of(_time(one.get("excess_ms")), one.get("share_time")),
        )
        for one in entry["suspects"][:ROWS]
    ]


def _of(text: str, share: float | None) -> str:
    # A figure keeps its sign where a narrow column breaks.
    return text if share is None or text == "-" else f"{text} ({percent(share)})".replace(" %", "\u00a0%")


def _time(ms: float | None) -> str:
    """Milliseconds, or seconds where there are many."""
    return milliseconds(ms) if ms is None or ms < 10_000 else f"{number(round(ms / 1000))} s"


def chains(entry: dict[str, Any]) -> list[tuple[list[str], int | None]]:
    """Chains of functions from the caller to the hop that took the blame, and how many requests went through each."""
    found = incident_details.rows_of(_data(entry, "hops"), "chains")
    counted = [(one["via"], one.get("count")) for one in found if isinstance(one.get("via"), list)]
    return counted or [(names, None) for names in (entry.get("via") or [])[:ROWS]]


def _data(entry: dict[str, Any], kind: str) -> dict[str, Any]:
    return next((one["data"] for one in entry["evidence"] if one["kind"] == kind), {})
