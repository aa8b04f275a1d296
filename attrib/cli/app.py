"""The command line: a thin layer over attrib.pipeline, and the one place where an error becomes an exit code."""

from __future__ import annotations

import os
import sys

import typer

from attrib.cli import analyze, explain, rules, schema, verdicts
from attrib.errors import AttribError

INTERRUPTED = 130

app = typer.Typer(
    name="attrib",
    help="Who was responsible when requests failed or were slow: us, our own time, the vendor, or nobody can say yet. "
    "Reads structured logs, and proves every verdict by file and line.",
    epilog="Example: attrib analyze logs/*.jsonl     Exit codes: 0 done, 1 --fail-on matched, 2 wrong call, "
    "3 some input unreadable, 4 no record, 5 not delivered.",
    # Rich costs a quarter of the start-up time, and log text is never markup.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _version(value: bool) -> None:
    if value:
        from importlib.metadata import version

        typer.echo(f"attrib {version('attrib')}")
        raise typer.Exit


@app.callback()
def _main(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    """Options of the program itself."""


app.command("analyze")(analyze.analyze)
app.command("verdicts")(verdicts.verdicts)
app.command("explain")(explain.explain)
app.add_typer(rules.app, name="rules")
app.command("schema")(schema.schema)


def main() -> None:
    """Run the program and end the process with the contract's exit code. No traceback for bad input or a wrong call."""
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has what it wanted; the interpreter must not complain about the rest at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code; messages go to standard error."""
    try:
        result = app(args=arguments, prog_name="attrib", standalone_mode=False)
    except AttribError as error:
        _complain(str(error))
        return error.exit_code
    except typer.TyperException as error:
        _complain(_wrong_call(error))
        return 2
    except (KeyboardInterrupt, typer.Abort):
        _complain("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return result if isinstance(result, int) else 0


def _wrong_call(error: typer.TyperException) -> str:
    """One sentence from typer's own message, with where to look."""
    message = getattr(error, "format_message", lambda: str(error))().strip().rstrip(".")
    context = getattr(error, "ctx", None)
    command = getattr(context, "command_path", "attrib")
    return f"{message}. See {command} --help."


def _complain(message: str) -> None:
    from attrib.safe.terminal import visible

    for line in message.splitlines() or [""]:
        print(f"attrib: {visible(line)}", file=sys.stderr)
