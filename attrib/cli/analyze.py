"""`attrib analyze`: the main job."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from attrib.cli import common as c
from attrib.errors import UsageError

if TYPE_CHECKING:
    from attrib.options import Options
    from attrib.pipeline import Outcome

FORMATS = ("text", "json", "markdown", "html", "csv", "parquet", "line")


def analyze(
    logs: c.Logs,
    from_format: c.From = "auto",
    to: c.To = None,
    output: c.Output = None,
    rules: c.Rules = None,
    settings: c.Settings = None,
    config: c.Config = None,
    since: c.Since = None,
    until: c.Until = None,
    window: Annotated[
        str | None,
        typer.Option(metavar="START..END", help="Attribute this window instead of detecting incidents (02:40..03:10)."),
    ] = None,
    tz: c.Zone = None,
    input_tz: c.InputZone = None,
    vendors: c.Vendors = None,
    own: c.Own = None,
    label: c.Labels = None,
    baseline: c.Baseline = None,
    mark: c.Marks = None,
    sampled: c.Sampled = False,
    rejects: c.Rejects = None,
    bundle: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.zip", help="Also write the report with its rules and cited records: proof that outlives logs."
        ),
    ] = None,
    fail_on: Annotated[
        str | None,
        typer.Option(
            "--fail-on",
            metavar="LIST",
            help="Exit with 1 when one holds: a verdict of an incident (vendor, ...), any, isolated, coverage<0.9.",
        ),
    ] = None,
    engine: c.EngineName = "duckdb",
    memory: c.Memory = "1GB",
    threads: c.Threads = None,
    no_redact: c.NoRedact = False,
    quiet: c.Quiet = False,
    verbose: c.Verbose = False,
    no_color: c.NoColor = False,
    progress: c.ShowProgress = None,
) -> int:
    """Who was responsible: verdicts with evidence, and what became of every line."""
    from attrib.cli.fail_on import parse_fail_on
    from attrib.config.build import make_options

    form = c.format_of(to, output, FORMATS, "analyze")
    conditions = parse_fail_on(fail_on)
    options = make_options(
        config=config, from_format=from_format, rules=rules or None, settings=settings, since=since, until=until,
        window=window, tz=tz, input_tz=input_tz, vendors=vendors, own=own, label=label, baseline=baseline, mark=mark,
        sampled=sampled, rejects=rejects, engine=engine, memory=memory, threads=threads, redact=not no_redact,
        progress=c.progress_line(quiet=quiet, wanted=progress),
    )  # fmt: skip
    c.check_output(output, logs, options)
    c.check_output(bundle, logs, options, "--bundle")
    if bundle is not None and output is not None and bundle.resolve() == output.resolve():
        raise UsageError(f"-o and --bundle both name {bundle}; give them two files.")
    outcome, contents = _run(logs, options, bundled=bundle is not None)
    from attrib.reports.deliver import deliver

    view = c.view(options, logs, no_color=no_color or output is not None, verbose=verbose)
    if outcome.exit_code != 4 or form == "json":
        deliver(render(outcome.report, form, view), output)
    if bundle is not None and outcome.exit_code != 4:
        from attrib.reports.bundle import render as zipped

        deliver(zipped(outcome.report, contents, view), bundle)
    if outcome.message is not None:
        c.warn(outcome.message)
    c.warn_of_files(outcome, quiet=quiet)
    if outcome.exit_code == 0 and any(condition(outcome.report) for condition in conditions):
        return 1
    return outcome.exit_code


def _run(logs: list[str], options: Options, *, bundled: bool) -> tuple[Outcome, Any]:
    """(the analysis, what a bundle holds beside it; None: none is asked for)."""
    if bundled:
        from attrib.bundling import analyze as run_bundled

        return run_bundled(logs, options)
    from attrib.pipeline import analyze as run

    return run(logs, options), None


def render(report: dict[str, Any], form: str, view: Any) -> str | bytes:
    """The report in one of FORMATS."""
    if form == "json":
        from attrib.reports import jsondoc

        return jsondoc.render(report, view)
    if form == "text":
        from attrib.reports import text

        return text.render(report, view)
    if form == "markdown":
        from attrib.reports import markdown

        return markdown.render(report, view)
    if form == "html":
        from attrib.reports.html import page

        return page.render(report, view)
    if form == "line":
        from attrib.reports import line

        return line.render(report, view)
    from attrib.reports import tables

    rows = tables.analyze_rows(report)
    return (
        tables.parquet(rows, tables.ANALYZE, view)
        if form == "parquet"
        else "".join(tables.csv_lines(rows, tables.ANALYZE, view))
    )
