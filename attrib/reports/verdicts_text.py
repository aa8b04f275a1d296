"""Verdict rows as text: one line per invocation where the terminal is wide enough, else two."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any, Final

from rich.cells import cell_len, set_cell_size

from attrib.reports.figures import milliseconds, moment, zone_name
from attrib.reports.text import STYLES
from attrib.reports.view import View
from attrib.safe.display import VALUE_LIMIT
from attrib.safe.terminal import CUT, visible

_COLUMNS: Final = ("Verdict", "Responsible", "Status", "Upstream", "Time", "Function")
_LIMITS: Final = (14, 24, 9, 24, 9, 24)
"""Widest a column may be; what is longer is cut with `…`."""
_FLEXIBLE: Final = (1, 3, 5)
"""Columns of names: the ones that give way on a narrow terminal, down to `_NARROWEST` each."""
_NARROWEST: Final = 6
_MEASURED: Final = 200
"""Rows the columns' widths are taken from, so that any number of rows can be shown while they come."""
_GAP: Final = "  "


def lines(rows: Iterable[dict[str, Any]], view: View) -> Iterator[str]:
    """The table, a line at a time; each ends with a line end. No rows: one sentence.

    Where a row does not fit the terminal, its rule, request id and place stand on a second line, never cut.
    """
    rest = iter(rows)
    head = list(islice(rest, _MEASURED))
    if not head:
        yield "No failed or slow invocation.\n"
        return
    cells = [_cells(row, view) for row in head]
    widths = [min(max(cell_len(row[at]) for row in [_COLUMNS, *cells]), limit) for at, limit in enumerate(_LIMITS)]
    tail = max(cell_len(_where(row, view)) for row in head)
    wide = _total(widths) + len(_GAP) + tail <= view.width
    while not wide and _total(widths) > view.width:
        widest = max(_FLEXIBLE, key=lambda at: widths[at])
        if widths[widest] <= _NARROWEST:
            break
        widths[widest] -= 1
    between = _GAP if wide else f"\n{_GAP * 2}"
    header = _GAP.join(_sized(name, width) for name, width in zip(_COLUMNS, widths, strict=True))
    yield f"{header}{_GAP}Rule, request, place, time".rstrip() + "\n" if wide else header.rstrip() + "\n"
    for row in chain(head, rest):
        sized = [_sized(text, width) for text, width in zip(_cells(row, view), widths, strict=True)]
        sized[0] = _coloured(sized[0], row["verdict"]) if view.color else sized[0]
        first = _GAP.join(sized)
        yield f"{first if wide else first.rstrip()}{between}{_where(row, view)}\n"


def _total(widths: list[int]) -> int:
    return sum(widths) + len(_GAP) * (len(widths) - 1)


def _sized(text: str, width: int) -> str:
    return set_cell_size(text, width) if cell_len(text) <= width else set_cell_size(text, width - 1) + CUT


def _cells(row: dict[str, Any], view: View) -> tuple[str, ...]:
    answered = row["upstream_status"] if row["upstream_status"] is not None else row["upstream_outcome"]
    upstream = f"{row['upstream']} {answered}" if row["upstream"] else str(answered)
    values = (
        str(row["verdict"]).upper(), row["responsible"], row["status"], upstream, milliseconds(row["latency_ms"]),
        row["function"],
    )  # fmt: skip
    return tuple("-" if value is None else view.display.terminal(str(value), VALUE_LIMIT) for value in values)


def _where(row: dict[str, Any], view: View) -> str:
    """`m1-vendor  7f3c91d2  logs/api.jsonl:12  14:02:11 UTC`."""
    parts = ["-" if row[name] is None else view.display.terminal(row[name], None) for name in ("rule", "request_id")]
    parts.append(visible(f"{row['file']}:{row['line']}"))
    if (at := moment(row["ts"], view.zone)) is not None:
        parts.append(f"{at:%H:%M:%S} {zone_name(view.zone, at)}")
    return _GAP.join(parts)


def _coloured(text: str, verdict: str) -> str:
    """The verdict's cell in the colour the report has for it."""
    from rich.style import Style

    return Style.parse(STYLES.get(f"verdict:{verdict}", "bold")).render(text)
