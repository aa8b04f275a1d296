"""What the proven pieces of a large input hold as text: the few lines that may hold anything are looked into.

Figures are exact up to a bound: of the lines that match one combination of classes (an e-mail address in each line,
say) the first FLOOD of a run are looked into, and then these classes are no longer looked for. A rare secret among such
lines is of another class.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from typing import Final

from attrib.analysis.pieces import Piece
from attrib.analysis.reading import Reading
from attrib.engines.lines import LONG, matching
from attrib.fields import KEYS
from attrib.survey.candidates import PATTERNS, types_pattern, value_pattern
from attrib.survey.content import Content
from attrib.survey.survey import Survey
from attrib.survey.types import TEXT, USUAL, Place

FLOOD: Final = 10_000
"""Lines of one combination of classes that are looked into: 0.3 s."""
HEAD: Final = 200
"""First lines of a piece that are all looked into: they show the usual types."""
TYPES: Final = "types"
CLASSES: Final = (*PATTERNS, TYPES, LONG)


def fill(reading: Reading, survey: Survey) -> None:
    """Look into the proven pieces."""
    content = survey.content
    threads = reading.run.options.threads or min(os.cpu_count() or 2, 8)
    seen: Counter[int] = Counter()
    enough: set[str] = set()
    for piece in (settled.piece for settled in reading.settled if not settled.piece.canonical):
        head = _head(piece, content)
        usual = _usual(content, piece.index)
        classes = {**PATTERNS, TYPES: types_pattern(usual)}
        for found in matching(piece.path, classes, longer=content.chars, threads=threads, enough=enough):
            if found.line <= head:
                continue
            seen[found.bits] += 1
            if seen[found.bits] <= FLOOD:
                content.see(found.text.encode(), piece.index, piece.first_line + found.line - 1)
            else:
                enough.update(name for at, name in enumerate(CLASSES) if found.bits >> at & 1)
        _first_usual(piece, content, usual, threads)
    content.flooded |= enough


def _head(piece: Piece, content: Content) -> int:
    """Look into the first lines of a piece; how many they are."""
    lines = 0
    with open(piece.path, "rb") as file:  # noqa: PTH123 - readline of a plain file
        for data in file:
            if lines == HEAD:
                break
            data = data.removeprefix(b"\xef\xbb\xbf") if not lines else data
            if data.strip():
                content.see(data.removesuffix(b"\n"), piece.index, piece.first_line + lines)
            lines += 1
    return lines


def _usual(content: Content, file: int) -> dict[str, str]:
    """Key -> the type it begins with in a file, where that is not a text and may be."""
    first: dict[str, tuple[int, str]] = {}
    for place, seen in content.types.rows.items():
        if place.file == file and place.key in KEYS and len(USUAL[KEYS[place.key].kind]) > 1:
            first[place.key] = min(first.get(place.key, (seen.line, place.type)), (seen.line, place.type))
    return {key: kind for key, (_, kind) in first.items() if kind != TEXT and kind in USUAL[KEYS[key].kind]}


def _first_usual(piece: Piece, content: Content, begun: Mapping[str, str], threads: int) -> None:
    """Where a field has an unusual type only, as far as was looked: the first line of the usual one, if there is."""
    keys = {place.key for place in content.types.rows if place.file == piece.index and place.key in KEYS}
    for key in sorted(keys):
        usual = begun.get(key, USUAL[KEYS[key].kind][0])
        if usual not in content.types.of(key, piece.index):
            for found in matching(piece.path, {key: value_pattern(key, usual)}, threads=threads):
                content.types.add(Place(key, piece.index, usual), 1, piece.first_line + found.line - 1)
                break
        types = content.types.of(key, piece.index)
        if usual in types and min(seen.line for seen in types.values()) < types[usual].line:
            content.types.partial.add((key, piece.index))
