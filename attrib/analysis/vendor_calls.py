"""The calls to one upstream, as its support needs them: what was sent, what came back, when, and how often again.

Grain: a call is what one invocation asked of the upstream, retries included (`Invocation.calls`); an attempt is one
request on the wire. Counting is exact and in bounded memory; durations are kept in histograms (bins 2 % wide).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from attrib.analysis.span import moment, record_time
from attrib.analysis.vendor_model import (
    ANSWERED,
    FAILED,
    KEY,
    LISTED,
    MOST_ROWS,
    NO_OUTCOME,
    NOT_SENT,
    RECOVERED,
    SLOW,
    TURNED_AWAY,
    Figures,
    Row,
    Stretch,
)
from attrib.incidents.buckets import MINUTE_US
from attrib.incidents.compare import FIELDS
from attrib.incidents.histogram import Histogram, bin_middle_ms, bin_of, whole_us
from attrib.invocations.ids import Parameters
from attrib.invocations.model import Call, Invocation
from attrib.invocations.outcome import WELL, Outcome, record_outcome
from attrib.records.model import Record
from attrib.rules.words import Words

_MOST_VALUES: Final = 1_000
"""Values kept of a field that is compared; one with more tells hosts or versions no longer apart."""
_FAILED: Final = frozenset({"5xx", "timeout", "no_response"})
_UNSENT: Final = frozenset({"short_circuited", "not_contacted"})
_TURNED_AWAY: Final = frozenset({401, 403, 407, 429})


class _Seen(NamedTuple):
    """A call with what its attempts say."""

    call: Call
    sent: list[tuple[Record, Outcome]]
    ts: int | None
    result: str


class Ledger:
    """What the log holds of the calls to one upstream; one per ticket."""

    def __init__(
        self,
        upstream: str | None,
        during: Stretch,
        before: Stretch | None,
        words: Words,
        parameters: Parameters,
    ) -> None:
        """`upstream`: as logged; None: calls whose upstream is not named. `before`: what is usual; None: nothing is."""
        self._upstream, self._stretch, self._earlier = upstream, during, before
        self._words, self._parameters = words, parameters
        self.during, self.before = Figures(), Figures()
        self.minutes: dict[int, Counter[str]] = defaultdict(Counter)
        """Minute since the epoch -> result -> calls."""
        self.outcomes: Counter[tuple[str, str, str]] = Counter()
        """(outcome, code or word, what our function returned) -> calls that were sent."""
        self.functions: dict[str, Counter[str]] = defaultdict(Counter)
        self.timeouts: dict[str, dict[str, Counter[float]]] = {}
        """Function -> `upstream` or `latency` -> milliseconds -> timeouts."""
        self.values: dict[str, dict[str, list[int]]] = {}
        """Field of ours -> value -> [calls, failed]."""
        self.tries: Counter[int] = Counter()
        """Attempts per failed call -> calls."""
        self.pauses = Histogram()
        """Between a failed attempt and the next."""
        self.with_theirs = 0
        """Listed calls with an id of the upstream's own."""
        self.listed = 0
        self.unproven = 0
        """Calls without an outcome in the log whose request failed: listed where nothing is proven."""
        self._rows: list[Row] = []
        self._unproven: list[Row] = []

    def see(self, invocation: Invocation) -> None:
        """Count the calls of one invocation."""
        calls = [call for call in invocation.calls if call.upstream == self._upstream]
        if not calls and self._upstream is not None:
            named = [record for record in invocation.records if record.upstream == self._upstream]
            # Named, and nothing logged of what came back: surely no failure of the upstream that could be proven.
            calls = [Call(self._upstream, named[-1].stage, named, "missing", False)] if named else []
        for call in calls:
            seen = self._seen(invocation, call)
            if self._stretch.holds(seen.ts):
                self._add(self.during, seen)
                self._tell(invocation, seen)
            elif self._earlier is not None and self._earlier.holds(seen.ts):
                self._add(self.before, seen)

    @property
    def rows(self) -> list[Row]:
        """The listed calls in order of time, at most `MOST_ROWS`; those of unknown outcome where there is no other."""
        return _first(self._rows or self._unproven)

    def _seen(self, invocation: Invocation, call: Call) -> _Seen:
        sent = []
        for record in call.attempts:
            found = record_outcome(record.upstream_status, record.upstream_word, record.error_code, self._words)
            if found.outcome not in _UNSENT and found.phase != "local":
                sent.append((record, found))
        last = sent[-1][0] if sent else call.attempts[-1]
        ts = record_time(last)
        return _Seen(call, sent, moment(invocation) if ts is None else ts, self._result(invocation, sent))

    def _result(self, invocation: Invocation, sent: Sequence[tuple[Record, Outcome]]) -> str:
        if not sent:
            return NOT_SENT
        found = sent[-1][1]
        if found.outcome in _FAILED:
            return FAILED
        if found.code in _TURNED_AWAY:
            return TURNED_AWAY
        if found.outcome == "missing":
            return NO_OUTCOME
        if found.outcome in WELL and any(earlier.outcome in _FAILED for _, earlier in sent[:-1]):
            return RECOVERED
        return SLOW if self._slow(invocation, sent) else ANSWERED

    def _slow(self, invocation: Invocation, sent: Sequence[tuple[Record, Outcome]]) -> bool:
        """Our request was slow, and most of its time was waiting for this call."""
        if invocation.latency_ms is None or invocation.facets.latency != "high":
            return False
        waited = sum(record.upstream_latency_ms or 0.0 for record, _ in sent)
        least = self._parameters.value("upstream_latency_dominant", invocation.function)
        return waited >= least * invocation.latency_ms

    def _add(self, figures: Figures, seen: _Seen) -> None:
        figures.results[seen.result] += 1
        for record, found in seen.sent:
            # A record that names the upstream and tells nothing of it shows no request.
            figures.attempts += found.outcome != "missing" or _answer(record) is not None or bool(_time(record))
            if ms := _time(record):
                figures.upstream[bin_of(whole_us(ms))] += 1

    def _tell(self, invocation: Invocation, seen: _Seen) -> None:
        """What is told of the time asked for only."""
        if seen.ts is not None:
            self.minutes[seen.ts // MINUTE_US][seen.result] += 1
        self.functions[invocation.function or ""][seen.result] += 1
        if seen.result == NOT_SENT:
            return
        last, found = seen.sent[-1]
        returned = invocation.status if invocation.status is not None else invocation.status_word
        self.outcomes[found.outcome, _text(_answer(last)), _text(returned)] += 1
        if seen.result != NO_OUTCOME:
            self._compare(invocation, failed=seen.result in (FAILED, TURNED_AWAY))
        self._waited(invocation, seen)
        for (before, first), (after, _) in pairwise(seen.sent):
            if first.outcome in _FAILED and (pause := _pause(before, after)) is not None:
                self.pauses[bin_of(pause)] += 1
        if seen.result == FAILED:
            self.tries[_tries(seen)] += 1
        if seen.result in LISTED:
            self.listed += 1
            self._rows = _with(self._rows, self._row(invocation, seen, returned))
        elif seen.result == NO_OUTCOME and (invocation.symptom or "").startswith("failed"):
            self.unproven += 1
            self._unproven = _with(self._unproven, self._row(invocation, seen, returned))

    def _compare(self, invocation: Invocation, *, failed: bool) -> None:
        for name in FIELDS:
            value = next((v for record in invocation.records if (v := record.extra.get(name)) is not None), None)
            counts = self.values.setdefault(name, {})
            if value is None or (str(value) not in counts and len(counts) >= _MOST_VALUES):
                continue
            sums = counts.setdefault(str(value), [0, 0])
            sums[0] += 1
            sums[1] += failed

    def _waited(self, invocation: Invocation, seen: _Seen) -> None:
        """How long attempts that timed out were waited for: the mark of our deadline."""
        for record, found in seen.sent:
            if found.outcome != "timeout":
                continue
            measure, ms = "upstream", record.upstream_latency_ms
            if not ms:
                # The function's own time, by attempts: at least one attempt's deadline.
                measure = "latency"
                ms = None if invocation.latency_ms is None else invocation.latency_ms / _tries(seen)
            if ms:
                measures = self.timeouts.setdefault(invocation.function or "", {})
                measures.setdefault(measure, Counter())[bin_middle_ms(bin_of(whole_us(ms)))] += 1

    def _row(self, invocation: Invocation, seen: _Seen, returned: int | str | None) -> Row:
        last, found = seen.sent[-1]
        theirs = tuple(str(t) for record, _ in seen.sent if (t := record.extra.get("upstream_request_id")) is not None)
        self.with_theirs += bool(theirs) and seen.result in LISTED
        return Row(
            seen.ts is None, seen.ts or 0, invocation.request_id or "", invocation.function or "", last.file,
            last.line, seen.result, returned, tuple(_answer(record) for record, _ in seen.sent), found.outcome,
            invocation.error_code or last.error_code, last.upstream_latency_ms, _tries(seen), theirs,
        )  # fmt: skip


def _with(rows: list[Row], row: Row) -> list[Row]:
    rows.append(row)
    return rows if len(rows) < 2 * MOST_ROWS else _first(rows)


def _first(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: row[:KEY])[:MOST_ROWS]


def _time(record: Record) -> float | None:
    """Milliseconds; null or 0 is not known."""
    return record.upstream_latency_ms or None


def _answer(record: Record) -> int | str | None:
    return record.upstream_status if record.upstream_status is not None else record.upstream_word


def _text(value: float | str | None) -> str:
    return "" if value is None else str(value)


def _tries(seen: _Seen) -> int:
    """Attempts as logged, or the highest attempt number if that is more."""
    return max(len(seen.sent), *(record.attempt or 0 for record, _ in seen.sent))


def _pause(before: Record, after: Record) -> int | None:
    """Microseconds from the end of an attempt to the start of the next; None where the log does not tell."""
    if before.ts is None or after.ts is None or before.ts == after.ts or after.upstream_latency_ms is None:
        return None
    return max(0, after.ts - before.ts - whole_us(after.upstream_latency_ms))
