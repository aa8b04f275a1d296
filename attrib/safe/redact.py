"""Takes secrets and personal data out of text before it is shown. On by default in every output.

The marker (`[redacted:jwt]`) is the same for every value of a kind: it neither tells nor lets guess the value. Ids,
hashes, names and addresses without credentials stay as they are: an analysis nobody can follow helps nobody.
"""

from __future__ import annotations

import base64
import binascii
import re
from functools import lru_cache
from typing import Final

from attrib.safe import shapes

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


@lru_cache(maxsize=8192)
def _remembered(text: str) -> str:
    return _redact(text)


def _redact(text: str) -> str:
    folded = text.lower()
    if not any(hint in folded for hint in shapes.HINTS):
        return text
    text = shapes.PRIVATE_KEY.sub("[redacted:private-key]", text)
    text = shapes.TOKEN.sub(_token, text)
    text = shapes.SCHEME.sub(_scheme, text)
    text = _pairs(text)
    text = shapes.USERINFO.sub(_userinfo, text)
    return shapes.MAIL.sub("[redacted:email]", text) if "@" in text or "%40" in text else text


def _token(match: re.Match[str]) -> str:
    return f"[redacted:{(match.lastgroup or 'token').replace('_', '-')}]"


def _scheme(match: re.Match[str]) -> str:
    scheme, space, value = match["scheme"], match["space"], match["value"]
    secret = _holds_user_and_password(value) if scheme.lower() == "basic" else False
    if secret or any(c.isdigit() for c in value) or len(value) >= _LONG_VALUE:
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


def _userinfo(match: re.Match[str]) -> str:
    if match[0].startswith("[redacted:"):
        return match[0]
    return "[redacted:credentials]" + ("@" if match[0].endswith("@") else "")


def _pairs(text: str) -> str:
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
