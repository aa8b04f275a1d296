"""The one way a renderer gets log text into an output: redacted first, then made safe for that output."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from attrib.safe import csvcell, markdown, markup, terminal
from attrib.safe.redact import redact

VALUE_LIMIT: Final = 80
"""Characters of one value in a report for people; machines (JSON, CSV, Parquet) get all of them."""
SENTENCE_LIMIT: Final = 400
_MARKER_ROOM: Final = 65_536
"""Characters looked at before a value is cut: enough for any secret that reaches into the shown part."""


_PLACES: Final = {"file": ("line", "records"), "path": ("lines_read",)}
"""Keys that name an input file, and the keys beside them that prove it. The user typed that name, and it has to lead
back to the file: it is made safe like all else, and never redacted."""


def shown(text: str, limit: int | None = None, *, redact: bool = True) -> str:
    """The text as a terminal may show it: redacted, then written out, then cut to `limit` characters with `…`.

    Redaction comes before the cut, so that half a token is no longer than its marker.
    """
    return Display(redact=redact).terminal(text, limit)


@dataclass(frozen=True, slots=True)
class Display:
    """Shows values, redacted or (`--no-redact`) as logged. Null is not its business: renderers have a word for it."""

    redact: bool = True

    def plain(self, text: str) -> str:
        """Redacted and nothing else: for Parquet and for whoever makes it safe in another way."""
        return redact(text) if self.redact else text

    def terminal(self, text: str, limit: int | None = None) -> str:
        """One line of printable text; see `shown`."""
        if limit is not None and len(text) > _MARKER_ROOM:
            text = text[:_MARKER_ROOM]
        return terminal.cut(terminal.visible(self.plain(text)), limit)

    def markdown(self, text: str, limit: int | None = None) -> str:
        """A value as Markdown code, for sentences and table cells."""
        return markdown.code(terminal.cut(self.plain(text), limit))

    def prose(self, text: str, limit: int | None = None) -> str:
        """A sentence with log text in it as Markdown words, for paragraphs and table cells."""
        return markdown.inline(terminal.cut(self.plain(text), limit))

    def html(self, text: str, limit: int | None = None) -> str:
        """Text for an element or a quoted attribute of HTML or SVG; what is cut away shows as `…`."""
        return markup.text(terminal.cut(self.plain(text), limit))

    def csv(self, text: str) -> str:
        """The content of a CSV cell (`attrib.safe.csvcell.row` does the quoting)."""
        return csvcell.cell(self.plain(text))

    def json(self, value: Any) -> Any:
        """A JSON-like value with every text in it redacted, keys included; nothing else is changed.

        Names of input files stay. Keys that become equal are counted together where they hold numbers; else the first
        one stays.
        """
        if not self.redact:
            return value
        if isinstance(value, str):
            return redact(value)
        if isinstance(value, list | tuple):
            return [self.json(item) for item in value]
        if isinstance(value, dict):
            return self._object(value)
        return value

    def _object(self, value: dict[str, Any]) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for key, item in value.items():
            shown_key = redact(key)
            if shown_key not in out:
                out[shown_key] = item if any(proof in value for proof in _PLACES.get(key, ())) else self.json(item)
            elif _is_number(item) and _is_number(out[shown_key]):
                out[shown_key] += item
        return out


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
