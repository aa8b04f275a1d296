"""`attrib check`: the same path as `attrib analyze` up to the buckets, with a survey of the lines beside."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from attrib.analysis import survey_fields, survey_seconds
from attrib.analysis.accounts import input_block
from attrib.analysis.heads import look
from attrib.analysis.run import Run, start
from attrib.checks.catalogue import catalogue, settings_of
from attrib.checks.describe import described, sample_log
from attrib.checks.facts import Facts
from attrib.checks.folding import folded
from attrib.checks.ids._table import id_table
from attrib.checks.judge import Judged, judge_by, ran
from attrib.checks.known import read_known
from attrib.checks.model import Check, Needs
from attrib.checks.settings import Settings, parted
from attrib.errors import InputError, NoRecordsError, UsageError
from attrib.incidents.buckets import Buckets, kind_of
from attrib.options import Options
from attrib.parties import Parties
from attrib.pipeline import Outcome, everything, judged_in
from attrib.rules.hints import hint
from attrib.rules.ruleset import RuleSet
from attrib.survey.survey import Survey
from attrib.survey.traits import Bounds

SCHEMA: Final = "attrib.checks/1"
EXAMPLE_LINES: Final = 3
"""Lines of a sample that are shown."""


def check(
    inputs: Sequence[str],
    options: Options | None = None,
    *,
    only: Collection[str] = (),
    skip: Collection[str] = (),
    known: Collection[str] = (),
    now: float | None = None,
) -> Outcome:
    """All findings about the logs and their traffic, as a plain dict in the contract's shape. Raises AttribError.

    `only`, `skip`: ids of the checks that run, and that do not; empty: all run. `known`: fingerprints of findings that
    are left out. `now`: epoch seconds that no record should lie after; None: the time of this call.
    """
    options = options or Options()
    wanted = chosen(only, skip)
    packs, ours = parted(options.settings)
    settings = settings_of(ours)
    run = start(inputs, replace(options, settings=packs))
    with run:
        bounds = bounds_of(run.ruleset, settings, time.time() if now is None else now)
        survey = run.survey = Survey(bounds, run.options.labels)
        with _read(run, survey) as (buckets, parties):
            run.accounts.assert_conserved()
            buckets, forms = folded(buckets, survey)
            run.notes += forms
            facts = Facts(
                run.paths,
                run.accounts,
                buckets,
                parties,
                run.ruleset,
                settings,
                run.options.probes,
                run.sampled,
                survey,
            )
            found = judge_by(wanted, facts, known)
            ids = id_table(facts)
        return _outcome(run, settings, wanted, found, ids)


def chosen(only: Iterable[str] = (), skip: Iterable[str] = ()) -> list[Check]:
    """The checks that run, by id. Raises UsageError for an id that there is not."""
    for option, names in (("--only", only), ("--skip", skip)):
        for name in names:
            if name not in catalogue():
                raise UsageError(f"{option} {name}: no such check.{hint(name, catalogue())}")
    checks = [one for one in ran(Needs.SURVEY) if (not only or one.id in only) and one.id not in skip]
    if not checks:
        raise UsageError("--only and --skip leave no check to run.")
    return checks


def told_before(paths: Iterable[str]) -> frozenset[str]:
    """The fingerprints of the findings in reports saved earlier (`--known`). Raises UsageError for other files."""
    return frozenset().union(*map(read_known, paths))


def descriptions(names: Iterable[str]) -> list[dict[str, Any]]:
    """What there is to say about some checks (attrib.checks.describe), in the order given."""
    return [described(catalogue()[name]) for name in names]


def example_of(one: Check) -> dict[str, Any] | None:
    """A log that triggers a check, cut to its lines that tell, and what is said of it; of its first such sample."""
    for sample in one.samples:
        if not sample.finds:
            continue
        log = sample_log(sample)
        with tempfile.TemporaryDirectory(prefix="attrib-") as folder:
            path = Path(folder, "log.jsonl")
            path.write_text(log, encoding="utf-8")
            options = Options(
                labels=sample.label,
                own=sample.own,
                vendors=sample.vendors,
                shown_as={str(path): path.name},
                fast=False,
            )
            found = check([str(path)], options, only=(one.id,)).report["findings"]
        if not found:
            return None
        rows = log.splitlines()
        cited = [example["line"] for example in found[0]["examples"]] or [1]
        chosen_rows = [rows[number - 1] for number in cited[:EXAMPLE_LINES] if number <= len(rows)]
        return {
            "log": chosen_rows,
            "more": len(rows) - len(chosen_rows),
            "severity": found[0]["severity"],
            "statement": found[0]["statement"],
        }
    return None


def bounds_of(ruleset: RuleSet, settings: Settings, now: float) -> Bounds:
    """What the survey's bits are cut by."""
    value = ruleset.parameters.value
    return Bounds(
        latency_high_ms=lambda function: value("latency_high_ms", function),
        by_function=tuple(sorted(ruleset.parameters.functions("latency_high_ms").items())),
        long_wait_ms=settings("unbounded-wait", "seconds") * 1000,
        long_store_wait_ms=settings("slow-datastore-wait", "seconds") * 1000,
        long_queued_ms=settings("backlog-age", "queued_ms"),
        future_us=round((now + settings("clock", "future_s")) * 1_000_000),
        breaker_failures=settings("no-circuit-breaker", "failures"),
        breaker_share=settings("no-circuit-breaker", "share"),
        words=ruleset.words,
        backwards_us=round(settings("clock", "backwards_s") * 1_000_000),
        payload_chars=settings("payload-in-log", "chars"),
        skew_us=round(settings("clock", "skew_ms") * 1000),
    )


@contextmanager
def _read(run: Run, survey: Survey) -> Iterator[tuple[Buckets, Parties]]:
    """Read and judge everything; the survey is complete within."""
    if run.large and not look(run):
        from attrib.analysis.large import opened
        from attrib.analysis.surveying import survey_all

        with opened(run) as large:
            survey_all(large.reading, survey)
            survey_fields.find(run, survey)
            survey_seconds.fill(large.reading, survey, large.buckets)
            yield large.buckets, large.parties
        return
    records, parties, several = everything(run)
    buckets = Buckets()
    invocations = []
    for invocation, verdict in judged_in(run, records, parties, several, (None, None)):
        buckets.add_invocation(invocation, kind_of(invocation, verdict))
        if invocation.request_id is not None:
            invocations.append(invocation)
    invocations.sort(key=lambda one: (one.request_id or "", one.function or "", one.decisive.file, one.decisive.line))
    for _, several_of_one in groupby(invocations, key=lambda one: one.request_id):
        survey.see_requests(list(several_of_one))
    survey.propagation.fill(records, survey.words)
    survey_seconds.see(records, survey, buckets)
    survey_fields.find(run, survey)
    yield buckets, parties


def _outcome(run: Run, settings: Settings, wanted: list[Check], found: Judged, ids: list[dict[str, Any]]) -> Outcome:
    notes = [*run.notes, *found.notes]
    if found.known:
        count = len(found.known)
        notes.append(f"{count:,} known finding{'s'[: count != 1]} left out (--known).")
    parameters = settings.as_dict()
    document = {
        "schema": SCHEMA,
        "attrib_version": version("attrib"),
        "input": input_block(run.accounts, run.times),
        "config": None if run.options.config is None else asdict(run.options.config),
        "sampled": run.sampled,
        "ran": [one.id for one in wanted],
        "parameters": {one.id: parameters[one.id] for one in wanted if one.id in parameters},
        "findings": found.findings,
        "ids": ids,
        "known": found.known,
        "unlisted": found.unlisted,
        "notes": notes,
    }
    unread = [f"{file.path}: {file.error}" for file in run.accounts.errors()]
    if unread:
        return Outcome(document, InputError.exit_code, unread=unread)
    if not run.accounts.totals()["records"]:
        return Outcome(document, NoRecordsError.exit_code, run.nothing_found())
    return Outcome(document, 0)
