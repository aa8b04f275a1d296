"""`attrib compare`: what got worse or better between two logs, saved reports or bundles."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any, Final

import typer

from attrib.cli import common as c
from attrib.errors import UsageError

FORMATS = ("text", "json", "markdown", "line")
_SHARE: Final = re.compile(r"\s*(\d+(?:\.\d+)?|\.\d+)\s*(%?)\s*")
_WORDS: Final = ("regress", "worse", "new")


def compare(
    before: Annotated[
        str,
        typer.Argument(
            metavar="BEFORE",
            help="A log (file, folder, or a glob in quotes), a report saved with --to json, or a bundle.",
            show_default=False,
        ),
    ],
    after: Annotated[str, typer.Argument(metavar="AFTER", help="The same, for later.", show_default=False)],
    from_format: c.From = "auto",
    to: c.To = None,
    output: c.Output = None,
    rules: c.Rules = None,
    settings: c.Settings = None,
    config: c.Config = None,
    tz: c.Zone = None,
    input_tz: c.InputZone = None,
    vendors: c.Vendors = None,
    own: c.Own = None,
    sampled: c.Sampled = False,
    min_change: Annotated[
        str, typer.Option(metavar="SHARE", help="Least change of a share that matters: 0.5% (points) or 0.005.")
    ] = "0.5%",
    min_latency: Annotated[
        str, typer.Option(metavar="SHARE", help="Least change of a latency that matters, relative: 10% or 0.1.")
    ] = "10%",
    level: Annotated[
        float, typer.Option(metavar="P", help="Certainty of all intervals together; lower finds more, more by chance.")
    ] = 0.95,
    fail_on: Annotated[
        str | None,
        typer.Option(
            "--fail-on",
            metavar="LIST",
            help="Exit with 1 when one holds: worse (a figure), new (an incident), regress (either).",
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
    """What got worse or better between two sides, with intervals: the check after a deploy."""
    from attrib.config.build import make_options

    form = c.format_of(to, output, FORMATS, "compare")
    fails = _fail_on(fail_on)
    bounds = _bounds(min_change, min_latency, level)
    options = make_options(
        config=config, from_format=from_format, rules=rules or None, settings=settings, tz=tz, input_tz=input_tz,
        vendors=vendors, own=own, sampled=sampled, engine=engine, memory=memory, threads=threads, redact=not no_redact,
        progress=c.progress_line(quiet=quiet, wanted=progress),
    )  # fmt: skip
    c.check_output(output, [before, after], options)
    from attrib.comparing import compare as run
    from attrib.reports.deliver import deliver

    outcome = run(before, after, options, bounds)
    view = c.view(options, [before, after], no_color=no_color or output is not None, verbose=verbose)
    if outcome.exit_code != 4 or form == "json":
        deliver(render(outcome.report, form, view), output)
    if outcome.message is not None:
        c.warn(outcome.message)
    c.warn_of_files(outcome, quiet=quiet)
    if outcome.exit_code == 0 and fails(outcome.report["summary"]):
        return 1
    return outcome.exit_code


def render(report: dict[str, Any], form: str, view: Any) -> str:
    """The comparison in one of FORMATS."""
    if form == "json":
        from attrib.reports import jsondoc

        return jsondoc.render(report, view)
    from attrib.reports import compare_text

    if form == "markdown":
        return compare_text.render_markdown(report, view)
    return compare_text.render_line(report, view) if form == "line" else compare_text.render_text(report, view)


def _bounds(min_change: str, min_latency: str, level: float) -> Any:
    from attrib.comparison.model import Bounds

    if not 0.5 <= level < 1:
        raise UsageError(f"--level {level:g}: a certainty from 0.5 to below 1, such as 0.95.")
    return Bounds(level, _share("--min-change", min_change), _share("--min-latency", min_latency))


def _share(option: str, text: str) -> float:
    found = _SHARE.fullmatch(text)
    value = float(found[1]) / (100 if found[2] else 1) if found else -1.0
    if not 0 <= value <= 1:
        raise UsageError(f"{option} {text}: a share such as 0.5% or 0.005, at most 100%.")
    return value


def _fail_on(text: str | None) -> Callable[[dict[str, Any]], bool]:
    """What of the summary fails the call. Raises UsageError."""
    words = [word.strip() for word in (text or "").split(",") if word.strip()]
    for word in words:
        if word not in _WORDS:
            from attrib.rules.hints import hint

            raise UsageError(f"--fail-on {word}: not one of {', '.join(_WORDS)}.{hint(word, _WORDS)}")
    keys = {key for word in words for key in (("worse", "new") if word == "regress" else (word,))}
    return lambda summary: any(summary["new_incidents" if key == "new" else key] for key in keys)
