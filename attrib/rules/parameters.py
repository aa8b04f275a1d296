"""Thresholds as they hold in one run: the packs' defaults, overridden by `--set`, for all or for one function."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from attrib.errors import UsageError
from attrib.rules.hints import hint
from attrib.rules.model import Fault, Pack, Parameter

_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_BELOW: Final = (("upstream_latency_low", "upstream_latency_dominant"),)
"""Pairs of which the first must stay below the second."""


class Parameters:
    """The thresholds of a run. Names, units and meanings are the packs'; see `all()`."""

    def __init__(self, known: Mapping[str, Parameter], overrides: Mapping[tuple[str, str | None], float]) -> None:
        self._known: Final = dict(known)
        self._overrides: Final = dict(overrides)

    def value(self, name: str, function: str | None = None) -> float:
        """The value in the parameter's own unit, for one function where it has its own. Raises KeyError if unknown."""
        for key in ((name, function), (name, None)):
            if key in self._overrides:
                return self._overrides[key]
        return self._known[name].default

    def all(self) -> tuple[Parameter, ...]:
        """Every parameter with its unit, meaning and bounds, in the packs' order."""
        return tuple(self._known.values())

    def functions(self, name: str) -> dict[str, float]:
        """Functions that have a value of their own for this parameter; an engine joins these."""
        return {
            function: value
            for (key, function), value in self._overrides.items()
            if key == name and function is not None
        }

    def as_dict(self) -> dict[str, float]:
        """Name, or `name@function`, -> value as the report shows it: an int where the number is whole."""
        shown = {name: _plain(self.value(name)) for name in self._known}
        own = sorted((name, function) for name, function in self._overrides if function is not None)
        return shown | {f"{name}@{function}": _plain(self._overrides[name, function]) for name, function in own}


def make_parameters(known: Mapping[str, Parameter], settings: Sequence[str]) -> Parameters:
    """Apply the `--set` strings, in order, the last of a name wins. Raises UsageError naming the setting at fault."""
    overrides: dict[tuple[str, str | None], float] = {}
    for setting in settings:
        name, function, value = _parse(setting, known)
        overrides[name, function] = value
    parameters = Parameters(known, overrides)
    for function in (None, *sorted({function for _, function in overrides if function is not None})):
        for lower, upper in _BELOW:
            if (
                lower in known
                and upper in known
                and not (parameters.value(lower, function) < parameters.value(upper, function))
            ):
                low, high = _plain(parameters.value(lower, function)), _plain(parameters.value(upper, function))
                where = f" for {function}" if function else ""
                raise UsageError(f"{lower} ({low}) must be below {upper} ({high}){where}. Change one of them.")
    return parameters


def merge_defaults(base: Mapping[str, Parameter], packs: Iterable[Pack], faults: list[Fault]) -> dict[str, Parameter]:
    """The base pack's parameters with the defaults of the other packs, the later pack winning; faults are added."""
    known = dict(base)
    for pack in packs:
        for name, (value, line) in pack.defaults.items():
            if name not in base:
                faults.append(Fault(pack.file, line, f'unknown parameter "{name}".{hint(name, base)}'))
                continue
            definition = pack.definitions.get(name)
            if definition is not None and definition.unit != base[name].unit:
                text = f'{name} is in "{base[name].unit}", not "{definition.unit}". Convert its default.'
                faults.append(Fault(pack.file, line, text))
            elif (wrong := _out_of_range(base[name], value)) is not None:
                faults.append(Fault(pack.file, line, wrong))
            else:
                known[name] = replace(
                    definition or base[name],
                    default=value,
                    low=base[name].low,
                    high=base[name].high,
                    integer=base[name].integer,
                    per_function=base[name].per_function,
                )
    return known


def _parse(setting: str, known: Mapping[str, Parameter]) -> tuple[str, str | None, float]:
    target, equals, text = setting.rpartition("=")
    name, at, function = (part.strip() for part in target.partition("@"))
    if not equals or not name:
        raise UsageError(f"--set {setting}: write name=value or name@function=value, as in latency_high_ms=800.")
    if name not in known:
        raise UsageError(f'--set {setting}: no parameter "{name}".{hint(name, known)}')
    parameter = known[name]
    if at and not function:
        raise UsageError(f"--set {setting}: no function after @. Write {name}@checkout=..., or leave @ out.")
    if at and not parameter.per_function:
        raise UsageError(f"--set {setting}: {name} is one for all functions. Write {name}=... without @.")
    if not _NUMBER.fullmatch(text.strip()):
        raise UsageError(f'--set {setting}: "{text.strip()}" is no number ({name} is in {parameter.unit}).')
    value = float(text)
    if (wrong := _out_of_range(parameter, value)) is not None:
        raise UsageError(f"--set {setting}: {wrong}")
    return name, function or None, value


def _out_of_range(parameter: Parameter, value: float) -> str | None:
    if parameter.integer and not value.is_integer():
        return f"{parameter.name} must be a whole number, not {value:g}."
    if not parameter.low <= value <= parameter.high:
        low, high = _plain(parameter.low), _plain(parameter.high)
        return f"{parameter.name} must be from {low} to {high} ({parameter.unit}), not {_plain(value)}."
    return None


def _plain(value: float) -> float:
    return int(value) if value.is_integer() else value
