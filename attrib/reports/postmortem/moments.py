"""What happened when: the rows of a post-mortem's timeline, each with the line that shows it.

The report has times, counts and a few lines. Which request failed first in which way, and which was answered well
again, only the rows of `attrib verdicts` say; without them (a saved report) those moments are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from attrib.reports.figures import duration, milliseconds, moment, number
from attrib.reports.postmortem import loose
from attrib.reports.postmortem.ink import Ink, lines_of
from attrib.reports.postmortem.loose import data_of, figure

KINDS: Final = 6
"""Further kinds of failure whose first one has a row."""
NEAR: Final = timedelta(hours=6)
"""Marks further from the onset than this are left out, as in the report's own timeline."""
MARKS: Final = 20
AFTER: Final = timedelta(hours=1)
"""How long after an incident's end the first good answer is looked for."""


class Moment(NamedTuple):
    """A row of the timeline, as Markdown."""

    at: datetime
    time: str
    """UTC."""
    local: str | None
    """In the zone of --tz; None where that is UTC."""
    what: str
    source: str
    """`file:line`, or the words where else it comes from."""


class Rows(NamedTuple):
    """The rows of `attrib verdicts` that belong to one incident, in order of time."""

    bad: list[dict[str, Any]]
    """Those with a symptom, between the incident's start and end."""
    good: dict[str, Any] | None
    """The first one after its end that was answered well; None: not known."""


def rows_of(entry: dict[str, Any], rows: Iterable[dict[str, Any]]) -> Rows:
    """Those of an incident: its functions (and its upstreams, or none named), in its time."""
    start, end = moment(entry["onset"] or entry["start"], UTC), moment(_last(entry), UTC)
    if start is None or end is None:
        return Rows([], None)
    ours = [row for row in rows if row["ts"] is not None and _ours(row, entry)]
    ours.sort(key=lambda row: (_at(row), row["file"], row["line"]))
    # What fails every day, by a rule or with a status that this incident has not, is not part of it.
    statuses = _statuses(entry)
    symptomatic = (
        row
        for row in ours
        if row["symptom"] is not None
        and row["rule"] in entry["rules"]
        and (statuses is None or row["status"] is None or str(row["status"]) in statuses)
    )
    bad = [row for row in symptomatic if start <= _at(row) <= end]
    last = _at(bad[-1]) if bad else start
    good = (row for row in ours if row["symptom"] is None and row["status"] is not None and _at(row) > last)
    return Rows(bad, next(good, None))


def _statuses(entry: dict[str, Any]) -> set[str] | None:
    """What its functions answered, where the evidence lists it for all of its requests; None: it does not."""
    data = data_of(entry, "status_matrix")
    listed = loose.rows(data, "rows")
    whole = sum(figure(row, "count") or 0 for row in listed) == figure(data, "total")
    return {str(row.get("status")) for row in listed} if listed and whole else None


def _last(entry: dict[str, Any]) -> str | None:
    """When its last request was logged; else the end of its last minute."""
    told, end = data_of(entry, "onset").get("end"), entry["end"]
    return str(told) if isinstance(told, str) and moment(told, UTC) else str(end) if end else None


def _ours(row: dict[str, Any], entry: dict[str, Any]) -> bool:
    return row["function"] in entry["functions"] and (
        not entry["upstreams"] or row["upstream"] is None or row["upstream"] in entry["upstreams"]
    )


def _at(row: dict[str, Any]) -> datetime:
    return moment(row["ts"], UTC) or datetime.max.replace(tzinfo=UTC)


def timeline(report: dict[str, Any], entry: dict[str, Any], rows: Rows, ink: Ink) -> list[Moment]:
    """Onset, the first failure of each kind, peak, marks, end, and the first good answer after it; in order of time."""
    found = [*_onset(entry, rows, ink), *_kinds(rows, ink), *_peak(entry, rows, ink)]
    found += [*_marks(report, entry, ink), *_end(report, entry, rows, ink), *_recovered(entry, rows, ink)]
    return sorted(found, key=lambda one: one.at)


def _moment(text: str | None, what: str, source: str, ink: Ink) -> list[Moment]:
    at = moment(text, UTC)
    time, local = ink.time(text, named=False), ink.local(text, named=False)
    return [] if at is None else [Moment(at, time or "-", local, what, source)]


def _onset(entry: dict[str, Any], rows: Rows, ink: Ink) -> list[Moment]:
    lines = lines_of(entry, "onset")
    first = next((row for row in rows.bad[:1] if _at(row) == moment(entry["onset"], UTC)), None)
    what = f"**Onset**: {_request(first, ink)}" if first else "**Onset**: the first request that failed or was slow"
    return _moment(entry["onset"], what, ink.places([first] if first else lines, 1), ink)


def _kinds(rows: Rows, ink: Ink) -> list[Moment]:
    """The first of each further way to fail; the onset is the first of the first."""
    first: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows.bad:
        kind = (row["status"], row["upstream"], row["upstream_status"], row["symptom"])
        first.setdefault(kind, row)
    others = list(first.values())[1 : KINDS + 1]
    return [
        one
        for row in others
        for one in _moment(row["ts"], f"first of its kind: {_request(row, ink)}", ink.place(row), ink)
    ]


def _request(row: dict[str, Any], ink: Ink) -> str:
    """`checkout` 502 in 250 ms, `payments-api` 503."""
    did = {"failed": "failed", "slow": "was slow", "failed+slow": "failed and was slow", "unfinished": "never finished"}
    status = f" with {ink.value(row['status'])}" if row["status"] is not None else ""
    took = f" after {milliseconds(row['latency_ms'])}" if row["latency_ms"] is not None else ""
    text = f"{ink.value(row['function'])} {did.get(row['symptom'] or '', 'answered')}{status}{took}"
    if row["upstream"] is None:
        return text
    named = ink.value(row["upstream"])
    if row["upstream_status"] is None:
        return f"{text}; what {named} answered is not logged"
    return f"{text}; {named}: {ink.value(row['upstream_status'])}"


def _peak(entry: dict[str, Any], rows: Rows, ink: Ink) -> list[Moment]:
    at, line = moment(entry.get("peak"), UTC), entry.get("timeline")
    first = moment((line or {}).get("start"), UTC)
    if at is None or not line or first is None:
        return []
    position = int((at - first).total_seconds() // line["step_s"])
    if not 0 <= position < len(line["counts"]):
        return []
    bad, total = line["counts"][position], line["invocations"][position]
    inside = [row for row in rows.bad if at <= _at(row) < at + timedelta(seconds=line["step_s"])]
    what = f"**Peak**: {number(bad)} of {number(total)} requests {_bad(entry)} in {_step(line)}"
    return _moment(entry["peak"], what, ink.places(inside, 1) or "report, `timeline`", ink)


def _bad(entry: dict[str, Any]) -> str:
    counts = entry.get("symptoms") or {}
    if not counts.get("slow"):
        return "failed"
    return "failed or were slow" if counts.get("failed") else "were slow"


def _step(line: dict[str, Any]) -> str:
    return "one minute" if line["step_s"] == 60 else duration(line["step_s"])


def _marks(report: dict[str, Any], entry: dict[str, Any], ink: Ink) -> list[Moment]:
    onset = moment(entry["onset"] or entry["start"], UTC)
    end = moment(entry["end"], UTC)
    if onset is None or end is None:
        return []
    near = [
        mark
        for mark in report.get("marks") or ()
        if (at := moment(mark["time"], UTC)) is not None and onset - NEAR <= at <= end + NEAR
    ]
    return [
        one
        for mark in near[:MARKS]
        for one in _moment(mark["time"], f"**Mark**: {ink.prose(mark['text'])}", "named with `--mark`", ink)
    ]


def ended(report: dict[str, Any], entry: dict[str, Any]) -> bool:
    """Whether the log goes on for more than a minute after the incident's last minute."""
    end = moment(entry["end"], UTC)
    last = moment((report["input"]["time_range"] or {}).get("end"), UTC)
    return end is not None and last is not None and end < last - timedelta(minutes=1)


def _end(report: dict[str, Any], entry: dict[str, Any], rows: Rows, ink: Ink) -> list[Moment]:
    """The last failure; where the log ends with it, that is all that is known."""
    what = "**End**: the last one" if ended(report, entry) else "The last one in the log, which ends here"
    if rows.bad:
        row = rows.bad[-1]
        return _moment(row["ts"], f"{what}: {_request(row, ink)}", ink.place(row), ink)
    return _moment(_last(entry), what, "report, evidence `onset`", ink)


def _recovered(entry: dict[str, Any], rows: Rows, ink: Ink) -> list[Moment]:
    """The first good answer after the last failure; else the first minute without a failure."""
    if rows.good is not None:
        what = f"**First good answer after it**: {_request(rows.good, ink)}"
        return _moment(rows.good["ts"], what, ink.place(rows.good), ink)
    line, end = entry.get("timeline"), moment(entry["end"], UTC)
    first = moment((line or {}).get("start"), UTC)
    if not line or end is None or first is None:
        return []
    for position, (bad, total) in enumerate(zip(line["counts"], line["invocations"], strict=False)):
        at = first + timedelta(seconds=position * line["step_s"])
        if at >= end and total and not bad:
            what = f"The first without any: 0 of {number(total)} requests in {_step(line)}"
            return _moment(f"{at:%Y-%m-%dT%H:%M:%SZ}", what, "report, `timeline`", ink)
    return []


def per_function(rows: Sequence[dict[str, Any]]) -> list[tuple[str | None, int]]:
    """(function, requests with a symptom), the most first."""
    counts: dict[str | None, int] = {}
    for row in rows:
        counts[row["function"]] = counts.get(row["function"], 0) + 1
    return sorted(counts.items(), key=lambda item: (-item[1], item[0] or ""))
