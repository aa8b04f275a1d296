"""Records as rows: what `Analysis.sql` shows as the table `records`. The logs are read again, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from attrib.analysis.span import record_time
from attrib.fields import COMPARED, CONTEXT, LABELS, M1, TIME, Kind
from attrib.options import Options
from attrib.pipeline import records_in, started
from attrib.records.model import Record
from attrib.verdicts.rows import iso

_TYPES: Final[Mapping[Kind, type]] = {"ms": float, "count": int, "ratio": float}
"""What a kind of field is in a row; text where it is not named."""
_LABEL: Final = "label."


def _columns() -> dict[str, tuple[type, str]]:
    columns: dict[str, tuple[type, str]] = {
        "file": (str, "the input as named"),
        "line": (int, "line in the decompressed file, from 1; of a table its row"),
        TIME.name: (str, f"{TIME.about}; without a logged time the one in the request id"),
    }
    for field in (*M1, *CONTEXT, *COMPARED):
        columns[field.name.replace(".", "_")] = _TYPES.get(field.kind, str), field.about
        if field.kind in ("status", "upstream_status"):
            columns[f"{field.name}_code"] = int, f"{field.name} as a number; null where it is a word"
    columns[LABELS.name] = dict, "the labels, and the fields kept with `label`, as a JSON object"
    return columns


COLUMNS: Final[Mapping[str, tuple[type, str]]] = MappingProxyType(_columns())
"""Column -> (type, meaning). Latencies are ms, times UTC; null: not logged. A dot in a field's name is `_` here."""


def record_rows(inputs: Sequence[str], options: Options, newest: int | None) -> Iterator[dict[str, Any]]:
    """One row per record of the time asked for, copies left out, in the order of the logs. Nothing is redacted.

    `newest`: epoch microseconds of the newest record, which "the last two hours" ends with. With a window or a time
    asked for, records without a time are left out. Raises AttribError.
    """
    run, _ = started(inputs, replace(options, rejects=None))
    with run:
        since, until = run.span.resolve(newest)
        for record in records_in(run):
            at = record_time(record)
            open_ended = since is None and until is None
            if open_ended or (at is not None and (since is None or at >= since) and (until is None or at < until)):
                yield _row(record, at, run.paths)


def _row(record: Record, at: int | None, paths: Sequence[str]) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    row |= {"file": paths[record.file], "line": record.line, TIME.name: iso(at)}
    row |= {field.name: getattr(record, field.name) for field in (*M1, *CONTEXT)}
    words = {
        "status": (record.status, record.status_word),
        "upstream_status": (record.upstream_status, record.upstream_word),
    }
    for name, (code, word) in words.items():
        row[name], row[f"{name}_code"] = word if code is None else str(code), code
    labels = dict(record.labels or {})
    for name, value in record.extra.items():
        if name.startswith(_LABEL):
            labels[name.removeprefix(_LABEL)] = value
        else:
            row[name.replace(".", "_")] = value
    row[LABELS.name] = labels or None
    return row
