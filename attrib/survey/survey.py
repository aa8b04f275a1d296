"""What a log shows of itself, gathered while it is read: the only input of the checks beside buckets and accounts.

Each part is a small table that can be filled line by line (`see_line`, `see_record`, `see_requests`) or by the engine,
with the same content. Parts are bounded: none grows with the number of lines, but for those that say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from attrib.invocations.model import Invocation
from attrib.records.model import Record
from attrib.rules.words import Words
from attrib.survey.content import Content
from attrib.survey.distinct import Values
from attrib.survey.idempotency import Idempotency
from attrib.survey.order import Order
from attrib.survey.propagation import Propagation
from attrib.survey.requests import Requests
from attrib.survey.traits import Bounds, Traits


@dataclass
class Survey:
    """One run's survey."""

    bounds: Bounds
    labels: tuple[str, ...]
    """Top-level fields that the user named as labels."""
    traits: Traits = field(init=False)
    content: Content = field(init=False)
    """What lines hold as text: secrets, personal data, payloads, stack traces, types."""
    values: Values = field(init=False)
    """The distinct values of fields and labels."""
    requests: Requests = field(init=False)
    """Retries, redeliveries and reuse, of requests with several records."""
    propagation: Propagation = field(init=False)
    """Which ids reach the next hop."""
    idempotency: Idempotency = field(init=False)
    order: Order = field(init=False)
    """Time running backwards from line to line."""

    def __post_init__(self) -> None:
        self.traits = Traits(self.bounds)
        self.content = Content(self.labels)
        self.values = Values(self.labels)
        self.requests = Requests(self.bounds)
        self.propagation = Propagation()
        self.idempotency = Idempotency()
        self.order = Order()

    @property
    def words(self) -> Words:
        """The packs' words."""
        return self.bounds.words

    def see_line(self, data: bytes, file: int, line: int) -> None:
        """One line as it stands, its LF aside, whatever became of it (blank ones may be left out)."""
        self.content.see(data, file, line)

    def see_record(self, record: Record) -> None:
        """One record; copies too."""
        self.traits.see(record)
        self.values.see(record)
        self.propagation.see(record)
        self.idempotency.see(record)
        self.order.see(record)

    def see_requests(self, invocations: Sequence[Invocation]) -> None:
        """All invocations of some requests: those with several records at least, copies left out."""
        self.requests.see(invocations)
