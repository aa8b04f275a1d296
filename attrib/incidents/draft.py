"""An incident in the making: what belongs to it, and in which part."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from attrib.incidents.buckets import Cause, Count, Kind, Minute
from attrib.incidents.scene import Scene, Zone

OWN: Final = "own"
"""Symptoms of the incident's own cause."""
JOINED: Final = "joined"
"""Symptoms of causes too small to stand alone: they count against the verdict."""
UNKNOWN: Final = "unknown"
"""Unknowns of the same functions and minutes that are above their usual rate: counted against it in the worst case."""
TRIPPED: Final = "tripped"
"""Answers of our open circuit breaker: they inherit the verdict of the failures that tripped it."""
USUAL: Final = "usual"
"""Symptoms that these functions always have (the daily 404s): background, no part of the incident."""
OTHER: Final = "other"
"""Symptoms that another incident of the same functions and minutes accounts for."""
FINE: Final = "fine"
"""Invocations without a symptom."""
MEMBERS: Final = frozenset({OWN, JOINED, UNKNOWN, TRIPPED})
"""The parts that `symptomatic` counts."""


@dataclass
class Draft:
    """Grain: one incident. Times are epoch microseconds UTC, minutes since the epoch; None: the log has no time."""

    cause: Cause
    """Of its own symptoms; `Cause("unknown", None)` where they all are unknown."""
    reach: dict[str | None, Zone]
    """Minutes of the incident, by function."""
    parts: dict[Kind, str]
    """Kind -> part, for every kind seen in `reach`."""
    counts: dict[Kind, Count] = field(default_factory=dict)
    """Sums over `reach`, of every kind in `parts`."""
    minutes: dict[Minute, dict[Kind, Count]] = field(default_factory=dict)
    """The same by minute."""
    usual: dict[Kind, float] = field(default_factory=dict)
    """How many of an unknown kind's invocations are as usual in `reach` (0.0 where it has no usual rate)."""
    before: dict[str | None, tuple[Zone, ...]] = field(default_factory=dict)
    """Unaffected minutes near the incident, by function, to compare with; empty where there are none."""
    usual_counts: dict[Kind, Count] = field(default_factory=dict)
    """Sums over all unaffected minutes of these functions."""
    by_minute: dict[Minute, tuple[int, int]] = field(default_factory=dict)
    """Minute -> (members, all invocations) of its functions, over the incident and the minutes around it."""
    onset: int | None = None
    end: int | None = None
    peak: Minute = None
    baseline_rate: float | None = None
    """Usual share of such symptoms in these functions; None: this log shows no usual state."""
    failure_rate: float | None = None
    whole_log: bool = False
    """No unaffected time: the whole log (or what has no time) was judged as one window."""
    forced: bool = False
    """The user named the window."""
    window: Zone | None = None
    """The window that the user named."""
    scene: Scene | None = None
    judged: Judged | None = None
    id: str = ""
    consequence_of: str | None = None

    def n(self, *parts: str) -> int:
        """Invocations in these parts."""
        return sum(count.n for kind, count in self.counts.items() if self.parts[kind] in parts)

    @property
    def unknown_excess(self) -> float:
        """Unknowns beside the incident that are above their usual rate; may be a fraction."""
        return sum(
            max(0.0, self.counts[kind].n - self.usual.get(kind, 0.0))
            for kind, part in self.parts.items()
            if part == UNKNOWN
        )

    @property
    def symptomatic(self) -> int:
        """Invocations that belong to the incident; usual unknowns are left out, whole ones are counted."""
        return self.n(OWN, JOINED, TRIPPED) + round(self.unknown_excess)

    def kinds(self, *parts: str) -> list[Kind]:
        """Kinds in these parts, most frequent first, in a fixed order."""
        chosen = [kind for kind in self.counts if self.parts[kind] in parts]
        return sorted(chosen, key=lambda kind: (-self.counts[kind].n, repr(kind)))

    @property
    def functions(self) -> list[str]:
        """Names of its functions, sorted; one without a name is left out."""
        return sorted(name for name in self.reach if name is not None)

    @property
    def whole(self) -> Zone:
        """Its minutes over all functions."""
        if self.window is not None:
            return self.window
        firsts = [zone.first for zone in self.reach.values()]
        lasts = [zone.last for zone in self.reach.values()]
        if None in firsts or None in lasts or not firsts:
            return Zone(None, None)
        return Zone(min(x for x in firsts if x is not None), max(x for x in lasts if x is not None))


@dataclass
class Demotion:
    """Why a vendor verdict does not survive comparison (design section 6)."""

    kind: str
    """`confined`, `together`, `deadline`."""
    statement: str
    data: dict[str, object]


@dataclass
class Judged:
    """The verdict of an incident and how sure it is. Shares are null where nothing is known."""

    verdict: str
    lean: str | None
    responsible: str | None
    known_share: float | None
    worst_case_share: float | None
    worst_case_low: float | None
    method: str | None = None
    """`wilson` or `resampling`: how the bound was found."""
    claimed: bool = False
    """`lean` rests on claims (error codes, a pile-up) alone: claimed, not proven."""
    dominant: int = 0
    """Invocations that say the verdict (or the lean)."""
    attributed: int = 0
    """Invocations with a verdict other than unknown."""
    demotions: list[Demotion] = field(default_factory=list)
