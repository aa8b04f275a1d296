"""The distinct values of fields and labels, in memory that does not grow with them."""

from __future__ import annotations

from attrib.records.model import Record


class Values:
    """Field -> what is known of its values."""

    def __init__(self, labels: tuple[str, ...]) -> None:
        self.labels = labels

    def see(self, record: Record) -> None:
        """Count one record's values."""
