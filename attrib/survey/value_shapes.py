"""The shapes of label values that identify something, and the templates that say the same without identifying it.

Told by form alone, so names come first: versions, regions, hosts, pods, instances, flags, routes with placeholders,
error codes, sizes and round numbers have no shape here, whatever digits they hold. A value may be cut (sketch.py).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from attrib.safe.shapes import MAIL, TOKEN
from attrib.survey.randomness import is_random, is_short_random

Shape = Literal["uuid", "e-mail", "path", "hex", "number", "timestamp", "ip", "token", "text"]
WORDS: Final[dict[Shape, str]] = {
    "uuid": "UUIDs", "e-mail": "e-mail addresses", "path": "URLs or paths with ids", "hex": "hexadecimal ids",
    "number": "numbers of a sequence", "timestamp": "times", "ip": "IP addresses", "token": "random tokens",
    "text": "free text",
}  # fmt: skip
"""Shape -> what its values are called."""


class Told(NamedTuple):
    """What the form of a value says."""

    shape: Shape | None
    template: str
    """The value with what identifies it replaced (`/users/:id`); without a shape, the value itself."""


_B, _E = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_DATE: Final = r"(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_PLAIN_DATE: Final = r"20[0-4][0-9](?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_CLOCK: Final = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.,][0-9]{1,9})?"
_ZONE: Final = r"(?: ?(?:Z|UTC|GMT|[+-](?:0[0-9]|1[0-4]):?[0-5][0-9]))?"
_MONTH: Final = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}"
_UUID: Final = re.compile(_B + r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}" + _E)
_TIME: Final = re.compile(
    rf"{_DATE}(?:[T ][0-2][0-9]:[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]{{1,9}})?)?{_ZONE})?|{_CLOCK}{_ZONE}"
    rf"|(?:19|20)[0-9]{{2}}/[01][0-9]/[0-3][0-9](?: {_CLOCK})?"
    rf"|[0-3]?[0-9]/[0-3]?[0-9]/(?:19|20)[0-9]{{2}}(?: {_CLOCK})?"
    rf"|[0-3]?[0-9]\.[01]?[0-9]\.(?:19|20)[0-9]{{2}}(?: {_CLOCK})?"
    rf"|(?:[A-Z][a-z]{{2,8}}, )?[0-3]?[0-9][ /-]{_MONTH}[ /-](?:19|20)[0-9]{{2}}(?:[ :]{_CLOCK}{_ZONE})?"
    rf"|(?:[A-Z][a-z]{{2}} )?{_MONTH} {{1,2}}[0-3]?[0-9](?:,? {_CLOCK})(?: (?:19|20)[0-9]{{2}})?"
    rf"|{_PLAIN_DATE}(?:T?[0-2][0-9][0-5][0-9][0-5][0-9](?:[.]?[0-9]{{3,6}})?Z?)?"
    r"|1[0-9]{9}(?:\.[0-9]{1,9})?|1[0-9]{12}|1[0-9]{15}|1[0-9]{18}"
)
"""Instants and days as the whole value: ISO 8601, the usual written forms, and epochs in s, ms, us and ns."""
_MOMENT: Final = re.compile(
    rf"{_B}{_DATE}[T _-][0-2][0-9]:?[0-5][0-9]:?[0-5][0-9](?:[.,][0-9]{{1,9}})?{_ZONE}{_E}"
    rf"|{_B}{_PLAIN_DATE}[T-][0-2][0-9][0-5][0-9][0-5][0-9]Z?{_E}"
)
"""An instant within a value; a day alone may be a release's name."""
_HEX: Final = re.compile(
    rf"(?<![0-9A-Za-z])(?:0x)?(?=[0-9a-fA-F]*[a-fA-F])[0-9a-fA-F]{{16,}}{_E}|{_B}0x[0-9a-fA-F]{{9,15}}{_E}"
    rf"|{_B}(?:[0-9a-fA-F]{{2}}[:-]){{5,}}[0-9a-fA-F]{{2}}{_E}"
)
"""Digests, trace ids, addresses of memory and network cards; `0x80070005` is an error code."""
_ULID: Final = re.compile(_B + r"[0-7][0-9A-HJKMNP-TV-Z]{25}" + _E)
_JOINED: Final = re.compile(r"[A-Za-z0-9]{2,}")
_OBJECT: Final = re.compile(_B + r"[a-z]{2,8}_(?:live_|test_)?(?=[A-Za-z]*[0-9])([A-Za-z0-9]{10,})" + _E)
"""Ids with a sort in front (`cus_NffrFeUfNV2Hib`)."""
_SORTED: Final = 0.0
"""Score (survey/randomness.py) below which what follows the sort is drawn: a name there would have words."""
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{18,}={1,2}|(?=.*[+/_-])[A-Za-z0-9+/_-]{20,}")
_MACHINE: Final = re.compile(r"(?:i|vpc|subnet|sg|eni|ami)-[0-9a-f]{8,17}")
"""What a cloud calls its machines and networks: names, as pods and hosts have them."""
_ARN: Final = re.compile(r"arn:[a-z-]+:[a-z0-9-]*:[a-z0-9-]*:[0-9]*:")
_VERSION: Final = re.compile(r"(?:^|[^0-9A-Za-z])[vV]?[0-9]{1,4}(?:\.[0-9]+)+")
_WHOLE_NUMBER: Final = re.compile(r"\+?[0-9]{6,}")
_GROUPS: Final = re.compile(r"\+?\(?[0-9]{1,6}\)?(?:[ -]\(?[0-9]{2,}\)?)+")
_BEHIND: Final = re.compile(r"(?P<name>[^0-9].*?(?:[^0-9.x]|[^0]x))(?P<n>[0-9]{5,})")
_WITHIN: Final = re.compile(r"(?<=[:_/#|=])[0-9]{6,}(?=[:_/#|])|^[0-9]{6,}(?=[:_|./-][A-Za-z])")
_CODE: Final = re.compile(r"[A-Z]{4,}[0-9]{5,6}")
"""Codes such as AADSTS700016."""
_DAY: Final = re.compile(_PLAIN_DATE)
_ROUND: Final = re.compile(r"[1-9][0-9]?0{4,}|[1-9][0-9]{0,2}(?:000){1,5}")
_URL: Final = re.compile(
    r"(?:[A-Z]{3,7} )?(?P<start>[A-Za-z][A-Za-z0-9+.-]*://[^/?#\s]*)?(?P<path>/[^?#\s]*|(?=\?))"
    r"(?P<query>\?[^#\s]*)?(?:#\S*)?(?: HTTP/[0-9.]+)?"
)
_HOSTED: Final = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?::[0-9]+)?/\S+")
_FIXED: Final = re.compile(r"(?:^|/)(?:api|rest|errors?|status|http|v)/$", re.IGNORECASE)
"""Before a number that is a version or a status."""
_SETTINGS: Final = frozenset(
    ["v", "version", "api-version", "limit", "per_page", "page_size", "pagesize", "size", "depth", "width", "height"]
)
_SHORT_ID: Final = re.compile(r"[0-9]+|[A-Za-z]{1,12}[-_][0-9]{4,}|[A-Z]{1,4}[0-9]{4,}")
_AGENT: Final = re.compile(r"[A-Z][A-Za-z]+/[0-9.]+ \(")


@lru_cache(maxsize=8192)
def tell(value: str) -> Told:
    """The shape and the template of a value."""
    text = value.strip()
    if _MACHINE.fullmatch(text):
        return Told(None, value)
    if arn := _ARN.match(text):
        shape, rest = tell(text[arn.end() :])
        return Told(shape, arn[0] + rest)
    for rule in (_time, _url, _free_text, _number, _embedded):
        told = rule(text)
        if told is not None:
            return told
    return Told(None, value)


def shape_of(value: str) -> Shape | None:
    """The shape of a value; None: a name, as far as its form tells."""
    return tell(value).shape


def templated(value: str) -> str:
    """A value with what identifies it replaced; a name as it is."""
    return tell(value).template


def _time(text: str) -> Told | None:
    return Told("timestamp", ":time") if _TIME.fullmatch(text) else None


def _url(text: str) -> Told | None:
    """URLs and paths are told by their parts: an id between slashes may be short."""
    found = _URL.fullmatch(text)
    if found is None:
        if not _HOSTED.fullmatch(text):
            return None
        found = _URL.fullmatch("//" + text) or found
        if found is None:
            return None
    path = _path(found["path"] or "")
    query = _query(found["query"] or "")
    start = found["start"] or ""
    if MAIL.search(start):
        start = ":user"
    if (path, query, start) == (found["path"] or "", found["query"] or "", found["start"] or ""):
        return Told(None, text)
    verb = text[: found.start("start" if found["start"] else "path")]
    return Told("path", f"{verb}{start}{path}{query}".removeprefix("//"))


def _path(path: str) -> str:
    done = ""
    for part in path.split("/"):
        done += "/" + (":id" if _is_id(part, done + "/") else part)
    return done[1:]


def _is_id(part: str, before: str) -> bool:
    stem = part.split(".", maxsplit=1)[0] if re.fullmatch(r"[^.@]+\.[a-z0-9]{2,5}", part) else part
    if stem.isdigit() and stem.isascii() and _FIXED.search(before):
        return False
    short = _SHORT_ID.fullmatch(stem) is not None or is_short_random(stem, 10)
    return short or _atom(stem) is not None or _TIME.fullmatch(stem) is not None


def _query(query: str) -> str:
    parts = []
    for part in query[1:].split("&"):
        name, is_pair, value = part.partition("=")
        fixed = name.lower() in _SETTINGS or not (_is_id(value, "") or re.search(r"\w(?:\+|%20)\w", value))
        parts.append(part if not is_pair or fixed else f"{name}=:id")
    return query[:1] + "&".join(parts)


def _free_text(text: str) -> Told | None:
    words = text.split()
    if len(words) < 4:
        return None
    # Titles of states and names of countries have capitals; sentences have few.
    small = sum(word[0].islower() for word in words)
    letters = sum(char.isalpha() or char == " " for char in text)
    if _AGENT.match(text) or (letters >= 0.6 * len(text) and (small >= 3 or len(words) >= 7)):
        return Told("text", ":text")
    return None


def _number(text: str) -> Told | None:
    digits = re.sub(r"[^0-9]", "", text)
    if len(digits) < 5:
        return None
    if _WHOLE_NUMBER.fullmatch(text):
        return None if _is_size(digits) and text[0] != "+" else Told("number", ":n")
    if len(digits) >= 7 and _GROUPS.fullmatch(text):
        return Told("number", ":n")
    if _CODE.fullmatch(text) or _VERSION.search(text) or _atom_only(text):
        return None
    found = _BEHIND.fullmatch(text)
    if found is not None and _counts(found["name"], found["n"]):
        return Told("number", _embed(found["name"]) + ":n")
    return Told("number", _embed(_WITHIN.sub(":n", text))) if _WITHIN.search(text) else None


def _counts(name: str, n: str) -> bool:
    """Whether the digits behind a name are a number in a sequence, and no size, day, port or code."""
    if not name.strip("-+") or _is_size(n) or _DAY.fullmatch(n):
        return False
    return len(n) >= 6 or (name[-1] in "-_#/ " and not name.isupper() and not name[:-1].isupper())


def _is_size(digits: str) -> bool:
    number = int(digits)
    return number & (number - 1) == 0 or _ROUND.fullmatch(digits) is not None


def _embedded(text: str) -> Told | None:
    if _ip(text):
        return Told("ip", ":ip")
    shape = _atom(text)
    return None if shape is None else Told(shape, _embed(text))


def _atom_only(text: str) -> bool:
    return _ip(text) or _atom(text) is not None


def _embed(text: str) -> str:
    for _, pattern, mark in _ATOMS:
        text = pattern.sub(mark, text)
    return _JOINED.sub(lambda part: ":token" if is_random(part[0]) else part[0], _whole_token(text))


def _whole_token(text: str) -> str:
    return ":token" if _is_whole_token(text) else text


_ATOMS: Final[tuple[tuple[Shape, re.Pattern[str], str], ...]] = (
    ("uuid", _UUID, ":uuid"),
    ("e-mail", MAIL, ":email"),
    ("token", TOKEN, ":token"),
    ("timestamp", _MOMENT, ":time"),
    ("hex", _HEX, ":hex"),
    ("token", _ULID, ":token"),
)


def _atom(text: str) -> Shape | None:
    """The first shape that a part of a text has."""
    for shape, pattern, _ in _ATOMS:
        if pattern.search(text):
            return shape
    if any(is_random(part) for part in _JOINED.findall(text)) or _is_whole_token(text):
        return "token"
    return "number" if _WHOLE_NUMBER.fullmatch(text) and not _is_size(text.strip("+")) else None


def _is_whole_token(text: str) -> bool:
    """Whether a text is a token with signs within, or behind the sort of thing it names."""
    found = _OBJECT.fullmatch(text)
    if found is not None:
        return is_random(found[1]) or is_short_random(found[1], 10, _SORTED)
    if not _BASE64.fullmatch(text):
        return False
    return text.endswith("=") or is_short_random("".join(_parts(text)), 16)


def _parts(text: str) -> Iterator[str]:
    return (found[0] for found in re.finditer("[A-Za-z0-9]+", text))


def _ip(text: str) -> bool:
    """An address, with or without a port; `1.2.0.0` is rather a version."""
    host = re.sub(r"^\[(.*)\](?::[0-9]+)?$", r"\1", text)
    host = re.sub(r"^([0-9.]+):[0-9]{1,5}$", r"\1", host)
    if host.count(".") != 3 and host.count(":") < 2:
        return False
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return not host.endswith(".0.0")
