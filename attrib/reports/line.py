"""One sentence per incident, for chat and CI: verdict, who, since when, how many, how sure, id."""

from __future__ import annotations

from typing import Any

from attrib.reports import incident_words
from attrib.reports.figures import number, part, plural
from attrib.reports.outline import Line, Piece, line
from attrib.reports.text import piece_text
from attrib.reports.view import View


def render(report: dict[str, Any], view: View) -> str:
    """The sentences, a line each, whatever the view's width; at least one. Ends with a line end."""
    lines = [_incident(entry, report, view) for entry in report["incidents"]] or [_none(report)]
    broken = sum(entry["error"] is not None for entry in report["input"]["files"])
    if broken:
        lines.append(line(f"Not read whole: {number(broken)} of {plural(len(report['input']['files']), 'file')}."))
    return "".join("".join(piece_text(piece, view) for piece in one) + "\n" for one in lines)


def _incident(entry: dict[str, Any], report: dict[str, Any], view: View) -> Line:
    sure = incident_words.worst_case(entry)
    when = incident_words.when(entry, report, view)
    when = f" from {when}" if entry["start"] else f", {when}"
    after = line(" A consequence of ", Piece("words", entry["consequence_of"]), ".") if entry["consequence_of"] else ()
    return (
        *incident_words.who(entry),
        *line(": "),
        *incident_words.how_many(entry, sampled=bool(report.get("sampled"))),
        *line(f"{when}. {sure}" if sure else f"{when}."),
        *after,
        *line(" (", Piece("words", entry["id"]), ")"),
    )


def _none(report: dict[str, Any]) -> Line:
    summary, read = report["summary"], plural(report["input"]["totals"]["lines_read"], "line")
    bad, total = summary["symptomatic"], summary["invocations"]
    if not total:
        return line(f"No incident in {read}: no invocation, so nothing to attribute.")
    if not bad:
        return line(f"No incident in {read}: none of {plural(total, 'invocation')} failed or was slow.")
    return line(
        f"No incident in {read}: {number(bad)} of {plural(total, 'invocation')} failed or were slow "
        f"({part(bad, total)}), {number(len(report['isolated']))} of them isolated."
    )
