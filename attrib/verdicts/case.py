"""One invocation with a symptom and callees: what the search for the cause below it starts from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from attrib.invocations.hops import SPAN, Link
from attrib.invocations.ids import Parameters
from attrib.invocations.model import Invocation
from attrib.invocations.outcome import OVER, TICK_MS
from attrib.rules.facets import Decision, Facets
from attrib.rules.words import Words

M1_ALONE: Final = ("m1",)
ALIKE: Final = 0.5
"""A callee took at least this share of the caller's upstream time if it is to be the same call, names aside."""


class Rules(Protocol):
    """A set of rules with its words and thresholds, as this room needs it."""

    @property
    def packs(self) -> tuple[str, ...]:
        """Names of the packs, in order."""
        ...

    @property
    def words(self) -> Words:
        """The packs' word lists."""
        ...

    @property
    def parameters(self) -> Parameters:
        """The thresholds of the run."""
        ...

    def decide(self, facets: Facets) -> Decision:
        """What the decision table says of one cell."""
        ...


class Case:
    """One symptomatic invocation with callees; `all` are the invocations of the run, which the links count."""

    def __init__(
        self, invocation: Invocation, links: Sequence[Link], invocations: Sequence[Invocation], rules: Rules
    ) -> None:
        self.it = invocation
        self.links = links
        self.all = invocations
        self.rules = rules
        self.named = {record.upstream for record in invocation.records if record.upstream is not None}
        self.meant = self._meant()
        value = rules.parameters.value
        self.low = value("upstream_latency_low", invocation.function)
        self.dominant = value("upstream_latency_dominant", invocation.function)

    def callee(self, link: Link) -> Invocation:
        """The invocation that a link leads to."""
        return self.all[link.callee]

    def odd(self) -> bool:
        """An upstream status is logged that tells nothing: that is no gap to fill."""
        return self.it.upstream_status is not None or self.it.upstream_word is not None

    def _meant(self) -> list[Link]:
        """The callees of the call that the facets come from.

        Where the caller names it, those of that name; a single callee of another name only where nothing else is
        called and answer and time are the same. Where the caller names no upstream at all, every callee.
        """
        if self.it.upstream is None:
            return [] if self.named else list(self.links)
        bearing = [link for link in self.links if link.upstream == self.it.upstream]
        if bearing or len(self.links) > 1 or len(self.named) > 1:
            return bearing
        link = self.links[0]
        callee = self.callee(link)
        if link.by != SPAN or link.upstream is not None or callee.latency_ms is None:
            return []
        waited = self.it.upstream_latency_ms
        alike = waited is not None and ALIKE * waited <= callee.latency_ms <= waited * OVER + TICK_MS
        return [link] if alike and callee.status is not None and callee.status == self.it.upstream_status else []
