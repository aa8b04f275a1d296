"""Counting judged invocations: everything a report says in numbers, in memory that does not grow with the log.

Grain: one counter per (function, upstream, verdict, rule, responsible).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from attrib.invocations.model import Invocation
from attrib.records.model import Record
from attrib.rules.facets import FAILED_STATUS, VERDICTS
from attrib.verdicts.decide import OK, Verdict


class Blame(NamedTuple):
    """What symptomatic invocations are counted by."""

    function: str | None
    upstream: str | None
    verdict: str
    rule: str
    responsible: str | None


@dataclass
class FunctionCount:
    """Figures of one function; `failed` and `slow` overlap."""

    invocations: int = 0
    ok: int = 0
    failed: int = 0
    slow: int = 0


@dataclass
class Tally:
    """The figures of one run so far."""

    blames: Counter[Blame] = field(default_factory=Counter)
    functions: dict[str | None, FunctionCount] = field(default_factory=dict)
    upstreams: Counter[str | None] = field(default_factory=Counter)
    """Records by upstream, where the log speaks of one at all (by name or by status)."""
    masked: int = 0
    uncorrelated: int = 0

    def add(self, invocation: Invocation, verdict: Verdict, n: int = 1) -> None:
        """Count `n` invocations alike."""
        facets = invocation.facets
        count = self.functions.setdefault(invocation.function, FunctionCount())
        count.invocations += n
        if invocation.masked:
            self.masked += n
        if not invocation.correlated:
            self.uncorrelated += n
        if verdict.verdict == OK:
            count.ok += n
            return
        if facets.status in FAILED_STATUS:
            count.failed += n
        if facets.latency == "high":
            count.slow += n
        blame = Blame(
            invocation.function, invocation.upstream, verdict.verdict, verdict.rule or "", verdict.responsible
        )
        self.blames[blame] += n

    def see(self, record: Record, n: int = 1) -> None:
        """Count the upstream that `n` records alike speak of."""
        if record.upstream is not None or record.upstream_status is not None or record.upstream_word is not None:
            self.upstreams[record.upstream] += n

    def add_ok(self, function: str | None, n: int) -> None:
        """Count `n` invocations of a function that had no symptom and nothing else to tell."""
        count = self.functions.setdefault(function, FunctionCount())
        count.invocations += n
        count.ok += n

    @property
    def invocations(self) -> int:
        """All invocations."""
        return sum(f.invocations for f in self.functions.values())

    @property
    def symptomatic(self) -> int:
        """Invocations with a symptom."""
        return sum(self.blames.values())

    def verdicts(self) -> dict[str, int]:
        """Symptomatic invocations by verdict, every verdict named."""
        counts = dict.fromkeys(VERDICTS, 0)
        for blame, n in self.blames.items():
            counts[blame.verdict] += n
        return counts
