"""Scenes: what the lines around one incident say, beyond what buckets hold. Read again for the incident only.

Grain: one `Sight` per (zone, kind). Zones are `during` (the incident's minutes) and `before` (unaffected minutes of the
same functions, to compare with). Engines fill the same scene from files that the reference fills from invocations.
"""

from __future__ import annotations

from bisect import insort
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from attrib.incidents.buckets import Kind, Minute, minute_of
from attrib.incidents.histogram import Histogram, bin_of, whole_us
from attrib.incidents.series import fold
from attrib.invocations.model import Invocation
from attrib.records.model import Record

DURING: Final = "during"
BEFORE: Final = "before"
EXAMPLES: Final = 4
"""Examples kept per (zone, kind): the earliest, by time, then id. Evidence shows up to three (design section 7); a
group of fewer than five is shown whole (section 6)."""
MOST_VALUES: Final = 1_000
"""Distinct values of one field beyond which it tells nothing apart and is left out."""
NOT_COMPARED: Final = frozenset(
    {"upstream_request_id", "idempotency_key", "request_fingerprint", "sample_rate", "retry_count"}
)
"""Optional fields that tell no group of invocations from another: ids of one call, and measures."""


class Example(NamedTuple):
    """An invocation to cite. Sorted by time, then id. `file` -1: its place is still to be found."""

    ts: int
    """Epoch microseconds; -1 where the log has no time."""
    request_id: str
    """Empty where none is logged."""
    function: str
    file: int = -1
    line: int = -1


class Zone(NamedTuple):
    """Minutes (first, last; both included) of a scene; None: of any time, also none at all."""

    first: int | None
    last: int | None

    def holds(self, minute: Minute) -> bool:
        """Whether a minute lies in the zone. Where the zone has bounds, no time is outside."""
        if self.first is None or self.last is None:
            return True
        return minute is not None and self.first <= minute <= self.last


@dataclass(frozen=True)
class Frame:
    """Which invocations a scene is made of."""

    during: Mapping[str | None, Zone]
    """Minutes of the incident, by function."""
    before: Mapping[str | None, tuple[Zone, ...]]
    """Unaffected minutes, by function."""
    upstream: str | None = None
    """Calls of other functions to this upstream in the incident's minutes belong to the scene as well."""
    whole: Zone = Zone(None, None)  # noqa: RUF009 - a tuple
    """The incident's minutes over all functions."""

    def zone_of(self, function: str | None, upstream: str | None, minute: Minute) -> str | None:
        """`during`, `before`, or None: not in this scene."""
        mine = self.during.get(function)
        if mine is not None:
            if mine.holds(minute):
                return DURING
            return BEFORE if any(zone.holds(minute) for zone in self.before.get(function, ())) else None
        if self.upstream is not None and upstream == self.upstream and self.whole.holds(minute):
            return DURING
        return None


@dataclass(slots=True)
class Sight:
    """Invocations alike. Durations are binned microseconds (histogram.py)."""

    n: int = 0
    latency: Histogram = field(default_factory=Counter)
    upstream: Histogram = field(default_factory=Counter)
    own: Histogram = field(default_factory=Counter)
    examples: list[Example] = field(default_factory=list)
    fields: dict[str, Counter[str]] = field(default_factory=dict)
    """Optional field or label -> value -> invocations; those without a value are not counted here."""


@dataclass
class Scene:
    """All that is seen around one incident."""

    frame: Frame
    sights: dict[tuple[str, Kind], Sight] = field(default_factory=dict)
    sampled: bool = False
    """Only part of the lines was read again: shares hold, counts do not add up."""
    folded: bool = False
    """Functions are taken together by their form, in the frame and in the sights."""

    def kind(self, kind: Kind) -> Kind:
        """A kind as this scene has it."""
        return fold(kind) if self.folded else kind

    def sight(self, zone: str, kind: Kind) -> Sight:
        """The sight of a zone and kind, made where there is none yet."""
        return self.sights.setdefault((zone, self.kind(kind)), Sight())

    def add(self, invocation: Invocation, kind: Kind) -> None:
        """Add an invocation where it belongs, if it does."""
        zone = self.frame.zone_of(self.kind(kind).function, kind.upstream, minute_of(invocation.ts))
        if zone is None:
            return
        sight = self.sight(zone, kind)
        sight.n += 1
        for histogram, ms in (
            (sight.latency, invocation.latency_ms),
            (sight.upstream, invocation.upstream_latency_ms),
            (sight.own, invocation.own_ms),
        ):
            if ms is not None:
                histogram[bin_of(whole_us(ms))] += 1
        at = invocation.decisive
        keep(
            sight.examples,
            Example(
                -1 if invocation.ts is None else invocation.ts,
                invocation.request_id or "",
                invocation.function or "",
                at.file,
                at.line,
            ),
        )
        for name, value in values_of(invocation).items():
            sight.fields.setdefault(name, Counter())[value] += 1

    def settle(self) -> None:
        """Once all is added: leave out the fields with too many values to tell anything apart."""
        values: dict[str, set[str]] = {}
        for sight in self.sights.values():
            for name, counts in sight.fields.items():
                values.setdefault(name, set()).update(counts)
        for name in [name for name, found in values.items() if len(found) > MOST_VALUES]:
            for sight in self.sights.values():
                sight.fields.pop(name, None)


def keep(examples: list[Example], example: Example) -> None:
    """Keep the earliest `EXAMPLES`."""
    insort(examples, example)
    del examples[EXAMPLES:]


def values_of(invocation: Invocation) -> dict[str, str]:
    """Optional fields and labels of an invocation, by name; of records that differ, the decisive one's counts."""
    found: dict[str, str] = {}
    for record in (*invocation.records, invocation.decisive):
        found.update(values_of_record(record))
    return found


def values_of_record(record: Record) -> dict[str, str]:
    """Optional fields and labels of a record, by name."""
    found = {name: str(value) for name, value in record.extra.items() if name not in NOT_COMPARED and value is not None}
    for name, value in (record.labels or {}).items():
        found[f"labels.{name}"] = str(value)
    return found


def fill(scenes: Iterable[Scene], invocations: Iterable[tuple[Invocation, Kind]]) -> None:
    """The reference: every invocation is offered to every scene that has its function or its upstream."""
    scenes = list(scenes)
    functions: dict[tuple[bool, str | None], list[Scene]] = {}
    upstreams: dict[str, list[Scene]] = {}
    for scene in scenes:
        for function in scene.frame.during:
            functions.setdefault((scene.folded, function), []).append(scene)
        if scene.frame.upstream is not None:
            upstreams.setdefault(scene.frame.upstream, []).append(scene)
    folded = any(scene.folded for scene in scenes)
    for invocation, kind in invocations:
        mine = functions.get((False, kind.function), [])
        if folded:
            mine = [*mine, *functions.get((True, fold(kind).function), [])]
        for scene in mine:
            scene.add(invocation, kind)
        for scene in upstreams.get(kind.upstream, ()) if kind.upstream is not None else ():
            if scene.kind(kind).function not in scene.frame.during:
                scene.add(invocation, kind)
    for scene in scenes:
        scene.settle()
