"""The JSON types of the known fields, by file: how often each and where first.

Only lines that are M1's (they have function, status or upstream_status) count, whatever became of them; null, "" and
"-" are no values. A number of the field's unit and its digits in a text are two types here, as they are in a store.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from attrib.fields import KEYS, LABELS, RECORD_KEYS, Kind
from attrib.records.values import is_number

TEXT: Final = "text"
INTEGER: Final = "integer"
NUMBER: Final = "number"
FRACTION: Final = "fraction"
DIGITS: Final = "digits in a text"
BOOLEAN: Final = "true or false"
LIST: Final = "list"
OBJECT: Final = "object"
OUTSIDE: Final = "code outside of 100 to 599"
USUAL: Final[Mapping[Kind, tuple[str, ...]]] = {
    "id": (TEXT, INTEGER), "text": (TEXT, INTEGER), "hash": (TEXT, INTEGER), "time": (TEXT, NUMBER),
    "status": (INTEGER,), "upstream_status": (INTEGER,), "ms": (NUMBER,), "ratio": (NUMBER,), "count": (INTEGER,),
    "labels": (OBJECT,), "traceparent": (TEXT,),
}  # fmt: skip
"""The types that a field of a kind may have by its schema; the first is the better one."""


class Place(NamedTuple):
    """A key of the records of one file, and a type of its values."""

    key: str
    file: int
    type: str


@dataclass(slots=True)
class Seen:
    """In how many lines, and in which first."""

    n: int
    line: int


class Types:
    """Place -> seen. Bounded: known keys and types only, by file."""

    def __init__(self) -> None:
        self.rows: dict[Place, Seen] = {}
        self.partial: set[tuple[str, int]] = set()
        """(key, file) whose counts are lower bounds: the engine did not count the type that became usual later on."""

    def see(self, record: Mapping[str, Any], file: int, line: int) -> None:
        """The fields of one line."""
        if not any(key in record for key in RECORD_KEYS):
            return
        for key, value in record.items():
            if key in KEYS and (kind := type_of(KEYS[key].kind, value)) is not None:
                self.add(Place(key, file, kind), 1, line)
        labels = record.get(LABELS.name)
        if isinstance(labels, dict) and any(isinstance(value, dict | list) for value in labels.values()):
            self.add(Place(f"{LABELS.name} values", file, OBJECT), 1, line)

    def add(self, place: Place, n: int, line: int) -> None:
        """So many lines more, of which `line` is the first."""
        seen = self.rows.get(place)
        if seen is None:
            self.rows[place] = Seen(n, line)
        else:
            seen.n += n
            seen.line = min(seen.line, line)

    def of(self, key: str, file: int) -> dict[str, Seen]:
        """Type -> seen, of one key in one file."""
        return {place.type: seen for place, seen in self.rows.items() if place.key == key and place.file == file}

    def by_key(self) -> Iterator[tuple[str, dict[int, dict[str, Seen]]]]:
        """(key, file -> type -> seen), by key."""
        for key in sorted({place.key for place in self.rows}):
            files = sorted({place.file for place in self.rows if place.key == key})
            yield key, {file: self.of(key, file) for file in files}


def type_of(kind: Kind, value: Any) -> str | None:
    """The type of one value of a field; None for null, and for a word where a status may be one."""
    if value is None or (isinstance(value, str) and value in ("", "-")):
        return None
    if isinstance(value, bool):
        return BOOLEAN
    if isinstance(value, list):
        return LIST
    if isinstance(value, dict):
        return OBJECT
    if isinstance(value, str):
        if kind in ("status", "upstream_status"):
            return DIGITS if is_number(value) else None
        return DIGITS if kind in ("ms", "ratio", "count") and is_number(value) else TEXT
    return _number_type(kind, value)


def _number_type(kind: Kind, value: Any) -> str:
    if kind in ("ms", "ratio", "time"):
        return NUMBER
    if isinstance(value, float):
        return FRACTION
    if kind in ("status", "upstream_status") and not 100 <= value <= 599 and value != 0:
        return OUTSIDE
    return INTEGER
