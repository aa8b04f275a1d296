"""What lines hold as text, whatever became of them: accepted, skipped, quarantined, broken or no text at all.

Kept are kinds, fields, files, counts and places; never a value. Grain: one count per (class, kind, field, file), in
lines. Bounded: at most MAX_FIELDS names of fields; those beyond are counted together.

Whether a line is looked into at all is for candidates.py to say, here and in the engine alike: so both find the same.
"""

from __future__ import annotations

import re
from bisect import insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple

import msgspec

from attrib.records import odd
from attrib.safe import names
from attrib.safe.redact import redact
from attrib.survey import payloads, personal, secrets
from attrib.survey.candidates import is_candidate
from attrib.survey.types import Types

Group = Literal["secret", "personal", "payload", "trace", "unlike"]
"""The class of a hit; `unlike`: a number that looks like a card's but for its check digit."""
MAX_FIELDS: Final = 1000
MAX_PLACES: Final = 3
OTHER_FIELDS: Final = "(other fields)"
BROKEN: Final = "(a line that is no JSON)"
_PATH: Final = 100
"""Characters of a field's path that are kept."""
_IDS_IN_NAMES: Final = re.compile(r"[0-9a-fA-F-]{16,}|[0-9]{4,}")
_PLAIN: Final = re.compile(
    r"[0-9a-f]{1,64}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,18}"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
_REMEMBERED: Final = 80


class Where(NamedTuple):
    """What hits are counted by."""

    group: Group
    kind: str
    field: str
    """The path of keys, ids in it replaced by `*`; BROKEN for a line that is no JSON."""
    file: int


@dataclass(slots=True)
class Hits:
    """In how many lines, and the first of them."""

    n: int = 0
    lines: list[int] = field(default_factory=list)

    def add(self, line: int) -> None:
        """One line more."""
        self.n += 1
        if len(self.lines) < MAX_PLACES or line < self.lines[-1]:
            insort(self.lines, line)
            del self.lines[MAX_PLACES:]


Found = set[tuple[Group, str, str]]
"""(class, kind, field) of one line."""


class Content:
    """Secrets, personal data, payloads, stack traces and types, by where they stand."""

    def __init__(self, labels: tuple[str, ...], chars: float = 1024) -> None:
        """`chars`: characters from which a text may be a document (`payload-in-log`)."""
        self.labels = labels
        self.chars = chars
        self.hits: dict[Where, Hits] = {}
        self.types = Types()
        self.flooded: set[str] = set()
        """Classes of candidates.py of which not all lines were looked into: figures are lower bounds."""
        self._fields: set[str] = set()
        self._decode = msgspec.json.Decoder().decode

    def see(self, data: bytes, file: int, line: int) -> None:
        """Look at one line."""
        value = self._value(data)
        found: Found = set()
        if isinstance(value, dict):
            self.types.see(value, file, line)
        if isinstance(value, dict | list):
            for key, name, item in _walk(value):
                self._look(found, key, name, item)
        else:
            # No JSON, or a lone value: the line is one text, with the escapes that stand in it.
            self._look(found, BROKEN, None, data.decode("utf-8", "backslashreplace"))
        if found and is_candidate(data, self.chars):
            for group, kind, key in found:
                self._hits(Where(group, kind, key, file)).add(line)

    def _value(self, data: bytes) -> Any:
        try:
            return self._decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            try:
                return odd.decode(data, msgspec.json.Decoder())
            except odd.Refused:
                return None

    def _hits(self, where: Where) -> Hits:
        if where.field not in self._fields:
            if len(self._fields) >= MAX_FIELDS:
                where = where._replace(field=OTHER_FIELDS)
            self._fields.add(where.field)
        hits = self.hits.get(where)
        if hits is None:
            hits = self.hits[where] = Hits()
        return hits

    def _look(self, found: Found, key: str, name: str | None, value: Any) -> None:
        if isinstance(value, dict | list):
            if name is not None and payloads.object_is_body(name, value, self.chars):
                found.add(("payload", "object", _shown(key)))
            return
        text = value if isinstance(value, str) else str(value)
        if len(text) <= _REMEMBERED:
            kinds = _short(name, value, text)
        else:
            kinds = _kinds(name, value, text)
        for group, kind in kinds:
            found.add((group, kind, _shown(key)))
        if isinstance(value, str) and key != BROKEN and (body := payloads.body_of(name, text, self.chars)) is not None:
            found.add(("payload", body, _shown(key)))


Kinds = tuple[tuple[Group, str], ...]


def _short(name: str | None, value: Any, text: str) -> Kinds:
    if _PLAIN.fullmatch(text) and not text.isdecimal() and (name is None or not names.is_secret(name)):
        return ()
    # Numbers of one's own field seldom come twice; texts do.
    return _remembered(name, value) if isinstance(value, str) else _kinds(name, value, text)


@lru_cache(maxsize=16384)
def _remembered(name: str | None, value: str) -> Kinds:
    return _kinds(name, value, value)


def _kinds(name: str | None, value: Any, text: str) -> Kinds:
    """The kinds of secrets, personal data and traces in one value."""
    if isinstance(value, bool) or value is None or isinstance(value, float):
        return ()
    kinds: list[tuple[Group, str]] = [
        ("personal" if kind in secrets.PERSONAL else "secret", kind) for kind in secrets.kinds_of(name, value, text)
    ]
    kinds += [("personal", kind) for kind in personal.kinds_of(name, text)]
    if ("personal", "card") not in kinds and personal.like_card(text):
        kinds.append(("unlike", "card"))
    if (language := payloads.trace_in(text)) is not None:
        kinds.append(("trace", language))
    return tuple(sorted(kinds))


def _walk(value: Any) -> Iterator[tuple[str, str | None, Any]]:
    """(path, name, value) of every value within; keys that hold anything themselves come as values without a name.

    An entry such as {"key": "authorization", "value": ...} (OpenTelemetry, HAR) has the name that it says, and so has
    the value within ({"stringValue": ...}).
    """
    stack: list[tuple[str, str | None, Any]] = [("", None, value)]
    while stack:
        path, name, item = stack.pop()
        if path:
            yield path, name, item
        if isinstance(item, dict):
            said = item.get("key", item.get("name")) if "value" in item else None
            for key, inner in item.items():
                if len(key) >= _SHORTEST_KEY_TEXT:
                    yield f"{path}.{key}" if path else key, None, key
                own = said if key == "value" and isinstance(said, str) else key
                if key in _TYPED and path.endswith(".value"):
                    own = name
                stack.append((f"{path}.{key}"[: _PATH * 4] if path else key, own, inner))
        elif isinstance(item, list):
            stack.extend((path or "[]", name, inner) for inner in item)


_SHORTEST_KEY_TEXT: Final = 8
"""Shorter keys hold no secret or address."""
_TYPED: Final = ("stringValue", "string_value")


@lru_cache(maxsize=4096)
def _shown(path: str) -> str:
    """A path as it is kept: a key is log text, and may be a secret or an id itself."""
    return _IDS_IN_NAMES.sub("*", redact(path))[:_PATH]
