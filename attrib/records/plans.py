"""What to read from lines with a given set of keys: worked out once per set, since a logger writes few of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from attrib.fields import COMPARED, KEYS, LABELS, OPTIONAL, RECORD_KEYS, TIME, TRACEPARENT, Kind
from attrib.records import values

_PLANS_MAX: Final = 2000
_KEYS_MAX: Final = 200
_KEY_CHARS_MAX: Final = 10_000
"""Bounds of what is remembered: a log may bring new keys on every line, and keys as long as lines."""
_NAMES_MAX: Final = 10_000
"""Unknown names counted; far more than are shown, so that the frequent ones are among them."""
_NAME_MAX: Final = 200
"""Longer names are cut: a name may be as long as its line."""


def _labels(value: Any) -> dict[str, Any]:
    if type(value) is dict:
        return value
    raise ValueError


_READERS: Final[dict[Kind, Callable[[Any], Any]]] = {
    "text": values.text,
    "ms": values.number,
    "count": values.count,
    "ratio": values.number,
    "hash": values.digest,
    "labels": _labels,
    "traceparent": values.traceparent,
}


class Reading(NamedTuple):
    """One optional field that occurs in a set of keys."""

    name: str
    """Canonical name, or `label.NAME`."""
    keys: tuple[str, ...]
    """Those of its keys that occur, in the order they are asked."""
    read: Callable[[Any], Any]
    extra: bool
    """It goes to `Record.extra`, not to an attribute."""


@dataclass(slots=True, eq=False)
class Plan:
    """How to read a line with one set of keys in one order."""

    is_record: bool
    time_keys: tuple[str, ...]
    readings: tuple[Reading, ...]
    unknown: tuple[str, ...]
    lines: int = 0
    """Accepted lines read with it since they were last asked for."""


class Plans:
    """The plans of one parser."""

    def __init__(self, labels: Sequence[str]) -> None:
        self._labels = tuple(dict.fromkeys(labels))
        self._plans: dict[tuple[str, ...], Plan] = {}
        self._passing: Plan | None = None
        """The last plan that was too large to remember."""
        self._unknown: Counter[str] = Counter()

    def of(self, keys: tuple[str, ...]) -> Plan:
        """The plan of a line's keys, in the line's order."""
        plan = self._plans.get(keys)
        if plan is None:
            plan = self._make(keys)
            self._settle(self._passing)
            self._passing = None
            if len(keys) > _KEYS_MAX or sum(map(len, keys)) > _KEY_CHARS_MAX:
                self._passing = plan
            else:
                if len(self._plans) >= _PLANS_MAX:
                    self._forget()
                self._plans[keys] = plan
        return plan

    def take_unknown(self) -> Counter[str]:
        """Unknown key -> accepted lines since the last call."""
        self._settle(self._passing)
        for plan in self._plans.values():
            self._settle(plan)
        unknown, self._unknown = self._unknown, Counter()
        return unknown

    def _forget(self) -> None:
        for plan in self._plans.values():
            self._settle(plan)
        self._plans.clear()

    def _settle(self, plan: Plan | None) -> None:
        if plan is None or not plan.lines:
            return
        for name in plan.unknown:
            if name in self._unknown or len(self._unknown) < _NAMES_MAX:
                self._unknown[name] += plan.lines
        plan.lines = 0

    def _make(self, keys: tuple[str, ...]) -> Plan:
        present = set(keys)
        readings = [
            Reading(field.name, found, _READERS[field.kind], field in COMPARED)
            for field in (*OPTIONAL, LABELS, TRACEPARENT)
            if (found := tuple(key for key in field.keys if key in present))
        ]
        wanted = [name for name in self._labels if name in present]
        readings += [Reading(f"label.{name}", (name,), values.scalar, True) for name in wanted]
        return Plan(
            is_record=any(key in present for key in RECORD_KEYS),
            time_keys=tuple(key for key in TIME.keys if key in present),
            readings=tuple(readings),
            unknown=tuple(_cut(key) for key in keys if key not in KEYS and key not in self._labels),
        )


def _cut(name: str) -> str:
    return name if len(name) <= _NAME_MAX else f"{name[:_NAME_MAX]}…"
