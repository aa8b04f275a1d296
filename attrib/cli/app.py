"""The command line: a thin layer over attrib.pipeline, and the one place where an error becomes an exit code."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

import typer

from attrib.cli import analyze, check, compare, explain, init, report, rules, schema, verdicts
from attrib.errors import AttribError, DeliveryError, UsageError

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
app.command("check")(check.check)
app.command("explain")(explain.explain)
app.command("compare")(compare.compare)
app.add_typer(report.app, name="report")
app.command("init")(init.init)
app.add_typer(rules.app, name="rules")
app.command("schema")(schema.schema)


def main() -> None:
    """Run the program and end the process with the contract's exit code. No traceback for bad input or a wrong call."""
    # Nothing here makes reference cycles by the thousand; looking for them costs a tenth of start-up and reading.
    gc.set_threshold(100_000, 50, 50)
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code; messages go to standard error."""
    try:
        result = app(args=arguments, prog_name="attrib", standalone_mode=False)
        sys.stdout.flush()
    except AttribError as error:
        _complain(str(error))
        return error.exit_code
    except typer.TyperException as error:
        return _wrong_call(error)
    except (KeyboardInterrupt, typer.Abort):
        _complain("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        _forget_output()
        return 0
    except SystemExit as end:
        if not isinstance(end.__context__, BrokenPipeError):
            raise  # shell completion ends the process itself
        _forget_output()
        return 0
    except OSError as error:
        # Commands name their files themselves; what is left is standard output, or a disk that is full.
        _forget_output()
        _complain(f"cannot write standard output: {error.strerror or error}")
        return DeliveryError.exit_code
    if result == INTERRUPTED:  # typer makes this of Ctrl-C, and says nothing
        _complain("interrupted")
    return result if isinstance(result, int) else 0


def _forget_output() -> None:
    """What nobody reads, or no disk takes, is not tried once more when the interpreter ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _wrong_call(error: typer.TyperException) -> int:
    """One sentence from typer's own message, with where to look; `attrib` alone gets the help."""
    message = error.format_message()
    if type(error).__name__ == "NoArgsIsHelpError":  # typer does not export it
        sys.stderr.write(f"{message}\n")
        return UsageError.exit_code
    context = getattr(error, "ctx", None)
    command = getattr(context, "command_path", "attrib")
    if (option := getattr(error, "option_name", None)) and (near := getattr(error, "possibilities", None)):
        message = f"No such option: {option}. Did you mean {_nearest(option, near)}?"
    sentence = " ".join(message.split()).rstrip(".")
    _complain(f"{sentence}{'' if sentence.endswith('?') else '.'} See {command} --help.")
    return UsageError.exit_code


def _nearest(typed: str, names: Sequence[str]) -> str:
    import difflib

    return max(names, key=lambda name: difflib.SequenceMatcher(None, typed, name).ratio())


def _complain(message: str) -> None:
    from attrib.safe.terminal import visible

    for line in message.splitlines() or [""]:
        sys.stderr.write(f"attrib: {visible(line)}\n")
