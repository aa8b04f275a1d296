"""The report as one page: no script, no outside request, readable on a phone, on paper, by keyboard and by ear."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

from attrib.reports import short_story
from attrib.reports.figures import number, part, percent, plural
from attrib.reports.html import draw, incidents, pictures, rest
from attrib.reports.input_story import accounting
from attrib.reports.next_steps import short
from attrib.reports.outline import Line, Paragraph, Piece, line
from attrib.reports.view import View
from attrib.safe import markup


def render(report: dict[str, Any], view: View) -> str:
    """The whole page; ends with a line end. Same report and view, same text.

    The first `pictures.CHARTED` incidents have charts, all have a small timeline. Log text gets in through
    `draw.environment` alone: redacted (unless the view says otherwise), made visible, escaped.
    """
    style = Path(__file__).with_name("style.css").read_text(encoding="utf-8").strip()
    with pictures.Pen() as pen:
        overview = pictures.of_all(report, view, pen)
        entries = incidents.listed(report, view, pen)
        return _drawn(report, view, style, entries, overview)


def _drawn(
    report: dict[str, Any], view: View, style: str, entries: list[dict[str, Any]], overview: pictures.Picture | None
) -> str:
    top = [entry for entry in entries if entry["top"]]
    page = draw.environment(view).get_template("page.html.j2")
    return page.render(
        # The style's digest in the policy: no other style, and nothing but it, is obeyed.
        style=markup.ours(style),
        style_digest=b64encode(sha256(style.encode()).digest()).decode(),
        version=report["attrib_version"],
        schema=report["schema"],
        report=report,
        head=[_one_row(block.line) for block in accounting(report, view) if isinstance(block, Paragraph)],
        figures=_figures(report),
        cards=top[: incidents.CARDS],
        further=top[incidents.CARDS :],
        incidents=entries,
        charted=pictures.CHARTED,
        redacted=view.display.redact,
        overview=overview,
        nothing=_nothing(report),
        stop=short_story.stop_rule(report) if entries else None,
        sections=rest.sections(report, view),
        commands=(
            ("one row per failed or slow request", short(view, "verdicts", "--to", "csv")),
            ("what the logs lack", short(view, "check")),
        ),
    )


def _figures(report: dict[str, Any]) -> list[tuple[str, Line]]:
    """(number, what it counts): the whole log in one line; nothing where there is nothing to count."""
    summary = report["summary"]
    bad, total, unknown = summary["symptomatic"], summary["invocations"], summary["verdicts"]["unknown"]
    if not total:
        return []
    count, isolated = len(report["incidents"]), len(report["isolated"])
    coverage = summary.get("evidence_coverage")
    known = f", evidence coverage {percent(coverage)}" if coverage is not None else ""
    found = [
        (
            number(count),
            line(f"incident{'' if count == 1 else 's'}{f', {number(isolated)} isolated' if isolated else ''}"),
        ),
        (number(bad), line(f"of {plural(total, 'request')} failed or slow ({part(bad, total)})")),
    ]
    return [*found, (number(unknown), line(f"of these unknown{known}"))] if bad else found


def _one_row(told: Line) -> Line:
    return tuple(Piece(kind, text.replace("\n", "; ") if kind == "words" else text) for kind, text in told)


def _nothing(report: dict[str, Any]) -> str | None:
    """What to say where there is no incident; None where there is one."""
    summary = report["summary"]
    if report["incidents"]:
        return None
    if not summary["invocations"]:
        return "No invocation in the input: nothing to attribute."
    if not summary["symptomatic"]:
        return f"All quiet: none of {plural(summary['invocations'], 'invocation')} failed or was slow."
    return "No incident: what failed is too little, or no more than usual."
