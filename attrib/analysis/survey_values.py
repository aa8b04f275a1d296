"""The values of fields and labels in the proven parts of a large input.

Fields come from the groups that reading made of every part, so a log without labels costs no query here. Which lines
have a value is looked up only when a finding wants examples, from the part's own bytes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from typing import Final

import msgspec

from attrib.analysis.pieces import Piece
from attrib.analysis.reading import Reading, Settled
from attrib.analysis.run import Run
from attrib.engines import labels
from attrib.engines.connect import EngineRefused
from attrib.engines.labels import Columns, Level
from attrib.records.model import Record
from attrib.records.values import NULLS
from attrib.sources.find import Source
from attrib.sources.lines import BLOCK_SIZE, Block, iter_blocks
from attrib.sources.open import open_source
from attrib.survey.distinct import FIELDS, MOST_LABELS, MOST_PLACES, Name, Values, labels_of
from attrib.survey.sketch import Place, key_of, start_of
from attrib.survey.survey import Survey

_NOT_NULLABLE: Final = ("function", "stage")
"""Of these only "" is null (records.values.NULLS)."""
_PLAIN: Final = re.compile(r"[A-Za-z0-9_.:@+-]+")
"""What every JSON writer writes as it is."""
CHUNK: Final = 4 * 1024 * 1024
"""Bytes searched at a time: putting the patterns together costs a millisecond each time."""
_ENCODE: Final = msgspec.json.Encoder().encode


def fill(reading: Reading, survey: Survey, unlabelled: Collection[str] = ()) -> None:
    """Count the values of all proven parts.

    `unlabelled`: paths of parts in which another pass has seen that no line has the key `labels`; others are searched.
    """
    values = survey.values
    for settled in reading.settled:
        piece = settled.piece
        if not piece.canonical:
            _fields(settled, values)
            _labels(reading, settled, values, piece.path not in unlabelled and labels.may_have_labels(piece.path))
            values.finders.append(_finder(reading.run, piece, values))


def _fields(settled: Settled, values: Values) -> None:
    for field in FIELDS:
        counts: Counter[str | None] = Counter()
        for group in settled.every:
            counts[getattr(group, field)] += group.n
        nulls = ("",) if field in _NOT_NULLABLE else NULLS
        for text, n in counts.items():
            if text is not None and text not in nulls:
                values.add(Name("field", field), key_of(text), n)


def _labels(reading: Reading, settled: Settled, values: Values, there: bool) -> None:
    piece, named = settled.piece, values.named
    if not there and not named:
        return
    others = piece.objects > sum(group.n for group in settled.every)
    columns = Columns(piece.path, there or "labels" in named, named, others)
    try:
        sets = piece.objects if piece.objects <= labels.FEW else labels.sets(reading.engine, columns)
        if sets <= labels.FEW:
            _by_set(reading, columns, values)
        elif not _by_value(reading, columns, values, sets):
            _by_line(reading.run, piece, values)
    except (EngineRefused, ValueError):  # ValueError: a name that no query can hold
        _by_line(reading.run, piece, values)


def _by_set(reading: Reading, columns: Columns, values: Values) -> None:
    parser = reading.run.fresh_parser()
    for texts, n in labels.grouped(reading.engine, columns):
        pairs = (_ENCODE(name) + b":" + text.encode() for name, text in texts.items() if name != "function")
        record = parser.parse(b'{"function":null,' + b",".join(pairs) + b"}") if texts else None
        if isinstance(record, Record):
            values.see_alike(record, n)


def _by_value(reading: Reading, columns: Columns, values: Values, sets: int) -> bool:
    """False, with nothing counted: Python has to read some of these values."""
    totals = labels.totals(reading.engine, columns, len(columns.named) + MOST_LABELS + 1)
    if totals is None:
        return False
    bound = values.series.bound
    wanted = {total.name: labels.level_of(total.distinct, bound) for total in totals}
    came: Counter[str] = Counter()
    while wanted:
        for text, key, n in labels.sampled(reading.engine, columns, wanted):
            came[text] += 1
            if (sketch := values.sketch(_name(text))) is not None:
                sketch.put(key, n)
        # Too few: their number had been guessed too high. The values between are asked for as well.
        few = {name: level for name, level in wanted.items() if level.zeros and came[name] <= bound}
        wanted = {name: _lower(level) for name, level in few.items()}
    for total in totals:
        if (sketch := values.sketch(_name(total.name))) is not None:
            sketch.lines += total.lines
    _series(reading, columns, values, labels.level_of(sets, bound))
    return True


def _series(reading: Reading, columns: Columns, values: Values, level: Level) -> None:
    came, lines = 0, 0
    while True:
        for key, n in labels.series(reading.engine, columns, level):
            lines += n if level.below is None else 0
            if key is not None:
                came += 1
                values.series.put(key, n)
        if not level.zeros or came > values.series.bound:
            break
        level = _lower(level)
    values.series.lines += lines


def _lower(level: Level) -> Level:
    return Level(max(level.zeros - 2, 0), level.zeros)


def _name(text: str) -> Name:
    kind, _, name = text.partition("\0")
    return Name("field" if kind == "field" else "label", name)


def _by_line(run: Run, piece: Piece, values: Values) -> None:
    parser = run.fresh_parser()
    for block in _blocks(piece):
        for line in block:
            record = parser.parse(line.data, piece.index, line.number + piece.first_line - 1)
            if isinstance(record, Record):
                values.see_labels(record)


def _blocks(piece: Piece, size: int = BLOCK_SIZE) -> Iterator[Block]:
    with open_source(Source(piece.path)) as stream:
        yield from iter_blocks(stream, size)


def _finder(run: Run, piece: Piece, values: Values) -> Callable[[Name, frozenset[str]], Iterator[tuple[Place, str]]]:
    """Looks for the first lines of a piece with some values of a field (survey.distinct.Finder)."""

    def find(name: Name, keys: frozenset[str]) -> Iterator[tuple[Place, str]]:
        parser = run.fresh_parser()
        patterns = sorted({_pattern(key) for key in keys})
        found: set[str] = set()
        for block in _blocks(piece, CHUNK):
            lines = block.data.decode().split("\n")
            for at in labels.holding(lines, patterns):
                record = parser.parse(lines[at].encode(), piece.index)
                key = _value(record, name, values) if isinstance(record, Record) else None
                if key in keys and key not in found:
                    found.add(key)
                    yield (piece.index, block.first_line + at + piece.first_line - 1), key
                    if len(found) == min(MOST_PLACES, len(keys)):
                        return

    return find


def _pattern(key: str) -> str:
    """What every line with the value holds, unless it writes letters as escapes; its lines are not found then."""
    return max(_PLAIN.findall(start_of(key)), key=len, default="")


def _value(record: Record, name: Name, values: Values) -> str | None:
    """The key of a record's value of a field."""
    if name.kind == "field" and name.name in FIELDS:
        value = getattr(record, name.name)
    else:
        value = dict(labels_of(record, values.extra)).get(name)
    return None if value is None else key_of(value)
