"""`attrib init`: a commented configuration from what the logs hold."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from attrib.cli import common as c
from attrib.errors import UsageError

NAME = "attrib.toml"


def init(
    logs: c.Logs,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="Write here; - prints it. Default: attrib.toml.")
    ] = Path(NAME),
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that is there.", show_default=False)] = False,
    from_format: c.From = "auto",
    no_redact: c.NoRedact = False,
    quiet: c.Quiet = False,
    progress: c.ShowProgress = None,
) -> int:
    """Write a commented attrib.toml from the functions and upstreams seen. It changes no verdict until you edit it."""
    from attrib.options import Options

    options = Options(
        from_format=from_format, redact=not no_redact, progress=c.progress_line(quiet=quiet, wanted=progress)
    )
    target = None if str(output) == "-" else output
    if target is not None and not force and (target.is_file() or target.is_symlink()):
        raise UsageError(f"{target} is there already; -o names another file, --force overwrites it.")
    c.check_output(target, logs, options)
    from attrib.pipeline import analyze

    outcome = analyze(logs, options)
    if not outcome.report["input"]["totals"]["records"]:
        if outcome.message is not None:
            c.warn(outcome.message)
        c.warn_of_files(outcome, quiet=quiet)
        return outcome.exit_code
    from attrib.config.propose import propose
    from attrib.reports.deliver import deliver
    from attrib.rules.load import load_rules
    from attrib.safe.display import Display

    report = outcome.report
    parameters = load_rules(options.rules).parameters.all()
    deliver(propose(report, parameters, Display(options.redact).plain), target)
    if target is not None:
        counts = (
            _count("function", sum(entry["function"] is not None for entry in report["functions"])),
            _count("upstream", sum(entry["upstream"] is not None for entry in report["parties"])),
        )
        here = Path.cwd()
        found = target.name == NAME and target.resolve().parent in (here, *here.parents)
        use = "" if found else f"; use it with --config {target}"
        c.warn(f"wrote {target}: {', '.join(counts)}{use}", quiet=quiet)
    c.warn_of_files(outcome, quiet=quiet)
    return outcome.exit_code


def _count(what: str, n: int) -> str:
    return f"{n:,} {what}{'' if n == 1 else 's'}"
