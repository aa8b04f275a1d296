"""Which request ids reach the next hop that is in the logs."""

from __future__ import annotations

from attrib.records.model import Record


class Propagation:
    """Which request ids reach the next hop that is in the logs."""

    def see(self, record: Record) -> None:
        """Count one record."""
