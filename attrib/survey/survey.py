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
from attrib.survey.places import Spot
from attrib.survey.propagation import Propagation
from attrib.survey.quarantine import Alike, Quarantine
from attrib.survey.requests import Requests
from attrib.survey.reuse import Reuse
from attrib.survey.seconds import Seconds
from attrib.survey.skew import Skews
from attrib.survey.traits import Bounds, Traits
from attrib.survey.unknown_words import UnknownWords


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
    reuse: Reuse = field(init=False)
    """Ids over unrelated requests."""
    propagation: Propagation = field(init=False)
    """Which ids reach the next hop."""
    seconds: Seconds = field(init=False)
    """Calls second by second, where an upstream failed often."""
    idempotency: Idempotency = field(init=False)
    order: Order = field(init=False)
    """Time running backwards from line to line."""
    skews: Skews = field(init=False)
    """Callees that begin before their callers."""
    quarantine: Quarantine = field(init=False)
    """Lines that became no record."""
    copies: Alike = field(init=False)
    """Lines that were there before, byte for byte, with a request id."""
    unknown_words: UnknownWords = field(init=False)
    """Words as upstream_status that the packs do not know."""
    unknown_fields: dict[str, Spot] = field(default_factory=dict)
    """Name of a field outside the record -> the first line that has it, as far as it was looked for."""

    def __post_init__(self) -> None:
        self.traits = Traits(self.bounds)
        self.content = Content(self.labels, self.bounds.payload_chars)
        self.values = Values(self.labels)
        self.requests = Requests(self.bounds)
        self.reuse = Reuse(self.words)
        self.propagation = Propagation()
        self.seconds = Seconds()
        self.idempotency = Idempotency()
        self.order = Order(self.bounds)
        self.skews = Skews(self.bounds)
        self.quarantine = Quarantine()
        self.copies = Alike()
        self.unknown_words = UnknownWords(self.words, self.traits.functions)

    @property
    def words(self) -> Words:
        """The packs' words."""
        return self.bounds.words

    def see_line(self, data: bytes, file: int, line: int) -> None:
        """One line as it stands, its LF aside, whatever became of it (blank ones may be left out)."""
        self.content.see(data, file, line)

    def see_record(self, record: Record, more: int = 0) -> None:
        """One record; copies too. `more`: bits that its fields do not tell (traits.Bit)."""
        self.traits.see(record, more)
        self.unknown_words.see(record)
        self.values.see(record)
        self.idempotency.see(record)
        self.order.see(record)

    def see_requests(self, invocations: Sequence[Invocation]) -> None:
        """All invocations of some requests: those with several records at least, copies left out."""
        self.requests.see(invocations)
        self.reuse.see(invocations)
        self.skews.see(invocations)
