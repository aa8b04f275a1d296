"""The main path: sources -> records -> invocations -> verdicts -> report. Each function below is one command's core."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

from attrib.analysis import careful
from attrib.analysis.accounts import input_block
from attrib.analysis.document import document
from attrib.analysis.run import Run, start
from attrib.analysis.span import Limits, inside, record_time
from attrib.analysis.tally import Tally
from attrib.errors import InputError, NoRecordsError, UsageError
from attrib.invocations.hosts import hosts_seen, several_hosts
from attrib.invocations.join import build
from attrib.invocations.model import Invocation
from attrib.options import Options
from attrib.parties import Parties
from attrib.records.model import Record
from attrib.verdicts.decide import OK, Verdict, judge
from attrib.verdicts.rows import row


@dataclass
class Outcome:
    """What a command gives back: a document, and the exit code the contract asks for (0, 3 or 4)."""

    report: dict[str, Any]
    exit_code: int
    message: str | None = None
    """For exit code 4: what the lines looked like and what to do."""
    rows: list[dict[str, Any]] = field(default_factory=list)
    """For `verdicts`: one dict per invocation, columns of the contract."""
    unread: list[str] = field(default_factory=list)
    """Inputs that could not be read whole, with the reason: one sentence each."""


def analyze(inputs: Sequence[str], options: Options | None = None) -> Outcome:
    """`attrib analyze`: the whole report as a plain dict in the contract's shape. Raises AttribError."""
    run = start(inputs, options or Options())
    with run:
        if run.large:
            from attrib.analysis.large import analyze_large

            tally, parties, limits = analyze_large(run)
        else:
            records, parties, seen = _all(run)
            limits = run.limits()
            tally = Tally()
            for record in records:
                tally.see(record)
            for invocation, verdict in _judged(run, records, parties, seen, limits):
                tally.add(invocation, verdict)
        return _finish(run, tally, parties, limits)


def verdict_rows(inputs: Sequence[str], options: Options | None = None, *, every: bool = False) -> Outcome:
    """`attrib verdicts`: one row per symptomatic invocation (`every`: per invocation), in order of time, then place."""
    run = start(inputs, options or Options())
    with run:
        records, parties, seen = _chosen(run) if not every else _all(run)
        limits = run.limits()
        tally = Tally()
        rows: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
        for invocation, verdict in _judged(run, records, parties, seen, limits):
            tally.add(invocation, verdict)
            if every or verdict.verdict != OK:
                at = invocation.decisive
                order = (invocation.ts is None, invocation.ts or 0, at.file, at.line, invocation.function or "")
                rows.append((order, row(invocation, verdict, run.paths)))
        rows.sort(key=lambda item: item[0])
        outcome = _finish(run, tally, parties, limits)
        outcome.rows = [shown for _, shown in rows]
        return outcome


def explain(request_id: str, inputs: Sequence[str], options: Options | None = None) -> Outcome:
    """`attrib explain`: one request's invocations, records and rules. Raises UsageError for an id nobody has."""
    from attrib.analysis.explained import explained

    run = start(inputs, options or Options())
    with run:
        records, parties, seen = _chosen(run, request_id)
        chosen = [record for record in records if record.request_id == request_id]
        outcome = _finish(run, Tally(), parties, (None, None))
        if not chosen and outcome.exit_code == InputError.exit_code:
            unread = "; ".join(outcome.unread)
            raise InputError(f"no record with request_id {request_id} in what could be read; {unread}")
        if not chosen and outcome.exit_code != NoRecordsError.exit_code:
            raise UsageError(
                f"no record with request_id {request_id} in {len(run.paths)} file{'s'[: len(run.paths) != 1]}; "
                "ids are compared exactly, `attrib verdicts` lists those with a symptom."
            )
        invocations = [
            explained(invocation, judge(invocation, run.ruleset), run.ruleset, run.paths)
            for invocation in build(chosen, run.ruleset.words, run.ruleset.parameters, _facet(parties), seen)
        ]
        invocations.sort(key=lambda entry: (entry["ts"] or "", entry["file"], entry["line"]))
        outcome.report = {"request_id": request_id, "invocations": invocations}
        return outcome


def _records(run: Run) -> Iterator[Record]:
    """All records of all inputs, copies left out; the accounts are complete when it is exhausted."""
    seen = careful.Seen(run.ruleset.words)
    for index, source in enumerate(run.sources):
        for record in careful.read_source(
            source, index, run.parser, seen, run.accounts.files[index], run.reject, run.progress_of(source)
        ):
            run.times.add(record_time(record))
            yield record


Several = Callable[[str | None], bool]
"""Whether several of our hosts saw an upstream's dns or tls failures."""


def _all(run: Run) -> tuple[list[Record], Parties, Several]:
    """All records, whose each upstream is, and what is known of hosts."""
    records = list(_records(run))
    names = {name for record in records for name in (record.function, record.service) if name is not None}
    parties = Parties(run.options.vendors, run.options.own, names)
    return records, parties, several_hosts(hosts_seen(records, run.ruleset.words))


def _chosen(run: Run, request_id: str | None = None) -> tuple[list[Record], Parties, Several]:
    """The records of one request, or of all that may have a symptom; of a small input simply all, it is quicker."""
    if not run.large:
        return _all(run)
    from attrib.analysis.large import records_of

    return records_of(run, request_id)


def _facet(parties: Parties) -> Callable[[str | None], str]:
    return lambda upstream: parties.of(upstream).party


def _judged(
    run: Run, records: Sequence[Record], parties: Parties, seen: Several, limits: Limits
) -> Iterator[tuple[Invocation, Verdict]]:
    """Every invocation inside the time asked for, with its verdict."""
    words, parameters = run.ruleset.words, run.ruleset.parameters
    for invocation in build(records, words, parameters, _facet(parties), seen):
        if inside(invocation, limits):
            yield invocation, judge(invocation, run.ruleset)


def _finish(run: Run, tally: Tally, parties: Parties, limits: Limits) -> Outcome:
    """The report, the law of conservation checked, and the exit code."""
    run.accounts.assert_conserved()
    if None in tally.functions:
        run.notes.append(
            f"{tally.functions[None].invocations:,} invocations name no function. Where no upstream is named either, "
            "nothing tells whose log this is (a proxy's upstream is your own application), so no vendor is blamed."
        )
    accounts = input_block(run.accounts, run.times)
    report = document(version("attrib"), accounts, run.ruleset, tally, parties, run.paths, limits, run.notes)
    if unread := [f"{file.path}: {file.error}" for file in run.accounts.errors()]:
        return Outcome(report, InputError.exit_code, unread=unread)
    if not run.accounts.totals()["records"]:
        return Outcome(report, NoRecordsError.exit_code, run.nothing_found())
    return Outcome(report, 0)
