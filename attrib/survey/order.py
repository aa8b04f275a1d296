"""Time running backwards from line to line of a file."""

from __future__ import annotations

from attrib.records.model import Record


class Order:
    """Time running backwards from line to line of a file."""

    def see(self, record: Record) -> None:
        """Count one record."""
