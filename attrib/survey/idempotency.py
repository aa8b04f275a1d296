"""Idempotency keys that came with another fingerprint."""

from __future__ import annotations

from attrib.records.model import Record


class Idempotency:
    """Idempotency keys that came with another fingerprint."""

    def see(self, record: Record) -> None:
        """Count one record."""
