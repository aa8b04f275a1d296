"""What the logs' faults cost: the requests that stay unknown, why, and the command that says more."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from attrib.reports.figures import number, plural
from attrib.reports.next_steps import short
from attrib.reports.outline import Line, Piece, command, line, value
from attrib.reports.view import View

_WHY: Final = {
    "contradiction": "because lines contradict themselves",
    "unknown-upstream-word": "for words as upstream_status that nobody knows",
    "type-drift": "for numbers as upstream_status that are none",
    "missing-correlation-id": "for want of a usable request_id",
}
"""Check -> why requests stay unknown; of others, for want of a field."""


def cost(report: dict[str, Any], view: View) -> Line:
    """`The logs cost you evidence: 36 requests unknown for want of upstream_status.   attrib check ...`, or nothing."""
    lost: Counter[tuple[str, str]] = Counter()
    for entry in (report["checks"] or {}).get("lost") or ():
        why = _WHY.get(entry["check"])
        lost[(why, "") if why else ("for want of", entry["field"])] += entry["symptomatic_unknown"]
    pieces: list[Piece | str] = []
    for (why, field), n in sorted(lost.items(), key=lambda item: (-item[1], item[0])):
        count = f", {number(n)}" if pieces else f"The logs cost you evidence: {plural(n, 'request')} unknown"
        pieces.append(f"{count} {why}")
        pieces += [" ", value(field)] if field else []
    return line(*pieces, ".   ", command(short(view, "check"))) if pieces else ()
