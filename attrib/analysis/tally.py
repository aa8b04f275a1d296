"""Counting judged invocations: everything a report says in numbers, in memory that does not grow with the log.

Grain: one counter per (function, upstream, status, verdict, rule, responsible). Single invocations are kept only while
their (function, verdict) has fewer than five (contract: `isolated`), then they are just counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from attrib.invocations.model import Invocation
from attrib.records.model import Record
from attrib.rules.facets import FAILED_STATUS, VERDICTS
from attrib.verdicts.decide import OK, Verdict

ISOLATED_BELOW: Final = 5
"""Design section 6: of (function, verdict) groups with fewer than 5, each invocation is shown."""


class Kind(NamedTuple):
    """What is counted together. `status` is the code, or the timeout word as logged, or None."""

    function: str | None
    upstream: str | None
    status: int | str | None
    verdict: str
    rule: str
    responsible: str | None


class Place(NamedTuple):
    """Where an invocation stands: index of the file and line number of the record that decided its status."""

    file: int
    line: int


class Wanted(NamedTuple):
    """A counted record whose place is still to be found; `request_id` None: it has no usable one."""

    request_id: str | None
    ts: int | None
    function: str | None


class Single(NamedTuple):
    """One isolated invocation. Grain: one per invocation."""

    kind: Kind
    request_id: str | None
    place: Place
    statement: str


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

    kinds: Counter[Kind] = field(default_factory=Counter)
    functions: dict[str | None, FunctionCount] = field(default_factory=dict)
    upstreams: Counter[str | None] = field(default_factory=Counter)
    """Records by upstream, where the log speaks of one at all (by name or by status)."""
    masked: int = 0
    uncorrelated: int = 0
    pairs: Counter[tuple[str | None, str]] = field(default_factory=Counter)
    """Symptomatic invocations by (function, verdict)."""
    singles: dict[tuple[str | None, str], list[Single]] = field(default_factory=dict)
    pending: dict[tuple[str | None, str], list[Wanted]] = field(default_factory=dict)
    """Counted invocations whose place is not known yet, for pairs that are still few."""

    def add(self, invocation: Invocation, verdict: Verdict, n: int = 1, wanted: Sequence[Wanted] | None = None) -> None:
        """Count `n` invocations alike. With `wanted` their places are unknown as yet."""
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
        kind = kind_of(invocation, verdict)
        self.kinds[kind] += n
        pair = (kind.function, kind.verdict)
        self.pairs[pair] += n
        if self.pairs[pair] >= ISOLATED_BELOW:
            self.singles.pop(pair, None)
            self.pending.pop(pair, None)
        elif wanted is not None:
            self.pending.setdefault(pair, []).extend(wanted)
        else:
            self._keep(kind, invocation, verdict)

    def place(self, invocation: Invocation, verdict: Verdict) -> None:
        """The place of an invocation that is counted already; of a pair that is few, each is kept once."""
        pair = (invocation.function, verdict.verdict)
        if len(self.singles.get(pair, ())) < self.pairs[pair] < ISOLATED_BELOW:
            self._keep(kind_of(invocation, verdict), invocation, verdict)

    def placed(self, pair: tuple[str | None, str]) -> bool:
        """Whether every invocation of a pair that is few has its place."""
        return len(self.singles.get(pair, ())) == self.pairs[pair]

    def _keep(self, kind: Kind, invocation: Invocation, verdict: Verdict) -> None:
        place = Place(invocation.decisive.file, invocation.decisive.line)
        single = Single(kind, invocation.request_id, place, verdict.statement)
        self.singles.setdefault((kind.function, kind.verdict), []).append(single)

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
        return sum(self.kinds.values())

    def verdicts(self) -> dict[str, int]:
        """Symptomatic invocations by verdict, every verdict named."""
        counts = dict.fromkeys(VERDICTS, 0)
        for kind, n in self.kinds.items():
            counts[kind.verdict] += n
        return counts

    def isolated(self) -> Iterator[Single]:
        """The invocations of pairs with fewer than five, in a fixed order."""
        few = [single for singles in self.singles.values() for single in singles]
        return iter(sorted(few, key=lambda s: (s.kind.function or "", s.kind.verdict, s.place, s.request_id or "")))

    def background(self) -> list[tuple[Kind, int]]:
        """The rows of larger pairs, upstream left aside (contract: function, status, verdict, rule), largest first."""
        rows: Counter[Kind] = Counter()
        for kind, n in self.kinds.items():
            if self.pairs[(kind.function, kind.verdict)] >= ISOLATED_BELOW:
                rows[kind._replace(upstream=None, responsible=None)] += n
        return sorted(rows.items(), key=lambda item: (-item[1], *map(_sortable, item[0])))


def kind_of(invocation: Invocation, verdict: Verdict) -> Kind:
    """What a symptomatic invocation is counted as."""
    status = invocation.status if invocation.status is not None else invocation.status_word
    return Kind(
        invocation.function, invocation.upstream, status, verdict.verdict, verdict.rule or "", verdict.responsible
    )


def _sortable(value: object) -> str:
    return "" if value is None else str(value)
