"""Retries, redeliveries and reuse, gathered from requests with several records."""

from __future__ import annotations

from collections.abc import Sequence

from attrib.invocations.model import Invocation
from attrib.survey.traits import Bounds


class Requests:
    """What the requests showed."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds

    def see(self, invocations: Sequence[Invocation]) -> None:
        """All invocations of some requests."""
