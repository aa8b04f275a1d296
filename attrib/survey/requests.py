"""Retries, redeliveries and reuse, gathered from requests with several records."""

from __future__ import annotations

from collections.abc import Sequence

from attrib.invocations.ids import usable_id
from attrib.invocations.model import Invocation
from attrib.survey.executions import Executions
from attrib.survey.retries import Retries
from attrib.survey.traits import Bounds


class Requests:
    """What the requests showed.

    A large input hands in only the requests that may show something (analysis/joining.py), a small one all of them.
    What is gathered here needs several records, and a failure, an attempt number or a second end among them, so both
    come to the same. Denominators are for the buckets to give.
    """

    def __init__(self, bounds: Bounds) -> None:
        self._words = bounds.words
        self.retries = Retries(bounds.words)
        self.executions = Executions(bounds.words)
        self.capped = 0
        """Requests without a failure that were not looked at for a second execution: there were too many."""

    def see(self, invocations: Sequence[Invocation]) -> None:
        """All invocations of some requests, each request once."""
        requests: dict[str, list[Invocation]] = {}
        for one in invocations:
            if one.request_id is not None and usable_id(one.request_id, self._words):
                requests.setdefault(one.request_id, []).append(one)
        for some in requests.values():
            if len(some) == 1 and len(some[0].records) == 1:
                continue
            if all(one.correlated for one in some):
                self.retries.see(some)
            self.executions.see(some)
