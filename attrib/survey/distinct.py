"""The distinct values of fields and labels, in memory that does not grow with them.

Asked of: `function`, `stage`, `error_code` and `upstream`, every key of `labels`, and the fields that the user names
with --label. Beside these, the time series that a metric with all labels of a record would have. Memory: at most
`sketch.BOUND` values of each, about 300 bytes a value, and at most `MOST_LABELS` labels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, Literal, NamedTuple

from attrib.records.model import Record
from attrib.survey.sketch import Place, Sketch, hash_of, key_of, start_of

FIELDS: Final = ("function", "stage", "error_code", "upstream")
"""Fields of a record that become labels of the usual metrics."""
MOST_LABELS: Final = 64
"""Labels whose values are counted, the first by name; a metric with more has other troubles."""
LONGEST_NAME: Final = 200
MOST_PLACES: Final = 3
POOL: Final = 1000
"""Values, drawn by hash, whose first lines are looked up when a finding wants examples."""

Kind = Literal["field", "label"]


class Name(NamedTuple):
    """Whose values: a field of the record (also one named with --label), or a key of `labels`."""

    kind: Kind
    name: str


Finder = Callable[[Name, frozenset[str]], Iterator[tuple[Place, str]]]
"""(place, key) of the first lines with some values of a field, each value once, in the order of lines: up to
MOST_PLACES. For lines that a query counted."""


class Values:
    """Field or label -> its values."""

    def __init__(self, labels: tuple[str, ...]) -> None:
        self.named = tuple(sorted({name for name in labels if name not in FIELDS}))
        """The fields named with --label."""
        self.sketches: dict[Name, Sketch] = {Name("field", name): Sketch() for name in (*FIELDS, *self.named)}
        self.series = Sketch(hashed=int)
        """Combinations of all labels of a record, of records with any; the keys are hashes."""
        self.more_labels = False
        """There are more than MOST_LABELS labels; those that come later by name were not counted."""
        self.finders: list[Finder] = []
        """One for each part that queries counted, in the order of files and lines."""
        self.extra: tuple[tuple[Name, str], ...] = tuple((Name("field", name), f"label.{name}") for name in self.named)
        """The fields named with --label, and their keys in a record."""
        self._fields = tuple((self.sketches[Name("field", name)], name) for name in FIELDS)

    def see(self, record: Record) -> None:
        """Count one record's values."""
        place = record.file, record.line
        for sketch, name in self._fields:
            value = getattr(record, name)
            if value is not None:
                sketch.see(value, place)
        self.see_labels(record)

    def see_labels(self, record: Record) -> None:
        """Count one record's labels only."""
        if labels := list(labels_of(record, self.extra)):
            place = record.file, record.line
            for name, value in labels:
                if (known := self.sketch(name)) is not None:
                    known.see(value, place)
            self.series.see(str(combination(labels)), place)

    def see_alike(self, record: Record, n: int) -> None:
        """Count the labels of `n` records that have the same ones; where they stand is for the finders to say."""
        if labels := list(labels_of(record, self.extra)):
            for name, value in labels:
                self.add(name, key_of(value), n)
            self.series.add(str(combination(labels)), n)

    def add(self, name: Name, key: str, n: int) -> None:
        """Count `n` lines with the value of a key."""
        sketch = self.sketch(name)
        if sketch is not None:
            sketch.add(key, n)

    def sketch(self, name: Name) -> Sketch | None:
        """Where a field's or label's values are counted; None: it is one label too many.

        Whatever the order in which labels are met, those kept in the end are the first by name, counted in full.
        """
        name = Name(name.kind, name.name[:LONGEST_NAME])
        sketch = self.sketches.get(name)
        if sketch is None:
            sketch = self.sketches[name] = Sketch()
            labels = [known for known in self.sketches if known.kind == "label"]
            if len(labels) > MOST_LABELS:
                self.more_labels = True
                last = max(labels)
                del self.sketches[last]
                if last == name:
                    return None
        return sketch

    def __iter__(self) -> Iterator[tuple[Name, Sketch]]:
        """(name, values) of every field and label that has any, by name."""
        return iter(sorted((name, sketch) for name, sketch in self.sketches.items() if sketch.lines))

    @property
    def labels(self) -> dict[Name, Sketch]:
        """The labels: keys of `labels`, and the fields that the user named."""
        return {name: sketch for name, sketch in self if name.kind == "label" or name.name in self.named}

    def places(self, name: Name, wanted: Callable[[str], bool] = bool) -> list[Place]:
        """Up to three lines with different values that `wanted` holds of, the first ones of a sample of POOL values."""
        sketch = self.sketches[name]
        pool: dict[str, Place | None] = {}
        for key, kept in sketch.ordered():
            if wanted(start_of(key)):
                pool[key] = kept.place
                if len(pool) == POOL:
                    break
        found = {key: place for key, place in pool.items() if place is not None}
        for finder in self.finders:
            _note(found, finder(name, frozenset(pool)))
        return sorted(found.values())[:MOST_PLACES]


def _note(found: dict[str, Place], more: Iterable[tuple[Place, str]]) -> None:
    for place, key in more:
        if key not in found or place < found[key]:
            found[key] = place


def labels_of(record: Record, extra: Iterable[tuple[Name, str]]) -> Iterator[tuple[Name, str]]:
    """(name, value) of a record's labels; `extra`: the fields named with --label, and their keys in the record."""
    if record.labels:
        for name, value in record.labels.items():
            yield Name("label", name), value
    if record.extra:
        for field, key in extra:
            if (text := record.extra.get(key)) is not None:
                yield field, text


def combination(labels: Iterable[tuple[Name, str]]) -> int:
    """64 bits that tell one combination of labels from another, in whatever order they stand."""
    return hash_of("\1".join(sorted(f"{kind}\0{name}\0{value}" for (kind, name), value in labels)))
