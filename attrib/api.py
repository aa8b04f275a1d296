"""The functions of the Python interface, over the pipeline of the command line (docs/python.md)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrib import checking, pipeline
from attrib.comparison.model import Bounds
from attrib.config.build import Many, make_options, names
from attrib.errors import InputError, NoRecordsError, UsageError
from attrib.frames import Files
from attrib.pipeline import Outcome
from attrib.results.analysis import Analysis
from attrib.results.base import Inputs, inputs_of, view_of
from attrib.results.checks import Checks
from attrib.results.comparison import Comparison

if TYPE_CHECKING:
    from attrib.reports.bundle import Contents
    from attrib.reports.view import View

__all__ = ["Analysis", "Checks", "Comparison", "analyze", "check", "compare", "open_report"]


def analyze(
    logs: Any,
    *,
    from_format: str = "auto",
    rules: Many = None,
    set: Mapping[str, float] | str | Iterable[str] | None = None,  # noqa: A002 - the option's name
    since: str | None = None,
    until: str | None = None,
    window: str | None = None,
    tz: str | None = None,
    input_tz: str | None = None,
    vendors: Many = None,
    own: Many = None,
    label: Many = None,
    config: str | os.PathLike[str] | None = None,
    baseline: Many = None,
    mark: Mapping[str, str] | Many = None,
    sampled: bool = False,
    rejects: str | os.PathLike[str] | None = None,
    bundle: str | os.PathLike[str] | None = None,
    engine: str = "duckdb",
    memory: str = "1GB",
    threads: int | None = None,
    redact: bool = True,
) -> Analysis:
    """Who was responsible: reads the logs and judges every failed or slow invocation in them.

    `logs` is a path, folder or glob, a table (Polars, pandas, DuckDB, or whatever exports an Arrow stream), or a list
    of these. The other arguments are the options of `attrib analyze`; `set` also takes {"latency_high_ms": 800},
    `mark` also {"14:01": "deploy v42"}, and `redact=False` is `--no-redact`. As there, the nearest `attrib.toml` holds
    where `config` names no other. A file that could not be read whole is named in `report.input.files`, and the
    result covers the rest.

    Raises UsageError for a wrong call, NoRecordsError where the input holds no record, InputError where it holds none
    and a file could not be read, DeliveryError where `rejects` or `bundle` cannot be written, memory ran out or the
    engine is missing.
    """
    options = make_options(
        config=config, rules=rules, settings=set, from_format=from_format, since=since, until=until, window=window,
        tz=tz, input_tz=input_tz, vendors=vendors, own=own, label=label, baseline=baseline, mark=mark, sampled=sampled,
        rejects=rejects, engine=engine, memory=memory, threads=threads, redact=redact,
    )  # fmt: skip
    inputs = inputs_of(logs)
    from attrib import bundling

    with Files(inputs) as files:
        shown = replace(options, shown_as=files.shown_as)
        outcome, contents = (
            (pipeline.analyze(files.paths, shown), None) if bundle is None else bundling.analyze(files.paths, shown)
        )
    _refuse_nothing(outcome)
    if bundle is not None and contents is not None:
        _write(Path(bundle), outcome.report, contents, view_of(options, inputs))
    return Analysis(outcome.report, inputs, options)


def check(
    logs: Any,
    *,
    from_format: str = "auto",
    rules: Many = None,
    set: Mapping[str, float] | str | Iterable[str] | None = None,  # noqa: A002 - the option's name
    tz: str | None = None,
    input_tz: str | None = None,
    vendors: Many = None,
    own: Many = None,
    label: Many = None,
    config: str | os.PathLike[str] | None = None,
    sampled: bool = False,
    rejects: str | os.PathLike[str] | None = None,
    only: Many = None,
    skip: Many = None,
    known: Many = None,
    engine: str = "duckdb",
    memory: str = "1GB",
    threads: int | None = None,
    redact: bool = True,
) -> Checks:
    """What is wrong with the logs, what it costs in evidence, and what in the traffic calls for care.

    `logs` as for `analyze`. The other arguments are the options of `attrib check`; `set` also takes
    {"retry-storm.attempts": 5}, and `redact=False` is `--no-redact`. Raises what `analyze` raises, and UsageError for a
    check that there is not or a `known` that is no saved report.
    """
    options = make_options(
        config=config, rules=rules, settings=set, from_format=from_format, tz=tz, input_tz=input_tz, vendors=vendors,
        own=own, label=label, sampled=sampled, rejects=rejects, engine=engine, memory=memory, threads=threads,
        redact=redact,
    )  # fmt: skip
    told = checking.told_before(names(known, "known", split=False))
    inputs = inputs_of(logs)
    with Files(inputs) as files:
        shown = replace(options, shown_as=files.shown_as)
        outcome = checking.check(files.paths, shown, only=names(only, "only"), skip=names(skip, "skip"), known=told)
    _refuse_nothing(outcome)
    return Checks(outcome.report, inputs, options, outcome.exit_code)


def open_report(
    path: str | os.PathLike[str],
    *,
    tz: str | None = None,
    config: str | os.PathLike[str] | None = None,
    memory: str = "1GB",
    threads: int | None = None,
    redact: bool = True,
) -> Analysis:
    """A report saved earlier (`analyze --to json`, or a bundle) as an analysis: its incidents, tables and charts.

    It has no logs: `verdicts()`, `ticket()` and the tables `records` and `invocations` say so. What was redacted when
    it was saved stays redacted. Raises UsageError for a file that is no report, InputError for a damaged one.
    """
    from attrib.reports.saved import saved_report

    name = os.fspath(path)
    options = make_options(config=config, tz=tz, memory=memory, threads=threads, redact=redact)
    saved = saved_report(name)
    if saved is None:
        raise UsageError(f"{name}: no saved report and no bundle; attrib.analyze reads logs.")
    return Analysis(saved.report, [], options, saved=name)


def compare(
    before: Any,
    after: Any,
    *,
    from_format: str = "auto",
    rules: Many = None,
    set: Mapping[str, float] | str | Iterable[str] | None = None,  # noqa: A002 - the option's name
    tz: str | None = None,
    input_tz: str | None = None,
    vendors: Many = None,
    own: Many = None,
    config: str | os.PathLike[str] | None = None,
    sampled: bool = False,
    min_change: float = Bounds.min_change,
    min_latency: float = Bounds.min_latency,
    level: float = Bounds.level,
    engine: str = "duckdb",
    memory: str = "1GB",
    threads: int | None = None,
    redact: bool = True,
) -> Comparison:
    """What got worse or better from one side to the other, with intervals.

    A side is a log (path, folder, glob), a table, a saved report or a bundle. The other arguments are the options of
    `attrib compare`; `min_change` and `min_latency` are shares (0.005 is half of a percentage point), and
    `redact=False` is `--no-redact`. Raises what `analyze` raises.
    """
    from attrib import comparing

    if not 0.5 <= level < 1:
        raise UsageError(f"level={level:g}: a certainty from 0.5 to below 1, such as 0.95.")
    for name, share in (("min_change", min_change), ("min_latency", min_latency)):
        if not 0 <= share <= 1:
            raise UsageError(f"{name}={share:g}: a share from 0 to 1, such as 0.005.")
    options = make_options(
        config=config, rules=rules, settings=set, from_format=from_format, tz=tz, input_tz=input_tz, vendors=vendors,
        own=own, sampled=sampled, engine=engine, memory=memory, threads=threads, redact=redact,
    )  # fmt: skip
    inputs = [_side(side, name) for name, side in (("before", before), ("after", after))]
    with Files(inputs) as files:
        first, second = files.paths
        shown = replace(options, shown_as=files.shown_as)
        outcome = comparing.compare(first, second, shown, Bounds(level, min_change, min_latency))
    if outcome.exit_code == NoRecordsError.exit_code:
        raise NoRecordsError(outcome.message)
    return Comparison(outcome.report, inputs, options)


def _side(side: Any, name: str) -> Any:
    """One side of a comparison. Raises UsageError for several."""
    found: Inputs = inputs_of(side)
    if len(found) != 1:
        raise UsageError(f"{name}: one log, table, saved report or bundle; a folder or a glob may hold several logs.")
    return found[0]


def _write(bundle: Path, report: dict[str, Any], contents: Contents, view: View) -> None:
    """The bundle of an analysis. Raises UsageError where it names one of the logs."""
    from attrib.reports.bundle import render
    from attrib.reports.deliver import deliver

    if bundle.resolve() in (Path(file["path"]).resolve() for file in report["input"]["files"]):
        raise UsageError(f"bundle: {bundle} is one of the logs; name another file.")
    deliver(render(report, contents, view), bundle)


def _refuse_nothing(outcome: Outcome) -> None:
    """Raises InputError or NoRecordsError where there is no record to say anything about."""
    broken = [file for file in outcome.report["input"]["files"] if file["error"] is not None]
    if broken and not outcome.report["input"]["totals"]["records"]:
        raise InputError("\n".join(f"{file['path']}: {file['error']}" for file in broken))
    if outcome.exit_code == NoRecordsError.exit_code:
        raise NoRecordsError(outcome.message)
