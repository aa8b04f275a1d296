"""`attrib check`: what is wrong with the logs, what it costs in evidence, and what in the traffic calls for care."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from attrib.cli import common as c

if TYPE_CHECKING:
    from attrib.reports.view import View

FORMATS = ("text", "json", "markdown", "csv", "sarif")
PAGES = ("text", "json", "markdown")
"""Formats of --explain and --list."""

Ids = Annotated[list[str] | None, typer.Option(metavar="IDS", help="Only these checks: ids, comma-separated.")]


def check(
    logs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="LOGS...",
            help="As for analyze; not needed with --explain and --list.",
            show_default=False,
        ),
    ] = None,
    from_format: c.From = "auto",
    to: c.To = None,
    output: c.Output = None,
    rules: c.Rules = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="Override a bound of a check (retry-storm.attempts=5) or a threshold of the packs; repeatable.",
        ),
    ] = None,
    config: c.Config = None,
    tz: c.Zone = None,
    input_tz: c.InputZone = None,
    vendors: c.Vendors = None,
    own: c.Own = None,
    label: Annotated[
        list[str] | None,
        typer.Option("--label", metavar="NAME", help="Look at this extra top-level field as a label too; repeatable."),
    ] = None,
    sampled: c.Sampled = False,
    rejects: c.Rejects = None,
    only: Ids = None,
    skip: Annotated[
        list[str] | None, typer.Option(metavar="IDS", help="Without these checks: ids, comma-separated.")
    ] = None,
    known: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FINDINGS",
            help="A report saved earlier (JSON or SARIF): leave out what is in there, count only the rest; repeatable.",
        ),
    ] = None,
    fail_on: Annotated[
        str | None,
        typer.Option(
            "--fail-on",
            metavar="LIST",
            help="Exit with 1 when a finding is of this severity or worse (error, warning, info), or of this check.",
        ),
    ] = None,
    explain: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Tell what a check looks at, why, what to do, and its bounds; reads no log."),
    ] = None,
    list_checks: Annotated[
        bool, typer.Option("--list", help="List the checks; reads no log.", show_default=False)
    ] = False,
    engine: c.EngineName = "duckdb",
    memory: c.Memory = "1GB",
    threads: c.Threads = None,
    no_redact: c.NoRedact = False,
    quiet: c.Quiet = False,
    verbose: c.Verbose = False,
    no_color: c.NoColor = False,
    progress: c.ShowProgress = None,
) -> int:
    """What is wrong with the logs, what it costs in evidence, and what in the traffic calls for care."""
    from attrib.config.build import make_options, names

    if explain is not None or list_checks:
        return _tell(explain, to, output, no_color=no_color)
    from attrib.cli.fail_on import parse_fail_on_findings

    form = c.format_of(to, output, FORMATS, "check")
    fails = parse_fail_on_findings(fail_on)
    options = make_options(
        config=config, from_format=from_format, rules=rules or None, settings=settings, tz=tz, input_tz=input_tz,
        vendors=vendors, own=own, label=label, sampled=sampled, rejects=rejects, engine=engine, memory=memory,
        threads=threads, redact=not no_redact, progress=c.progress_line(quiet=quiet, wanted=progress),
    )  # fmt: skip
    logs = logs or []
    c.check_output(output, logs, options)
    from attrib import checking

    told = checking.told_before(known or ())
    outcome = checking.check(logs, options, only=names(only, "--only"), skip=names(skip, "--skip"), known=told)
    from attrib.reports.deliver import deliver

    code = outcome.exit_code
    if code == 0 and any(map(fails, outcome.report["findings"])):
        code = 1
    view = c.view(options, logs, no_color=no_color or output is not None, verbose=verbose)
    if outcome.exit_code != 4 or form in ("json", "sarif") or outcome.report["findings"]:
        deliver(render(outcome.report, form, view, code), output)
    if outcome.message is not None:
        c.warn(outcome.message)
    c.warn_of_files(outcome, quiet=quiet)
    return code


def render(report: dict[str, Any], form: str, view: View, code: int = 0) -> str:
    """The report in one of FORMATS; `code`: the exit code that it is given with."""
    if form == "json":
        from attrib.reports import jsondoc

        return jsondoc.render(report, view)
    if form == "sarif":
        from attrib.checking import descriptions
        from attrib.reports import checks_sarif

        return checks_sarif.render(report, descriptions(report["ran"]), view, code)
    if form == "csv":
        from attrib.reports import checks_csv

        return checks_csv.render(report, view)
    if form == "markdown":
        from attrib.reports import checks_markdown

        return checks_markdown.render(report, view)
    from attrib.reports import checks_text

    return checks_text.render(report, view)


def _tell(name: str | None, to: str | None, output: Any, *, no_color: bool) -> int:
    """`--explain` and `--list`: about the checks themselves."""
    from attrib.checking import descriptions, example_of
    from attrib.checks.catalogue import catalogue, check_named
    from attrib.options import Options
    from attrib.reports import check_page, jsondoc, markdown, text
    from attrib.reports.deliver import deliver

    form = c.format_of(to, output, PAGES, "check --explain" if name else "check --list")
    view = c.view(Options(), [], no_color=no_color or output is not None)
    if name is None:
        checks = descriptions(sorted(catalogue()))
        shown: Any = {"checks": checks}
        blocks, title = check_page.listing(checks), "Checks"
    else:
        one = check_named(name)
        shown = descriptions([one.id])[0] | {"example": example_of(one)}
        blocks, title = check_page.page(shown), one.title
    if form == "json":
        deliver(jsondoc.render(shown, view), output)
    else:
        deliver(markdown.draw(blocks, view, title) if form == "markdown" else text.draw(blocks, view), output)
    return 0
