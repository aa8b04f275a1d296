"""Writing records again as plain M1 lines, for parts of a log that the query cannot read as they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec

from attrib.analysis.careful import read_lines
from attrib.analysis.pieces import Mark, Piece
from attrib.analysis.run import Run
from attrib.engines.clock import Clock
from attrib.engines.propagation import LINKED
from attrib.engines.scan import LENT, Shape
from attrib.incidents.scene import values_of_record
from attrib.invocations.ids import usable_id
from attrib.records.model import Record
from attrib.records.times import id_time
from attrib.rules.words import Words
from attrib.sources.find import Source
from attrib.sources.lines import Line, iter_blocks
from attrib.sources.open import open_source
from attrib.survey.propagation import linked
from attrib.verdicts.rows import iso

TEXTS: Final = ("request_id", "function", "stage", "error_code", "upstream", "service", "attempt", "span_id")
KEYS: Final = (*TEXTS, "host.name")
SHAPE: Final = Shape({name: (name,) for name in KEYS}, Clock("ts", ("Z",)), (), plain=False, ours=True)
"""The shape of every canonical file. Statuses are read as text: words are legal there."""
SAID: Final = "said_id"
"""Key under which an id that can join nothing stands, to be shown."""
VALUES: Final = "values"
"""Key of the object of what scenes compare."""
_MARKED: Final = 1000
"""Lines between two marks."""
_ENCODE: Final = msgspec.json.Encoder().encode


def line_of(record: Record, words: Words) -> bytes:
    """A record as one canonical line, its LF included. Left out is what is null, and an id that can join nothing."""
    lent = id_time(record.request_id) if record.ts is None and record.request_id else None
    ts = record.ts if record.ts is not None else lent
    usable = usable_id(record.request_id, words)
    fields: dict[str, Any] = {
        "request_id": record.request_id if usable else None,
        LENT: None if lent is None else 1,
        SAID: None if usable else record.request_id,
        VALUES: values_of_record(record) or None,
        "function": record.function,
        "stage": record.stage,
        "status": record.status if record.status is not None else record.status_word,
        "latency_ms": record.latency_ms,
        "error_code": record.error_code,
        "upstream_status": record.upstream_status if record.upstream_status is not None else record.upstream_word,
        "upstream_latency_ms": record.upstream_latency_ms,
        "ts": iso(ts),
        "upstream": record.upstream,
        "service": record.service,
        "attempt": None if record.attempt is None else str(record.attempt),
        "span_id": record.span_id,
        LINKED: 1 if linked(record) else None,
        "host.name": record.extra.get("host.name") or record.extra.get("k8s.pod.name"),
    }
    return _ENCODE({name: value for name, value in fields.items() if value is not None} or {"function": None}) + b"\n"


def canonical(run: Run, piece: Piece, path: str) -> Piece:
    """The canonical form of a part that could not be proven; its lines are counted in the account here."""
    result = Piece(path, piece.index, SHAPE, canonical=True, origin=piece)
    account = run.accounts.files[piece.index]
    rejects = piece.rejects
    if run.survey is not None:
        run.survey.order.begin(piece.index, piece.first_line)
    with Path(path).open("wb") as out, open_source(Source(piece.path)) as stream:
        for block in iter_blocks(stream):
            lines = [
                Line(line.number + piece.first_line - 1, line.offset + piece.offset, line.data,
                     line.unterminated and piece.unterminated, line.oversize)
                for line in block
                if line.number + piece.first_line - 1 not in piece.removed
            ]  # fmt: skip
            for record in read_lines(lines, piece.index, run.parser, None, account, rejects.append, run.watch):
                _write(run, result, record, out)
    account.add(run.parser.take_tally())
    rejects.sort(key=lambda reject: reject.line)
    return result


def small(run: Run, source: Source, index: int, result: Piece, out: BinaryIO) -> None:
    """Parse a small source into a shared canonical file: a query of its own would cost more than reading it."""
    account = run.accounts.files[index]
    progress = run.progress_of(source)
    with open_source(source) as stream:
        for block in iter_blocks(stream):
            for record in read_lines(block, index, run.parser, None, account, run.reject, run.watch):
                _write(run, result, record, out)
            progress(stream.read)
        account.error = stream.error
    account.add(run.parser.take_tally())


def _write(run: Run, piece: Piece, record: Record, out: BinaryIO) -> None:
    line = line_of(record, run.ruleset.words)
    if piece.objects % _MARKED == 0:
        piece.marks.append(Mark(piece.size, piece.lines + 1, record.ts))
    out.write(line)
    piece.size += len(line)
    piece.objects += 1
    piece.lines += 1
