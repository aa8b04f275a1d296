"""Words as upstream_status that the packs do not know.

Grain: one count per (function, word), with the first line. Words are shown without what may be an id or a secret in
them. Bounded like the traits: at most 1,000 words are told apart, more are taken together by form (survey/names.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from attrib.invocations.outcome import upstream_outcome
from attrib.records.model import Record
from attrib.rules.words import Words
from attrib.safe.redact import redact
from attrib.survey.names import OTHERS, Names, at_level
from attrib.survey.places import Spot

SHOWN: Final = 60
"""Characters of a word that are shown: a message is told by its beginning."""


@dataclass(slots=True)
class Said:
    """How often a word was logged, and where first."""

    n: int
    spot: Spot


class UnknownWords:
    """The table."""

    def __init__(self, words: Words, functions: Names) -> None:
        """`functions`: how the names of functions are counted (those of the traits)."""
        self._words = words
        self._functions = functions
        self._forms = Names()
        self._rows: dict[tuple[str | None, str], Said] = {}

    def see(self, record: Record) -> None:
        """Look at one record."""
        if record.upstream_word is not None and is_unknown(record.upstream_word, self._words):
            self.add(record.function, record.upstream_word, 1, (record.file, record.line))

    def add(self, function: str | None, word: str, n: int, spot: Spot) -> None:
        """Count an unknown word `n` times, first at `spot`."""
        form = _form(word)
        if self._forms.see((form,)):
            rows, self._rows = self._rows, {}
            for (name, text), said in rows.items():
                self._count(name, text, said.n, said.spot)
        self._count(function, form, n, spot)

    def _count(self, function: str | None, form: str, n: int, spot: Spot) -> None:
        key = at_level(function, self._functions.level), OTHERS if self._forms.level > 1 else form
        said = self._rows.get(key)
        if said is None:
            self._rows[key] = Said(n, spot)
        else:
            said.n, said.spot = said.n + n, min(said.spot, spot)

    def __iter__(self) -> Iterator[tuple[tuple[str | None, str], Said]]:
        """((function, word as shown), how often and where), in a fixed order."""
        rows, self._rows = self._rows, {}
        for (function, form), said in rows.items():  # names may have become too many since they were counted
            self._count(function, form, said.n, said.spot)
        return iter(sorted(self._rows.items(), key=lambda item: (item[0][0] or "", item[0][1])))


def is_unknown(word: str, words: Words) -> bool:
    """Whether a word has no meaning in the packs."""
    return upstream_outcome(None, word, words).outcome == "missing"


@lru_cache(4096)
def _form(word: str) -> str:
    """A word as it is shown: ids taken out, secrets masked, cut."""
    text = at_level(redact(word.strip()), 1) or ""
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
