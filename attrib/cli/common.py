"""What the commands share: their options, the output they go to, the progress line."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from attrib.errors import UsageError
from attrib.options import Options, Progress

if TYPE_CHECKING:
    from attrib.pipeline import Outcome
    from attrib.reports.view import View

Logs = Annotated[
    list[str],
    typer.Argument(
        metavar="LOGS...",
        help="Files, folders (*.jsonl *.ndjson *.json *.log, packed or not), globs, or - for standard input.",
        show_default=False,
    ),
]
From = Annotated[str, typer.Option("-f", "--from", metavar="NAME", help="Input format: auto or m1.")]
To = Annotated[
    str | None,
    typer.Option("-t", "--to", metavar="NAME", help="Output format; taken from the ending of -o when not given."),
]
Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="FILE", help="Write here: whole or not at all."),
]
Rules = Annotated[
    list[str] | None,
    typer.Option("--rules", metavar="NAME_OR_FILE", help="Rule pack; repeatable. Default: m1 and extended."),
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME[@FUNCTION]=VALUE", help="Override a threshold of the packs; repeatable."),
]
Since = Annotated[
    str | None,
    typer.Option(metavar="T", help="Only from then on: ISO 8601, a span back (2h, 30m), or a clock time (02:40)."),
]
Until = Annotated[str | None, typer.Option(metavar="T", help="Only before then; the same forms.")]
Window = Annotated[
    str | None, typer.Option(metavar="START..END", help="Only this window; the same forms (02:40..03:10).")
]
Zone = Annotated[
    str | None,
    typer.Option("--tz", metavar="ZONE", help="Zone of times shown and typed. JSON stays UTC. Default: UTC."),
]
InputZone = Annotated[
    str | None, typer.Option("--input-tz", metavar="ZONE", help="Zone of log times that name none. Default: UTC.")
]
Config = Annotated[
    str | None,
    typer.Option(
        metavar="FILE", help="Configuration. Default: the nearest attrib.toml, here or in a parent folder. Options win."
    ),
]
Baseline = Annotated[
    list[str] | None,
    typer.Option(metavar="LOGS", help="Records that show the usual state, never part of an incident; repeatable."),
]
Marks = Annotated[
    list[str] | None,
    typer.Option("--mark", metavar="TIME=TEXT", help="What happened then: a deploy, a flag, a note; repeatable."),
]
Sampled = Annotated[
    bool, typer.Option("--sampled", help="The log is a sample: counts stay, rates go.", show_default=False)
]
Vendors = Annotated[
    list[str] | None,
    typer.Option(metavar="NAMES", help="Upstreams that are a third party's: names or host globs, comma-separated."),
]
Own = Annotated[list[str] | None, typer.Option(metavar="NAMES", help="Upstreams that are ours: names or host globs.")]
Labels = Annotated[
    list[str] | None, typer.Option("--label", metavar="NAME", help="Keep this extra top-level field; repeatable.")
]
Rejects = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="Write one JSON object per quarantined line here: file, line, offset, reason."),
]
EngineName = Annotated[str, typer.Option("--engine", metavar="NAME", help="Where it runs: duckdb.")]
Memory = Annotated[str, typer.Option(metavar="SIZE", help="Bound of the engine's memory.")]
Threads = Annotated[
    int | None, typer.Option(metavar="N", min=1, max=256, help="Processors to use. Default: all, at most 8.")
]
NoRedact = Annotated[
    bool, typer.Option("--no-redact", help="Show values that look like secrets or personal data.", show_default=False)
]
Quiet = Annotated[
    bool, typer.Option("-q", "--quiet", help="No progress and no notes on standard error.", show_default=False)
]
Verbose = Annotated[bool, typer.Option("-v", "--verbose", help="All the details.", show_default=False)]
NoColor = Annotated[bool, typer.Option("--no-color", help="No colour (NO_COLOR does the same).", show_default=False)]
ShowProgress = Annotated[
    bool | None,
    typer.Option(
        "--progress/--no-progress", help="Progress on standard error. Default: on a terminal.", show_default=False
    ),
]

UNREAD_SHOWN = 10
"""Lines on standard error about inputs that could not be read whole."""
ENDINGS = {
    ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".parquet": "parquet", ".md": "markdown",
    ".markdown": "markdown", ".html": "html", ".htm": "html", ".txt": "text", ".sarif": "sarif",
}  # fmt: skip


def format_of(to: str | None, output: Path | None, known: tuple[str, ...], command: str) -> str:
    """The output format: as named, else by the file's ending, else text. Raises UsageError for one it cannot write."""
    name = to if to is not None else _by_ending(output)
    if name in known:
        return name
    from attrib.rules.hints import hint

    source = f"--to {name}" if to is not None else f"-o {output}"
    raise UsageError(f"{source}: {command} writes {', '.join(known)}.{hint(name, known)}")


def _by_ending(output: Path | None) -> str:
    if output is None:
        return "text"
    # SARIF's own ending is `.sarif`, and `.sarif.json` is its other one.
    name = output.name.lower().removesuffix(".json") if output.name.lower().endswith(".sarif.json") else output.name
    return ENDINGS.get(Path(name).suffix.lower(), "text")


def check_output(output: Path | None, logs: list[str], options: Options, option: str = "-o") -> None:
    """A result must never take the place of a log. Raises UsageError where -o names an input or what else is read."""
    if output is None:
        return
    if options.rejects is not None and output.resolve() == Path(options.rejects).resolve():
        raise UsageError(f"{option} and --rejects both name {output}; give them two files.")
    if not output.is_file():
        return
    from attrib.sources.find import find

    here = output.stat()
    for source in find([*logs, *options.baseline]):
        if source.kind == "file" and source.error is None and os.path.samestat(here, Path(source.path).stat()):
            raise UsageError(f"{option} {output} is one of the inputs; name another file.")
    if options.config is not None and os.path.samestat(here, Path(options.config.path).stat()):
        raise UsageError(f"{option} {output} is the configuration of this run; name another file.")


def view(options: Options, logs: list[str], *, no_color: bool, verbose: bool = False) -> View:
    """How the result is shown on this standard output."""
    from attrib.analysis.run import zone
    from attrib.reports.timeline import fits
    from attrib.reports.view import View
    from attrib.safe.display import Display

    return View(
        Display(options.redact), _width(), _color(no_color), zone(options.tz, "--tz"), tuple(logs), verbose,
        ascii=not fits(sys.stdout.encoding),
    )  # fmt: skip


def _width() -> int:
    import shutil

    # COLUMNS, else the terminal, else 80: the narrowest that everything stays readable at.
    return max(shutil.get_terminal_size((80, 24)).columns, 40)


def _color(no_color: bool) -> bool:
    if no_color or os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (sys.stdout.isatty() and os.environ.get("TERM") != "dumb")


def warn(message: str, *, quiet: bool = False) -> None:
    """One line on standard error."""
    if not quiet:
        from attrib.safe.terminal import visible

        sys.stderr.write(f"attrib: {visible(message)}\n")


def warn_of_files(outcome: Outcome, *, quiet: bool) -> None:
    """One line for each input that could not be read whole; the first few, when there are many."""
    for sentence in outcome.unread[:UNREAD_SHOWN]:
        warn(sentence, quiet=quiet)
    if (more := len(outcome.unread) - UNREAD_SHOWN) > 0:
        warn(f"and {more:,} more could not be read whole; `--to json` names them all", quiet=quiet)


def progress_line(*, quiet: bool, wanted: bool | None) -> Progress | None:
    """A line on standard error that is rewritten while long inputs are read; None where nobody looks at it."""
    if wanted is None:
        wanted = sys.stderr.isatty() and not quiet
    if not wanted:
        return None
    return _ProgressLine()


class _ProgressLine:
    """Bytes, share and rate, at most ten times a second, and not before half a second has passed."""

    def __init__(self) -> None:
        self._begun = self._shown = time.monotonic()
        self._visible = False

    def __call__(self, done: int, total: int | None) -> None:
        now = time.monotonic()
        if total is not None and done >= total:
            self.clear()
        elif now - self._begun > 0.5 and now - self._shown > 0.1:
            share = f" of {total / 1e6:,.0f} MB ({done / total:.0%})" if total else " MB"
            rate = done / 1e6 / (now - self._begun)
            sys.stderr.write(f"\r\x1b[Kreading {done / 1e6:,.0f}{share}, {rate:,.0f} MB/s")
            sys.stderr.flush()
            self._shown, self._visible = now, True

    def clear(self) -> None:
        """Take the line away."""
        if self._visible:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._visible = False
