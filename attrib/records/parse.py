"""The careful path: one line of an M1 log becomes a record, or the exact reason why it is none.

All rules are those of the contract ("Accounting"). A fault in one of the eight M1 fields quarantines the line and
names the field; an optional field of a wrong shape is dropped and counted; a key that no field has is counted by name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from enum import Enum
from typing import Any, Final, Literal

import msgspec

from attrib.records import odd, values
from attrib.records.model import Record
from attrib.records.plans import Plans, Reading
from attrib.records.times import Times
from attrib.rules.words import Words, fold

Reason = Literal[
    "invalid_json", "truncated_line", "invalid_utf8", "not_object", "line_too_long", "too_deep", "bad_value"
]
"""Why a line is quarantined."""

MAX_NAMES: Final = 1000
"""At most so many names of unknown fields are kept (contract)."""
_WORDS_MAX: Final = 1000


class Other(Enum):
    """A line that is neither a record nor at fault."""

    SKIPPED = "not_m1"
    """Another program's object: none of the keys function, status, upstream_status."""
    BLANK = "blank"


SKIPPED: Final = Other.SKIPPED
BLANK: Final = Other.BLANK


@dataclass(frozen=True, slots=True)
class Bad:
    """Why a line is quarantined, grain: one per quarantined line."""

    reason: Reason
    field: str | None = None
    """The M1 field at fault; only with bad_value."""


LINE_TOO_LONG: Final = Bad("line_too_long")
_JSON_REASONS: Final[tuple[Reason, ...]] = ("invalid_json", "truncated_line", "invalid_utf8", "not_object", "too_deep")
_BAD: Final[dict[str, Bad]] = {reason: Bad(reason) for reason in _JSON_REASONS}


@dataclass(slots=True)
class Tally:
    """What the accepted lines since the last `Parser.take_tally` held beside their records. Counts are lines."""

    unknown_fields: Counter[str] = field(default_factory=Counter)
    names_dropped: bool = False
    """There were more than MAX_NAMES names; the counts of the names kept are exact."""
    type_drift: Counter[str] = field(default_factory=Counter)
    """Canonical field -> values of another JSON type than the field's: dropped in an optional field, converted in an
    M1 field ("500" for 500)."""
    unreadable_time: int = 0
    zone_less_time: int = 0


class _WrongError(Exception):
    """An M1 field holds what it cannot; the argument is its name."""


class Parser:
    """Turns lines into records. Keeps what it learned of the keys, so use one per run; not for several threads.

    `labels` are top-level keys kept as `extra["label.NAME"]`; `zone` is the zone of times that name none.
    """

    def __init__(self, words: Words, labels: Sequence[str] = (), zone: tzinfo = UTC) -> None:
        self._words = words
        self._decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder()
        self._decode = self._decoder.decode
        self._times = Times(zone)
        self._plans = Plans(labels)
        self._known_words: dict[str, bool] = {}
        self._drifted: list[str] = []
        self._tally = Tally()

    def parse(self, line: bytes, file: int = 0, number: int = 0, *, unterminated: bool = False) -> Record | Bad | Other:
        """One line without its LF. `unterminated`: the input ends with it, and no LF; then bad JSON is a cut line."""
        try:
            data = self._decode(line)
            if len(line) > odd.SHALLOW_BYTES and odd.too_deep(line):
                return _BAD["too_deep"]
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            if not line.strip(b" \t\r"):
                return BLANK
            try:
                data = odd.decode(line, self._decoder)
            except odd.Refused as refused:
                return _bad(refused.reason, unterminated)
        if type(data) is not dict:
            return _BAD["not_object"]
        plan = self._plans.of(tuple(data))
        if not plan.is_record:
            return SKIPPED
        try:
            record = self._core(data, file, number)
        except _WrongError as wrong:
            self._drifted.clear()
            return Bad("bad_value", wrong.args[0])
        plan.lines += 1
        if plan.time_keys:
            record.ts = self._time(data, plan.time_keys)
        for reading in plan.readings:
            self._optional(record, data, reading)
        if self._drifted:
            self._tally.type_drift.update(self._drifted)
            self._drifted.clear()
        return record

    def time(self, value: object) -> tuple[int | None, bool]:
        """(epoch microseconds or None when unreadable, whether it named no zone) of a logged time; counts nothing."""
        return self._times.parse(value)

    @property
    def tally(self) -> Tally:
        """What was counted since the last `take_tally`, the unknown fields aside; goes on counting."""
        return self._tally

    def take_tally(self) -> Tally:
        """What was counted since the last call; usually once per file."""
        tally, self._tally = self._tally, Tally()
        unknown = self._plans.take_unknown()
        # The names that matter are the frequent ones; ties by name, so that the order of lines decides nothing.
        kept = sorted(unknown.items(), key=lambda item: (-item[1], item[0]))[:MAX_NAMES]
        tally.unknown_fields = Counter(dict(kept))
        tally.names_dropped = len(unknown) > MAX_NAMES
        return tally

    def _core(self, data: dict[str, Any], file: int, number: int) -> Record:
        """The eight M1 fields, each plain case first: this is most of the time of a run."""
        get = data.get
        request_id = get("request_id")
        if request_id is not None and (type(request_id) is not str or not request_id):
            request_id = self._text(request_id, "request_id")
        function = get("function")
        if function is not None and (type(function) is not str or not function):
            function = self._text(function, "function")
        stage = get("stage")
        if stage is not None and (type(stage) is not str or not stage):
            stage = self._text(stage, "stage")
        status, status_word = get("status"), None
        if status is not None and (type(status) is not int or not 0 <= status <= values.STATUS_MAX):
            status, status_word = self._status(status, "status")
        latency = get("latency_ms")
        if latency is not None and (type(latency) is not float or not 0.0 < latency < 1e300):
            latency = self._ms(latency, "latency_ms")
        error_code = get("error_code")
        if error_code is not None and (type(error_code) is not str or error_code in values.NULLS):
            error_code = self._text(error_code, "error_code")
        upstream_status, upstream_word = get("upstream_status"), None
        if upstream_status is not None and (
            type(upstream_status) is not int or not 0 <= upstream_status <= values.STATUS_MAX
        ):
            upstream_status, upstream_word = self._status(upstream_status, "upstream_status")
        upstream_latency = get("upstream_latency_ms")
        if upstream_latency is not None and (type(upstream_latency) is not float or not 0.0 < upstream_latency < 1e300):
            upstream_latency = self._ms(upstream_latency, "upstream_latency_ms")
        return Record(
            file, number, request_id, function, stage, status, status_word, latency, error_code,
            upstream_status, upstream_word, upstream_latency,
        )  # fmt: skip

    def _text(self, value: Any, name: str) -> str | None:
        try:
            result = values.text(value)
        except ValueError:
            raise _WrongError(name) from None
        if type(value) is not str:
            self._drifted.append(name)
        return result

    def _ms(self, value: Any, name: str) -> float | None:
        try:
            result = values.number(value)
        except ValueError:
            raise _WrongError(name) from None
        if type(value) is str and result is not None:
            self._drifted.append(name)
        return result

    def _status(self, value: Any, name: str) -> tuple[int | None, str | None]:
        """(code, word) of a status or upstream_status that is no plain code."""
        if type(value) is str and value not in values.NULLS and not values.is_number(value):
            if self._is_status_word(value) if name == "status" else values.is_word(value):
                return None, value
            raise _WrongError(name)
        try:
            result = values.code(value)
        except ValueError:
            raise _WrongError(name) from None
        if result is not None:
            self._drifted.append(name)
        return result, None

    def _is_status_word(self, value: str) -> bool:
        known = self._known_words.get(value)
        if known is None:
            known = fold(value) in self._words.timeout
            if len(self._known_words) < _WORDS_MAX:
                self._known_words[value] = known
        return known

    def _time(self, data: dict[str, Any], keys: Sequence[str]) -> int | None:
        """The first of the time keys that holds anything, readable or not."""
        for key in keys:
            value = data[key]
            if value is None or value == "" or value == "-":
                continue
            ts, zone_less = self._times.parse(value)
            if ts is None:
                self._tally.unreadable_time += 1
            elif zone_less:
                self._tally.zone_less_time += 1
            return ts
        return None

    def _optional(self, record: Record, data: dict[str, Any], reading: Reading) -> None:
        for key in reading.keys:
            value = data[key]
            if value is None or value == "" or value == "-":
                continue
            try:
                result = reading.read(value)
            except ValueError:
                self._drifted.append(reading.name)
                return
            if reading.name == "labels":
                record.labels = dict(self._labels(result))
            elif reading.name == "traceparent":
                record.trace_id = record.trace_id or result[0]
                record.parent_span_id = record.parent_span_id or result[1]
            elif reading.extra:
                record.extra[reading.name] = result
            else:
                setattr(record, reading.name, result)
            return

    def _labels(self, labels: dict[str, Any]) -> Iterator[tuple[str, str]]:
        for name, value in labels.items():
            try:
                plain = values.scalar(value)
            except ValueError:
                self._drifted.append("labels")
            else:
                if plain is not None:
                    yield name, plain


def _bad(reason: str, unterminated: bool) -> Bad:
    if unterminated and reason in ("invalid_json", "cut_utf8"):
        return _BAD["truncated_line"]
    return _BAD["invalid_utf8" if reason == "cut_utf8" else reason]
