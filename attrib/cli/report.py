"""`attrib report`: what travels. A post-mortem, a vendor's ticket, and what is still open in a post-mortem."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from attrib.cli import common as c
from attrib.cli.report_vendor import vendor

app = typer.Typer(
    name="report",
    help="Write a post-mortem or a ticket to a vendor; tell what a post-mortem still lacks.",
    rich_markup_mode=None,
    no_args_is_help=True,
)
app.command("vendor")(vendor)


@app.command("postmortem")
def postmortem(
    logs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="LOGS...",
            help="As for analyze, or one saved report (JSON) or bundle (.zip).",
            show_default=False,
        ),
    ] = None,
    incident: Annotated[
        str | None, typer.Option(metavar="ID", help="The incident; default: the one with the most requests.")
    ] = None,
    template: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Your own template (jinja2); see --show-template.")
    ] = None,
    show_template: Annotated[
        bool,
        typer.Option(
            "--show-template", help="Print the shipped template, to change; reads no log.", show_default=False
        ),
    ] = False,
    from_format: c.From = "auto",
    output: c.Output = None,
    rules: c.Rules = None,
    settings: c.Settings = None,
    config: c.Config = None,
    since: c.Since = None,
    until: c.Until = None,
    window: Annotated[
        str | None,
        typer.Option(metavar="START..END", help="Write about this window instead of an incident (02:40..03:10)."),
    ] = None,
    tz: c.Zone = None,
    input_tz: c.InputZone = None,
    vendors: c.Vendors = None,
    own: c.Own = None,
    label: c.Labels = None,
    baseline: c.Baseline = None,
    mark: c.Marks = None,
    sampled: c.Sampled = False,
    engine: c.EngineName = "duckdb",
    memory: c.Memory = "1GB",
    threads: c.Threads = None,
    no_redact: c.NoRedact = False,
    quiet: c.Quiet = False,
    progress: c.ShowProgress = None,
) -> int:
    """A post-mortem in Markdown, filled where evidence fills it; what only people know stays an empty, marked field."""
    from attrib.config.build import make_options
    from attrib.errors import UsageError
    from attrib.reports.deliver import deliver

    if show_template:
        from attrib.reports.postmortem.template import shipped

        deliver(shipped(), output)
        return 0
    if not logs:
        raise UsageError("report postmortem needs LOGS, a saved report or a bundle. See attrib report postmortem -h.")
    options = make_options(
        config=config, from_format=from_format, rules=rules or None, settings=settings, since=since, until=until,
        window=window, tz=tz, input_tz=input_tz, vendors=vendors, own=own, label=label, baseline=baseline, mark=mark,
        sampled=sampled, engine=engine, memory=memory, threads=threads, redact=not no_redact,
        progress=c.progress_line(quiet=quiet, wanted=progress),
    )  # fmt: skip
    c.check_output(output, logs, options)
    if output is not None and template is not None and output.resolve() == template.resolve():
        raise UsageError(f"-o {output} is the template; name another file.")
    from attrib.reviewing import postmortem as run

    view = c.view(options, logs, no_color=True)
    given = {
        "--rules": rules, "--set": settings, "--since": since, "--until": until, "--window": window,
        "--vendors": vendors, "--own": own, "--label": label, "--baseline": baseline, "--mark": mark,
        "--sampled": sampled,
    }  # fmt: skip
    needs = [name for name, typed in given.items() if typed]
    done = run(logs, options, view, incident=incident, own_template=template, needs_logs=needs)
    if done.text is not None:
        deliver(done.text, output)
    for note in done.notes:
        c.warn(note, quiet=quiet)
    if done.outcome.message is not None:
        c.warn(done.outcome.message)
    c.warn_of_files(done.outcome, quiet=quiet)
    return done.outcome.exit_code


@app.command("lint")
def lint(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE...", help="Post-mortems (Markdown), or - for standard input.", show_default=False),
    ],
    strict: Annotated[
        bool, typer.Option("--strict", help="Fields that are still open fail too.", show_default=False)
    ] = False,
    quiet: Annotated[
        bool, typer.Option("-q", "--quiet", help="Faults only, no fields that are still open.", show_default=False)
    ] = False,
) -> int:
    """What a post-mortem still lacks. Exit 1 while a change to data has no replay plan or no rollback, or an action
    item no number, tool or measurable outcome."""
    from attrib.errors import AttribError, InputError
    from attrib.reports.deliver import deliver
    from attrib.reports.lint import document, story

    found, unread = [], 0
    for file in dict.fromkeys(files):
        try:
            found += document.lint(document.read(file, sys.stdin.buffer), document.name_of(file))
        except AttribError as error:
            c.warn(str(error))
            unread += 1
    if unread < len(set(files)):
        deliver(story.told(found, strict=strict, quiet=quiet), None)
    if unread:
        return InputError.exit_code
    return 1 if any(one.fails or strict for one in found) else 0
