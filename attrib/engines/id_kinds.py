"""The kind of a request id in SQL: the same kinds, told by the same patterns, as `survey.id_kinds.id_kind`."""

from __future__ import annotations

import re
from typing import Final

from attrib.safe.sql import literal
from attrib.survey.id_kinds import KINDS, MISSING, OTHER, PLACEHOLDER

_TOKEN: Final = re.compile(r"(?:\[[^\]\\]+\]|[^\\\[\](){}|?*+.^$])(?:\{(\d+)\})?")
"""One part of a pattern of fixed length: a class or a letter, perhaps so many times."""


def length_of(pattern: str) -> int | None:
    """The one length of what a pattern matches; None where it has several, or is not of the simple kind."""
    length = at = 0
    while at < len(pattern):
        token = _TOKEN.match(pattern, at)
        if token is None:
            return None
        length += int(token[1] or 1)
        at = token.end()
    return length


def kind_name(number: int) -> str:
    """The kind that a number stands for."""
    return _NAMES[number]


def _number(kind: str) -> str:
    return f"{_NAMES.index(kind)}::UTINYINT"


_NAMES: Final = (MISSING, PLACEHOLDER, OTHER, *dict.fromkeys(kind for kind, _ in KINDS))
"""Kinds by number: numbers are grouped by faster than texts."""


def kind_sql(column: str, usable: str | None) -> str:
    """The number of the kind of the ids in `column`, for `kind_name`.

    `usable`: the test of engines.ids; None: every id is known to pass it.

    A pattern costs 0.1 us a row. Lengths, where they are fixed, save most of them; behind the common kinds one test of
    all the rest saves `other` ids from each of them.
    """
    cases = []
    if usable is not None:
        cases.append(f"WHEN {column} IS NULL OR {column} = '' THEN {_number(MISSING)}")
        cases.append(f"WHEN NOT ({usable}) THEN {_number(PLACEHOLDER)}")
    for at, (kind, pattern) in enumerate(KINDS):
        if at == _COMMON:
            rest = "|".join(f"({pattern})" for _, pattern in KINDS[at:])
            cases.append(f"WHEN NOT regexp_full_match({column}, {literal(rest)}) THEN {_number(OTHER)}")
        length = length_of(pattern)
        size = "" if length is None else f"strlen({column}) = {length} AND "
        cases.append(f"WHEN {size}regexp_full_match({column}, {literal(pattern)}) THEN {_number(kind)}")
    return f"CASE {' '.join(cases)} ELSE {_number(OTHER)} END"


_COMMON: Final = 6
"""So many kinds are asked one by one before the rest is asked at once."""
