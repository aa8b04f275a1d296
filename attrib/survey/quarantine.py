"""Lines that became no record, and copies: how many, and the first of them.

Every quarantined line of an input is read one by one, whichever engine reads the rest, so this is filled line by line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from attrib.survey.places import Examples, Spot


@dataclass(slots=True)
class Alike:
    """Lines of one sort."""

    n: int = 0
    examples: Examples = field(default_factory=Examples)

    def add(self, spot: Spot) -> None:
        """Count one line."""
        self.n += 1
        self.examples.add(spot)


@dataclass(slots=True)
class Quarantine:
    """Grain: one `Alike` per (reason, field at fault)."""

    rows: dict[tuple[str, str | None], Alike] = field(default_factory=dict)

    def see(self, reason: str, name: str | None, spot: Spot) -> None:
        """Count one quarantined line. `name`: the field at fault; null where the line as a whole is."""
        self.rows.setdefault((reason, name), Alike()).add(spot)

    def __iter__(self) -> Iterator[tuple[tuple[str, str | None], Alike]]:
        """((reason, field), lines), by reason and field."""
        return iter(sorted(self.rows.items(), key=lambda item: (item[0][0], item[0][1] or "")))
