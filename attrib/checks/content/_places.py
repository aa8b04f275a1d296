"""What the checks of content share: hits by field, with their files and places, and the words for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from attrib.checks.facts import Facts
from attrib.checks.model import Place
from attrib.survey.content import Group


@dataclass(slots=True)
class Seen:
    """The hits of one kind in one field, over all files."""

    lines: int = 0
    files: dict[int, int] = field(default_factory=dict)
    """File -> lines."""
    places: list[Place] = field(default_factory=list)

    def data(self, facts: Facts) -> dict[str, Any]:
        """Lines by file, for the document; the files with most lines."""
        most = sorted(self.files.items(), key=lambda item: (-item[1], item[0]))[:20]
        return {"files": [{"file": facts.paths[file], "lines": n} for file, n in most]}


def seen(facts: Facts, group: Group, kinds: Collection[str] | None = None) -> Iterator[tuple[str, str, Seen]]:
    """(kind, field, hits), by kind and field; of some kinds only."""
    found: dict[tuple[str, str], Seen] = defaultdict(Seen)
    for where, hits in sorted(facts.survey.content.hits.items()):
        if where.group == group and (kinds is None or where.kind in kinds):
            one = found[where.kind, where.field]
            one.lines += hits.n
            one.files[where.file] = one.files.get(where.file, 0) + hits.n
            one.places = sorted([*one.places, *(Place(where.file, line) for line in hits.lines)])[:3]
    for (kind, name), one in sorted(found.items()):
        yield kind, name, one


def of_lines(facts: Facts, one: Seen) -> str:
    """`at least 12 of 2,000 lines`."""
    total = lines_read(facts)
    least = "at least " if flooded(facts) else ""
    return f"{least}{one.lines:,} of {total:,} lines"


def lines_read(facts: Facts) -> int:
    """Lines of the run that are not blank."""
    totals = facts.account.totals()
    return totals["lines_read"] - totals["blank"]


def flooded(facts: Facts) -> bool:
    """Whether not all lines were looked into, so that figures are lower bounds."""
    return bool(facts.survey.content.flooded)
