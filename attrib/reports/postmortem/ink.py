"""How log text gets into a post-mortem: every value is redacted and made safe for Markdown here, before any template.

Whatever these functions return is Markdown that may stand in a sentence or in a table cell as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any, Final, NamedTuple

from attrib.reports import markdown
from attrib.reports.figures import moment, zone_name
from attrib.reports.outline import Line
from attrib.reports.view import View
from attrib.safe.display import SENTENCE_LIMIT, VALUE_LIMIT
from attrib.safe.markdown import code

PLACES: Final = 3
"""Lines cited for one statement."""
MARK: Final = "to be filled in:"
"""What every empty field begins with; `attrib report lint` looks for it, and so can grep."""


class Statement(NamedTuple):
    """One sentence of a post-mortem, as Markdown."""

    text: str
    """Ends with a full stop."""
    sources: str
    """`file:line` of a few lines that it rests on, comma-separated; empty: it cites none."""

    @property
    def cited(self) -> str:
        """The text, and in brackets its sources."""
        return f"{self.text} ({self.sources})" if self.sources else self.text


def todo(what: object) -> str:
    """A field that only people can fill: `_[to be filled in: who was on call]_`."""
    return f"_[{MARK} {what}]_"


def lines_of(entry: dict[str, Any], *kinds: str) -> list[dict[str, Any]]:
    """The examples of these kinds of evidence, for the verdict or against it; without kinds, of all."""
    every = [*entry["evidence"], *entry["counter_evidence"], *entry["missing_evidence"]]
    return [example for e in every if not kinds or e["kind"] in kinds for example in e["examples"]]


@dataclass(frozen=True, slots=True)
class Ink:
    """Draws values, sentences, places and times as Markdown. Times are UTC; `local` are those in the view's zone."""

    view: View

    def value(self, found: object) -> str:
        """A value of the log as code; null is `-`."""
        return "-" if found is None or found == "" else self.view.display.markdown(str(found), VALUE_LIMIT)

    def values(self, found: Iterable[object]) -> str:
        """Several, comma-separated."""
        return ", ".join(map(self.value, found))

    def prose(self, text: str) -> str:
        """A sentence with log text in it."""
        return self.view.display.prose(text, SENTENCE_LIMIT)

    def line(self, line: Line) -> str:
        """A line of the outline."""
        return markdown.drawn(line, self.view)

    def place(self, example: dict[str, Any]) -> str:
        """`file:line` as code; the name of a file is the user's own and never redacted."""
        return code(f"{example['file']}:{example['line']}")

    def places(self, examples: Iterable[dict[str, Any]], most: int = PLACES) -> str:
        """The first few places, each once, by file: `a.jsonl:4, 7, 9`."""
        found = dict.fromkeys((str(example["file"]), example["line"]) for example in examples)
        lines: dict[str, list[str]] = {}
        for file, line in list(found)[:most]:
            lines.setdefault(file, []).append(str(line))
        return ", ".join(code(f"{file}:{', '.join(numbers)}") for file, numbers in lines.items())

    def said(self, text: str, examples: Iterable[dict[str, Any]] = ()) -> Statement:
        """A statement of the report."""
        return self.drawn(self.prose(text), examples)

    def drawn(self, text: str, examples: Iterable[dict[str, Any]] = ()) -> Statement:
        """A statement that is Markdown already."""
        return Statement(text if text.endswith((".", "!", "?", "…", "]_")) else f"{text}.", self.places(examples))

    def evidence(self, found: dict[str, Any], entry: dict[str, Any]) -> Statement:
        """A piece of evidence: its statement and where to look; where it names no line, the incident's own lines."""
        return self.said(found["statement"], found["examples"] or lines_of(entry))

    def time(self, text: str | None, *, named: bool = True) -> str | None:
        """`2026-11-20 09:14:21 UTC`; None for null. Without the zone's name it stands below a title that has it."""
        return _shown(moment(text, UTC), UTC, named=named)

    def local(self, text: str | None, *, named: bool = True) -> str | None:
        """The same time in the zone of --tz; None for null and where that is UTC."""
        zone = self.view.zone
        return None if zone is UTC else _shown(moment(text, zone), zone, named=named)

    def both(self, text: str | None) -> str | None:
        """The time in UTC, and in brackets in the zone of --tz where that is another."""
        local = self.local(text)
        return f"{self.time(text)} ({local})" if local else self.time(text)

    @property
    def zone(self) -> str | None:
        """The name of --tz; None where it is UTC."""
        return None if self.view.zone is UTC else zone_name(self.view.zone)


def _shown(at: datetime | None, zone: tzinfo, *, named: bool) -> str | None:
    if at is None:
        return None
    return f"{at:%Y-%m-%d %H:%M:%S}{f' {zone_name(zone, at)}' if named else ''}"
