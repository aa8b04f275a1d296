"""Calls second by second, in the minutes in which an upstream failed a function often: what a breaker would act on.

Grain: one `Second` per (function, upstream, sort of line, second). Only minutes that `analysis/survey_seconds.py` picks
out of the buckets are looked at, so a usual log has none; bounded by those minutes and names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from attrib.invocations.outcome import record_outcome
from attrib.records.model import Record
from attrib.rules.words import Words

_FAILED = frozenset({"5xx", "timeout", "no_response"})


class Line(NamedTuple):
    """What the lines of one count have in common. Null means not logged."""

    function: str | None
    upstream: str | None
    answers: bool
    """The lines that have a status of the function's own, and say again what its calls came to. False: the lines of
    the attempts. Each sort is a count of its own, so that no call counts twice."""


@dataclass(slots=True)
class Second:
    """The calls that ended within one second. One request counts once per instant, so copies of a line do not."""

    asked: int = 0
    """Calls that the upstream was asked; with `failed`."""
    failed: int = 0
    """5xx, timeout or no response."""
    refused: int = 0
    """Lines that say that our breaker answered instead."""


class Seconds:
    """All of them."""

    def __init__(self) -> None:
        self.lines: dict[Line, dict[int, Second]] = {}
        """Line -> second since the epoch -> calls."""

    def add(self, line: Line, second: int, asked: int, failed: int, refused: int) -> None:
        """Add calls of one second."""
        seen = self.lines.setdefault(line, {}).setdefault(second, Second())
        seen.asked += asked
        seen.failed += failed
        seen.refused += refused


class Struck(NamedTuple):
    """What one record says of a call."""

    line: Line
    failed: bool
    refused: bool


def struck(record: Record, words: Words) -> Struck | None:
    """What a record counts as; None: it tells of no call. `engines/seconds.py` says the same in SQL."""
    outcome = record_outcome(record.upstream_status, record.upstream_word, record.error_code, words).outcome
    if outcome in ("missing", "not_contacted"):
        return None
    answers = record.status is not None or record.status_word is not None
    line = Line(record.function, record.upstream, answers)
    return Struck(line, outcome in _FAILED, outcome == "short_circuited")
