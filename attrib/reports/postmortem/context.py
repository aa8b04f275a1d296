"""The names that a template of a post-mortem can use. All text in them is Markdown that was made safe already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC
from typing import Any, Final

from attrib.reports import incident_words
from attrib.reports.figures import duration, moment, number, plural
from attrib.reports.incident_story import telling
from attrib.reports.input_story import accounting
from attrib.reports.next_steps import first_id, short
from attrib.reports.outline import Paragraph
from attrib.reports.postmortem import course, findings
from attrib.reports.postmortem.impact import impact, numbers
from attrib.reports.postmortem.ink import Ink, Statement, lines_of
from attrib.reports.postmortem.moments import rows_of, timeline
from attrib.reports.postmortem.proposals import proposals
from attrib.reports.view import View
from attrib.safe.markdown import code

NAMES: Final[dict[str, str]] = {
    "title": "what happened, for how long, and where the evidence points",
    "id": "the incident's id",
    "date": "its day, UTC",
    "verdict": "the verdict's word: vendor, application, app_bottleneck, caller or unknown",
    "attrib_version": "the version that wrote it",
    "start": "start of its first minute, UTC; null: the log has no time",
    "end": "end of its last minute, UTC",
    "onset": "time of its first failure, UTC",
    "duration": "how long it lasted",
    "zone": "the zone of --tz; null: UTC",
    "numbers": "plain figures: symptomatic, invocations, failed, slow, unfinished, failure_rate, usual_rate, minutes, "
    "minutes_over_budget; null: not known",
    "summary": "statements",
    "impact": "rows: what, figure, source",
    "factors": "statements: contributing factors, what the evidence points to",
    "trigger": "statements",
    "detection": "statements",
    "resolution": "statements",
    "ruled_out": "statements",
    "against": "statements: what speaks against the verdict",
    "missing": "statements: what the logs did not say",
    "action_items": "rows: number, action, type, tool, outcome",
    "stop_rule": "the sentence of the stop rule",
    "went_well": "statements",
    "went_wrong": "statements",
    "timeline": "rows: time, local (null without --tz), what, source",
    "input": "statements: what was read, and what became of every line",
    "commands": "commands that show more, as code",
    "other_incidents": "statements: the other incidents of the same logs",
}
"""Every name, with what it means. A statement has `text` and `sources` (file:line, may be empty)."""
OTHERS: Final = 10
SAID: Final = 1
"""Sentences of evidence in a summary; the contributing factors have them all."""


def context(
    report: dict[str, Any], entry: dict[str, Any], view: View, rows: Iterable[dict[str, Any]] = ()
) -> dict[str, Any]:
    """NAMES -> values, for one incident; `rows` are those of `attrib verdicts` around its time, where there are any.

    Text is safe Markdown; figures are plain numbers; what is not known is None.
    """
    ink = Ink(view)
    utc = replace(view, zone=UTC)
    mine = rows_of(entry, rows)
    start, end = moment(entry["start"], UTC), moment(entry["end"], UTC)
    stop = next((deed["text"] for deed in entry["actions"] if deed["kind"] == "stop_rule"), STOP)
    return {
        "title": _title(entry, ink),
        "id": ink.prose(entry["id"]),  # a saved report may say anything here
        "date": None if start is None else f"{start:%Y-%m-%d}",
        "verdict": entry["verdict"],
        "attrib_version": ink.prose(f"v{report['attrib_version']}")[1:],  # a number at the start would be escaped
        "start": ink.time(entry["start"]),
        "end": ink.time(entry["end"]),
        "onset": ink.time(entry["onset"]),
        "duration": None if start is None or end is None else duration((end - start).total_seconds()),
        "zone": ink.zone,
        "numbers": numbers(report, entry),
        "summary": _summary(report, entry, ink, utc),
        "impact": impact(report, entry, mine, ink),
        "factors": findings.factors(entry, ink),
        "trigger": course.trigger(report, entry, ink),
        "detection": course.detection(report, entry, mine, ink),
        "resolution": course.resolution(report, entry, mine, ink),
        "ruled_out": findings.ruled_out(report, entry, ink),
        "against": findings.against(entry, ink),
        "missing": findings.missing(report, entry, ink),
        "action_items": proposals(report, entry, ink),
        "stop_rule": ink.prose(stop),
        "went_well": course.went_well(entry, ink),
        "went_wrong": course.went_wrong(report, entry, ink),
        "timeline": timeline(report, entry, mine, ink),
        "input": _input(report, ink, utc),
        "commands": _commands(entry, view),
        "other_incidents": _others(report, entry, ink, utc),
    }


STOP: Final = "No data rewrite, schema change or semantic patch without a replay plan and a rollback."


def _title(entry: dict[str, Any], ink: Ink) -> str:
    counts = entry.get("symptoms") or {}
    slow = counts.get("slow", 0) > counts.get("failed", 0)
    many = len(entry["functions"]) > 1
    did = f"{'were' if many else 'was'} slow" if slow else "failed"
    start, end = moment(entry["start"], UTC), moment(entry["end"], UTC)
    lasted = f" for {duration((end - start).total_seconds())}" if start and end else ""
    functions = ink.line(incident_words.functions(entry)) if entry["functions"] else "requests"
    return f"{functions} {did}{lasted}"


def _summary(report: dict[str, Any], entry: dict[str, Any], ink: Ink, utc: View) -> list[Statement]:
    """When, how many, where the evidence points, and the most telling evidence."""
    sampled = bool(report.get("sampled"))
    many = ink.line(incident_words.how_many(entry, sampled=sampled))
    found = [ink.drawn(f"{incident_words.when(entry, report, utc)}: {many}", lines_of(entry))]
    if entry["consequence_of"]:
        found.append(ink.drawn(f"It is a consequence of incident {ink.value(entry['consequence_of'])}"))
    found += [
        ink.drawn(findings.points_to(entry, ink)),
        *(Statement(one.text, "") for one in findings.sureness(entry, ink)),
    ]
    return found + [ink.evidence(e, entry) for e in telling(entry) if e["kind"] != "alike"][:SAID]


def _input(report: dict[str, Any], ink: Ink, utc: View) -> list[Statement]:
    lines = [b.line for b in accounting(report, utc) if isinstance(b, Paragraph)]
    found = [ink.drawn(" ".join(ink.line(line).replace("\\\n", ", ").split())) for line in lines]
    found += [
        ink.drawn(f"Not read whole: {code(file['path'])}: {ink.prose(file['error'])}")
        for file in report["input"]["files"]
        if file["error"]
    ]
    rules = report["rules"]
    found.append(ink.drawn(f"Rules: {ink.values(rules['packs'])} ({ink.value(rules['digest'])})"))
    if used := rules.get("config"):
        found.append(ink.drawn(f"Configuration: {code(used['path'])} ({ink.value(used['digest'])})"))
    return found + [ink.said(note) for note in report.get("notes") or ()]


def _commands(entry: dict[str, Any], view: View) -> list[str]:
    found = first_id(lines_of(entry), view)
    shown = [short(view, "explain", found)] if found else []
    return [code(text) for text in [*shown, short(view, "analyze", "-v"), short(view, "verdicts")]]


def _others(report: dict[str, Any], entry: dict[str, Any], ink: Ink, utc: View) -> list[Statement]:
    others = [one for one in report["incidents"] if one["id"] != entry["id"]]
    found = [
        ink.drawn(f"{ink.value(one['id'])}, {incident_words.when(one, report, utc)}: "
                  f"{ink.line(incident_words.who(one))}, {ink.line(incident_words.how_many(one))}")
        for one in others[:OTHERS]
    ]  # fmt: skip
    if len(others) > OTHERS:
        found.append(ink.drawn(f"And {plural(len(others) - OTHERS, 'other')}; {number(len(others) + 1)} in all"))
    return found
