"""What belongs to no incident: shown one by one where it is little, counted as background where it is much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from attrib.incidents.buckets import Kind, Minute, minute_of
from attrib.incidents.draft import MEMBERS, Draft
from attrib.incidents.find import Found
from attrib.incidents.parts import reaches
from attrib.invocations.model import Invocation
from attrib.verdicts.decide import Verdict

ISOLATED_BELOW: Final = 5
"""Design section 6: of (function, verdict) groups with fewer than 5, each invocation is shown."""
Pair = tuple[str | None, str]
"""(function, verdict)."""


class Single(NamedTuple):
    """One isolated invocation. Grain: one per invocation; `file` counts the run's files."""

    function: str | None
    verdict: str
    file: int
    line: int
    request_id: str | None
    rule: str | None
    responsible: str | None
    statement: str


class Leftover:
    """The symptomatic buckets outside of all incidents."""

    def __init__(self, found: Found) -> None:
        self._found = found
        self._drafts: dict[str | None, list[Draft]] = {}
        for draft in found.drafts:
            for function in draft.reach:
                self._drafts.setdefault(function, []).append(draft)
        self.cells: dict[tuple[Minute, Kind], int] = {}
        self.pairs: Counter[Pair] = Counter()
        self.calls: Counter[str | None] = Counter()
        for minute, kind, count in found.buckets:
            self.calls[kind.function] += count.n
            if not kind.ok and not self.taken(minute, kind):
                self.cells[minute, kind] = count.n
                self.pairs[kind.function, kind.verdict] += count.n

    def taken(self, minute: Minute, kind: Kind) -> bool:
        """Whether a bucket belongs to an incident."""
        return any(
            draft.parts.get(kind) in MEMBERS and reaches(draft, kind.function, minute)
            for draft in self._drafts.get(kind.function, ())
        )

    def isolated(self, minute: Minute, kind: Kind) -> bool:
        """Whether a bucket's invocations are shown one by one."""
        return (minute, kind) in self.cells and self.pairs[kind.function, kind.verdict] < ISOLATED_BELOW

    def singles(self, judged: Iterable[tuple[Invocation, Verdict, Kind]]) -> list[Single]:
        """The isolated ones among these invocations."""
        few = {cell for cell in self.cells if self.isolated(*cell)}
        if not few:
            return []
        return [
            single(invocation, verdict)
            for invocation, verdict, kind in judged
            if (minute_of(invocation.ts), self._found.folded(kind)) in few
        ]

    def background(self, *, sampled: bool) -> list[dict[str, Any]]:
        """Rows of the larger groups, most first (contract: function, status, verdict, rule, count, rate)."""
        rows: Counter[tuple[Any, ...]] = Counter()
        for (_, kind), n in self.cells.items():
            if self.pairs[kind.function, kind.verdict] >= ISOLATED_BELOW:
                rows[kind.function, kind.status, kind.verdict, kind.rule] += n
        ordered = sorted(rows.items(), key=lambda item: (-item[1], *("" if x is None else str(x) for x in item[0])))
        return [
            {
                "function": function,
                "status": status,
                "verdict": verdict,
                "rule": rule,
                "count": n,
                "rate": None if sampled else round(n / self.calls[function], 6),
            }
            for (function, status, verdict, rule), n in ordered
        ]


def single(invocation: Invocation, verdict: Verdict) -> Single:
    """One invocation as it is listed."""
    at = invocation.decisive
    return Single(
        invocation.function,
        verdict.verdict,
        at.file,
        at.line,
        invocation.request_id,
        verdict.rule,
        verdict.responsible,
        verdict.statement,
    )


def listed(singles: Iterable[Single], files: list[str]) -> list[dict[str, Any]]:
    """Isolated invocations as the contract has them, in a fixed order."""
    ordered = sorted(singles, key=lambda s: (s.function or "", s.verdict, s.file, s.line, s.request_id or ""))
    return [
        {
            "verdict": s.verdict,
            "rule": s.rule,
            "responsible": s.responsible,
            "function": s.function,
            "request_id": s.request_id,
            "file": files[s.file],
            "line": s.line,
            "statement": s.statement,
        }
        for s in ordered
    ]
