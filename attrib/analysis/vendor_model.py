"""What a ticket to a vendor counts: results of calls, the time it is about, sums, and the calls that are listed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from attrib.incidents.histogram import Histogram

FAILED: Final = "failed"
"""Answered 5xx, timed out, or did not answer."""
TURNED_AWAY: Final = "turned_away"
"""Answered 401, 403, 407 or 429: credentials or rate."""
SLOW: Final = "slow"
"""Answered, and our request was slow because of it."""
RECOVERED: Final = "recovered"
"""Failed at first; a later attempt was answered well."""
ANSWERED: Final = "answered"
"""Answered, whatever else; other 4xx may be the right answer to what was sent."""
NO_OUTCOME: Final = "no_outcome"
"""The log does not tell what came back."""
NOT_SENT: Final = "not_sent"
"""The upstream was not asked: our breaker, cache or pool answered."""
LISTED: Final = (FAILED, TURNED_AWAY, SLOW, RECOVERED)
"""Results of which each call is listed."""

MOST_ROWS: Final = 10_000
"""Calls listed one by one, the first by time."""
KEY: Final = 6
"""Fields of a row that say its order."""


class Stretch(NamedTuple):
    """A time, epoch microseconds: from `start` up to and without `end`; None is open."""

    start: int | None
    end: int | None
    without: tuple[tuple[int, int], ...] = ()
    """Parts left out, of the same form."""

    def holds(self, ts: int | None) -> bool:
        """Whether a time lies in it; no time lies in all time only."""
        if ts is None:
            return self.start is None and self.end is None
        inside = (self.start is None or ts >= self.start) and (self.end is None or ts < self.end)
        return inside and not any(first <= ts < last for first, last in self.without)


class Row(NamedTuple):
    """One call that is listed. Null means not logged. The first fields say its order: by time, then id."""

    timeless: bool
    ts: int
    """Of its last attempt, epoch microseconds; 0 where it has none."""
    request_id: str
    function: str
    file: int
    line: int
    result: str
    status: int | str | None
    """What our function returned."""
    answers: tuple[int | str | None, ...]
    """What came back on each attempt: the code, or the word as logged."""
    outcome: str
    error_code: str | None
    upstream_ms: float | None
    """Of the last attempt, milliseconds."""
    tries: int
    theirs: tuple[str, ...]
    """The upstream's own ids of the attempts, where logged."""


@dataclass
class Figures:
    """Sums over the calls of one stretch."""

    results: Counter[str] = field(default_factory=Counter)
    attempts: int = 0
    """Requests on the wire, as logged."""
    upstream: Histogram = field(default_factory=Histogram)
    """Time of each attempt, where logged: microseconds in bins."""

    @property
    def calls(self) -> int:
        """Those that were sent."""
        return sum(n for result, n in self.results.items() if result != NOT_SENT)
