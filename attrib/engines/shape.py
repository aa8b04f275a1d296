"""What a sample of a file says about its keys, so that the query reads no more columns than the file has."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, Final

from attrib.engines.clock import Clock
from attrib.engines.ids import LONG_ID
from attrib.engines.scan import ID_TEXTS, NUMBERS, Shape
from attrib.fields import KEYS, TIME

SAMPLE_LINES: Final = 2000
_ISO: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d{1,9}))?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)")
_ZONES: Final = 8
"""More zones than this in a sample is no log of one program: such times are read in Python."""


def shape_of(block: bytes) -> Shape:
    """The shape of a file from its first whole lines. Wrong guesses cost time only: the query's checks catch them."""
    import msgspec

    rows: list[dict[str, Any]] = []
    for line in block.split(b"\n", SAMPLE_LINES)[:SAMPLE_LINES]:
        try:
            value = msgspec.json.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
        if isinstance(value, dict):
            rows.append(value)
    seen = Counter(key for row in rows for key, value in row.items() if value is not None)
    texts: dict[str, tuple[str, ...]] = {}
    absent: list[str] = []
    for name in ID_TEXTS:
        keys = KEYS[name].keys
        present = tuple(key for key in keys if key in seen)
        if present:
            texts[name] = present
        # The spans of a trace decide nothing while every request has one record: correlate.py reads them when it must.
        if name != "span_id":
            absent.extend(key for key in keys if key not in present)
    clock = _clock(rows, seen)
    absent.extend(key for key in TIME.keys if clock is None or key != clock.key)
    numbers = not any(isinstance(row.get(name), str | bool) for row in rows for name in NUMBERS)
    ids = all(isinstance(row.get("request_id"), str) and len(row["request_id"]) > LONG_ID for row in rows)
    plain = numbers and ids and all(len(keys) == 1 for keys in texts.values())
    return Shape(texts, clock, tuple(absent), plain)


def general(shape: Shape) -> Shape:
    """The shape that assumes nothing of a file but the form of its times: for files whose sample misled."""
    texts = {name: KEYS[name].keys for name in ID_TEXTS}
    absent = tuple(key for key in TIME.keys if shape.clock is None or key != shape.clock.key)
    return Shape(texts, shape.clock, absent, plain=False)


def _clock(rows: list[dict[str, Any]], seen: Counter[str]) -> Clock | None:
    """The one key that holds times in this file, and their form."""
    present = [key for key in TIME.keys if key in seen]
    if len(present) != 1:
        # Two time keys on one line have an order of precedence: left to the careful reader.
        return Clock(present[0], ("Z",)) if present else None
    key = present[0]
    matches = [_ISO.fullmatch(row[key]) for row in rows if isinstance(row.get(key), str)]
    good = [match for match in matches if match]
    zones = sorted({match[2] for match in good})
    lengths = {len(match[0]) for match in good}
    if not good or len(zones) > _ZONES:
        return Clock(key, ("Z",))
    digits = len(good[0][1] or "")
    fixed = len(zones) == 1 and len(lengths) == 1 and digits in (0, 3, 6)
    return Clock(key, tuple(zones), lengths.pop() if fixed else 0, digits if fixed else 0)
