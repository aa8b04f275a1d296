"""`attrib explain`: one request, its records, the rule that won and why the others did not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from attrib.cli import common as c
from attrib.errors import UsageError

if TYPE_CHECKING:
    from attrib.pipeline import Outcome
    from attrib.reports.saved import Saved

FORMATS = ("text", "json")


def explain(
    request_id: Annotated[
        str, typer.Argument(metavar="REQUEST_ID", help="As logged; compared exactly.", show_default=False)
    ],
    logs: c.Logs,
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
    no_redact: c.NoRedact = False,
    quiet: c.Quiet = False,
    no_color: c.NoColor = False,
    progress: c.ShowProgress = None,
) -> int:
    """One request: its records in order, the rule that won, and why the others did not."""
    from attrib.config.build import make_options

    form = c.format_of(to, output, FORMATS, "explain")
    options = make_options(
        config=config, from_format=from_format, rules=rules or None, settings=settings, tz=tz, input_tz=input_tz,
        vendors=vendors, own=own, redact=not no_redact, progress=c.progress_line(quiet=quiet, wanted=progress),
    )  # fmt: skip
    c.check_output(output, logs, options)
    from attrib.reports.deliver import deliver
    from attrib.reports.saved import saved_report

    saved = [found for found in map(saved_report, logs) if found is not None]
    if saved:
        said = {"--rules": rules, "--set": settings, "--config": config, "--vendors": vendors, "--own": own}
        outcome = _from_bundle(request_id, saved[0], logs, [name for name, value in said.items() if value])
    else:
        from attrib.pipeline import explain as run

        outcome = run(request_id, logs, options)
    if outcome.message is not None:
        c.warn(outcome.message)
        return outcome.exit_code
    view = c.view(options, logs, no_color=no_color or output is not None)
    if form == "json":
        from attrib.reports import jsondoc

        deliver(jsondoc.render(outcome.report, view), output)
    else:
        from attrib.reports import explain as report

        deliver(report.render(outcome.report, view), output)
    c.warn_of_files(outcome, quiet=quiet)
    return outcome.exit_code


def _from_bundle(request_id: str, saved: Saved, logs: list[str], said: list[str]) -> Outcome:
    """The request from the records of a bundle, judged by the bundle's own rules."""
    if len(logs) > 1:
        raise UsageError(f"{saved.path} is no log: name it alone, or the logs without it.")
    if said:
        raise UsageError(f"{saved.path} brings its own rules, thresholds and parties; leave out {', '.join(said)}.")
    from attrib.bundling import explain as run

    return run(request_id, saved)
