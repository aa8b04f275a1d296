"""Where the time of one invocation went, drawn as bars one below the other."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NamedTuple

from rich.cells import cell_len, set_cell_size

from attrib.reports.figures import milliseconds
from attrib.reports.view import View

_LABEL: Final = 26
_STATUS: Final = 9
_FRAME: Final = 6
"""Columns of the indent, the two ends of a bar and the gap behind it."""
_SHORTEST_BAR: Final = 10


class Span(NamedTuple):
    """A stretch of the invocation's time, ms from its start."""

    start: float
    length: float


def bars(invocation: dict[str, Any], view: View) -> tuple[str, ...]:
    """One row for the function and one per record that reached an upstream; rows without bars where no time is known.

    The shape of `invocation` is `explain.render`'s.
    """
    total = invocation["latency_ms"]
    own = f", own {milliseconds(invocation['own_ms'])}" if invocation["own_ms"] is not None else ""
    name = _named(invocation["function"], view)
    whole = Span(0, total) if total else None
    rows = [(name, invocation["status"], whole, milliseconds(total) + own)]
    calls = [record for record in invocation["records"] if record["upstream_outcome"] != "missing"]
    for record, span in zip(calls, _spans(calls, total), strict=True):
        attempt = f"  attempt {record['attempt']}" if record["attempt"] is not None else ""
        label = f"  {_named(record['upstream'] or record['stage'], view)}{attempt}"
        status = record["upstream_status"] if record["upstream_status"] is not None else record["upstream_outcome"]
        rows.append((label, status, span, milliseconds(record["upstream_latency_ms"])))
    longest = max(cell_len(times) for *_, times in rows)
    room = max(view.width - _LABEL - _STATUS - _FRAME - longest, _SHORTEST_BAR)
    return tuple(_row(label, status, span, total, room, times, view) for label, status, span, times in rows)


def _spans(calls: list[dict[str, Any]], total: float | None) -> list[Span | None]:
    """Where each call lies. A record's time is the end of what it timed; without one, calls follow each other."""
    ends = [at for record in calls if (at := _epoch_ms(record["ts"])) is not None and record["latency_ms"] == total]
    begin = max(ends) - total if ends and total else None
    spans: list[Span | None] = []
    after = 0.0
    for record in calls:
        length = record["upstream_latency_ms"]
        if not total or length is None:
            spans.append(None)
            continue
        at, start = _epoch_ms(record["ts"]), after
        # The record that timed the whole function ends with the function, wherever its call lay.
        if at is not None and begin is not None and record["latency_ms"] != total:
            start = at - length - begin
        length = min(length, total)
        start = min(max(start, 0.0), total - length)
        spans.append(Span(start, length))
        after = start + length
    return spans


def _row(label: str, status: object, span: Span | None, total: float | None, room: int, times: str, view: View) -> str:
    shown = "-" if status is None else view.display.terminal(str(status), _STATUS - 1)
    head = f"  {set_cell_size(_shortened(label), _LABEL)}{set_cell_size(shown, _STATUS)}"
    if span is None or not total:
        return f"{head}{' ' * (room + 2)}  {times}".rstrip()
    length = max(round(span.length / total * room), 1)
    start = min(round(span.start / total * room), room - length)
    bar = f"{' ' * start}|{'=' * length}|{' ' * (room - start - length)}"
    return f"{head}{bar}  {times}"


def _shortened(label: str) -> str:
    return label if cell_len(label) < _LABEL else set_cell_size(label, _LABEL - 2) + "…"


def _named(name: object, view: View) -> str:
    return "-" if name is None else view.display.terminal(str(name), _LABEL * 2)


def _epoch_ms(text: str | None) -> float | None:
    try:
        return datetime.fromisoformat(text).timestamp() * 1000 if text else None
    except ValueError:
        return None
