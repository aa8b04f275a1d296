"""Optional fields of lines as the query reads them, raw JSON, and as the parser understands them."""

from __future__ import annotations

from typing import Final

import msgspec

from attrib.analysis.run import Run
from attrib.engines.scan import NUMBERS, Shape
from attrib.engines.scenes import Columns
from attrib.fields import COMPARED, LABELS
from attrib.incidents.scene import NOT_COMPARED, values_of_record
from attrib.records.model import Record

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
        self._parse = run.fresh_parser().parse
        self._known: list[dict[str, dict[str, str]]] = [{} for _ in self.fields]
        self._decode = msgspec.json.Decoder(dict[str, str]).decode

    def read(self, at: int, raw: str) -> dict[str, str]:
        """Name -> value of one raw value of the field; empty where it holds none that could be read."""
        known = self._known[at]
        found = known.get(raw)
        if found is None:
            if len(known) > 100_000:
                known.clear()
            found = known[raw] = self._read(at, raw)
        return found

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


def columns_of(fields: tuple[tuple[str, tuple[str, ...]], ...], shape: Shape, said: str, ours: str) -> Columns | None:
    """What the query reads of a file of this shape. None: a key means two things at once, and the parser reads it."""
    if shape.ours:
        return Columns(tuple((ours,) if name == _OURS else () for name, _ in fields), (said,))
    typed = {*NUMBERS, *shape.absent, *(key for keys in shape.texts.values() for key in keys)}
    if shape.clock is not None:
        typed.add(shape.clock.key)
    columns = Columns(tuple(keys for _, keys in fields))
    names = [key.lower() for key in (*typed, *columns.keys)]
    return columns if len(set(names)) == len(names) else None
