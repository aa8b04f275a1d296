"""The Python interface: `attrib.analyze(...)` over the same pipeline as the command line (docs/python.md)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from stat import S_ISFIFO
from typing import TYPE_CHECKING, Any

from attrib import pipeline
from attrib.config.build import Many, make_options
from attrib.errors import InputError, NoRecordsError, UsageError
from attrib.frames import Files, Table, incident_frame, is_table, verdict_frame
from attrib.options import Options

if TYPE_CHECKING:
    import polars as pl

    from attrib.reports.model import Incident, Report
    from attrib.reports.view import View


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
    and a file could not be read, DeliveryError where `rejects` cannot be written, memory ran out or the engine is
    missing.
    """
    options = make_options(
        config=config, rules=rules, settings=set, from_format=from_format, since=since, until=until, window=window,
        tz=tz, input_tz=input_tz, vendors=vendors, own=own, label=label, baseline=baseline, mark=mark, sampled=sampled,
        rejects=rejects, engine=engine, memory=memory, threads=threads, redact=redact,
    )  # fmt: skip
    inputs = [source if isinstance(source, str) else Table(source) for source in _sources(logs)]
    with Files(inputs) as files:
        outcome = pipeline.analyze(files.paths, replace(options, shown_as=files.shown_as))
    broken = [file for file in outcome.report["input"]["files"] if file["error"] is not None]
    if broken and not outcome.report["input"]["totals"]["records"]:
        raise InputError("\n".join(f"{file['path']}: {file['error']}" for file in broken))
    if outcome.exit_code == NoRecordsError.exit_code:
        raise NoRecordsError(outcome.message)
    return Analysis(outcome.report, inputs, options)


class Analysis:
    """The result of `analyze`. In a notebook it shows itself as the Markdown report."""

    def __init__(self, document: dict[str, Any], inputs: list[str | Table], options: Options) -> None:
        """Made by `analyze`; `document` is the report as the pipeline gives it, not redacted yet."""
        from attrib.reports.model import Report

        self._document = document
        self._inputs = inputs
        self._options = options
        self._rows: dict[bool, pl.DataFrame] = {}
        self.report: Report = Report.model_validate(self._view().display.json(document))
        """The whole document (contract: `attrib.report/1`), redacted unless `redact=False`."""

    @property
    def incidents(self) -> list[Incident]:
        """The incidents, largest first. Each has a verdict, its evidence, and what would settle it."""
        return self.report.incidents

    @property
    def frame(self) -> pl.DataFrame:
        """The incidents as a table, one row each; the columns are there even when it is empty. Times are UTC."""
        return incident_frame(self.incidents)

    def verdicts(self, all: bool = False) -> pl.LazyFrame:  # noqa: A002 - the option's name
        """One row per failed or slow invocation (`all`: per invocation), the columns of `attrib verdicts`.

        Reads the logs again, once. `ts` is UTC; status and upstream_status are text, because a log may hold a word
        there. Raises UsageError where the logs were standard input or a pipe, which cannot be read again.
        """
        if all not in self._rows:
            for source in self._inputs:
                if isinstance(source, str) and (source == "-" or _is_pipe(source)):
                    raise UsageError(f"{source} can be read only once; write the logs to a file for verdicts().")
            with Files(self._inputs) as files:
                options = replace(self._options, rejects=None, shown_as=files.shown_as)
                rows = pipeline.verdict_rows(files.paths, options, every=all).rows
            self._rows[all] = verdict_frame([self._view().display.json(row) for row in rows])
        return self._rows[all].lazy()

    def to_json(self) -> str:
        """The report as `attrib analyze --to json` prints it."""
        from attrib.reports import jsondoc

        return jsondoc.render(self._document, self._view())

    def to_text(self, width: int = 80, verbose: bool = False) -> str:
        """The report as `attrib analyze` prints it without colour, for so many columns; `verbose` is `-v`."""
        from attrib.reports import text

        return text.render(self._document, self._view(width, verbose))

    def to_markdown(self, verbose: bool = False) -> str:
        """The report as `attrib analyze --to markdown` prints it. Log text in it is escaped: no live markup."""
        from attrib.reports import markdown

        return markdown.render(self._document, self._view(verbose=verbose))

    def _repr_markdown_(self) -> str:
        return self.to_markdown()

    def __repr__(self) -> str:
        summary = self.report.summary
        counts = ", ".join(f"{n:,} {verdict}" for verdict, n in summary.verdicts.model_dump().items() if n)
        return (
            f"<attrib.Analysis: {summary.symptomatic:,} of {summary.invocations:,} invocations failed or slow"
            f"{f' ({counts})' if counts else ''}, {len(self.incidents)} incident{'s'[: len(self.incidents) != 1]}>"
        )

    def _view(self, width: int = 80, verbose: bool = False) -> View:
        from zoneinfo import ZoneInfo

        from attrib.reports.view import View
        from attrib.safe.display import Display

        zone = UTC if self._options.tz.upper() in ("UTC", "Z") else ZoneInfo(self._options.tz)
        # Commands are only suggested with the paths a shell would take: a table has none.
        logs = [source for source in self._inputs if isinstance(source, str)]
        typed = tuple(logs) if len(logs) == len(self._inputs) else ()
        return View(Display(self._options.redact), width, color=False, zone=zone, logs=typed, verbose=verbose)


def _sources(logs: Any) -> list[Any]:
    """Paths as strings, and tables as they are. Raises UsageError for anything else."""
    if isinstance(logs, str | os.PathLike):
        return [os.fspath(logs)]
    if is_table(logs):
        return [logs]
    if isinstance(logs, Iterable) and not isinstance(logs, bytes | Mapping):
        return [source for one in logs for source in _sources(one)]
    raise UsageError(f"logs: a {type(logs).__name__} is neither a path nor a table nor a list of these.")


def _is_pipe(path: str) -> bool:
    try:
        return S_ISFIFO(Path(path).stat().st_mode)
    except (OSError, ValueError):
        return False
