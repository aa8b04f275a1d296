"""The checks' parameters: those of rules/checks.toml, and what the user set with `--set CHECK.NAME=VALUE`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from attrib.errors import UsageError
from attrib.rules.hints import hint

_SETTING: Final = re.compile(r"(?P<check>[a-z0-9-]+)\.(?P<name>[a-z0-9_]+)\s*=\s*(?P<value>.*)", re.DOTALL)
_NUMBER: Final = re.compile(r"\d+(\.\d+)?")


def is_check_setting(setting: str) -> bool:
    """Whether a `--set` text is about a check (`retry-storm.amplification=3`) and not about a rule pack."""
    return _SETTING.fullmatch(setting.strip()) is not None


def parted(settings: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(those for the rule packs, those for the checks), each in the order given."""
    every = tuple(settings)
    ours = tuple(one for one in every if is_check_setting(one))
    return (tuple(one for one in every if not is_check_setting(one)) if ours else every), ours


class Settings:
    """Check -> parameter -> value."""

    def __init__(self, values: Mapping[str, Mapping[str, float]]) -> None:
        self._values = values

    def __call__(self, check: str, name: str) -> float:
        """The value of a parameter."""
        return self._values[check][name]

    def as_dict(self) -> dict[str, dict[str, float]]:
        """All of them, for the report."""
        return {check: dict(values) for check, values in sorted(self._values.items()) if values}


def make_settings(defaults: Mapping[str, Mapping[str, float]], settings: Iterable[str]) -> Settings:
    """The defaults with the user's settings in place; the last of a name wins. Raises UsageError."""
    values = {check: dict(known) for check, known in defaults.items()}
    for setting in settings:
        found = _SETTING.fullmatch(setting.strip())
        if found is None:
            continue
        check, name, text = found["check"], found["name"], found["value"].strip()
        if check not in values:
            raise UsageError(f'--set {setting}: no check "{check}".{hint(check, values)}')
        if name not in values[check]:
            known = values[check]
            more = hint(name, known) if known else f" {check} has none."
            raise UsageError(f'--set {setting}: {check} has no parameter "{name}".{more}')
        if not _NUMBER.fullmatch(text):
            raise UsageError(f'--set {setting}: "{text}" is no number of 0 or more.')
        values[check][name] = float(text)
    return Settings(values)
