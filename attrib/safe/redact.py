"""Takes secrets and personal data out of text before it is shown. On by default in every output.

The marker (`[redacted:jwt]`) is the same for every value of a kind: it neither tells nor lets guess the value. Ids,
hashes, names and addresses without credentials stay as they are: an analysis nobody can follow helps nobody.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple

from attrib.safe import personal, shapes

_CACHED_LENGTH: Final = 256
"""Longer texts are not remembered: they seldom come twice and would fill the memory."""
_NO_SECRETS: Final = frozenset({"true", "false", "null", "none", "nil", "undefined", "yes", "no", "-", "*", "{", "["})
_WORD: Final = re.compile(r"[A-Za-z][a-z]*+[.!?,:]?")
_HEADER_REST: Final = re.compile(r"(?:(?!\\+[nr\"'])[^\r\n\"'])++")
_SCHEME_VALUE: Final = re.compile(r"[A-Za-z]{2,20}\s{1,3}(?![\w.-]{1,40}=[^=\s])[^\s,;&\"'<>]++")
_HEADERS: Final = ("authorization", "cookie")
_LONG_VALUE: Final = 32
"""From this length on even a value of letters only is taken for a credential behind `Bearer`."""


def redact(text: str) -> str:
    """The text with secrets, credentials and e-mail addresses replaced by markers; markers stay as they are."""
    return _remembered(text) if len(text) <= _CACHED_LENGTH else _redact(text)


class Hit(NamedTuple):
    """Something that `redact` replaces."""

    kind: str
    """As in its marker: `jwt`, `secret` (a named value), `credentials`, `email`, `card` ..."""
    name: str | None
    """The name before a named value."""
    value: str
    """What was replaced: for a look at its form, never to be kept or shown."""


def scan(text: str) -> list[Hit]:
    """What `redact` would replace in a text: nothing that is found here is ever shown by it."""
    if _is_plain(text):
        return []
    hits: list[Hit] = []
    _replace(text, lambda kind, name, value: hits.append(Hit(kind, name, value)))
    return hits


@lru_cache(maxsize=8192)
def _remembered(text: str) -> str:
    return _redact(text)


_Note = Callable[[str, str | None, str], None]
"""Told of each replacement: kind, name, value."""


def _redact(text: str) -> str:
    return text if _is_plain(text) else _replace(text, lambda _kind, _name, _value: None)


def _is_plain(text: str) -> bool:
    folded = text.lower()
    return not any(hint in folded for hint in shapes.HINTS) and shapes.UNHINTED.search(text) is None


def _replace(text: str, note: _Note) -> str:
    def found(kind: str, match: re.Match[str]) -> str:
        note(kind, None, match[0])
        return f"[redacted:{kind}]"

    text = shapes.PRIVATE_KEY.sub(lambda match: found("private-key", match), text)
    text = shapes.TOKEN.sub(lambda match: found((match.lastgroup or "token").replace("_", "-"), match), text)
    text = shapes.SCHEME.sub(lambda match: _scheme(match, note), text)
    text = _pairs(text, note)
    text = shapes.USERINFO.sub(lambda match: _userinfo(match, note), text)
    if "@" in text or "%40" in text:
        text = shapes.MAIL.sub(lambda match: found("email", match), text)
    text = personal.CARD.sub(lambda match: found("card", match) if personal.is_card(match[0]) else match[0], text)
    return personal.IBAN.sub(lambda match: _iban(match, note), text)


def _iban(match: re.Match[str], note: _Note) -> str:
    iban = personal.iban_in(match[0])
    if iban is None:
        return match[0]
    note("iban", None, iban)
    return "[redacted:iban]" + match[0][len(iban) :]


def _scheme(match: re.Match[str], note: _Note) -> str:
    scheme, space, value = match["scheme"], match["space"], match["value"]
    secret = _holds_user_and_password(value) if scheme.lower() == "basic" else False
    if secret or any(c.isdigit() for c in value) or len(value) >= _LONG_VALUE:
        note("credentials", scheme, value)
        return f"{scheme}{space}[redacted:credentials]"
    return match[0]


def _holds_user_and_password(value: str) -> bool:
    """True for the base64 of `user:password`; a value cut off in the middle counts by what is left of it."""
    value = value.rstrip("=")
    try:
        plain = base64.b64decode(value[: len(value) // 4 * 4], validate=True)
    except (binascii.Error, ValueError):
        return False
    return b":" in plain and plain.isascii()


def _userinfo(match: re.Match[str], note: _Note) -> str:
    if match[0].startswith("[redacted:"):
        return match[0]
    note("credentials", "userinfo", match[0])
    return "[redacted:credentials]" + ("@" if match[0].endswith("@") else "")


def _pairs(text: str, note: _Note) -> str:
    """Replaces the values of named secrets; header values go on to the end of their line."""
    parts, done, at = [], 0, 0
    while (match := shapes.PAIR.search(text, at)) is not None:
        at = match.start("value")  # a value that stays may hold a pair itself
        name, value, start = match["name"].lower(), match["value"], match.start("value")
        end = match.end("value")
        quote = match["mark"] or (value[0] if value[0] in "\"'" else "")
        inner = value[len(quote) :].removesuffix(quote) if quote else value
        if not quote:
            end -= len(inner) - len(inner.rstrip(")]}."))
            inner = text[start:end]
        if not inner or not _is_secret(name, match["mid"], inner, quoted=bool(quote)):
            continue
        if not quote and name.endswith(_HEADERS) and (rest := _HEADER_REST.match(text, start)):
            whole_line = ":" in match["mid"] or name.endswith("cookie")
            end = max(end, rest.end() if whole_line else _token_end(text, start, end))
        note("secret", name, inner)
        closing = quote if quote and value.endswith(quote) and len(value) > len(quote) else ""
        parts += [text[done:start], quote, "[redacted:secret]", closing]
        done = at = end
    return "".join([*parts, text[done:]]) if parts else text


def _token_end(text: str, start: int, end: int) -> int:
    """End of `Scheme credentials` in `authorization=Scheme credentials other=1`."""
    found = _SCHEME_VALUE.match(text, start)
    return found.end() if found else end


def _is_secret(name: str, mid: str, value: str, *, quoted: bool) -> bool:
    if value.lower() in _NO_SECRETS or value.startswith(("[redacted:", "***", "<", "${", "{{")):
        return False
    if name == "pass" and value.replace(".", "").isdigit():
        return False  # a test run's "pass=12"
    if quoted or name.startswith(("pass", "pwd")):
        return value.lower() not in ("required", "invalid", "incorrect", "missing", "expired")
    # In a sentence ("invalid token: expected a string") an ordinary word behind a colon is no secret.
    prose = ":" in mid and mid.endswith((" ", "\t")) and _WORD.fullmatch(value) is not None
    return not (prose and value.rstrip(":").lower() not in ("bearer", "basic", "digest", "token", "negotiate"))
