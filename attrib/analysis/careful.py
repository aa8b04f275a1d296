"""Reading line by line: every file becomes records and an account, in the order the files were given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from typing import Final

from attrib.records.model import Record
from attrib.records.parse import LINE_TOO_LONG, Bad, Parser
from attrib.rules.words import Words
from attrib.sources.accounting import FileAccount, Reject, shown
from attrib.sources.find import Source
from attrib.sources.lines import Line, iter_blocks
from attrib.sources.open import open_source

OnReject = Callable[[Reject], None]
OnBytes = Callable[[int], None]
Watch = Callable[[Line, object, int], None]
"""Called with each line, what became of it (`Record`, `Bad` or `Other`), and the index of its file."""

COPY: Final = "copy"
"""What a watch is told, after the record itself, of a line that was there before."""

UNKNOWN_EXACT_LINES = 100_000
"""Contract: names of unknown fields are exact up to so many lines a file."""


class Seen:
    """Lines read before, by digest: exact copies that carry a usable request id count once (at-least-once delivery).

    128 bits of BLAKE2b: two different lines among a billion collide with a chance below 1e-20.
    """

    def __init__(self, words: Words) -> None:
        self._words = words
        self._digests: set[bytes] = set()

    def again(self, record: Record, line: bytes) -> bool:
        """Whether this very line was there before. Lines without a usable id are never merged."""
        from attrib.invocations.ids import usable_id

        if not usable_id(record.request_id, self._words):
            return False
        digest = blake2b(line.strip(b" \t\r"), digest_size=16).digest()
        if digest in self._digests:
            return True
        self._digests.add(digest)
        return False


def read_source(
    source: Source,
    index: int,
    parser: Parser,
    seen: Seen,
    account: FileAccount,
    on_reject: OnReject,
    on_bytes: OnBytes,
    watch: Watch | None = None,
) -> Iterator[Record]:
    """The records of one input, duplicates left out; `account` and the rejects are complete when it is exhausted."""
    with open_source(source) as stream:
        for block in iter_blocks(stream):
            yield from read_lines(block, index, parser, seen, account, on_reject, watch)
            on_bytes(stream.read)
        account.error = stream.error
    account.add(parser.take_tally())


def read_lines(
    lines: Iterable[Line],
    index: int,
    parser: Parser,
    seen: Seen | None,
    account: FileAccount,
    on_reject: OnReject,
    watch: Watch | None = None,
) -> Iterator[Record]:
    """The records of some lines, each counted in `account`. Without `seen`, copies are kept; `watch` sees all lines."""
    for line in lines:
        if line.oversize is not None:
            result: object = LINE_TOO_LONG
            account.count(LINE_TOO_LONG)
        else:
            parsed = parser.parse(line.data, index, line.number, unterminated=line.unterminated)
            account.count(parsed)
            result = parsed
        if watch is not None:
            watch(line, result, index)
        if isinstance(result, Record):
            if seen is not None and seen.again(result, line.data):
                account.duplicates += 1
                if watch is not None:
                    watch(line, COPY, index)
            else:
                yield result
        elif isinstance(result, Bad):
            text = shown(line.data)
            on_reject(Reject(account.path, line.number, line.offset, result.reason, result.field, text))
