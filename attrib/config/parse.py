"""The text of one `attrib.toml` -> Config, with every fault and its line. Nothing here reads it from the disk."""

from __future__ import annotations

import math
import os
import re
import tomllib
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from attrib.config.model import Config
from attrib.errors import UsageError
from attrib.options import ConfigUsed
from attrib.rules.hints import hint, shown
from attrib.rules.lines import Lines
from attrib.rules.load import load_rules, pack_names
from attrib.rules.model import Fault, Parameter, RulePackError
from attrib.rules.parameters import make_parameters

KEYS: Final = (
    "rules",
    "tz",
    "input_tz",
    "labels",
    "probes",
    "baseline",
    "parties",
    "thresholds",
    "functions",
    "checks",
)
"""Keys of the file, in the order of docs/configuration.md."""
PARTY_KEYS: Final = ("vendors", "own")
_TOML_LINE: Final = re.compile(r"\s*\(at line (\d+), column \d+\)|\s*\(at end of document\)")


def parse_config(text: str, used: ConfigUsed, folder: str = "") -> tuple[Config, list[Fault]]:
    """What the text says, and what is wrong with it; the Config is of use only where nothing is.

    `folder` is where the file lies, seen from the current folder ("": the same): paths in it start there.
    """
    try:
        document = tomllib.loads(text)
    except ValueError as error:  # not only TOMLDecodeError: a number of 5,000 digits is Python's own refusal
        found = _TOML_LINE.search(str(error))
        line = int(found[1]) if found and found[1] else text.rstrip().count("\n") + 1
        sentence = _TOML_LINE.sub("", str(error)).rstrip(".")
        return Config(used), [
            Fault(used.path, line, f"this is no TOML: {sentence}. Mend the line; nothing after it was read.")
        ]
    except RecursionError:
        return Config(used), [Fault(used.path, 1, "this TOML is nested too deeply to be a configuration.")]
    reader = _Reader(document, used.path, folder, Lines(text))
    return reader.read(used), reader.faults


class _Reader:
    """Reads one document and collects what is wrong with it."""

    def __init__(self, document: dict[str, Any], file: str, folder: str, lines: Lines) -> None:
        self.document, self.file, self.folder, self.lines = document, file, folder, lines
        self.faults: list[Fault] = []
        self.settings: dict[tuple[str, ...], list[str]] = {}
        """Table -> its thresholds in the form of `--set`."""
        # The base pack defines every parameter there is; other packs can only change its defaults.
        self.known: dict[str, Parameter] = {p.name: p for p in load_rules(("m1",)).parameters.all()}

    def fault(self, text: str, *path: str, value: object = None) -> None:
        """Note a fault at a key, or at the line where `value` stands in it."""
        line = self.lines.of(*path) if value is None else self.lines.of_value(value, *path)
        self.faults.append(Fault(self.file, line, text))

    def read(self, used: ConfigUsed) -> Config:
        """The configuration; to throw away when `faults` is not empty."""
        for key in self.document:
            if key not in KEYS:
                self.fault(f'unknown key "{key}" in a configuration.{self._belongs(key)}', key)
        vendors, own = self._parties()
        self._thresholds()
        self._functions()
        checks = self._checks()
        config = Config(
            used,
            rules=self._rules(),
            tz=self._zone("tz"),
            input_tz=self._zone("input_tz"),
            vendors=vendors,
            own=own,
            labels=self._names("labels"),
            probes=self._names("probes"),
            baseline=self._baseline(),
            settings=(*(setting for settings in self.settings.values() for setting in settings), *checks),
        )
        if not self.faults:
            self._together(config)
        return config

    def _belongs(self, key: str) -> str:
        """Where a key belongs that stands at the top, else the near name."""
        if key in self.known:
            return f" It belongs below [thresholds], or below [functions.NAME] for one function: {key} = ..."
        if key in PARTY_KEYS:
            return f" It belongs below [parties]: {key} = [...]"
        return hint(key, KEYS)

    def _table(self, *path: str, remedy: str) -> dict[str, Any]:
        value: Any = self.document
        for key in path:
            value = value.get(key, {})
        if isinstance(value, dict):
            return value
        self.fault(f"{'.'.join(path)} must be a table, not {shown(value)}. {remedy}", *path)
        return {}

    def _names(self, *path: str, empty: bool = True) -> tuple[str, ...]:
        """A list of names; a fault for each thing in it that is none."""
        value: Any = self.document
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        if value is None:
            return ()
        if not isinstance(value, list) or (not value and not empty):
            self.fault(f'{path[-1]} must be a list: write {path[-1]} = ["...", "..."], not {shown(value)}.', *path)
            return ()
        wrong = [one for one in value if not isinstance(one, str) or not one.strip()]
        for one in wrong:
            self.fault(f"{path[-1]} holds names in quotes, not {shown(one)}.", *path, value=one)
        return () if wrong else tuple(value)

    def _parties(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        table = self._table("parties", remedy='Write [parties], and below it vendors = ["..."] and own = ["..."].')
        for key in table:
            if key not in PARTY_KEYS:
                self.fault(f'unknown key "{key}" below [parties].{hint(key, PARTY_KEYS)}', "parties", key)
        vendors, own = self._names("parties", "vendors"), self._names("parties", "own")
        for name in own:
            if name.strip().casefold() in {other.strip().casefold() for other in vendors}:
                self.fault(
                    f"{shown(name)} stands in vendors and in own. Keep it in one of them.", "parties", "own", value=name
                )
        return vendors, own

    def _thresholds(self) -> None:
        remedy = "Write [thresholds], and below it latency_high_ms = 800."
        for name, value in self._table("thresholds", remedy=remedy).items():
            if isinstance(value, dict) and name not in self.known:
                text = f"thresholds.{name} is a table. One function's own thresholds stand below [functions.{name}]."
                self.fault(text, "thresholds", name)
            else:
                self._threshold(name, value, "thresholds")

    def _functions(self) -> None:
        remedy = "Write [functions.checkout], and below it latency_high_ms = 800."
        for function in self._table("functions", remedy=remedy):
            if not function.strip():
                self.fault("a function's name cannot be empty. Name it, or take the table out.", "functions", function)
                continue
            remedy = f"Write [functions.{function}], and below it latency_high_ms = 800."
            for name, value in self._table("functions", function, remedy=remedy).items():
                self._threshold(name, value, "functions", function)

    def _threshold(self, name: str, value: Any, *table: str) -> None:
        """Adds the setting that a key of a table stands for; a fault for what cannot be."""
        parameter = self.known.get(name)
        for_one = table[0] == "functions"
        if parameter is None:
            self.fault(f'unknown threshold "{name}".{hint(name, self.known)}', *table, name)
        elif for_one and not parameter.per_function:
            self.fault(f"{name} is one for all functions. Move it below [thresholds].", *table, name)
        elif isinstance(value, bool) or not isinstance(value, int | float):
            self.fault(f"{name} must be a number ({parameter.unit}), not {shown(value)}.", *table, name)
        else:
            setting = f"{name}@{table[1]}={value!r}" if for_one else f"{name}={value!r}"
            try:
                # A pair (low below dominant) is looked at when all of the file is known.
                make_parameters({name: parameter}, [setting])
            except UsageError as error:
                self.fault(str(error).removeprefix(f"--set {setting}: "), *table, name)
            else:
                self.settings.setdefault(table, []).append(setting)

    def _checks(self) -> list[str]:
        """The settings that [checks.NAME] tables stand for; a fault for what cannot be."""
        found: list[str] = []
        if "checks" not in self.document:
            return found
        from attrib.checks.catalogue import defaults

        known = defaults()
        for check in self._table("checks", remedy="Write [checks.retry-storm], and below it amplification = 2."):
            if check not in known:
                self.fault(f'no check "{check}".{hint(check, known)}', "checks", check)
                continue
            for name, value in self._table("checks", check, remedy=f"Write [checks.{check}].").items():
                path = ("checks", check, name)
                if name not in known[check]:
                    more = hint(name, known[check]) if known[check] else f" {check} has none."
                    self.fault(f'{check} has no parameter "{name}".{more}', *path)
                elif isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
                    self.fault(f"{name} must be a number of 0 or more, not {shown(value)}.", *path)
                else:
                    found.append(f"{check}.{name}={Decimal(repr(value)):f}")
        return found

    def _zone(self, key: str) -> str | None:
        value = self.document.get(key)
        if value is None:
            return None
        try:
            if not isinstance(value, str):
                raise ValueError(value)
            if value.upper() not in ("UTC", "Z"):
                ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.fault(f'{key} must be a time zone, as in {key} = "Europe/Berlin" or "UTC", not {shown(value)}.', key)
            return None
        return value

    def _rules(self) -> tuple[str, ...] | None:
        if "rules" not in self.document:
            return None
        shipped = pack_names()
        packs = []
        for name in self._names("rules", empty=False):
            path = name if name in shipped else self._from_here(name)
            if name not in shipped and not os.path.lexists(path):
                where = f"no rule pack and no file {shown(name)}, seen from the folder of this configuration."
                self.fault(f"{where}{hint(name, shipped)}", "rules", value=name)
            packs.append(path)
        return tuple(packs)

    def _baseline(self) -> tuple[str, ...]:
        names = self._names("baseline")
        if "-" in names:
            self.fault('baseline cannot be standard input ("-"). Name files, folders or globs.', "baseline", value="-")
        return tuple(self._from_here(name) for name in names)

    def _from_here(self, path: str) -> str:
        # os.path and not Path: a glob keeps its form, and nothing becomes "./".
        return os.path.join(self.folder, path) if self.folder else path  # noqa: PTH118

    def _together(self, config: Config) -> None:
        """Thresholds that are sound alone and contradict each other, or the defaults of the packs."""
        try:
            packs = load_rules(config.rules) if config.rules is not None else load_rules()
        except RulePackError:
            return  # the run reads these packs again and says what is wrong with them
        defaults = {parameter.name: parameter for parameter in packs.parameters.all()}
        for_all = self.settings.pop(("thresholds",), [])
        for path, settings in {("thresholds",): [], **self.settings}.items():
            try:
                make_parameters(defaults, [*for_all, *settings])
            except UsageError as error:
                table = self._table(*path, remedy="")
                self.fault(str(error), *path, *[name for name in table if name in str(error)][:1])
                if path == ("thresholds",):
                    return  # every function would say the same once more
