"""`attrib verdicts`: one row per invocation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

import typer

from attrib.cli import common as c

FORMATS = ("text", "json", "jsonl", "csv", "parquet", "markdown")


def verdicts(
    logs: c.Logs,
    every: Annotated[
        bool, typer.Option("--all", help="Every invocation, the ok ones too.", show_default=False)
    ] = False,
    from_format: c.From = "auto",
    to: c.To = None,
    output: c.Output = None,
    rules: c.Rules = None,
    settings: c.Settings = None,
    config: c.Config = None,
    since: c.Since = None,
    until: c.Until = None,
    window: c.Window = None,
    tz: c.Zone = None,
    input_tz: c.InputZone = None,
    vendors: c.Vendors = None,
    own: c.Own = None,
    label: c.Labels = None,
    rejects: c.Rejects = None,
    engine: c.EngineName = "duckdb",
    memory: c.Memory = "1GB",
    threads: c.Threads = None,
    no_redact: c.NoRedact = False,
    quiet: c.Quiet = False,
    no_color: c.NoColor = False,
    progress: c.ShowProgress = None,
) -> int:
    """One row per failed or slow invocation: its verdict, the rule, and the line that decided its status."""
    from attrib.config.build import make_options

    form = c.format_of(to, output, FORMATS, "verdicts")
    options = make_options(
        config=config, from_format=from_format, rules=rules or None, settings=settings, since=since, until=until,
        window=window, tz=tz, input_tz=input_tz, vendors=vendors, own=own, label=label, rejects=rejects,
        engine=engine, memory=memory, threads=threads, redact=not no_redact,
        progress=c.progress_line(quiet=quiet, wanted=progress),
    )  # fmt: skip
    c.check_output(output, logs, options)
    from attrib.pipeline import verdict_rows
    from attrib.reports.deliver import deliver

    outcome = verdict_rows(logs, options, every=every)
    view = c.view(options, logs, no_color=no_color or output is not None)
    if outcome.exit_code != 4 or form in ("json", "jsonl"):
        deliver(render(outcome.rows, form, view), output)
    if outcome.message is not None:
        c.warn(outcome.message)
    c.warn_of_files(outcome, quiet=quiet)
    return outcome.exit_code


def render(rows: list[dict[str, Any]], form: str, view: Any) -> str | bytes | Iterable[str]:
    """The rows in one of FORMATS."""
    if form in ("json", "jsonl"):
        from attrib.reports import jsondoc

        if form == "jsonl":
            return jsondoc.lines(rows, view)
        inner = ",\n".join(line.rstrip("\n") for line in jsondoc.lines(rows, view))
        return f"[\n{inner}\n]\n" if inner else "[]\n"
    if form == "text":
        from attrib.reports import verdicts_text

        return verdicts_text.lines(rows, view)
    if form == "markdown":
        from attrib.reports import verdicts_markdown

        return verdicts_markdown.lines(rows, view)
    from attrib.reports import tables

    return (
        tables.parquet(rows, tables.VERDICTS, view)
        if form == "parquet"
        else tables.csv_lines(rows, tables.VERDICTS, view)
    )
