"""`attrib rules`: what decides, and the proof that it decides every case once."""

from __future__ import annotations

from typing import Annotated

import typer

from attrib.cli import common as c
from attrib.safe.terminal import visible

app = typer.Typer(help="The rule packs: list, show, check, test.", no_args_is_help=True, rich_markup_mode=None)

Packs = Annotated[
    list[str] | None,
    typer.Argument(metavar="[PACK]...", help="Names or files. Default: m1 and extended.", show_default=False),
]


def _say(text: str) -> None:
    from attrib.reports.deliver import deliver

    deliver("".join(f"{visible(line)}\n" for line in text.splitlines()), None)


def _packs(packs: list[str] | None) -> list[str]:
    return packs or ["m1", "extended"]


@app.command("list")
def list_rules(packs: Packs = None, settings: c.Settings = None) -> None:
    """The rules in the order in which they are tried, and the thresholds."""
    from attrib.rules import show
    from attrib.rules.load import load_rules

    _say(show.list_text(load_rules(_packs(packs), settings or ())))


@app.command("show")
def show_rule(
    rule_id: Annotated[str, typer.Argument(metavar="ID", help="As `attrib rules list` names it.", show_default=False)],
    rules: c.Rules = None,
) -> None:
    """One rule: when it holds, what it says and why, its examples."""
    from attrib.rules import show
    from attrib.rules.load import load_rules

    _say(show.show_text(load_rules(_packs(rules)), rule_id))


@app.command("check")
def check_rules(
    packs: Packs = None,
    table: Annotated[bool, typer.Option("--table/--no-table", help="Print the truth table too.")] = True,
) -> int:
    """Prove over every possible case: one winner each; no rule shadowed, dead or tied. Exit 1 when a fault is found."""
    from attrib.rules import show
    from attrib.rules.check import check_packs
    from attrib.rules.load import read_rules
    from attrib.rules.truth import truth_table

    result = check_packs(_packs(packs))
    rows = truth_table(read_rules(_packs(packs))) if table and result.ok else ()
    _say(show.check_text(result, rows))
    return 0 if result.ok else 1


@app.command("test")
def run_examples(packs: Packs = None) -> int:
    """Run every rule's own passing and failing examples. Exit 1 when one does not hold."""
    from attrib.rules import show
    from attrib.rules.check import test, without_proof
    from attrib.rules.load import load_rules

    ruleset = load_rules(_packs(packs))
    results = test(ruleset)
    _say(show.examples_text(results, without_proof(ruleset)))
    return 0 if all(result.ok for result in results) else 1
