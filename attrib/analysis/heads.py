"""A look at the first lines of a large input: what decides how it has to be read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from attrib.analysis.run import Run
from attrib.records.model import Record
from attrib.sources.lines import iter_lines
from attrib.sources.open import open_source

SOURCES: Final = 20
LINES: Final = 100
"""First lines looked at, of the first sources: a sampled or traced log says so on nearly every line."""
TRACED_BYTES: Final = 64 * 1024 * 1024
"""Largest input whose traces are followed over request ids: all of its records are held in memory for that."""


def look(run: Run) -> bool:
    """Whether an input must be read line by line, because its calls are linked over several request ids.

    Sets `run.sampled` where a record says so, and notes where links cannot be followed.
    """
    records = list(_records(run))
    run.sampled = run.sampled or any(record.extra.get("sample_rate", 1) not in (None, 1) for record in records)
    if not _linked(records):
        return False
    if sum(source.size or 0 for source in run.sources) <= TRACED_BYTES and run.options.fast is None:
        return True
    run.notes.append(
        f"Calls are linked by spans here, and the input is larger than {TRACED_BYTES // 1024**2} MiB: chains are "
        "followed within one request_id only. Name fewer files to follow the others."
    )
    return False


def _linked(records: list[Record]) -> bool:
    """Whether a span's parent stands under another request id of the same trace, or is not in sight."""
    owners = {(record.trace_id, record.span_id): record.request_id for record in records if record.span_id is not None}
    return any(
        record.parent_span_id is not None
        and record.trace_id is not None
        and owners.get((record.trace_id, record.parent_span_id)) != record.request_id
        for record in records
    )


def _records(run: Run) -> Iterator[Record]:
    parser = run.fresh_parser()
    for source in islice((source for source in run.sources if source.error is None), SOURCES):
        with open_source(source) as stream:
            for line in islice(iter_lines(stream), LINES):
                record = parser.parse(line.data) if line.oversize is None else None
                if isinstance(record, Record):
                    yield record
