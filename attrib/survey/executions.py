"""Executions of one function under one request id: those that fail again and again, and those after a success.

Grain: one `Failing` and one `Again` per function. Bounded by functions and small counts, never by requests.

Failing requests are never calm, and neither are reused ids, so every engine hands all of them in. A request executed
again after a success may be all calm: `engines/correlate.find_again` makes those hot, at most `MOST` of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from attrib.invocations.model import Invocation
from attrib.invocations.names import Names, names_of
from attrib.records.model import Record
from attrib.rules.words import Words
from attrib.survey.places import Examples, Spot, Worst
from attrib.survey.tries import ends_of, is_end

APART_US: Final = 1_000_000
"""An execution that begins less than a second after another one ended may be a second line of the same one."""
MOST: Final = 50_000
"""Requests without any failure that are looked at for a second execution in a large input; about 1 kB each."""
_SLACK_US: Final = 5_000
_SECOND: Final = 1_000_000
_ASKED_AGAIN: Final = frozenset({401, 403, 404, 408, 409, 423, 425, 429, 499})
"""Answers that a client waits for or signs in after: asking again with the same id is no poison."""


@dataclass(slots=True)
class Failing:
    """Requests of one function that failed again and again with the same error."""

    failures: Counter[int] = field(default_factory=Counter)
    """Failed executions -> requests with so many; two at least."""
    worst: Worst = field(default_factory=Worst)
    error: str | None = None
    """Error code, or status, of the worst."""
    places: dict[int, Examples] = field(default_factory=dict)
    """Failed executions -> the first requests with so many."""


@dataclass(slots=True)
class Again:
    """Requests of one function that were executed again after a success."""

    requests: int = 0
    executions: int = 0
    """After the first success."""
    examples: Examples = field(default_factory=Examples)
    worst: Worst = field(default_factory=Worst)
    """By executions after the first success."""


class Executions:
    """All requests with several executions of one function."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self.failing: dict[str | None, Failing] = {}
        self.again: dict[str | None, Again] = {}
        self.reused: Counter[str | None] = Counter()
        """Function -> request ids that are plainly reused, and answered well at least once."""
        self.several: set[str | None] = set()
        """Functions with several executions under one id."""

    def see(self, invocations: Sequence[Invocation]) -> None:
        """All invocations of one request with a usable id."""
        records: dict[str | None, list[Record]] = {}
        for one in invocations:
            records.setdefault(one.function, []).extend(one.records)
        joined = all(one.correlated for one in invocations)
        for function, some in records.items():
            if len(some) > 1:
                self._see_failing(function, some)
            if not joined:
                if any(is_end(record, self._words) and _well(record) for record in some):
                    self.reused[function] += 1
            elif len(some) > 1:
                self._see_again(function, some, invocations)

    def _see_failing(self, function: str | None, records: Sequence[Record]) -> None:
        ends = [record for record in records if is_end(record, self._words)]
        failed: dict[tuple[str, str], list[Record]] = {}
        for record in ends:
            if _fails(record):
                failed.setdefault((record.stage or "", _error(record)), []).append(record)
        # The largest group; of several, the first by name.
        for (_, error), same in sorted(failed.items(), key=lambda item: (-len(item[1]), item[0]))[:1]:
            if len(same) < 2:
                continue
            self.several.add(function)
            if _succeeded_before(ends, same) or _overlap(same):
                continue
            spot = min((record.file, record.line) for record in same)
            entry = self.failing.setdefault(function, Failing())
            entry.failures[len(same)] += 1
            entry.places.setdefault(len(same), Examples()).add(spot)
            entry.worst.add(len(same), spot)
            if entry.worst.spot == spot:
                entry.error = error

    def _see_again(self, function: str | None, records: Sequence[Record], invocations: Sequence[Invocation]) -> None:
        ends = ends_of([record for record in records if record.span_id is None], self._words)
        if len(ends) <= 1:
            return
        timed = sorted(((record.ts, record) for record in ends if record.ts is not None), key=lambda item: item[0])
        first = next((ts for ts, record in timed if _well(record)), None)
        if first is None or len(timed) < len(ends):
            return
        later = [record for ts, record in timed if _begin(record, ts) >= first + APART_US]
        if later:
            self.several.add(function)
        if not later or _called(function, ends, invocations):
            return
        entry = self.again.setdefault(function, Again())
        entry.requests += 1
        entry.executions += len(later)
        spot = min((record.file, record.line) for record in later)
        entry.examples.add(spot)
        entry.worst.add(len(later), spot)


def _well(record: Record) -> bool:
    return record.status is not None and 100 <= record.status < 400


def _fails(record: Record) -> bool:
    if record.status is None:
        return record.status_word is not None
    return 400 <= record.status <= 599 and record.status not in _ASKED_AGAIN


def _error(record: Record) -> str:
    """What failed, as the log has it: the error code, else the status."""
    if record.error_code is not None:
        return record.error_code
    return str(record.status if record.status is not None else record.status_word)


def _begin(record: Record, ts: int) -> int:
    return ts - round((record.latency_ms or 0.0) * 1000)


def _succeeded_before(ends: Sequence[Record], failed: Sequence[Record]) -> bool:
    """Whether an execution may have succeeded before the last one failed: then the request can succeed."""
    well = [record.ts for record in ends if _well(record)]
    last = [record.ts for record in failed]
    if not well:
        return False
    known = [ts for ts in (*well, *last) if ts is not None]
    if len(known) < len(well) + len(last):
        return True
    return min(ts for ts in well if ts is not None) < max(ts for ts in last if ts is not None)


def _overlap(records: Sequence[Record]) -> bool:
    """Whether executions ran side by side: then one id stands for several requests."""
    times = sorted((_begin(record, record.ts), record.ts) for record in records if record.ts is not None)
    slack = _SECOND if all(end % _SECOND == 0 for _, end in times) else _SLACK_US
    reached: int | None = None
    for start, end in times:
        if reached is not None and start < reached - slack:
            return True
        reached = end if reached is None else max(reached, end)
    return False


def _called(function: str | None, ends: Sequence[Record], invocations: Sequence[Invocation]) -> bool:
    """Whether another function of the request may have called this one several times, which is no redelivery.

    It names it as its upstream, or it ran from before the first end until after the last.
    """
    first = min(record.ts for record in ends if record.ts is not None)
    last = max(record.ts for record in ends if record.ts is not None)
    own = Names((function, *(record.service for record in ends)))
    for one in invocations:
        if one.function == function:
            continue
        upstreams = {record.upstream for record in one.records if record.upstream is not None}
        if any(own.known(names_of(name)) for name in upstreams):
            return True
        if any(record.ts is not None and _begin(record, record.ts) <= first and record.ts >= last
               for record in one.records):  # fmt: skip
            return True
    return False


def spots_from(failing: Failing, least: int) -> list[Spot]:
    """The first requests with at least so many failed executions."""
    return sorted(spot for n, examples in failing.places.items() if n >= least for spot in examples.spots)
