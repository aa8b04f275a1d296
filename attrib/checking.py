"""`attrib check`: the same path as `attrib analyze` up to the buckets, with a survey of the lines beside."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import version
from itertools import groupby
from typing import Any, Final

from attrib.analysis.accounts import input_block
from attrib.analysis.heads import look
from attrib.analysis.run import Run, start
from attrib.checks.catalogue import settings_of
from attrib.checks.facts import Facts
from attrib.checks.judge import judge, ran
from attrib.checks.model import Needs
from attrib.checks.settings import Settings, is_check_setting
from attrib.errors import InputError, NoRecordsError
from attrib.incidents.buckets import Buckets, kind_of
from attrib.options import Options
from attrib.parties import Parties
from attrib.pipeline import Outcome, everything, judged_in
from attrib.rules.ruleset import RuleSet
from attrib.survey.survey import Survey
from attrib.survey.traits import Bounds

SCHEMA: Final = "attrib.checks/1"


def check(inputs: Sequence[str], options: Options | None = None, *, now: float | None = None) -> Outcome:
    """All findings about the logs and their traffic, as a plain dict in the contract's shape. Raises AttribError.

    `now`: epoch seconds that no record should lie after; None: the time of this call.
    """
    options = options or Options()
    settings = settings_of(tuple(one for one in options.settings if is_check_setting(one)))
    packs = replace(options, settings=tuple(one for one in options.settings if not is_check_setting(one)))
    run = start(inputs, packs)
    with run:
        bounds = bounds_of(run.ruleset, settings, time.time() if now is None else now)
        survey = run.survey = Survey(bounds, run.options.labels)
        with _read(run, survey) as (buckets, parties):
            run.accounts.assert_conserved()
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
            findings, notes = judge(facts)
        return _outcome(run, settings, findings, notes)


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
        words=ruleset.words,
    )


@contextmanager
def _read(run: Run, survey: Survey) -> Iterator[tuple[Buckets, Parties]]:
    """Read and judge everything; the survey is complete within."""
    if run.large and not look(run):
        from attrib.analysis.large import opened
        from attrib.analysis.surveying import survey_all

        with opened(run) as large:
            survey_all(large.reading, survey)
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
    yield buckets, parties


def _outcome(run: Run, settings: Settings, findings: list[dict[str, Any]], notes: list[str]) -> Outcome:
    document = {
        "schema": SCHEMA,
        "attrib_version": version("attrib"),
        "input": input_block(run.accounts, run.times),
        "ran": [one.id for one in ran(Needs.SURVEY)],
        "parameters": settings.as_dict(),
        "findings": findings,
        "notes": [*run.notes, *notes],
    }
    unread = [f"{file.path}: {file.error}" for file in run.accounts.errors()]
    if unread:
        return Outcome(document, InputError.exit_code, unread=unread)
    if not run.accounts.totals()["records"]:
        return Outcome(document, NoRecordsError.exit_code, run.nothing_found())
    return Outcome(document, 0)
