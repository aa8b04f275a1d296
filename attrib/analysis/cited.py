"""The records behind a report: those of the lines that it names, and the others of the same requests.

Of a small input they are at hand. Of a large one every file is read once more: only the named lines, and lines that
may carry one of the ids, are parsed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from attrib.analysis.around import related
from attrib.analysis.careful import Seen
from attrib.analysis.locate import candidates
from attrib.analysis.run import Run
from attrib.invocations.ids import usable_id
from attrib.records.model import Record
from attrib.rules.words import Words
from attrib.sources.lines import iter_blocks
from attrib.sources.open import open_source
from attrib.verdicts.rows import iso

MOST_RECORDS: Final = 20_000
"""Records kept of one report; one of 200 incidents cites some 4,000 lines."""
MOST_OF_ONE: Final = 200
"""Records kept of one request beside the lines that are named: one id over a whole log would be all of it."""

Place = tuple[str, int]
"""(file as named, line)."""


@dataclass
class Cited:
    """What was found, in the order of the files."""

    records: list[Record] = field(default_factory=list)
    missing: int = 0
    """Lines that are named and could not be read again: the file changed, or can be read only once."""
    cut: frozenset[str] = frozenset()
    """Ids of requests of which records were left out."""


def places_of(report: Any) -> dict[Place, str | None]:
    """Every line that a report names, with the request id beside it (null: none is logged), wherever it stands."""
    found: dict[Place, str | None] = {}
    _walk(report.get("incidents", []), found)
    _walk(report.get("isolated", []), found)
    return found


def _walk(value: Any, found: dict[Place, str | None]) -> None:
    if isinstance(value, list):
        for item in value:
            _walk(item, found)
    elif isinstance(value, dict):
        file, line = value.get("file"), value.get("line")
        if isinstance(file, str) and isinstance(line, int):
            found.setdefault((file, line), value.get("request_id"))
        for item in value.values():
            _walk(item, found)


def cited(run: Run, places: dict[Place, str | None], records: Sequence[Record] | None) -> Cited:
    """The records of the places and of their requests; `records`: all of them, where they are at hand."""
    words = run.ruleset.words
    names = {path: index for index, path in enumerate(run.paths)}
    wanted = {(names[file], line) for file, line in places if file in names}
    ids = {one for one in places.values() if one is not None and usable_id(one, words)}
    if records is None:
        copies = Seen(words)
        near = [record for record, line in _read(run, wanted, ids) if not copies.again(record, line)]
    else:
        chosen = [one for one in records if (one.file, one.line) in wanted or one.request_id in ids]
        usable = [one for one in chosen if usable_id(one.request_id, words)]
        lone = {id(one) for one in chosen} - {id(one) for one in usable}
        of_requests = {id(one) for one in related(usable, records, words)}
        near = [one for one in records if id(one) in of_requests or id(one) in lone]
    near.sort(key=lambda one: (one.file, one.line))
    kept, cut = _bounded(near, wanted, words)
    seen = {(one.file, one.line) for one in kept}
    return Cited(kept, len(wanted - seen) + len(places) - len(wanted), cut)


def _bounded(
    near: Iterable[Record], wanted: Collection[tuple[int, int]], words: Words
) -> tuple[list[Record], frozenset[str]]:
    """The records within the bounds, and the ids of requests that are not whole."""
    counts: Counter[str] = Counter()
    kept: list[Record] = []
    cut: set[str] = set()
    for record in near:
        request = record.request_id if usable_id(record.request_id, words) else None
        named = (record.file, record.line) in wanted
        if request is not None:
            counts[request] += 1
        if len(kept) >= MOST_RECORDS or (not named and request is not None and counts[request] > MOST_OF_ONE):
            if request is not None:
                cut.add(request)
            continue
        kept.append(record)
    return kept, frozenset(cut)


def _read(run: Run, wanted: Collection[tuple[int, int]], ids: set[str]) -> Iterator[tuple[Record, bytes]]:
    """(record, line) of the named lines and of all lines of the ids, in the order of the files."""
    parser = run.fresh_parser()
    searched: set[str | None] = set(ids)
    for index, source in enumerate(run.sources):
        if source.error is not None or source.kind != "file":
            continue
        mine = {line for file, line in wanted if file == index}
        with open_source(source) as stream:
            for block in iter_blocks(stream):
                lines = dict(candidates(block, searched, nameless=False))
                if block.oversize is None:
                    here = [line for line in mine if block.first_line <= line < block.first_line + block.lines]
                    texts = block.data.split(b"\n") if here else []
                    lines |= {line: texts[line - block.first_line] for line in here}
                for number in sorted(lines):
                    record = parser.parse(lines[number], index, number)
                    if isinstance(record, Record) and (record.request_id in ids or number in mine):
                        yield record, lines[number]


def canonical(record: Record) -> dict[str, Any]:
    """A record as one M1 line: the M1 fields, null where nothing is logged, then the others that it has.

    Reading it again gives the same record, but for values that are stored hashed.
    """
    fields: dict[str, Any] = {
        "request_id": record.request_id,
        "function": record.function,
        "stage": record.stage,
        "status": record.status if record.status is not None else record.status_word,
        "latency_ms": record.latency_ms,
        "error_code": record.error_code,
        "upstream_status": record.upstream_status if record.upstream_status is not None else record.upstream_word,
        "upstream_latency_ms": record.upstream_latency_ms,
    }
    more: dict[str, Any] = {
        "ts": iso(record.ts),
        "upstream": record.upstream,
        "service": record.service,
        "attempt": record.attempt,
        "trace_id": record.trace_id,
        "span_id": record.span_id,
        "parent_span_id": record.parent_span_id,
        "caller_latency_ms": record.caller_latency_ms,
        "level": record.level,
        "queued_ms": record.queued_ms,
        "labels": record.labels,
        **record.extra,
    }
    return fields | {name: value for name, value in more.items() if value is not None}
