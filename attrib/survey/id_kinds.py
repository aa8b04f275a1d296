"""The kinds of request ids, told by their form alone."""

from __future__ import annotations

import re
from typing import Final

from attrib.invocations.ids import usable_id
from attrib.rules.words import Words

MISSING: Final = "missing"
PLACEHOLDER: Final = "placeholder"
OTHER: Final = "other"
KINDS: Final[tuple[tuple[str, str], ...]] = (
    ("hex32", r"[0-9a-f]{32}"),
    ("uuid4", r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}"),
)
"""Kind -> pattern that the whole id matches, the first that does; in the dialect that RE2 and Python share."""
_COMPILED: Final = tuple((kind, re.compile(pattern)) for kind, pattern in KINDS)


def id_kind(request_id: str | None, words: Words) -> str:
    """The kind of an id: `missing`, `placeholder`, one of KINDS, or `other`."""
    if request_id is None:
        return MISSING
    if not usable_id(request_id, words):
        return PLACEHOLDER
    return next((kind for kind, pattern in _COMPILED if pattern.fullmatch(request_id)), OTHER)
