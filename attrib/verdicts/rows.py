"""The row of `attrib verdicts` (contract: columns and their order)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from attrib.invocations.model import Invocation
from attrib.verdicts.decide import Verdict

COLUMNS: Final = (
    "request_id", "function", "stage", "ts", "status", "upstream", "upstream_outcome", "upstream_status",
    "latency_ms", "upstream_latency_ms", "own_ms", "error_code", "attempts", "symptom", "verdict", "rule",
    "also_matched", "responsible", "via", "correlated", "file", "line",
)  # fmt: skip
"""Names and order of the columns, fixed by the contract; CSV and Parquet have the same."""

_DECIMALS: Final = 6
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def row(invocation: Invocation, verdict: Verdict, files: Sequence[str]) -> dict[str, Any]:
    """One row; `files` are the paths that `Record.file` counts. Null means not logged or not known.

    `stage`, `file` and `line` are those of the record that decided the status. `status` and `upstream_status` show
    the code, or the word as logged. Times of the row are milliseconds, `ts` is UTC.
    """
    decisive = invocation.decisive
    values: tuple[Any, ...] = (
        invocation.request_id,
        invocation.function,
        decisive.stage,
        iso(invocation.ts),
        invocation.status if invocation.status is not None else invocation.status_word,
        invocation.upstream,
        invocation.facets.upstream,
        invocation.upstream_status if invocation.upstream_status is not None else invocation.upstream_word,
        invocation.latency_ms,
        upstream_ms(invocation),
        computed_ms(invocation.own_ms),
        invocation.error_code,
        invocation.attempts,
        invocation.symptom,
        verdict.verdict,
        verdict.rule,
        list(verdict.also_matched),
        verdict.responsible,
        list(verdict.via),
        invocation.correlated,
        files[decisive.file],
        decisive.line,
    )
    return dict(zip(COLUMNS, values, strict=True))


def computed_ms(value: float | None) -> float | None:
    """Milliseconds that were added up or subtracted here, without the noise of binary fractions: 7.3, not
    7.299999999999983."""
    return None if value is None else round(value, _DECIMALS)


def upstream_ms(invocation: Invocation) -> float | None:
    """The upstream time to show: as logged where one record logged it, else the sum."""
    value = invocation.upstream_latency_ms
    logged = any(record.upstream_latency_ms == value for record in invocation.records)
    return value if logged else computed_ms(value)


def iso(ts: int | None) -> str | None:
    """Epoch microseconds as ISO 8601 UTC with Z, in the shortest exact form: no fraction, three digits or six.

    None for null and for times outside the years 1 to 9999, which have no such form.
    """
    if ts is None:
        return None
    try:
        moment = _EPOCH + timedelta(microseconds=ts)
    except OverflowError:
        return None
    text = moment.strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0")
    micros = moment.microsecond
    if not micros:
        return f"{text}Z"
    return f"{text}.{micros // 1000:03}Z" if micros % 1000 == 0 else f"{text}.{micros:06}Z"
