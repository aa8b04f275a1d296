"""The failing calls as CSV, and the ticket as one zip: what is attached to a ticket."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any, Final

from attrib.reports.figures import number
from attrib.reports.vendor.story import as_markdown, as_text
from attrib.reports.vendor.words import calls
from attrib.reports.view import View
from attrib.safe import csvcell

COLUMNS: Final = (
    "time_utc", "result", "function", "status", "upstream_status", "error_code", "upstream_latency_ms", "attempts",
    "answers", "our_request_id", "their_request_ids",
)  # fmt: skip
"""One row per call that failed, was turned away, was slow, or failed at first. `upstream_status` is the last answer,
`answers` those of all attempts logged, `none` where nothing is logged of one. `their_request_ids` belong to the
attempts, in order. An empty cell: not logged."""
_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
"""The zip format's first moment: the same ticket has the same bytes whenever it is made."""


def csv_lines(ticket: dict[str, Any], view: View) -> Iterator[str]:
    """CSV with a header, a line at a time."""
    yield csvcell.row(COLUMNS)
    for row in ticket["rows"]:
        cells = (
            row["ts"], row["result"], row["function"], row["status"], row["answers"][-1], row["error_code"],
            row["upstream_ms"], row["attempts"], " ".join("none" if a is None else str(a) for a in row["answers"]),
            row["request_id"], " ".join(row["upstream_request_ids"]),
        )  # fmt: skip
        yield csvcell.row(_cell(cell, view) for cell in cells)


def _cell(cell: object, view: View) -> str:
    if cell is None:
        return ""
    return repr(cell) if isinstance(cell, int | float) else view.display.csv(str(cell))


def as_zip(ticket: dict[str, Any], view: View) -> bytes:
    """ticket.md, ticket.txt, failing_calls.csv and a README; the same ticket and view, the same bytes."""
    listed, most = ticket["listed"], ticket["rows_most"]
    rows = calls(listed) if listed <= most else f"the first {number(most)} of {calls(listed)}"
    members = {
        "README.txt": f"ticket.md and ticket.txt: the same ticket, twice; failing_calls.csv: {rows}, one row each, "
        "times in UTC.\n",
        "failing_calls.csv": "".join(csv_lines(ticket, view)),
        "ticket.md": as_markdown(ticket, view),
        "ticket.txt": as_text(ticket, view),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in sorted(members.items()):
            info = zipfile.ZipInfo(name, _LONG_AGO)
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(info, content.encode("utf-8", "backslashreplace"))
    return out.getvalue()
