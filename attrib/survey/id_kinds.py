"""The kinds of request ids, told by their form alone.

A kind is told by its published form, never by what its values mean. Beside each kind that has one stands its malformed
sister: what looks like that kind and breaks its form (cut, re-typed, a version that there is not). An id that merely
differs is `other`: a random token, a Kubernetes name, a nanoid.

Sources of the forms: RFC 9562 (UUID), the ULID specification, W3C Trace Context level 1 (traceparent, trace-id),
B3 propagation (openzipkin), AWS X-Ray trace headers, Datadog's and Snowflake's decimal 64-bit ids.
"""

from __future__ import annotations

import re
from typing import Final

from attrib.invocations.ids import usable_id
from attrib.rules.words import Words

MISSING: Final = "missing"
PLACEHOLDER: Final = "placeholder"
OTHER: Final = "other"
INTEGER: Final = "integer"
BROKEN: Final = "malformed-"
"""Begins the names of malformed kinds; the family's name follows."""

_H: Final = "[0-9a-fA-F]"
_L: Final = "[0-9a-f]"
_UPPER: Final = "[0-9A-HJKMNP-TV-Z]"
_LOWER: Final = "[0-9a-hjkmnp-tv-z]"
"""Crockford's base 32, in the two cases that writers use; never mixed in one id."""
_64_BITS: Final = (
    "[1-9][0-9]{16,18}|1[0-7][0-9]{18}|18[0-3][0-9]{17}|184[0-3][0-9]{16}|1844[0-5][0-9]{15}|18446[0-6][0-9]{14}"
    "|184467[0-3][0-9]{13}|1844674[0-3][0-9]{12}|184467440[0-6][0-9]{10}|1844674407[0-2][0-9]{9}"
    "|18446744073[0-6][0-9]{8}|1844674407370[0-8][0-9]{6}|18446744073709[0-4][0-9]{5}|184467440737095[0-4][0-9]{4}"
    "|18446744073709550[0-9]{3}|18446744073709551[0-5][0-9]{2}|1844674407370955160[0-9]|1844674407370955161[0-5]"
)
"""A decimal of 17 digits up to 2^64 - 1. What is shorter is an integer: random 64 bits have fewer once in a hundred."""


def _uuid(version: str) -> str:
    return f"{_H}{{8}}-{_H}{{4}}-{version}{_H}{{3}}-[89abAB]{_H}{{3}}-{_H}{{12}}"


_BROKEN_UUID: Final = (
    # Wrong version, variant or length of the last group; cut within the fourth; leading zeros lost.
    f"{_H}{{8}}-{_H}{{4}}-{_H}{{4}}-{_H}{{4}}-{_H}{{1,32}}|{_H}{{8}}-{_H}{{4}}-[1-8]{_H}{{3}}-[89abAB]{_H}{{0,3}}-?"
    f"|{_H}{{1,7}}-{_H}{{4}}-[1-8]{_H}{{3}}-[89abAB]{_H}{{3}}-{_H}{{12}}"
)
_BROKEN_ULID: Final = (
    # Letters that are none of base 32, a first letter beyond 128 bits, other lengths. Real ones begin with 01: 2004
    # to 2039.
    f"01[0-9A-Z]{{24}}|01[0-9a-z]{{24}}|[89A-HJKMNP-TV-Z]{_UPPER}{{25}}|[89a-hjkmnp-tv-z]{_LOWER}{{25}}"
    f"|01[A-HJKMNP-TV-Z]({_UPPER}{{17,22}}|{_UPPER}{{24,27}})|01[a-hjkmnp-tv-z]({_LOWER}{{17,22}}|{_LOWER}{{24,27}})"
)
_ZERO_TRACEPARENT: Final = f"{_L}{{2}}-(0{{32}}-{_L}{{16}}|{_L}{{32}}-0{{16}})-{_L}{{2}}(-[!-~]*)?"
_TRACEPARENT: Final = (
    # Version 00 has nothing after the flags, later ones may; ff is forbidden.
    f"00-{_L}{{32}}-{_L}{{16}}-{_L}{{2}}|(0[1-9a-f]|[1-9a-e]{_L}|f[0-9a-e])-{_L}{{32}}-{_L}{{16}}-{_L}{{2}}(-[!-~]*)?"
)
_BROKEN_TRACEPARENT: Final = (
    # Upper case, version ff, more than there may be; cut; parts of another length.
    f"{_H}{{2}}-{_H}{{32}}-{_H}{{16}}-{_H}{{2}}[!-~]*|00-{_L}{{32}}(-{_L}{{0,16}}(-{_L}?)?)?"
    f"|00-{_L}{{16,40}}-{_L}{{8,24}}-{_L}{{1,4}}"
)
_B3: Final = f"({_L}{{16}}|{_L}{{32}})-{_L}{{16}}(-[01d](-{_L}{{16}})?)?"
_BROKEN_B3: Final = f"{_H}{{32}}-{_H}{{16}}(-[!-~]*)?|{_L}{{16}}-{_L}{{16}}-[!-~]+|{_L}{{32}}-{_L}{{8,15}}"
_TAIL: Final = "(;[A-Za-z]+=[!-:<-~]*)*"
"""Further parts of an X-Ray header."""
_XRAY: Final = f"((Root|Self)=)?1-{_L}{{8}}-{_L}{{24}}{_TAIL}"
_BROKEN_XRAY: Final = f"((Root|Self)=)?1-{_H}{{8}}-{_H}{{16,32}}{_TAIL}"

KINDS: Final[tuple[tuple[str, str], ...]] = (
    ("hex32", f"{_L}{{32}}"),
    ("uuid4", _uuid("4")),
    ("uuid7", _uuid("7")),
    ("ulid", f"[0-7]{_UPPER}{{25}}"),
    (INTEGER, "[0-9]{1,16}"),
    ("hex16", f"{_L}{{16}}"),
    ("decimal64", _64_BITS),
    (INTEGER, "[0-9]+"),
    ("ulid", f"[0-7]{_LOWER}{{25}}"),
    (f"{BROKEN}traceparent", _ZERO_TRACEPARENT),
    ("traceparent", _TRACEPARENT),
    ("xray", _XRAY),
    ("b3", _B3),
    *((f"uuid{version}", _uuid(version)) for version in "123568"),
    (f"{BROKEN}uuid", _BROKEN_UUID),
    (f"{BROKEN}traceparent", _BROKEN_TRACEPARENT),
    (f"{BROKEN}xray", _BROKEN_XRAY),
    (f"{BROKEN}b3", _BROKEN_B3),
    (f"{BROKEN}hex32", f"{_H}{{32}}|{_L}{{25,31}}|{_L}{{33,39}}"),
    (f"{BROKEN}hex16", f"{_H}{{16}}|{_L}{{13,15}}|{_L}{{17,19}}"),
    (f"{BROKEN}ulid", _BROKEN_ULID),
    # What becomes of 64 bits that went through a float, as in JavaScript.
    (f"{BROKEN}decimal64", r"[0-9]\.[0-9]{6,20}[eE]\+?(1[5-9]|2[0-9])"),
)
"""(kind, pattern that the whole id matches): the first that does counts, the commonest first; a kind may stand twice.

In the dialect that RE2 and Python share, with ASCII classes only. Digits are ambiguous where they are all that a
hexadecimal id holds: one hex16 in two thousand is an `integer`.
"""
_COMPILED: Final = tuple((kind, re.compile(pattern)) for kind, pattern in KINDS)


def id_kind(request_id: str | None, words: Words) -> str:
    """The kind of an id: `missing`, `placeholder`, one of KINDS, or `other`."""
    if request_id is None:
        return MISSING
    if not usable_id(request_id, words):
        return PLACEHOLDER
    return next((kind for kind, pattern in _COMPILED if pattern.fullmatch(request_id)), OTHER)


def family(kind: str) -> str:
    """The name that a kind shares with its malformed sister and with its versions: `uuid` of uuid4, uuid7 and
    malformed-uuid."""
    kind = kind.removeprefix(BROKEN)
    return "uuid" if kind.startswith("uuid") else kind
