"""What lines hold as text, whatever became of them."""

from __future__ import annotations


class Content:
    """Secrets, personal data, payloads, stack traces and types, by where they stand."""

    def __init__(self, labels: tuple[str, ...]) -> None:
        self.labels = labels

    def see(self, data: bytes, file: int, line: int) -> None:
        """Look at one line."""
