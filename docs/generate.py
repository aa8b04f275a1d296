"""Writes the parts of the documents that follow from the program, between their markers.

    python docs/generate.py
    python docs/generate.py NAME > NAME.jsonl     the log of one worked example (docs/examples/incidents.toml)

README.md and the pages in docs/ hold `<!-- NAME -->` ... `<!-- end NAME -->`; what lies between is replaced.
tests/test_docs.py fails where a page is not what this script would write.
"""

from __future__ import annotations

import contextlib
import functools
import io
import json
import os
import re
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = [f"sample_logs/{path.name}" for path in sorted((ROOT / "sample_logs").glob("*.jsonl"))]
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
def example_log(name: str = "a.jsonl", text: str = LOG) -> Iterator[None]:
    """A log in an empty current folder."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            Path(name).write_text(text, encoding="utf-8")
            yield
        finally:
            os.chdir(before)


def printed(*arguments: str) -> str:
    """What a command prints on standard output, at 80 columns, without colour."""
    from attrib.cli.app import run

    held = io.BytesIO()
    out = io.TextIOWrapper(held, encoding="utf-8")  # as a pipe: a StringIO names no encoding
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        run(list(arguments))
    out.flush()
    return held.getvalue().decode("utf-8")


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
    """The start of the report on the sample logs: its incidents."""
    text = printed("analyze", *SAMPLES)
    kept, _, _ = text.partition("\n\nStop rule")
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


# ---- how-an-incident-is-judged.md ------------------------------------------------------------------------------


def worked_examples() -> dict[str, Any]:
    """docs/examples/incidents.toml: name -> rows of the log, what is shown of it, and what must come out."""
    return tomllib.loads((ROOT / "docs" / "examples" / "incidents.toml").read_text(encoding="utf-8"))


def worked_lines(name: str) -> list[tuple[int, str]]:
    """The lines of a worked example in order of time, each with the row it comes from."""
    found: list[tuple[datetime, int, str]] = []
    for position, row in enumerate(worked_examples()[name]["rows"]):
        at, to = (datetime.fromisoformat(f"{DAY}T{row[end]}") for end in ("from", "to"))
        while at < to:
            found.append((at, position, row["line"]))
            at += timedelta(seconds=row["every_s"])
    found.sort(key=lambda line: line[:2])
    return [
        (position, f'{{"ts":"{at.isoformat()}Z","request_id":"r{number:04}",{line.removeprefix("{")}')
        for number, (at, position, line) in enumerate(found, 1)
    ]


def worked_log(name: str) -> str:
    """The log of a worked example."""
    return "".join(f"{line}\n" for _, line in worked_lines(name))


def worked_report(name: str) -> dict[str, Any]:
    """The report on it."""
    with example_log(f"{name}.jsonl", worked_log(name)):
        report: dict[str, Any] = json.loads(printed("analyze", f"{name}.jsonl", "--to", "json"))
    return report


def worked(name: str) -> str:
    """A worked example: how its log is made, what is said of it, the figures, and the sentences that tell."""
    example, lines = worked_examples()[name], worked_lines(name)
    made = []
    for position, row in enumerate(example["rows"]):
        first = next(number for number, (at, _) in enumerate(lines, 1) if at == position)
        made += [f"# {row['from']} to {row['to']}, every {row['every_s']} s; line {first}:", lines[first - 1][1]]
    with example_log(f"{name}.jsonl", worked_log(name)):
        said = printed("analyze", f"{name}.jsonl", "--to", "line")
    incidents = worked_report(name)["incidents"]
    sentences = [
        f"- `{evidence['kind']}`: {evidence['statement']}"
        for incident in incidents
        for evidence in (*incident["evidence"], *incident["counter_evidence"], *incident["missing_evidence"])
        if evidence["kind"] in example["tells"]
    ]
    return "\n\n".join(
        [
            block("\n".join(made)),
            block(f"$ attrib analyze {name}.jsonl -t line\n{said}"),
            table(FIGURES, [tuple(map(_figure, _figures(incident))) for incident in incidents]),
            "\n".join(sentences),
        ]
    )


DAY = "2026-11-20"
FIGURES = (
    "verdict", "lean", "dominant", "attributed", "symptomatic", "known share", "worst case", "95 % bound", "method",
    "rate", "usual",
)  # fmt: skip
"""Columns of a worked example's table."""


def _figures(incident: dict[str, Any]) -> tuple[Any, ...]:
    shares = (incident[name] for name in ("known_share", "worst_case_share", "worst_case_low"))
    rates = (incident["failure_rate"], incident["baseline_rate"])
    known = (incident["known"]["dominant"], incident["known"]["attributed"], incident["symptomatic"])
    return (incident["verdict"], incident["lean"], *known, *shares, incident["method"], *rates)


def _figure(value: object) -> str:
    return "-" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)


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


def findings() -> str:
    """`attrib check --to json` of one check on one of the sample logs."""
    return block(printed("check", "sample_logs/checkout.jsonl", "--only", "error-rate", "--to", "json"), "json")


# ---- checks.md --------------------------------------------------------------------------------------------------


def checks() -> str:
    """Every check: a table of them, and what there is to say about each, from its file and rules/checks.toml."""
    from attrib.checking import descriptions
    from attrib.checks.catalogue import catalogue

    found = sorted(descriptions(catalogue()), key=lambda one: (AREAS.index(one["area"]), one["check"]))
    rows = [(f"[`{one['check']}`](#{one['check']})", f"`{one['severity']}`", one["title"]) for one in found]
    return "\n\n".join([table(("check", "severity", "finds"), rows), *map(_check, found)])


AREAS = ("ids", "contract", "content", "labels", "traffic")
"""Folders of attrib/checks, in the order of the page."""


def _check(check: dict[str, Any]) -> str:
    from attrib.checking import example_of
    from attrib.checks.catalogue import check_named

    parts = [f"## {check['check']}", f"**{check['title']}** (`{check['severity']}`). {check['reason']}"]
    parts += [check["explanation"]]
    if check["parameters"]:
        bounds = [
            (f"`{check['check']}.{one['name']}`", f"{one['value']:g} {one['unit']}", one["source"])
            for one in check["parameters"]
        ]
        parts.append(table(("bound", "default", "source"), bounds))
    parts.append(f"**What to do.** {check['remedy']}")
    if example := example_of(check_named(check["check"])):
        parts += _example(example)
    return "\n\n".join([*parts, f"Source: {check['source']}."])


def _example(example: dict[str, Any]) -> list[str]:
    """Lines that trigger a check, and the finding; made-up secrets are redacted here too."""
    from attrib.safe.display import Display

    shown = Display()
    rows = [shown.terminal(row, 400) for row in example["log"]]
    rows += [f"... and {example['more']:,} more lines"] if example["more"] else []
    return [
        "For example",
        block("\n".join(rows)),
        f"gives the {example['severity']} *{shown.prose(example['statement'])}*",
    ]


PARTS: dict[str, dict[str, Callable[[], str]]] = {
    "README.md": {"first screen": first_screen},
    "docs/checks.md": {"checks": checks},
    "docs/commands.md": {"commands": commands, "parameters": parameters},
    "docs/how-a-verdict-comes-about.md": {
        "rules": rules,
        "truth of m1": lambda: truth("m1"),
        "truth of m1 and extended": lambda: truth("m1", "extended"),
        "explained": explained,
    },
    "docs/how-an-incident-is-judged.md": {
        f"example {name}": functools.partial(worked, name) for name in worked_examples()
    },
    "docs/input.md": {"fields": fields},
    "docs/json.md": {"log": log, "report": report, "row": row, "reject": reject, "findings": findings},
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
    if sys.argv[1:]:
        sys.stdout.write(worked_log(sys.argv[1]))
    else:
        main()
