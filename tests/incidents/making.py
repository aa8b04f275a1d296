"""Incidents by hand: real invocations, judged by the shipped packs, put into a draft as the incident's author would."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from attrib.incidents.buckets import Buckets, Cause, Count, Kind, kind_of, minute_of
from attrib.incidents.draft import FINE, JOINED, OWN, TRIPPED, UNKNOWN, Draft, Judged
from attrib.incidents.evidence.case import Case
from attrib.incidents.index import Index
from attrib.incidents.scene import Frame, Scene, Zone, fill
from attrib.invocations.join import build
from attrib.invocations.model import Invocation
from attrib.parties import Parties
from attrib.records.model import Record
from attrib.rules.load import load_rules
from attrib.verdicts.decide import judge

RULES = load_rules()
T0 = 1_795_183_200_000_000
"""2026-11-20T14:00:00Z, a whole minute."""
M0 = T0 // 60_000_000
FILES = ("logs/api.jsonl",)
FIRST, LAST = 10, 14
"""Minutes of the incident, from M0; before lie the quiet ones."""


@dataclass
class Log:
    """Lines of a log, added in groups of equals."""

    own: tuple[str, ...] = ()
    vendors: tuple[str, ...] = ()
    records: list[Record] = field(default_factory=list)

    def add(self, n: int, minutes: Sequence[int] = range(FIRST, LAST + 1), **fields: Any) -> Log:
        """n requests spread over these minutes. `ul` and `lat` are milliseconds, `us` the upstream's status or word;
        other names are the record's own, or (with a dot, as keys of `extra`) optional fields."""
        for i in range(n):
            number = len(self.records) + 1
            minute = minutes[i % len(minutes)]
            values: dict[str, Any] = {
                "file": 0, "line": number, "request_id": f"r{number}", "function": "checkout", "stage": "response",
                "upstream": "payments-api", "status": 200, "latency_ms": fields.get("lat", 60.0),
                "upstream_latency_ms": fields.get("ul", 30.0),
                "ts": None if minute < 0 else T0 + minute * 60_000_000 + (i * 997_000) % 60_000_000,
            }  # fmt: skip
            us = fields.get("us", 200)
            values["upstream_word" if isinstance(us, str) else "upstream_status"] = us
            plain = {k: v for k, v in fields.items() if k not in ("lat", "ul", "us")}
            self.records.append(Record(**(values | plain)))
        return self

    def quiet(self, n: int = 100, **fields: Any) -> Log:
        """Fine requests in the minutes before."""
        return self.add(n, range(FIRST), **fields)

    def parties(self) -> Parties:
        return Parties(self.vendors, self.own, {r.function for r in self.records if r.function})


def case(
    log: Log,
    verdict: str = "vendor",
    responsible: str | None = "payments-api",
    functions: Iterable[str] = ("checkout",),
    *,
    timeless: bool = False,
    backwards: bool = False,
    judged: Judged | None = None,
) -> Case:
    """The incident of minutes FIRST to LAST of these functions, with this cause."""
    parties = log.parties()
    built = build(log.records, RULES.words, RULES.parameters, lambda name: parties.of(name).party)
    pairs = [(invocation, kind_of(invocation, judge(invocation, RULES))) for invocation in built]
    if backwards:
        pairs.reverse()
    buckets = Buckets()
    for invocation, kind in pairs:
        buckets.add_invocation(invocation, kind)
    zone = Zone(None, None) if timeless else Zone(M0 + FIRST, M0 + LAST)
    quiet = () if timeless else (Zone(M0, M0 + FIRST - 1),)
    reach: dict[str | None, Zone] = dict.fromkeys(functions, zone)
    draft = Draft(Cause(verdict, responsible), reach, {})
    draft.before = dict.fromkeys(reach, quiet)
    draft.scene = Scene(Frame(reach, draft.before, responsible if verdict == "vendor" else None, zone))
    fill([draft.scene], pairs)
    _count(draft, buckets, pairs)
    own = draft.n(OWN)
    draft.judged = judged or Judged(verdict, None, responsible, None, None, None, dominant=own, attributed=own)
    return Case(draft, Index(buckets), RULES.words, FILES)


def _count(draft: Draft, buckets: Buckets, pairs: list[tuple[Invocation, Kind]]) -> None:
    for minute, kind, count in buckets:
        zone = draft.reach.get(kind.function)
        if zone is None:
            continue
        if zone.holds(minute):
            draft.counts.setdefault(kind, Count()).merge(count)
            draft.parts[kind] = part_of(kind, draft.cause)
        elif any(quiet.holds(minute) for quiet in draft.before[kind.function]):
            draft.usual_counts.setdefault(kind, Count()).merge(count)
    times = sorted(i.ts for i, kind in pairs if draft.parts.get(kind) == OWN and i.ts is not None)
    draft.onset, draft.end = (times[0], times[-1]) if times else (None, None)
    for invocation, kind in pairs:
        if kind.function in draft.reach:
            minute = minute_of(invocation.ts)
            members, every = draft.by_minute.get(minute, (0, 0))
            draft.by_minute[minute] = members + (0 if kind.ok else 1), every + 1
    known = {m: n for m, (n, _) in draft.by_minute.items() if m is not None}
    draft.peak = max(known, key=lambda m: (known[m], -m)) if known else None


def part_of(kind: Kind, cause: Cause) -> str:
    if kind.ok:
        return FINE
    if kind.outcome == "short_circuited":
        return TRIPPED
    if kind.cause == cause:
        return OWN
    return UNKNOWN if kind.verdict == "unknown" else JOINED
