"""Packs by name or path -> RuleSet. The one place that knows where the shipped packs are.

load_rules   for a run: any fault in any pack refuses all of them, and says every fault at once
read_rules   for `attrib rules check`: what is sound, with the faults beside it
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

from attrib.errors import UsageError
from attrib.rules.hints import hint
from attrib.rules.model import Fault, Pack, Parameter, Rule, RulePackError
from attrib.rules.parameters import make_parameters, merge_defaults
from attrib.rules.parse import parse_pack
from attrib.rules.ruleset import RuleSet
from attrib.rules.tables import FLAT_WORDS, PHASED_WORDS
from attrib.rules.words import Words

DEFAULT_PACKS: Final = ("m1", "extended")
_BASE: Final = "m1"
_MAX_BYTES: Final = 4 * 1024 * 1024
"""A pack is written by hand; anything larger is the wrong file."""


@cache
def pack_folder() -> Path:
    """The folder of the shipped packs: `attrib/_rules` when installed, `rules/` beside `attrib/` in a checkout."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "_rules", package.parent / "rules"):
        if (folder / f"{_BASE}.toml").is_file():
            return folder
    raise UsageError("the shipped rule packs are missing from this installation. Install attrib again.")


def pack_names() -> list[str]:
    """Names of the shipped packs, the default ones first. Files of that folder without a [[rule]] are other data."""
    found = [
        file.stem
        for file in sorted(pack_folder().glob("*.toml"))
        if not file.name.startswith("_") and "\n[[rule]]" in "\n" + file.read_text(encoding="utf-8")
    ]
    return [*(name for name in DEFAULT_PACKS if name in found), *(name for name in found if name not in DEFAULT_PACKS)]


def load_rules(packs: Sequence[str] = DEFAULT_PACKS, settings: Sequence[str] = ()) -> RuleSet:
    """The rules of a run. `packs`: shipped names or paths of TOML files; `settings`: the `--set` strings.

    Raises RulePackError with every fault of every pack (ties included, they leave a cell without one winner), and
    UsageError for a pack that is not there or a setting that cannot be.
    """
    ruleset = read_rules(packs, settings)
    faults = [*ruleset.faults, *tie_faults(ruleset)]
    if faults:
        raise RulePackError(faults)
    return ruleset


def read_rules(packs: Sequence[str] = DEFAULT_PACKS, settings: Sequence[str] = ()) -> RuleSet:
    """As `load_rules`, but with the faults in `RuleSet.faults` and the sound rules in place; ties are not looked for.

    Raises UsageError for a pack that is not there or a setting that cannot be.
    """
    read = [_read(pack) for pack in dict.fromkeys(packs)]
    if not read:
        raise UsageError(f"no rule pack given. Shipped: {', '.join(pack_names())}.")
    return _merged(read, settings)


def rules_of(packs: Sequence[tuple[str, str, str]], settings: Sequence[str] = ()) -> RuleSet:
    """The rules of packs that are at hand as (name, file to show, TOML text). Raises as `load_rules`."""
    ruleset = _merged([parse_pack(*pack) for pack in packs], settings)
    faults = [*ruleset.faults, *tie_faults(ruleset)]
    if faults:
        raise RulePackError(faults)
    return ruleset


def pack_text(pack: str) -> str:
    """The TOML text of a pack: a shipped name or a path, as in `load_rules`. Raises UsageError where it cannot be."""
    path = Path(pack)
    if path.name == pack and (pack_folder() / f"{pack}.toml").is_file():
        path = pack_folder() / f"{pack}.toml"
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read the rule pack {pack} again: {error}.") from None


def _merged(read: Sequence[Pack], settings: Sequence[str]) -> RuleSet:
    base = _read_shipped(_BASE)
    faults = [fault for pack in read for fault in pack.faults]
    rules = _merge_rules(read, faults)
    known = merge_defaults(base.definitions, read, faults)
    return RuleSet(
        packs=tuple(pack.name for pack in read),
        rules=tuple(sorted(rules, key=lambda rule: rule.rank)),
        words=_merge_words(read, base),
        parameters=make_parameters(_sound(known, base, read[-1], faults), settings),
        faults=tuple(sorted(set(faults))),
    )


def tie_faults(ruleset: RuleSet) -> list[Fault]:
    """One fault for each pair of rules of equal rank that match a same cell."""
    return [
        Fault(
            tie.second.file,
            tie.second.line,
            f'rule "{tie.second.id}" ties with "{tie.first.id}" ({tie.first.file}:{tie.first.line}): both have rank '
            f"{tie.second.rank} and match {tie.cells} same cells. Give one of them another rank.",
        )
        for tie in ruleset.table.ties()
    ]


def _sound(known: dict[str, Parameter], base: Pack, last: Pack, faults: list[Fault]) -> dict[str, Parameter]:
    """The packs' thresholds, or the base's own when the packs' contradict each other: that is the packs' fault."""
    try:
        make_parameters(known, ())
    except UsageError as error:
        line = min((line for _, line in last.defaults.values()), default=1)
        faults.append(Fault(last.file, line, f"the defaults contradict each other: {error}"))
        return base.definitions
    return known


@cache
def _read_shipped(name: str) -> Pack:
    """A shipped pack; read once in a process, for nearly every pack set needs m1's words and parameters."""
    return parse_pack(name, f"rules/{name}.toml", (pack_folder() / f"{name}.toml").read_text(encoding="utf-8"))


def _read(pack: str) -> Pack:
    path = Path(pack)
    if path.name == pack and (pack_folder() / f"{pack}.toml").is_file():
        return _read_shipped(pack)
    if not path.exists():
        looks_like_a_path = path.suffix or path.name != pack
        names = pack_names()
        raise UsageError(
            f"no such file: {pack}. Shipped packs: {', '.join(names)}."
            if looks_like_a_path
            else f'no rule pack "{pack}".{hint(pack, names)} A pack of your own is named by its path.'
        )
    return _read_file(pack, path)


def _read_file(pack: str, path: Path) -> Pack:
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"cannot read the rule pack {pack}: {error.strerror or error}.") from None
    if len(content) > _MAX_BYTES:
        raise UsageError(f"{pack} is larger than 4 MiB: that is no rule pack.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return Pack(path.name, pack, faults=[Fault(pack, line, "this is not UTF-8. Save the file as UTF-8.")])
    return parse_pack(path.name, pack, text)


def _merge_rules(packs: Sequence[Pack], faults: list[Fault]) -> list[Rule]:
    first: dict[str, Rule] = {}
    for rule in (rule for pack in packs for rule in pack.rules):
        earlier = first.setdefault(rule.id, rule)
        if earlier is not rule:
            text = f'rule id "{rule.id}" is used already ({earlier.file}:{earlier.line}). Rename one of them.'
            faults.append(Fault(rule.file, rule.line, text))
    return list(first.values())


def _merge_words(packs: Sequence[Pack], base: Pack) -> Words:
    """Each list is the union of the packs that define it, else the base pack's."""
    flat = {
        key: tuple(dict.fromkeys(word for pack in packs for word in pack.words.get(key, ()))) or base.words[key]
        for key in FLAT_WORDS
    }
    phased: dict[str, dict[str, str]] = {}
    for key in PHASED_WORDS:
        merged: dict[str, str] = {}
        for pack in packs:
            merged |= pack.word_phases.get(key, {})
        phased[key] = merged or base.word_phases[key]
    return Words(
        timeout=frozenset(flat["timeout"]),
        no_response=phased["no_response"],
        not_contacted=frozenset(flat["not_contacted"]),
        short_circuited=frozenset(flat["short_circuited"]),
        client_abort=frozenset(flat["client_abort"]),
        claims=flat["claims"],
        phases=phased["phases"],
        placeholder_ids=frozenset(flat["placeholder_ids"]),
        terminal_stages=frozenset(flat["terminal_stages"]),
    )
