"""Bodies and stack traces in a value."""

from __future__ import annotations

import re
from typing import Any, Final

from attrib.safe import names

_BODY: Final = re.compile(
    r"(?:^|_)(?:body|payload|raw_(?:request|response)|post_data|form_data|request_data|response_data|req_body|res_body)$"
)
_MESSAGE: Final = re.compile(r"(?:^|_)(?:request|response|req|res)$")
_SAID: Final = 16
"""A text in a field named body of fewer characters ("ok", "none", "12 bytes") is no document."""
_XML: Final = re.compile(r"\s*(?:<\?xml|<!doctype|<html|<[A-Za-z][\w:.-]*(?:\s[^<>]*)?>)", re.IGNORECASE)
_FORM: Final = re.compile(r"[\w.%\[\]-]+=[^&=\s]*(?:&[\w.%\[\]-]+=[^&=\s]*){2,}")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{64,}={0,2}")

_FRAMES: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("Python", re.compile(r"Traceback \(most recent call last\)")),
    (".NET", re.compile(
        r"(?:\n|\r|\\n|\A)\s+at [\w.`<>\[\]+,]{1,200}\([^()\n]{0,300}\) in [^\n]{1,300}:line [0-9]+"
    )),
    ("Java", re.compile(
        r"(?:\n|\r|\\n|\\t|\A)\s*at [\w.$/<>@]{1,300}\((?:[\w$-]{1,100}\.(?:java|kt|scala|groovy|clj):[0-9]+"
        r"|Native Method|Unknown Source)\)"
    )),
    ("Node", re.compile(r"(?:\n|\r|\\n|\A)\s+at (?:[^\n()]{1,200} \()?[^\n()]{1,300}:[0-9]+:[0-9]+\)?")),
    ("Go", re.compile(r"goroutine [0-9]+ \[[a-z ,0-9]+\]:")),
    ("Ruby", re.compile(r"\.rb:[0-9]+:in [`'\"]")),
    ("PHP", re.compile(r"#[0-9]+ [^\n]{1,300}\.php\([0-9]+\): ")),
)  # fmt: skip
"""Language -> what a trace of it holds, in the order they are asked."""
HINTS: Final = ("Traceback (", "at ", "goroutine ", ".rb:", ".php(")


def trace_in(text: str) -> str | None:
    """The language of the stack trace in a text, or None."""
    if not any(hint in text for hint in HINTS):
        return None
    return next((language for language, pattern in _FRAMES if pattern.search(text)), None)


def body_of(name: str | None, text: str, chars: float) -> str | None:
    """The kind of document that a text is, or None: in a field named as a body, or longer than `chars`."""
    named = name is not None and _BODY.search(names.fold(name)) is not None and len(text) >= _SAID
    return _document(text) if named or len(text) > chars else None


def object_is_body(name: str, value: Any, chars: float) -> bool:
    """Whether a nested object or list is a body: by its key, or a whole request of more than `chars` characters."""
    folded = names.fold(name)
    if not value:
        return False
    return _BODY.search(folded) is not None or (_MESSAGE.search(folded) is not None and _size(value) > chars)


def _size(value: Any) -> int:
    """Characters of all keys and values within."""
    size, stack = 0, [value]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            size += sum(map(len, item))
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)
        else:
            size += len(str(item))
    return size


def _document(text: str) -> str | None:
    start = text.lstrip()[:1]
    if start and start in "{[" and text.rstrip()[-1:] in ("}", "]", "…", ".") and ('"' in text or "'" in text):
        return "JSON"
    if _XML.match(text):
        return "XML or HTML"
    if _FORM.fullmatch(text.strip()):
        return "form"
    return "base64" if _BASE64.fullmatch(text.strip()) else None
