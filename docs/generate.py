"""Writes the parts of the documents that follow from the program, between their markers.

    python docs/generate.py

README.md and the pages in docs/ hold `<!-- NAME -->` ... `<!-- end NAME -->`; what lies between is replaced.
tests/test_docs.py fails where a page is not what this script would write.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ["sample_logs/api.jsonl", "sample_logs/worker.jsonl"]
LOG = (
    '{"ts":"2026-11-20T14:02:11.480Z","request_id":"7f3c91d2","function":"checkout","stage":"response","status":502,'
    '"latency_ms":61,"error_code":"UPSTREAM_ERROR","upstream":"payments-api","upstream_status":503,'
    '"upstream_latency_ms":52}\n'
    '{"ts":"2026-11-20T14:02:12.002Z","request_id":"90b1d44e","function":"checkout","stage":"response","status":200,'
    '"latency_ms":48,"upstream":"payments-api","upstream_status":200,"upstream_latency_ms":41,"cart":3}\n'
    '{"ts":"2026-11-20T14:02:13.118Z","request_id":"a1c07e55","function":"checkout","status":"done"}\n'
    '{"ts":"2026-11-20T14:02:14.000Z","logger":"scheduler","msg":"tick"}\n'
    "\n"
)
"""The log of the examples in docs/json.md."""


@contextlib.contextmanager
def example_log() -> Iterator[None]:
    """LOG as `a.jsonl` in an empty current folder."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            Path("a.jsonl").write_text(LOG, encoding="utf-8")
            yield
        finally:
            os.chdir(before)


def printed(*arguments: str) -> str:
    """What a command prints on standard output, at 80 columns, without colour."""
    from attrib.cli.app import run

    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        run(list(arguments))
    return out.getvalue()


def block(text: str, language: str = "") -> str:
    """A fenced block."""
    return f"```{language}\n{text.rstrip()}\n```"


def table(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [columns, ("---",) * len(columns), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|").replace("*", "\\*") for cell in line) + " |" for line in lines
    )


# ---- README -----------------------------------------------------------------------------------------------------


def first_screen() -> str:
    """The start of the report on the sample logs: everything up to the list of single failures."""
    text = printed("analyze", *SAMPLES)
    kept, _, _ = text.partition("\n\nIsolated failures")
    return block(f"$ pip install . && attrib analyze sample_logs/*.jsonl\n{kept}\n...")


# ---- commands.md ------------------------------------------------------------------------------------------------


def commands() -> str:
    """Every command with its arguments and options, as the program itself tells them."""
    import typer

    from attrib.cli.app import app

    return "\n\n".join(_command(path, command) for path, command in _walk(typer.main.get_command(app), ["attrib"]))


def _walk(command: Any, path: list[str]) -> Iterator[tuple[list[str], Any]]:
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from _walk(below, [*path, name])


def _command(path: list[str], command: Any) -> str:
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option"]
    below = list(getattr(command, "commands", {}))
    usage = " ".join([*path, *(["COMMAND"] if below else []), *(p.metavar for p in arguments)])
    parts = [f"## {' '.join(path)}", command.help, f"`{usage}`" + (f": {', '.join(below)}." if below else "")]
    rows = [(f"`{p.metavar}`", p.help or "") for p in arguments]
    rows += [(_option(p), (p.help or "") + _default(p)) for p in options]
    return "\n\n".join([*parts, *([table(("", ""), rows)] if rows else [])])


def _option(option: Any) -> str:
    value = f" {option.metavar}" if option.metavar else ""
    return f"`{', '.join([*option.opts, *option.secondary_opts])}{value}`"


def _default(option: Any) -> str:
    return f" Default: {option.default}." if isinstance(option.default, str) else ""


def rules() -> str:
    """Every shipped rule in rank order."""
    from attrib.rules.load import load_rules

    found = load_rules().rules
    return table(
        ("rank", "id", "verdict", "holds for"), [(str(r.rank), f"`{r.id}`", f"`{r.verdict}`", r.title) for r in found]
    )


def parameters() -> str:
    """Every parameter of the packs."""
    from attrib.rules.load import load_rules

    rows = [
        (
            f"`{p.name}`",
            f"{p.default:g} {p.unit}",
            p.meaning + (" Also per function." if p.per_function else ""),
            p.source,
        )
        for p in load_rules().parameters.all()
    ]
    return table(("name", "default", "meaning", "source"), rows)


# ---- how-a-verdict-comes-about.md -------------------------------------------------------------------------------


def truth(*packs: str) -> str:
    """The truth table of some packs."""
    from attrib.rules.load import load_rules
    from attrib.rules.show import truth_markdown
    from attrib.rules.truth import truth_table

    return truth_markdown(truth_table(load_rules(packs)))


def explained() -> str:
    """`attrib explain` of the example's failed request."""
    with example_log():
        return block("$ attrib explain 7f3c91d2 a.jsonl\n" + printed("explain", "7f3c91d2", "a.jsonl"))


# ---- input.md ---------------------------------------------------------------------------------------------------


def fields() -> str:
    """Every field of a record with its other names."""
    from attrib.fields import FIELDS

    rows = [
        (
            f"`{f.name}`",
            f.kind.replace("_", " "),
            f.about + (f" ({f.unit})" if f.unit else ""),
            ", ".join(f"`{alias}`" for alias in f.aliases) or "-",
            "M1" if f.m1 else "",
        )
        for f in FIELDS
    ]
    return table(("field", "holds", "meaning", "also read from", ""), rows)


# ---- json.md ----------------------------------------------------------------------------------------------------


def log() -> str:
    """The log of the examples."""
    return block(LOG.rstrip("\n") + "\n(an empty line)")


def report() -> str:
    """The report on it."""
    with example_log():
        return block(printed("analyze", "a.jsonl", "--to", "json"), "json")


def row() -> str:
    """Its one row of `attrib verdicts`."""
    with example_log():
        [line] = printed("verdicts", "a.jsonl", "--to", "jsonl").splitlines()
    return block(json.dumps(json.loads(line), indent=2), "json")


def reject() -> str:
    """Its one rejected line."""
    with example_log():
        printed("analyze", "a.jsonl", "--rejects", "rejects.jsonl")
        [line] = Path("rejects.jsonl").read_text(encoding="utf-8").splitlines()
    return block(json.dumps(json.loads(line), indent=2), "json")


PARTS: dict[str, dict[str, Callable[[], str]]] = {
    "README.md": {"first screen": first_screen},
    "docs/commands.md": {"commands": commands, "parameters": parameters},
    "docs/how-a-verdict-comes-about.md": {
        "rules": rules,
        "truth of m1": lambda: truth("m1"),
        "truth of m1 and extended": lambda: truth("m1", "extended"),
        "explained": explained,
    },
    "docs/input.md": {"fields": fields},
    "docs/json.md": {"log": log, "report": report, "row": row, "reject": reject},
}
"""File -> marker -> what stands there."""


def generated(path: str) -> str:
    """A page as it should be. Raises ValueError where a marker is missing."""
    text = (ROOT / path).read_text(encoding="utf-8")
    for name, make in PARTS[path].items():
        pattern = re.compile(rf"(<!-- {re.escape(name)} -->\n).*?(<!-- end {re.escape(name)} -->)", re.DOTALL)
        places = list(pattern.finditer(text))
        if len(places) != 1:
            raise ValueError(f"{path}: no place for {name!r}, or two")
        [place] = places
        text = f"{text[: place.end(1)]}\n{make()}\n\n{text[place.start(2) :]}"
    return text


def main() -> None:
    """Write every page."""
    os.chdir(ROOT)
    os.environ.update(COLUMNS="80", NO_COLOR="1")
    for path in PARTS:
        (ROOT / path).write_text(generated(path), encoding="utf-8")


if __name__ == "__main__":
    main()
