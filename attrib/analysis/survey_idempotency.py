"""The survey's idempotency keys of a large input: a query where the log has such a key, else nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from attrib.analysis.pieces import Piece
from attrib.analysis.reading import Reading
from attrib.analysis.survey_again import records_of
from attrib.analysis.survey_rows import lines_of
from attrib.engines import idempotency
from attrib.engines.connect import EngineRefused
from attrib.survey.idempotency import Conflicts, Entry
from attrib.survey.places import Spot
from attrib.survey.survey import Survey


def fill(reading: Reading, survey: Survey, without: Collection[str] = ()) -> None:
    """Find the conflicts of the whole log, whatever was seen line by line already.

    `without`: paths of parts in which another pass has seen that no line has such a key.
    """
    proven = [settled.piece for settled in reading.settled if not settled.piece.canonical]
    pieces = [piece for piece in proven if piece.path not in without]
    if not pieces:
        return
    engine, bounds = reading.engine, reading.bounds
    idempotency.begin(engine)
    strict = []
    for piece in pieces:
        try:
            idempotency.add(engine, piece.path, piece.shape, bounds)
            strict.append(piece)
        except EngineRefused:  # such as a line with one of these keys twice
            for record, _ in records_of(reading.run, piece):
                survey.idempotency.see(record)
    if not strict:
        return
    seen = dict(survey.idempotency)
    prints = [(slot, one.function, text) for slot, one in seen.items() for text in sorted({one.least, one.most})]
    idempotency.add_seen(engine, prints)
    found = {function: Conflicts(keys, conflicts) for function, keys, conflicts in idempotency.count(engine)}
    if any(one.conflicts for one in found.values()):
        for function, spots in _places(reading, strict, seen).items():
            for spot in spots:
                found[function].examples.add(spot)
    survey.idempotency.answer(found)


def _places(reading: Reading, pieces: list[Piece], seen: dict[int, Entry]) -> dict[str | None, list[Spot]]:
    """Function -> the first lines of each key's least and greatest fingerprint, those that may be among the first."""
    first: dict[tuple[str | None, int, str], Spot] = {}
    for slot, text in idempotency.extremes(reading.engine, seen):
        entry = seen[slot]
        for print_, spot in ((entry.least, entry.least_at), (entry.most, entry.most_at)):
            if print_ == text:
                first[entry.function, slot, text] = min(spot, first.get((entry.function, slot, text), spot))
    for piece in pieces:
        rows = idempotency.places(reading.engine, piece.path, piece.shape, reading.bounds)
        lines = lines_of(piece, (row for *_, row in rows))
        for function, slot, text, row in rows:
            spot = (piece.index, lines[row])
            first[function, slot, text] = min(spot, first.get((function, slot, text), spot))
    found: defaultdict[str | None, list[Spot]] = defaultdict(list)
    for (function, _, _), spot in first.items():
        found[function].append(spot)
    return found
