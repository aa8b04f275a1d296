"""Optional fields of lines as the query reads them, raw JSON, and as the parser understands them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import msgspec

from attrib.analysis.run import Run
from attrib.engines.scan import NUMBERS, Shape
from attrib.engines.scenes import Columns
from attrib.fields import COMPARED, LABELS
from attrib.incidents.scene import NOT_COMPARED, values_of_record
from attrib.records.model import Record

_ODD: Final = re.compile(r"true|false|[\[{].*|-?[0-9.]+(e[-+]?[0-9]+)?", re.ASCII | re.IGNORECASE | re.DOTALL)
_OURS: Final = "*"
"""Stands for the object in which canonical lines keep all of them, by name."""


class Values:
    """The fields that scenes compare, in a fixed order; values are read once each."""

    def __init__(self, run: Run) -> None:
        compared = [(field.name, field.keys) for field in COMPARED if field.name not in NOT_COMPARED]
        labels = [(f"label.{name}", (name,)) for name in dict.fromkeys(run.options.labels)]
        self.fields: tuple[tuple[str, tuple[str, ...]], ...] = (
            (_OURS, ()), (LABELS.name, LABELS.keys), *compared, *labels
        )  # fmt: skip
        self.raw: frozenset[int] = frozenset((0, 1))
        """Numbers of the fields that are read as raw JSON."""
        self._parse = run.fresh_parser().parse
        self._known: list[dict[str, dict[str, str]]] = [{} for _ in self.fields]
        self._decode = msgspec.json.Decoder(dict[str, str]).decode

    def read(self, at: int, value: str) -> dict[str, str]:
        """Name -> value of one value of the field, as the query gives it; empty where it is none that can be read."""
        known = self._known[at]
        found = known.get(value)
        if found is None:
            if len(known) > 100_000:
                known.clear()
            found = known[value] = self._read(at, value if at in self.raw else msgspec.json.encode(value).decode())
        return found

    @property
    def texts(self) -> list[int]:
        """The fields that are read as texts."""
        return [at for at in range(len(self.fields)) if at not in self.raw]

    def doubt(self, fields: Iterable[int]) -> None:
        """Read these fields as raw JSON from now on."""
        self.raw |= frozenset(fields)
        for at in fields:
            self._known[at].clear()

    def sample(self, lines: Iterable[bytes]) -> None:
        """Doubt the fields of which some line holds what is no text, or a text that looks like none."""
        found: set[int] = set()
        for line in lines:
            try:
                value = msgspec.json.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                continue
            for at in self.texts if isinstance(value, dict) else ():
                if any(_odd(value.get(key)) for key in self.fields[at][1]):
                    found.add(at)
        self.doubt(found)

    def _read(self, at: int, raw: str) -> dict[str, str]:
        name, keys = self.fields[at]
        if name == _OURS:
            return self._decode(raw)
        line = b'{"function":null,%s:%s}' % (msgspec.json.encode(keys[0]), raw.encode())
        record = self._parse(line)
        if not isinstance(record, Record):
            return {}
        found = values_of_record(record)
        return found if name == LABELS.name else {key: value for key, value in found.items() if key == name}


def _odd(value: object) -> bool:
    """Whether a value is no text, or a text that may have been none to a reader of texts."""
    return value is not None and (not isinstance(value, str) or _ODD.fullmatch(value) is not None)


def columns_of(values: Values, shape: Shape, said: str, ours: str) -> Columns | None:
    """What the query reads of a file of this shape. None: a key means two things at once, and the parser reads it."""
    fields = values.fields
    if shape.ours:
        return Columns(tuple((ours,) if name == _OURS else () for name, _ in fields), values.raw, (said,))
    typed = {*NUMBERS, *shape.absent, *(key for keys in shape.texts.values() for key in keys)}
    if shape.clock is not None:
        typed.add(shape.clock.key)
    columns = Columns(tuple(keys for _, keys in fields), values.raw)
    names = [key.lower() for key in (*typed, *columns.types)]
    return columns if len(set(names)) == len(names) else None
