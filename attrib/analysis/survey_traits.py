"""The survey's traits and steps back in time of what was proven, by one query per piece."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from attrib.analysis.pieces import Piece
from attrib.analysis.reading import Reading
from attrib.analysis.survey_again import first_timed, last_time, records_of
from attrib.analysis.survey_rows import lines_of
from attrib.engines import traits
from attrib.engines.connect import EngineRefused
from attrib.engines.traits import Plan, Row
from attrib.records.model import Record
from attrib.records.parse import Parser
from attrib.survey.order import Stretch
from attrib.survey.survey import Survey
from attrib.survey.traits import Bit, Bounds, Trait, ends, outcome_bits
from attrib.survey.unknown_words import is_unknown

_ENCODE = msgspec.json.Encoder().encode


class Keys(NamedTuple):
    """What a piece may have, and then needs queries of its own. False is certain."""

    labels: bool
    idempotency: bool


def fill(reading: Reading, survey: Survey) -> dict[str, Keys]:
    """Count the records of all proven pieces. Returns what each one, by its path, has beside the usual fields.

    A piece is read line by line where the query cannot tell all of it: times in several forms (of one form per file,
    ISO 8601 or a whole epoch number, the query reads all), or a key on one line twice.
    """
    proven = [settled for settled in reading.settled if not settled.piece.canonical]
    pieces = [settled.piece for settled in proven]
    groups = [group for settled in proven for group in settled.every]
    codes = {group.error_code for group in groups if group.error_code}
    claims = tuple(sorted(code for code in codes if survey.words.claims_upstream_failure(code)))
    # The usual names, so that too many of them are taken together inside the query already; the rows say the rest.
    survey.traits.see_names(
        {group.function or None for group in groups},
        {None if group.upstream in ("", "-") else group.upstream for group in groups},
    )
    found: dict[str, Keys] = {}
    for piece in pieces:
        rows = _rows(reading, survey, piece, claims)
        if rows is None:
            found[piece.path] = Keys(labels=True, idempotency=True)
            survey.order.begin(piece.index, piece.first_line)
            for record, more in records_of(reading.run, piece):
                survey.traits.see(record, more)
                survey.unknown_words.see(record)
                survey.order.see(record)
            continue
        found[piece.path] = Keys(any(row.labelled for row in rows), any(row.keyed for row in rows))
        _add(survey, piece, rows, _outcomes(reading, survey, piece))
        _stretch(reading, survey, piece, alone=sum(other.index == piece.index for other in pieces) == 1)
    return found


def _rows(reading: Reading, survey: Survey, piece: Piece, claims: tuple[str, ...]) -> list[Row] | None:
    """The rows of a piece; None where the query cannot tell all of it."""
    run, newest = reading.run, reading.run.times.last
    plan = Plan(
        (survey.traits.functions.level, survey.traits.upstreams.level),
        all_records=not run.accounts.files[piece.index].skipped,
        future=newest is None or newest > survey.bounds.future_us,
        claims=claims,
    )
    try:
        odd = traits.odd_times(reading.engine, piece.path, piece.shape, reading.bounds)
        parse = run.parser.time
        if len(odd) > traits.MOST_ODD or any(parse(text)[0] is not None for text in odd):
            return None
        return list(traits.read_traits(reading.engine, piece.path, piece.shape, reading.bounds, survey.bounds, plan))
    except EngineRefused:
        return None


Told = tuple[int, str | None]
"""(bits, a word as upstream_status that the packs do not know)."""


def _add(survey: Survey, piece: Piece, rows: list[Row], told_by: Callable[[Row], Told]) -> None:
    lines = lines_of(piece, (row.row for row in rows))
    for row in rows:
        line = lines[row.row]
        bits, word = told_by(row)
        survey.traits.add(
            Trait(piece.index, row.function, row.upstream, row.id_kind, row.bits | bits, row.bin), row.n, line
        )
        if word is not None:
            survey.unknown_words.add(row.function, word, row.n, (piece.index, line))
        if row.backwards:
            survey.order.add(piece.index, row.n, line, row.step_us or 0)


def _stretch(reading: Reading, survey: Survey, piece: Piece, *, alone: bool) -> None:
    """Say when a piece begins and ends, where another stretch of its file may lie beside it."""
    if alone and all(stretch.file != piece.index for stretch in survey.order.stretches):
        return
    first = first_timed(reading.run, piece)
    if first is not None:
        last = last_time(reading.run, piece)
        survey.order.stretches.append(Stretch(piece.index, *first, last))


def _outcomes(reading: Reading, survey: Survey, piece: Piece) -> Callable[[Row], Told]:
    """What tells of a row what only the parser knows."""
    words = survey.bounds.words
    if piece.shape.plain:
        return lambda row: (int(Bit.NO_STATUS) if ends(row.stage, words) else 0, None)
    return _Outcomes(reading.run.fresh_parser(), survey.bounds)


class _Outcomes:
    """Statuses that were read as texts, each combination asked once."""

    def __init__(self, parser: Parser, bounds: Bounds) -> None:
        self._parser = parser
        self._bounds = bounds
        self._known: dict[tuple[Any, ...], Told] = {}

    def __call__(self, row: Row) -> Told:
        """What the parser knows of a row."""
        key = (row.status, row.upstream_status, row.stage, row.error, row.claims, row.bin is None)
        if key not in self._known:
            self._known[key] = self._told(row)
        return self._known[key]

    def _told(self, row: Row) -> Told:
        fields = {"function": None, "status": row.status, "upstream_status": row.upstream_status}
        record = self._parser.parse(_ENCODE(fields))
        assert isinstance(record, Record)  # noqa: S101 - it was proven
        record.stage = row.stage
        record.error_code = "x" if row.error else None
        record.latency_ms = None if row.bin is None else 0.0
        word = record.upstream_word
        unknown = word if word is not None and is_unknown(word, self._bounds.words) else None
        denied = row.claims and 200 <= (record.upstream_status or 0) < 300
        bits = outcome_bits(record, self._bounds) & ~Bit.NO_STAGE
        return bits | (Bit.CLAIM_DENIED if denied else 0), unknown
