"""What an incident did to requests, in figures that cite their lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from typing import Any, Final, NamedTuple

from attrib.reports import incident_words
from attrib.reports.figures import duration, moment, number
from attrib.reports.postmortem.budget import over_budget, told
from attrib.reports.postmortem.ink import Ink, lines_of, todo
from attrib.reports.postmortem.loose import data_of, figure, rows
from attrib.reports.postmortem.moments import Rows, per_function

TENANTS: Final = 5
_SYMPTOMS: Final = (("failed", "failed"), ("slow", "slow"), ("unfinished", "never finished"))


class Figure(NamedTuple):
    """A row of the impact table, as Markdown."""

    what: str
    figure: str
    source: str
    """`file:line`, comma-separated."""


def impact(report: dict[str, Any], entry: dict[str, Any], mine: Rows, ink: Ink) -> list[Figure]:
    """Requests, by what was wrong and by function, tenants, minutes over budget, and what the logs cannot say."""
    lines = ink.places(lines_of(entry, "status_matrix") or lines_of(entry))
    sampled = bool(report.get("sampled") or entry.get("sampled"))
    found = [Figure("Requests affected", ink.line(incident_words.how_many(entry, sampled=sampled)), lines)]
    counts = entry.get("symptoms") or {}
    if sum(1 for name, _ in _SYMPTOMS if counts.get(name)) > 1:
        told_of = ", ".join(f"{number(counts[name])} {word}" for name, word in _SYMPTOMS if counts.get(name))
        found.append(Figure("Of these", told_of, lines))
    found += _functions(entry, mine, ink)
    found += _saved(entry, ink)
    found += _tenants(entry, ink)
    found += _time(report, entry, lines)
    found.append(Figure("What users saw, revenue, contracts", todo("what it meant to users, and what it cost"), ""))
    return found


def _functions(entry: dict[str, Any], mine: Rows, ink: Ink) -> list[Figure]:
    if len(entry["functions"]) < 2:
        return []
    counted = per_function(mine.bad)
    if not counted:
        return [Figure("By function", ", ".join(map(ink.value, entry["functions"])), "")]
    each = ", ".join(f"{ink.value(name)} {number(count)}" for name, count in counted)
    return [Figure("By function", each, ink.places(_first_of_each(mine.bad)))]


def _first_of_each(bad: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    first: dict[str | None, dict[str, Any]] = {}
    for row in bad:
        first.setdefault(row["function"], row)
    return list(first.values())


def _saved(entry: dict[str, Any], ink: Ink) -> list[Figure]:
    """Requests that a retry saved: no failure, but part of what happened."""
    for evidence in entry["counter_evidence"]:
        if evidence["kind"] == "upstream_fine" and (saved := figure(evidence["data"], "after_retry")):
            return [Figure("Answered well after a retry", number(saved), ink.places(evidence["examples"]))]
    return []


def _tenants(entry: dict[str, Any], ink: Ink) -> list[Figure]:
    """Tenants that a logged field names; they are stored as digests."""
    data = data_of(entry, "contrast")
    told_of = [one for one in [*rows(data, "features"), *rows(data, "common")] if one.get("field") == "tenant"]
    if not told_of:
        return [Figure("Tenants", todo("which tenants or customers; no logged field tells"), "")]
    each = [
        f"{ink.value(one.get('value'))} {number(figure(one, 'failing'))} of {number(figure(one, 'failing_of'))} failing"
        for one in told_of[:TENANTS]
    ]
    return [Figure("Tenants (digests)", ", ".join(each), ink.places(lines_of(entry)))]


def _time(report: dict[str, Any], entry: dict[str, Any], lines: str) -> list[Figure]:
    start, end = moment(entry["start"], UTC), moment(entry["end"], UTC)
    if start is None or end is None:
        return [Figure("Duration", todo("from when to when; the log has no times"), "")]
    found = [Figure("Duration", duration((end - start).total_seconds()), lines)]
    over = over_budget(report, entry)
    if over is not None:
        found.append(Figure("Minutes over budget", told(over), lines))
        found.append(Figure("Of the service's own error budget", todo("the SLO, and what part of it this took"), ""))
    else:
        found.append(Figure("Minutes over budget", todo("the log has no rates or no times to count them from"), ""))
    return found


def numbers(report: dict[str, Any], entry: dict[str, Any]) -> dict[str, int | float | None]:
    """The plain figures, for templates that calculate. Null: not known; shares are 0..1."""
    counts = entry.get("symptoms") or {}
    start, end = moment(entry["start"], UTC), moment(entry["end"], UTC)
    over = over_budget(report, entry)
    return {
        "symptomatic": entry["symptomatic"],
        "invocations": entry["invocations"],
        "failed": counts.get("failed"),
        "slow": counts.get("slow"),
        "unfinished": counts.get("unfinished"),
        "failure_rate": entry["failure_rate"],
        "usual_rate": entry["baseline_rate"],
        "minutes": None if start is None or end is None else round((end - start).total_seconds() / 60, 1),
        "minutes_over_budget": None if over is None else round(over.steps * over.step_s / 60, 1),
    }
