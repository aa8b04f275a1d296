"""The main path: sources -> records -> invocations -> verdicts -> report. Each function below is one command's core."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from attrib.analysis import careful
from attrib.analysis.accounts import input_block
from attrib.analysis.baseline import Baseline, usual_options
from attrib.analysis.document import Rest, document
from attrib.analysis.heads import look
from attrib.analysis.incidents import Look, incidents, window_of
from attrib.analysis.leftover import Leftover, listed
from attrib.analysis.run import Run, start
from attrib.analysis.span import Limits, inside, record_time
from attrib.analysis.tally import Tally
from attrib.checks.catalogue import settings_of
from attrib.checks.facts import Facts
from attrib.checks.settings import parted
from attrib.checks.summary import summary
from attrib.errors import InputError, NoRecordsError, UsageError
from attrib.incidents.buckets import MINUTE_US, Buckets, Kind, kind_of
from attrib.incidents.scene import fill
from attrib.invocations.hosts import hosts_seen, several_hosts
from attrib.invocations.join import build
from attrib.invocations.model import Invocation
from attrib.invocations.silence import mark_unfinished
from attrib.options import Options
from attrib.parties import Parties
from attrib.records.model import Record
from attrib.verdicts.chain import judge_all
from attrib.verdicts.decide import OK, Verdict
from attrib.verdicts.rows import row

if TYPE_CHECKING:
    from attrib.analysis.large import Large


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


@dataclass
class Analysed:
    """An analysis and what it was made of, for what goes beyond its report; good while the run is open."""

    outcome: Outcome
    run: Run
    buckets: Buckets
    look: Look
    parties: Parties
    several: Callable[[str | None], bool]
    """Whether several of our hosts saw an upstream's dns or tls failures."""
    records: Sequence[Record] | None = None
    """All records; None: a large input, whose lines are read again where they are needed."""
    silent: frozenset[tuple[str | None, str | None]] = frozenset()
    """(request, function) of the invocations that never ended; of a large input none are told."""
    large: Large | None = None


def analyze(inputs: Sequence[str], options: Options | None = None) -> Outcome:
    """`attrib analyze`: the whole report as a plain dict in the contract's shape. Raises AttribError."""
    with analysed(inputs, options) as found:
        return found.outcome


@contextmanager
def analysed(inputs: Sequence[str], options: Options | None = None) -> Iterator[Analysed]:
    """The same, with what it was made of. Raises AttribError."""
    run, settings = started(inputs, options)
    with run:
        if run.large and not look(run):
            from attrib.analysis.large import opened

            with opened(run) as large:
                told = _told(run, large.tally, large.parties, large.limits, large.buckets, large.look, settings)
                yield Analysed(told, run, large.buckets, large.look, large.parties, large.judged.several, large=large)
            return
        records, parties, seen = everything(run)
        limits = run.limits()
        tally, buckets = Tally(), Buckets()
        for record in records:
            tally.see(record)
        judged: list[tuple[Invocation, Verdict, Kind]] = []
        for invocation, verdict in judged_in(run, records, parties, seen, run.detected(limits)):
            kind = kind_of(invocation, verdict)
            tally.add(invocation, verdict)
            buckets.add_invocation(invocation, kind)
            judged.append((invocation, verdict, kind))
        told = _told(run, tally, parties, limits, buckets, _look(judged), settings)
        silent = frozenset((one.request_id, one.function) for one, _, _ in judged if one.symptom == "unfinished")
        yield Analysed(told, run, buckets, _look(judged), parties, seen, records, silent)


def started(inputs: Sequence[str], options: Options | None) -> tuple[Run, tuple[str, ...]]:
    """(the run, its settings of checks). Raises UsageError or DeliveryError for what can be told before reading."""
    options = options or Options()
    packs, checks = parted(options.settings)
    if checks:
        settings_of(checks)  # a typing mistake is told whatever the command
    return start(inputs, replace(options, settings=packs)), checks


def _look(judged: Sequence[tuple[Invocation, Verdict, Kind]]) -> Look:
    """The reference engine's second look: everything is at hand."""
    return Look(
        fill=lambda scenes: fill(scenes, ((invocation, kind) for invocation, _, kind in judged)),
        place=lambda _: {},
        singles=lambda leftover: leftover.singles(judged),
    )


def _baseline(run: Run) -> Baseline | None:
    """The usual state, as `--baseline` shows it."""
    if not run.options.baseline:
        return None
    with start(run.options.baseline, usual_options(run.options)) as usual:
        if usual.large and not look(usual):
            from attrib.analysis.large import opened

            with opened(usual) as large:
                tally, buckets = large.tally, large.buckets
        else:
            records, parties, seen = everything(usual)
            tally, buckets = Tally(), Buckets()
            for invocation, verdict in judged_in(usual, records, parties, seen, (None, None)):
                tally.add(invocation, verdict)
                buckets.add_invocation(invocation, kind_of(invocation, verdict))
        unread = [f"{file.path}: {file.error}" for file in usual.accounts.errors()]
        records_read = usual.accounts.totals()["records"]
        if not records_read:
            run.notes.append("The baseline holds no record: the usual state is taken from the log itself.")
        return Baseline(buckets, usual.paths, records_read, tally.invocations, unread)


def _told(
    run: Run,
    tally: Tally,
    parties: Parties,
    limits: Limits,
    buckets: Buckets,
    look: Look,
    settings: tuple[str, ...],
) -> Outcome:
    """Incidents found and judged, and what belongs to none."""
    window = window_of(limits) if run.options.window is not None else None
    if window is not None:
        first, last = run.times.first, run.times.last
        if first is None or last is None:
            run.notes.append("No record has a time: nothing can be in the window.")
        elif window[1] < first // MINUTE_US or window[0] > last // MINUTE_US:
            run.notes.append("The window lies outside of the log: nothing was logged in it.")
    baseline = _baseline(run)
    found, entries = incidents(run, buckets, parties, look, window, baseline.buckets if baseline else None)
    leftover = Leftover(found)
    facts = Facts(
        run.paths, run.accounts, buckets, parties, run.ruleset, settings_of(settings), run.options.probes, run.sampled
    )
    rest = Rest(
        entries,
        listed(look.singles(leftover), run.paths),
        leftover.background(sampled=run.sampled),
        baseline,
        summary(facts),
    )
    return _finish(run, tally, parties, limits, rest)


def verdict_rows(inputs: Sequence[str], options: Options | None = None, *, every: bool = False) -> Outcome:
    """`attrib verdicts`: one row per symptomatic invocation (`every`: per invocation), in order of time, then place."""
    run, _ = started(inputs, options)
    with run:
        records, parties, seen = _chosen(run) if not every else everything(run)
        limits = run.limits()
        tally = Tally()
        rows: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
        for invocation, verdict in judged_in(run, records, parties, seen, limits, whole=every or not run.large):
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
    from attrib.analysis.around import around
    from attrib.analysis.explained import request_report

    run, _ = started(inputs, options)
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
        invocations = around(run, chosen, records, _facet(parties), seen)
        outcome.report = request_report(request_id, invocations, run.ruleset, run.paths)
        return outcome


def records_in(run: Run) -> Iterator[Record]:
    """All records of all inputs, copies left out; the accounts are complete when it is exhausted."""
    seen = careful.Seen(run.ruleset.words)
    for index, source in enumerate(run.sources):
        for record in careful.read_source(
            source, index, run.parser, seen, run.accounts.files[index], run.reject, run.progress_of(source), run.watch
        ):
            run.times.add(record_time(record))
            yield record


Several = Callable[[str | None], bool]
"""Whether several of our hosts saw an upstream's dns or tls failures."""


def everything(run: Run) -> tuple[list[Record], Parties, Several]:
    """All records, whose each upstream is, and what is known of hosts."""
    records = list(records_in(run))
    run.sampled = run.sampled or any(record.extra.get("sample_rate", 1) not in (None, 1) for record in records)
    names = {name for record in records for name in (record.function, record.service) if name is not None}
    parties = Parties(run.options.vendors, run.options.own, names)
    return records, parties, several_hosts(hosts_seen(records, run.ruleset.words))


def _chosen(run: Run, request_id: str | None = None) -> tuple[list[Record], Parties, Several]:
    """The records of one request, or of all that may have a symptom; of a small input simply all, it is quicker."""
    if not run.large or look(run):
        return everything(run)
    from attrib.analysis.large import records_of

    return records_of(run, request_id)


def _facet(parties: Parties) -> Callable[[str | None], str]:
    return lambda upstream: parties.of(upstream).party


def judged_in(
    run: Run, records: Sequence[Record], parties: Parties, seen: Several, limits: Limits, *, whole: bool = True
) -> Iterator[tuple[Invocation, Verdict]]:
    """Every invocation inside the time asked for, with its verdict.

    All are judged together, because the blame follows calls, also out of that time. Silence can only be told where
    `whole`: the records are all of the input.
    """
    words, parameters = run.ruleset.words, run.ruleset.parameters
    invocations = list(build(records, words, parameters, _facet(parties), seen))
    if whole:
        mark_unfinished(invocations, parameters)
    for invocation, verdict in zip(invocations, judge_all(invocations, run.ruleset), strict=True):
        if inside(invocation, limits):
            yield invocation, verdict


def _finish(run: Run, tally: Tally, parties: Parties, limits: Limits, rest: Rest | None = None) -> Outcome:
    """The report, the law of conservation checked, and the exit code."""
    run.accounts.assert_conserved()
    if None in tally.functions:
        run.notes.append(
            f"{tally.functions[None].invocations:,} invocations name no function. Where no upstream is named either, "
            "nothing tells whose log this is (a proxy's upstream is your own application), so no vendor is blamed."
        )
    accounts = input_block(run.accounts, run.times)
    rest = rest or Rest()
    report = document(version("attrib"), accounts, run, tally, parties, limits, rest)
    unread = [f"{file.path}: {file.error}" for file in run.accounts.errors()]
    unread += rest.baseline.unread if rest.baseline is not None else []
    if unread:
        return Outcome(report, InputError.exit_code, unread=unread)
    if not run.accounts.totals()["records"]:
        return Outcome(report, NoRecordsError.exit_code, run.nothing_found())
    return Outcome(report, 0)
