"""What a JSON value may mean in a field, apart from the plain cases that the parser itself handles.

Each reader returns the value, or None for null; one that cannot be read raises ValueError. Contract "Accounting":
an integer stands for its digits in a text field, "500" and 500.0 for 500, and true is no number.
"""

from __future__ import annotations

import hashlib
import math
import re
from typing import Any, Final

from attrib.records.odd import Digits

NULLS: Final = frozenset({"", "-"})
"""Texts that mean null in every nullable field. request_id, function and stage are not nullable: of those "" is null
too, for an empty name names nothing, but "-" is kept: as an id it is a placeholder, which a check reports."""
STATUS_MAX: Final = 999
_EXACT: Final = 2.0**53
"""Doubles are exact integers below this; a larger one no longer holds the digits that were logged."""
_NUMBER: Final = re.compile(r"\s*(-?(?:\d{1,400}(?:\.\d{0,400})?|\.\d{1,400})(?:[eE][+-]?\d{1,5})?)\s*", re.ASCII)
_WORD: Final = re.compile(r"\s*[^\W\d_][\w .:/()'-]{0,199}")
"""Word-like: begins with a letter, and goes on as names and short messages do ("connect ECONNREFUSED 10.0.0.1:80"),
within 200 characters. "5O3!" is a damaged number, not a word."""


def text(value: Any) -> str | None:
    """A text, or an integer's digits (500.0 counts as 500)."""
    if type(value) is str:
        return None if value in NULLS else value
    if type(value) is int:
        return str(value)
    if type(value) is float and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    if type(value) is Digits:
        return str.__str__(value)
    if value is None:
        return None
    raise ValueError


def number(value: Any) -> float | None:
    """A finite number >= 0."""
    if type(value) is str:
        if value in NULLS:
            return None
        found = _NUMBER.fullmatch(value)
        if found is None:
            raise ValueError
        value = float(found[1])
    if type(value) is int:
        try:
            value = float(value)
        except OverflowError:
            raise ValueError from None
    if value is None:
        return None
    if type(value) is float and 0 <= value < math.inf:
        return abs(value)  # -0.0 is 0.0
    raise ValueError


def count(value: Any) -> int | None:
    """An integer >= 0, exact."""
    if type(value) is int and value >= 0:
        return value
    figure = number(value)
    if figure is None:
        return None
    if figure.is_integer() and figure < _EXACT:
        return int(figure)
    raise ValueError


def code(value: Any) -> int | None:
    """A status code, 0..999."""
    figure = count(value)
    if figure is not None and figure > STATUS_MAX:
        raise ValueError
    return figure


def is_number(value: str) -> bool:
    """Whether a text is a number, readable or not; such a text is never a word."""
    return _NUMBER.fullmatch(value) is not None


def is_word(value: str) -> bool:
    """Whether a text is word-like, as any upstream_status may be."""
    return _WORD.fullmatch(value) is not None


def digest(value: Any) -> str | None:
    """16 hexadecimal digits (64 bits) of the value's SHA-256: enough to tell values apart, and no way back."""
    plain = text(value)
    return None if plain is None else hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def scalar(value: Any) -> str | None:
    """A label's value as text; true and false as JSON writes them, whole numbers without a fraction."""
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is float and math.isfinite(value) and not (value.is_integer() and abs(value) < _EXACT):
        return repr(value)
    return text(value)


_TRACEPARENT: Final = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.{0,200})?", re.ASCII)


def traceparent(value: Any) -> tuple[str, str] | None:
    """(trace id, span id of the caller) of a W3C Trace Context header, level 1: version ff and zero ids are invalid,
    version 00 has no more parts, later versions may.
    """
    if value is None or (type(value) is str and value in NULLS):
        return None
    found = _TRACEPARENT.fullmatch(value) if type(value) is str else None
    if (
        found is None
        or found[1] == "ff"
        or (found[1] == "00" and found[4])
        or not found[2].strip("0")
        or not found[3].strip("0")
    ):
        raise ValueError
    return found[2], found[3]
