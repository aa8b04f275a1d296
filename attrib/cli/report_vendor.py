"""`attrib report vendor`: what a vendor's support needs, and no more."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from attrib.cli import common as c

if TYPE_CHECKING:
    from attrib.options import Options
    from attrib.reports.saved import Saved
    from attrib.ticketing import Asked, Ticket

FORMATS = ("markdown", "text", "zip")
ENDINGS = {".zip": "zip", ".txt": "text"}


def vendor(
    logs: c.Logs,
    name: Annotated[
        str, typer.Option("--vendor", metavar="NAME", help="The upstream, by its name in the logs.", show_default=False)
    ],
    incident: Annotated[
        str | None, typer.Option(metavar="ID", help="Of this incident. Default: the largest that points to the vendor.")
    ] = None,
    unnamed: Annotated[
        bool,
        typer.Option("--unnamed", help="Its calls are those whose upstream the log does not name.", show_default=False),
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
    tz: Annotated[
        str | None,
        typer.Option("--tz", metavar="ZONE", help="Zone of times typed; the ticket is in UTC."),
    ] = None,
    input_tz: c.InputZone = None,
    vendors: c.Vendors = None,
    own: c.Own = None,
    baseline: c.Baseline = None,
    sampled: c.Sampled = False,
    engine: c.EngineName = "duckdb",
    memory: c.Memory = "1GB",
    threads: c.Threads = None,
    no_redact: c.NoRedact = False,
    quiet: c.Quiet = False,
    progress: c.ShowProgress = None,
) -> int:
    """A ticket to a vendor's support: calls, failures, samples, what was ruled out. Markdown, text or zip."""
    from attrib.config.build import make_options
    from attrib.errors import UsageError

    form = format_of(to, output)
    if not name.strip():
        raise UsageError("--vendor: give the upstream's name as in the logs.")
    options = make_options(
        config=config, from_format=from_format, rules=rules or None, settings=settings, since=since, until=until,
        window=window, tz=tz, input_tz=input_tz, vendors=vendors, own=own, baseline=baseline, sampled=sampled,
        engine=engine, memory=memory, threads=threads, redact=not no_redact,
        progress=c.progress_line(quiet=quiet, wanted=progress),
    )  # fmt: skip
    c.check_output(output, logs, options)
    from attrib.ticketing import Asked

    found = made(logs, Asked(name, incident, unnamed), options)
    view = c.view(options, logs, no_color=True)
    if found.document:
        from attrib.reports.deliver import deliver

        deliver(render(found.document, form, view), output)
    for note in found.notes:
        c.warn(view.display.plain(note), quiet=quiet)
    if found.message is not None:
        c.warn(found.message)
    for sentence in found.unread[: c.UNREAD_SHOWN]:
        c.warn(sentence, quiet=quiet)
    return found.exit_code


def format_of(to: str | None, output: Path | None) -> str:
    """As named, else by the file's ending, else Markdown. Raises UsageError for one that it cannot write."""
    if to is None:
        to = "markdown" if output is None else ENDINGS.get(output.suffix.lower(), "markdown")
    return c.format_of(to, output, FORMATS, "report vendor")


def made(logs: list[str], asked: Asked, options: Options) -> Ticket:
    """The ticket, from logs or from the records of one bundle. Raises AttribError."""
    from attrib.errors import UsageError
    from attrib.reports.saved import saved_report
    from attrib.ticketing import ticket

    kept = [(log, saved) for log in logs if (saved := saved_report(log)) is not None]
    if not kept:
        return ticket(logs, asked, options)
    path, saved = kept[0]
    if saved.bundle is None:
        raise UsageError(
            f"{path}: a saved report counts calls and holds none. Name the logs, or a bundle of them "
            "(attrib analyze LOGS... --bundle FILE.zip)."
        )
    if len(logs) > 1:
        raise UsageError(f"{path} is a bundle; name nothing beside it.")
    return _of_bundle(saved, asked, options)


def _of_bundle(saved: Saved, asked: Asked, options: Options) -> Ticket:
    """Of the records that were kept. The ticket says that they are not all."""
    from dataclasses import replace

    from attrib.ticketing import ticket

    assert saved.bundle is not None  # noqa: S101 - the caller looked
    with tempfile.TemporaryDirectory(prefix="attrib-") as folder:
        path = Path(folder, "records.jsonl")
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{record.text}\n" for record in saved.bundle.records)
        options = replace(options, shown_as={str(path): saved.path}, fast=False)
        return ticket([str(path)], replace(asked, entries=saved.report["incidents"]), options)


def render(ticket: dict[str, Any], form: str, view: Any) -> str | bytes:
    """The ticket in one of FORMATS."""
    if form == "zip":
        from attrib.reports.vendor.files import as_zip

        return as_zip(ticket, view)
    from attrib.reports.vendor.story import as_markdown, as_text

    return as_text(ticket, view) if form == "text" else as_markdown(ticket, view)
