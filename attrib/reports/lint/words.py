"""When a cell of a table says nothing, whatever was typed into it, and when an outcome can be measured."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

OPEN: Final = re.compile(r"\[\s*to be filled in\b[^\]]*\]?", re.IGNORECASE)
"""A field that nobody has filled; what stands around the brackets is the writer's."""
_SIGNS: Final = re.compile(r"[\W_]+")
_NOTHING: Final = frozenset({
    "", "tbd", "tba", "tbc", "todo", "fixme", "na", "none", "nil", "null", "no", "nothing", "later", "pending", "open",
    "unknown", "placeholder", "missing", "empty", "blank", "soon", "notyet", "notplanned", "notapplicable",
    "tobedone", "tobedecided", "tobedefined", "tobedetermined", "tobewritten", "tobefilledin", "seeabove", "lorem",
    "offen", "nochoffen", "folgt", "kommtnoch", "spater", "spaeter", "unbekannt", "unklar", "keine", "keiner", "keines",
    "kein", "keins", "nein", "nichts", "leer", "fehlt", "entfallt", "entfaellt", "ausstehend", "nochnicht",
})  # fmt: skip
_NO_CHANGE: Final = frozenset({
    "", "none", "no", "nil", "null", "na", "nothing", "nochange", "nochanges", "nonemade", "noneplanned",
    "notapplicable", "keine", "kein", "keiner", "keines", "nichts", "nein", "keineanderung", "keineaenderung",
    "keineanderungen", "keineaenderungen", "entfallt", "entfaellt",
})  # fmt: skip
_COUNTED: Final = re.compile(
    r"\d|%|\b(?:no|none|zero|never|all|every|each|any|half|twice|once|one|two|three|four|five|six|seven|eight|nine|ten"
    r"|kein\w*|null|nie|niemals|all\w{0,2}|jed\w+|halb\w*|ein(?:mal|s)?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn"
    r")\b",
    re.IGNORECASE,
)


def folded(text: str) -> str:
    """Letters and digits only, small, without accents: the form in which words of a table are compared."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _SIGNS.sub("", "".join(sign for sign in plain if not unicodedata.combining(sign)))


def says_nothing(text: str) -> bool:
    """Whether a cell is empty, an open field, or one of the words for later and none: `TBD`, `n/a`, `-`, `offen`."""
    left = OPEN.sub("", text)
    word = folded(left)
    return word in _NOTHING or set(word) <= {"x"}


def no_change(text: str) -> bool:
    """Whether a row's first cell says that there is no change: nothing typed, `none`, `-`, `keine`."""
    return folded(text) in _NO_CHANGE


def open_fields(text: str) -> list[str]:
    """What the fields ask for that nobody has filled."""
    return [found[0].strip("[]").partition(":")[2].strip() or "a field" for found in OPEN.finditer(text)]


def measurable(text: str) -> bool:
    """Whether an outcome names anything that can be counted: a figure, a share, `none`, `every`."""
    return _COUNTED.search(OPEN.sub("", text)) is not None
