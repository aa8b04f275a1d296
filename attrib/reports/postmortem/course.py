"""How it went: trigger, detection, resolution, and what went well and wrong, as far as a log can know."""

from __future__ import annotations

from datetime import UTC
from typing import Any, Final

from attrib.reports.figures import duration, milliseconds, moment, number
from attrib.reports.postmortem.budget import over_budget
from attrib.reports.postmortem.findings import apart_by, missing
from attrib.reports.postmortem.ink import Ink, Statement, lines_of, todo
from attrib.reports.postmortem.loose import data_of, figure
from attrib.reports.postmortem.loose import rows as rows_of
from attrib.reports.postmortem.moments import NEAR, Rows, ended

BEFORE: Final = 3
"""Marks named as possible triggers."""


def trigger(report: dict[str, Any], entry: dict[str, Any], ink: Ink) -> list[Statement]:
    """Marks shortly before the onset. That something came before is no proof that it was the trigger."""
    onset = moment(entry["onset"], UTC)
    found: list[Statement] = []
    if onset is not None:
        before = [
            (onset - at, mark)
            for mark in report.get("marks") or ()
            if (at := moment(mark["time"], UTC)) is not None and at <= onset and onset - at <= NEAR
        ]
        for away, mark in sorted(before, key=lambda item: item[0])[:BEFORE]:
            text = f"“{ink.prose(mark['text'])}”, {ink.both(mark['time'])}, came {duration(away.total_seconds())}"
            found.append(ink.drawn(f"{text} before the onset; that it came before does not prove that it started it"))
    found += _fits(entry, ink)
    changed = "what changed shortly before the onset: deploy, flag, configuration, traffic"
    return [*found, Statement(todo("what started it" if found else changed), "")]


def _fits(entry: dict[str, Any], ink: Ink) -> list[Statement]:
    """What would fit the evidence, for people to confirm or exclude."""
    kinds = {e["kind"] for e in [*entry["evidence"], *entry["counter_evidence"]]}
    if "deadline" in kinds:
        waits = figure((rows_of(data_of(entry, "deadline"), "functions") or [{}])[0], "deadline_ms")
        about = f" of about {milliseconds(round(waits))}" if waits else ""
        return [ink.drawn(f"A deadline{about} that was set at the onset would fit; the log does not show it")]
    if "credential" in kinds:
        return [
            ink.drawn("An expiry, a rotation or a lost permission at the onset would fit; the log does not show it")
        ]
    if entry["verdict"] == "application" and (apart := apart_by(entry)) is not None:
        named = f"{ink.value(apart['field'])} {ink.value(apart['value'])}"
        count = f"{number(figure(apart, 'failing'))} of the {number(figure(apart, 'failing_of'))} failing requests"
        text = f"A rollout of {named} at the onset would fit: {count} carry it"
        return [ink.drawn(text, lines_of(entry, "contrast") or lines_of(entry))]
    return []


def detection(report: dict[str, Any], entry: dict[str, Any], rows: Rows, ink: Ink) -> list[Statement]:
    """The log knows the earliest time; who noticed, when and how, people know."""
    found = [Statement(todo("who or what noticed it, when, and how long after the onset"), "")]
    if entry["onset"]:
        first = rows.bad[:1] or lines_of(entry, "onset")
        text = f"The onset, {ink.both(entry['onset'])}, is the earliest at which it could have been noticed"
        found.append(ink.drawn(text, first[:1]))
    over = over_budget(report, entry)
    if over is not None:
        length = "minute" if over.step_s == 60 else f"{number(over.step_s / 60)} minutes"
        text = f"The first {length} over the budget began at {ink.both(over.first)}"
        found.append(ink.drawn(text, rows.bad[:1] or lines_of(entry, "onset")[:1]))
    return found


def resolution(report: dict[str, Any], entry: dict[str, Any], rows: Rows, ink: Ink) -> list[Statement]:
    """When it ended, as far as the log shows; what ended it, people know."""
    found: list[Statement] = []
    if entry["end"] is None:
        pass
    elif not ended(report, entry):
        found.append(ink.drawn("The log ends within a minute of it: whether it was over then is not in it"))
    elif rows.bad:
        text = f"The last of these requests was logged at {ink.both(rows.bad[-1]['ts'])}"
        if rows.good is not None:
            text += f", the first good answer after it at {ink.both(rows.good['ts'])}"
        found.append(ink.drawn(text, [rows.bad[-1], *([rows.good] if rows.good else [])]))
    else:
        found.append(ink.drawn(f"The incident's last minute ended at {ink.both(entry['end'])}"))
    return [*found, Statement(todo("what ended it, who did it, and whether it ended by itself"), "")]


def went_well(entry: dict[str, Any], ink: Ink) -> list[Statement]:
    """What the log shows of it: retries that saved requests."""
    found: list[Statement] = []
    for evidence in entry["counter_evidence"]:
        if evidence["kind"] == "upstream_fine" and (saved := figure(evidence["data"], "after_retry")):
            text = f"A retry saved {number(saved)} request{'s'[: saved != 1]}: the caller got a good answer"
            found.append(ink.drawn(text, evidence["examples"]))
    return [*found, Statement(todo("what worked: alerts, runbooks, people, fallbacks"), "")]


def went_wrong(report: dict[str, Any], entry: dict[str, Any], ink: Ink) -> list[Statement]:
    """What the log shows of it: evidence that it does not hold, and retries that multiplied the load."""
    found = missing(report, entry, ink)
    for evidence in entry["evidence"]:
        tries = figure(evidence["data"], "per_request") if evidence["kind"] == "attempts" else None
        if tries is not None and tries > 1:
            text = f"Retries multiplied the calls while it lasted: {number(round(tries, 1))} attempts per request"
            found.append(ink.drawn(text, evidence["examples"]))
    return [*found, Statement(todo("what made it longer, larger or harder to see"), "")]
