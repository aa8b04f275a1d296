"""JSON that the quick decoder refuses: decides whether it is legal after all, and if not, why.

Contract "Accounting": nesting up to 1,024 levels and numbers beyond a double's range are legal JSON; trailing commas,
comments, NaN literals and lone surrogates are not.
"""

from __future__ import annotations

import json
import re
import sys
import threading
from collections.abc import Callable
from typing import Any, Final, NoReturn, TypeVar

import msgspec

MAX_DEPTH: Final = 1024
"""Contract "Accounting": deeper lines are quarantined as too_deep."""
SHALLOW_BYTES: Final = 2 * MAX_DEPTH
"""A line up to this length cannot be too deep: each level needs a bracket that opens and one that closes."""

_TOKEN: Final = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\Z)|[\[{]|[\]}]', re.DOTALL)
_OPENING: Final = (b"[", b"{")
_MAX_DIGITS: Final = 600
"""Longer integers stay digits: Python refuses to convert very long ones (its own bound is never below 640)."""
_room = threading.Lock()
_T = TypeVar("_T")


class Digits(str):
    """An integer too long to convert, as its digits."""

    __slots__ = ()


class Refused(Exception):
    """The line is no legal JSON, or too deep; `reason` is the contract's word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def too_deep(line: bytes) -> bool:
    """Whether brackets nest over MAX_DEPTH, strings aside. Reads no further than the first level too many."""
    if line.count(b"[") + line.count(b"{") <= MAX_DEPTH:
        return False
    depth = 0
    for found in _TOKEN.finditer(line):
        token = found[0]
        if token in _OPENING:
            depth += 1
            if depth > MAX_DEPTH:
                return True
        elif token[:1] != b'"':
            depth -= 1
    return False


def decode(line: bytes, decoder: msgspec.json.Decoder[Any]) -> Any:
    """The value of a line that `decoder` refused at first sight; raises Refused with the reason.

    Bytes that are no UTF-8 are named first: what such a line would mean as JSON is anybody's guess.
    """
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        cut = error.reason == "unexpected end of data" and error.end == len(line)
        raise Refused("cut_utf8" if cut else "invalid_utf8") from None
    if too_deep(line):
        raise Refused("too_deep")
    try:
        return _with_room(lambda: decoder.decode(line))
    except msgspec.ValidationError:
        # Legal, but a number is out of the decoder's range.
        return _with_room(lambda: _standard(text))
    except msgspec.DecodeError:
        raise Refused("invalid_json") from None


def _standard(text: str) -> Any:
    """By the standard library, made strict: it knows numbers of any size, but lets NaN and lone surrogates pass."""
    try:
        value = json.loads(text, parse_constant=_refuse, parse_int=_integer)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except ValueError:
        raise Refused("invalid_json") from None
    return value


def _refuse(literal: str) -> NoReturn:
    raise ValueError(literal)


def _integer(digits: str) -> int | Digits:
    return int(digits) if len(digits) <= _MAX_DIGITS else Digits(digits)


def _with_room(call: Callable[[], _T]) -> _T:
    """Runs a decoder whose recursion MAX_DEPTH levels may exceed the interpreter's limit, which the caller's own depth
    has partly used up. One thread at a time, for the limit is the whole interpreter's.
    """
    with _room:
        before = sys.getrecursionlimit()
        sys.setrecursionlimit(before + 2 * MAX_DEPTH)
        try:
            return call()
        except RecursionError:
            # An interpreter with a fixed, lower bound for C code; the line is still accounted for.
            raise Refused("too_deep") from None
        finally:
            sys.setrecursionlimit(before)
