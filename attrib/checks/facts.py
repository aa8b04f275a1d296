"""What checks may know of a run."""

from __future__ import annotations

import fnmatch
import heapq
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrib.checks.model import Place
from attrib.checks.settings import Settings
from attrib.incidents.buckets import Buckets, Kind
from attrib.parties import Parties
from attrib.rules.ruleset import RuleSet
from attrib.sources.accounting import InputAccount

if TYPE_CHECKING:  # `attrib analyze` has no survey, and does not load what makes one
    from attrib.survey.survey import Survey
    from attrib.survey.traits import Trait

_T = TypeVar("_T")
_PROBE = "probe"


@dataclass(frozen=True)
class Facts:
    """One run, read and judged."""

    paths: Sequence[str]
    """The files as named; places count them."""
    account: InputAccount
    buckets: Buckets
    parties: Parties
    ruleset: RuleSet
    settings: Settings
    """The checks' parameters."""
    probes: tuple[str, ...] = ()
    """Functions, as globs, that the user's configuration names as probe traffic."""
    sampled: bool = False
    """The log is a sample: counts stay, rates go."""
    _survey: Survey | None = None
    """None: only buckets and accounts are at hand."""
    _known: dict[Any, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    @property
    def surveyed(self) -> bool:
        """Whether the survey is at hand; within `attrib analyze` it is not."""
        return self._survey is not None

    @property
    def survey(self) -> Survey:
        """What the log shows of itself. Only checks that say they need it may ask."""
        assert self._survey is not None, "a check that reads the survey says so in NEEDS"  # noqa: S101
        return self._survey

    def once(self, of: Callable[[Facts], _T]) -> _T:
        """What a function says of these facts, worked out once however many checks ask."""
        if of not in self._known:
            self._known[of] = of(self)
        return cast("_T", self._known[of])

    def first(self, test: Callable[[Trait], bool]) -> list[Place]:
        """Up to three places of records with some trait, one of each row of the table; none without a survey."""
        if self._survey is None:
            return []
        return heapq.nsmallest(3, (Place(trait.file, seen.line) for trait, seen in self._survey.traits if test(trait)))

    def slowest(self, test: Callable[[Trait], bool]) -> Place | None:
        """The place of the slowest record with some trait (within 1.6 %: by its histogram bin)."""
        if self._survey is None:
            return None
        found = [
            (-trait.bin, trait.file, seen.line)
            for trait, seen in self._survey.traits
            if trait.bin is not None and test(trait)
        ]
        return Place(*min(found)[1:]) if found else None

    def is_probe(self, function: str | None) -> bool:
        """Whether a function is probe traffic (health checks): named so by the user, or by its own name."""
        if function is None:
            return False
        known: dict[str, bool] = self._known.setdefault(_PROBE, {})
        if function not in known:
            name = function.strip().casefold()
            known[function] = any(fnmatch.fnmatchcase(name, one.casefold()) for one in (*self.probes, *PROBES))
        return known[function]


PROBES = (
    "health", "healthz", "healthcheck", "health-check", "health_check", "*/health", "*/healthz", "*/healthcheck",
    "live", "livez", "liveness", "*/live", "*/livez", "*/liveness", "ready", "readyz", "readiness", "*/ready",
    "*/readyz", "*/readiness", "startupz", "*/startupz", "ping", "*/ping",
)  # fmt: skip
"""Names of probe routes. Source: Kubernetes API health endpoints (livez, readyz, healthz), and usual ones beside."""


def kinds(facts: Facts) -> Counter[Kind]:
    """Kind -> invocations over the whole log; ask for it by `facts.once(kinds)`: there are far fewer than buckets."""
    found: Counter[Kind] = Counter()
    for _, kind, count in facts.buckets:
        found[kind] += count.n
    return found


def timed_kinds(facts: Facts) -> Counter[Kind]:
    """Kind -> those of its invocations that have a latency."""
    found: Counter[Kind] = Counter()
    for _, kind, count in facts.buckets:
        found[kind] += count.timed
    return found
