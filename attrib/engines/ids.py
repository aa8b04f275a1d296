"""Request ids inside the query: which can join records, and which may have been no text in the file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from attrib.safe.sql import literal

LONG_ID: Final = 23
"""Request ids longer than this are usually ids; the placeholders that are longer are told by their first letter.
No fraction that the reader writes is longer than this."""


def _doubts(placeholders: Sequence[str]) -> list[str]:
    """Tests that no long placeholder fails; zeros are told apart by their order already."""
    long = sorted({(len(p), c) for p in placeholders if len(p) > LONG_ID for c in (p[0].lower(), p[0].upper())})
    return [
        f"strlen(request_id) = {size} AND request_id >= {literal(char)} AND request_id < {literal(chr(ord(char) + 1))}"
        for size, char in long
        if char != "0"
    ]


def usable(placeholders: Sequence[str]) -> str:
    """Whether request_id is an id at all; the same rule as invocations.ids.usable_id, the usual case first."""
    # A list, not IN (...): that becomes a join, and joins every row.
    listed = ", ".join(literal(p) for p in placeholders)
    doubt = " OR ".join(_doubts(placeholders)) or "false"
    return (
        f"CASE WHEN strlen(request_id) > {LONG_ID} AND request_id >= '00000001' AND NOT ({doubt}) "
        "AND NOT ends_with(request_id, ' ') THEN true "
        f"WHEN request_id IS NULL THEN false WHEN list_contains(['', {listed}], lower(trim(request_id))) THEN false "
        "ELSE trim(lower(trim(request_id)), '0-') <> '' END"
    )


_DECIMAL: Final = r"'-?[0-9]+(\.[0-9]+([eE][+-]?[0-9]+)?|[eE][+-]?[0-9]+)'"
HUGE_ID: Final = (
    "CASE WHEN contains(request_id, '.') OR contains(request_id, '+') "
    f"THEN regexp_full_match(request_id, {_DECIMAL}) ELSE false END"
)
"""Whether a long request_id may have been a number: the reader writes those again, in at most LONG_ID characters, but
keeps what is out of a double's range as it stands. Digits around a bare `e` are taken for what they are in any real
log, a hexadecimal id."""
STRANGE_ID: Final = (
    f"CASE WHEN strlen(request_id) > {LONG_ID} AND request_id >= '.' AND request_id < '[' THEN {HUGE_ID} "
    f"WHEN strlen(request_id) > {LONG_ID} AND request_id >= '^' AND request_id < '{{' THEN false "
    "ELSE request_id = 'true' OR request_id = 'false' OR strlen(request_id) <> length(request_id) "
    "OR regexp_matches(request_id, '[[:cntrl:]]') "
    "OR ((starts_with(request_id, '[') OR starts_with(request_id, '{')) AND json_valid(request_id)) "
    f"OR regexp_full_match(request_id, {_DECIMAL}) END"
)
"""request_ids that may have been a boolean, a list, an object or a fraction in the file, or that hold what two
languages trim and fold in two ways: read again carefully."""

ID_TIME: Final = (
    "regexp_full_match(request_id, '(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?7[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}"
    "|[0-7][0-9A-HJKMNP-TV-Z]{25}')"
)
"""request_ids of the two forms that hold a time; wider than records.times.id_time, which judges the years too."""


def plain_id(placeholders: Sequence[str]) -> str:
    """A cheap test that only usable ids pass, and only those that were texts in the file: long, letters or digits."""
    doubt = "".join(f" AND NOT ({test})" for test in _doubts(placeholders))
    return (
        f"strlen(request_id) > {LONG_ID} AND request_id >= '00000001' "
        f"AND NOT ends_with(request_id, ' ') AND NOT {HUGE_ID} "
        f"AND (request_id < '[' OR (request_id >= 'a' AND request_id < '{{')){doubt}"
    )
