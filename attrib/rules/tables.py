"""The [parameters] and [words] of one pack: read, checked, and noted in the Pack."""

from __future__ import annotations

from typing import Any, Final

from attrib.rules.facets import UPSTREAM_PHASE
from attrib.rules.hints import hint, shown
from attrib.rules.lines import Lines
from attrib.rules.model import Fault, Pack, Parameter
from attrib.rules.words import fold

FLAT_WORDS: Final = (
    "timeout",
    "not_contacted",
    "short_circuited",
    "client_abort",
    "claims",
    "placeholder_ids",
    "terminal_stages",
)
PHASED_WORDS: Final = ("no_response", "phases")

_OUTCOMES: Final = ("timeout", "no_response", "not_contacted", "short_circuited", "client_abort")
"""Lists in which a word has one meaning only."""
_LOWERED: Final = ("placeholder_ids", "terminal_stages")
"""Lists that are compared in lower case, not folded: "-" is an id, and no underscore."""

_TEXTS: Final = ("unit", "meaning", "source")
_DEFINITION: Final = ("default", *_TEXTS, "min", "max", "integer", "per_function")


def is_number(value: Any) -> bool:
    """True for a finite TOML integer or float."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < float("inf")


def parse_parameters(tables: Any, pack: Pack, lines: Lines) -> None:
    """Note the defaults (`name = 800`, or a table with `default`), and the whole definitions where there are any."""
    if not isinstance(tables, dict):
        pack.faults.append(Fault(pack.file, lines.of("parameters"), "parameters are a table: [parameters.NAME]."))
        return
    for name, given in tables.items():
        table = given if isinstance(given, dict) else {"default": given}
        line = lines.of("parameters", name)
        faults = _parameter_faults(name, table, pack.file, lines)
        pack.faults += faults
        if faults:
            continue
        pack.defaults[name] = (float(table["default"]), lines.of("parameters", name, "default") or line)
        if all(text in table for text in _TEXTS):
            pack.definitions[name] = Parameter(
                name,
                float(table["default"]),
                table["unit"],
                table["meaning"],
                table["source"],
                float(table.get("min", 0)),
                float(table.get("max", 1e12)),
                table.get("integer", False),
                table.get("per_function", False),
            )


def _parameter_faults(name: str, table: dict[str, Any], file: str, lines: Lines) -> list[Fault]:
    faults = []
    if "default" not in table:
        text = f'parameter "{name}" has no default. Add default = a number.'
        faults.append(Fault(file, lines.of("parameters", name), text))
    for key, value in table.items():
        line = lines.of("parameters", name, key)
        if key not in _DEFINITION:
            faults.append(Fault(file, line, f'unknown key "{key}" in parameter "{name}".{hint(key, _DEFINITION)}'))
        elif key in ("default", "min", "max") and not is_number(value):
            faults.append(Fault(file, line, f'{key} of parameter "{name}" must be a number, not {shown(value)}.'))
        elif key in _TEXTS and not isinstance(value, str):
            faults.append(Fault(file, line, f'{key} of parameter "{name}" must be a text in quotes.'))
        elif key in ("integer", "per_function") and not isinstance(value, bool):
            faults.append(Fault(file, line, f'{key} of parameter "{name}" must be true or false.'))
    return faults


def parse_words(tables: Any, pack: Pack, lines: Lines) -> None:
    """Note the word lists, folded, and every word that stands in two lists that exclude each other."""
    if not isinstance(tables, dict):
        pack.faults.append(Fault(pack.file, lines.of("words"), "words are a table of lists: [words]."))
        return
    for key, given in tables.items():
        if key in FLAT_WORDS:
            pack.words[key] = _words(key, given, pack, lines, "words", key)
        elif key in PHASED_WORDS:
            pack.word_phases[key] = _phased(key, given, pack, lines)
        else:
            text = f'unknown word list "{key}".{hint(key, (*FLAT_WORDS, *PHASED_WORDS))}'
            pack.faults.append(Fault(pack.file, lines.of("words", key), text))
    seen: dict[str, str] = {}
    for key in _OUTCOMES:
        for word in pack.word_phases.get(key, pack.words.get(key, ())):
            if seen.setdefault(word, key) != key:
                text = f'word "{word}" is both {seen[word]} and {key}. Leave it in one list.'
                pack.faults.append(Fault(pack.file, lines.of("words", key), text))


def _phased(key: str, given: Any, pack: Pack, lines: Lines) -> dict[str, str]:
    if not isinstance(given, dict):
        text = f'words.{key} is a table of phases: [words.{key}], then dns = ["..."].'
        pack.faults.append(Fault(pack.file, lines.of("words", key), text))
        return {}
    found: dict[str, str] = {}
    for phase, words in given.items():
        if phase not in UPSTREAM_PHASE:
            text = f'unknown phase "{phase}" in words.{key}.{hint(phase, UPSTREAM_PHASE)}'
            pack.faults.append(Fault(pack.file, lines.of("words", key, phase), text))
            continue
        for word in _words(key, words, pack, lines, "words", key, phase):
            found.setdefault(word, phase)
    return found


def _words(key: str, given: Any, pack: Pack, lines: Lines, *path: str) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(word, str) and word.strip() for word in given):
        text = f'{".".join(path)} is a list of words: ["one", "two"].'
        pack.faults.append(Fault(pack.file, lines.of(*path), text))
        return ()
    folded = (word.strip().lower() if key in _LOWERED else fold(word) for word in given)
    return tuple(dict.fromkeys(folded))
