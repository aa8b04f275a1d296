"""`attrib report postmortem`: an incident, found as `attrib analyze` finds it, looked at once more and written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from attrib import pipeline
from attrib.errors import InputError, NoRecordsError, UsageError
from attrib.options import Options
from attrib.pipeline import Outcome
from attrib.reports.postmortem import template
from attrib.reports.postmortem.choose import chosen, listed
from attrib.reports.postmortem.context import context
from attrib.reports.postmortem.moments import AFTER
from attrib.reports.saved import saved_report
from attrib.reports.view import View


@dataclass(frozen=True)
class Review:
    """A post-mortem, and how the run ended."""

    text: str | None
    """Markdown; None: there was no record to write about, and `outcome.message` says why."""
    outcome: Outcome
    notes: list[str] = field(default_factory=list)
    """For standard error: which of several incidents it is about."""


def postmortem(
    inputs: Sequence[str],
    options: Options,
    view: View,
    *,
    incident: str | None = None,
    own_template: Path | None = None,
    needs_logs: Sequence[str] = (),
) -> Review:
    """The post-mortem of one incident of logs, or of one saved report or bundle.

    `incident`: its id; None: the one with the most requests. `needs_logs`: options that were given and mean nothing for
    a saved report, which is as it was judged. Raises AttribError: UsageError also where there is no
    incident, because a document about nothing would be filed as one about something.
    """
    shown_as = template.SHIPPED.name if own_template is None else str(own_template)
    text = template.shipped() if own_template is None else template.read(own_template)
    saved = _saved(inputs)
    if saved is not None and needs_logs:
        raise UsageError(f"{inputs[0]} is judged already: {needs_logs[0]} has no effect on it. Name the logs instead.")
    outcome = Outcome(saved, 0) if saved is not None else pipeline.analyze(inputs, options)
    if outcome.exit_code == NoRecordsError.exit_code:
        return Review(None, outcome)
    try:
        entry = chosen(outcome.report, incident)
    except UsageError as error:
        if outcome.unread:
            raise InputError(f"{error} Not all could be read: {'; '.join(outcome.unread)}") from None
        raise
    rows = [] if saved is not None else around(inputs, options, entry)
    if saved is not None:
        view = replace(view, logs=())  # the commands that the document names need the logs
    names = context(outcome.report, entry, view, rows)
    return Review(template.fill(text, names, shown_as), outcome, _notes(outcome.report, entry, incident))


def _saved(inputs: Sequence[str]) -> dict[str, Any] | None:
    """The report that the only input holds; None where the inputs are logs."""
    found = [(name, saved) for name in inputs if (saved := saved_report(name)) is not None]
    if found and len(inputs) > 1:
        raise UsageError(f"{found[0][0]} is a saved report; name nothing beside it.")
    return found[0][1].report if found else None


def around(inputs: Sequence[str], options: Options, entry: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows of `attrib verdicts` in an incident's time and an hour after it: what failed first in which way.

    Of small inputs every row, so that the first good answer is among them; of large ones only those with a symptom.
    Empty where there is no time, and for standard input, which can be read only once.
    """
    if entry["start"] is None or entry["end"] is None or "-" in inputs:
        return []
    until = datetime.fromisoformat(entry["end"]).astimezone(UTC) + AFTER
    again = replace(
        options, window=None, since=entry["start"], until=f"{until:%Y-%m-%dT%H:%M:%SZ}", baseline=(), rejects=None,
        progress=None,
    )  # fmt: skip
    run, _ = pipeline.started(inputs, again)
    with run:
        large = run.large
    return pipeline.verdict_rows(inputs, again, every=not large).rows


def _notes(report: dict[str, Any], entry: dict[str, Any], wanted: str | None) -> list[str]:
    others = [one for one in report["incidents"] if one["id"] != entry["id"]]
    if wanted is not None or not others:
        return []
    which = f"of {len(others) + 1} incidents this is the largest, {entry['id']}"
    return [f"{which}; another one with --incident: {listed(others)}"]
