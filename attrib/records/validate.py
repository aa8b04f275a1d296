"""Checks whole blocks of lines for malformed JSON at over a gigabyte a second.

The fast path's guard against what DuckDB's reader lets pass (trailing commas, NaN literals, lone surrogates). It does
not see two things, because skipped values are only scanned and line ends mean nothing to it: several values on one
line or one value over several, and bytes within strings that are no UTF-8. DuckDB's strict reader refuses both, so
the two together are exact; neither is by itself.
"""

from __future__ import annotations

from typing import Final

import msgspec

_SPACE: Final = b" \t\r\n"


class _Nothing(msgspec.Struct):
    """An object of which no field is wanted: every value is scanned and none is built."""


_DECODER: Final = msgspec.json.Decoder(_Nothing)
_RAW: Final = msgspec.json.Decoder(msgspec.Raw)


def count_objects(block: bytes) -> int | None:
    """How many objects a block of whole lines holds; None when something in it is malformed, too deep or no object."""
    try:
        return len(_DECODER.decode_lines(block))
    except (msgspec.DecodeError, RecursionError):
        return None


def whole_lines(block: bytes | memoryview) -> tuple[int, int] | None:
    """(JSON values, lines) of a block of whole lines; None when something in it is malformed or too deep.

    Values need not be objects here: DuckDB refuses the others, but for null, which its caller looks for. Where each
    line is one value and its LF, their lengths add up to the block's, and the LFs need no counting of their own.
    """
    try:
        values = _RAW.decode_lines(block)
    except (msgspec.DecodeError, RecursionError):
        return None
    count = len(values)
    if sum(map(len, values)) + count == len(block):
        return count, count
    data = bytes(block)
    return count, data.count(b"\n") + (not data.endswith(b"\n"))


def bad_lines(block: bytes, offset: int = 0) -> list[int]:
    """Offsets of the lines that hold anything but one sound object or white space; `offset` is the block's own.

    The halves of a bad block are asked in turn, so a few bad lines cost little more than none. A line nested deeper
    than the interpreter allows is among them; the careful path judges it.
    """
    if count_objects(block) is not None:
        return []
    middle = block.find(b"\n", len(block) // 2) + 1
    if not 0 < middle < len(block):
        middle = block.rfind(b"\n", 0, len(block) - 1) + 1
    if middle == 0:
        return [offset] if block.strip(_SPACE) else []
    return bad_lines(block[:middle], offset) + bad_lines(block[middle:], offset + middle)


def values_of(line: bytes) -> int:
    """JSON values on one line: 0 for white space, 1 for a sound line; -1 when it is malformed or no UTF-8."""
    try:
        line.decode("utf-8")
        return len(_DECODER.decode_lines(line))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return -1
