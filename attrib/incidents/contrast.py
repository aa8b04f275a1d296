"""What sets the failing apart from the rest (design section 7), and what does not.

The failing are the incident's members, the rest the invocations of the same functions and minutes without a symptom.
Shares are 0..1, of the invocations that log the field at all: a field that only error lines carry would set them apart
by its mere presence. `feature_flag` is the exception: not logged means not set, where fine lines log it, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from typing import Final, NamedTuple

from attrib.incidents.buckets import Kind
from attrib.incidents.draft import FINE, MEMBERS, Draft
from attrib.incidents.scene import BEFORE, DURING, MOST_VALUES, Sight
from attrib.incidents.statistics import wilson

FLAG: Final = "feature_flag"
NOT_SET: Final = "(not set)"
LIFT: Final = 1.5
"""Least ratio of the shares (attrib's own: below it a difference is true, but no lead)."""
CONFINED: Final = 0.95
"""Share among the failing that stands out whatever the lift (design section 6: "at least 95 %")."""
FEWEST: Final = 5
"""Failing invocations with the value (incident_min_failures), and invocations of either side that log the field."""
TOP: Final = 5
"""Features listed."""
ALIKE_CALLS: Final = 20
"""Calls with a value before it can be said to fail like another (design section 6: "at least 20 calls")."""
_DECIMALS: Final = 6


class Feature(NamedTuple):
    """One field=value. Null: not measured (fine invocations have no stage or error code to compare with)."""

    field: str
    value: str
    failing: int
    failing_of: int
    rest: int | None
    rest_of: int | None
    share_failing: float
    share_rest: float | None
    lift: float | None
    """share_failing / share_rest; None where the rest never has it."""
    low: float | None
    """Lower bound of the 95 % interval (Newcombe) of share_failing - share_rest."""
    high: float | None

    @property
    def differs(self) -> bool:
        """More frequent among the failing, by more than chance and by enough to matter."""
        if self.low is None or self.low <= 0 or self.failing < FEWEST:
            return False
        return self.lift is None or self.lift >= LIFT or self.share_failing >= CONFINED


class Alike(NamedTuple):
    """A field whose values fail alike: value -> (failing, calls), most calls first."""

    field: str
    values: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Contrast:
    """Best first."""

    apart: tuple[Feature, ...]
    common: tuple[Feature, ...]
    """The most frequent stage, error code and number of attempts of the failing; there is no rest to compare with."""
    alike: tuple[Alike, ...]
    failing: int
    rest: int


def difference(count: int, of: int, other: int, other_of: int) -> tuple[float, float]:
    """Newcombe's 95 % interval (1998, method 10) of count/of - other/other_of; (-1, 1) where either is of nothing."""
    if of <= 0 or other_of <= 0:
        return -1.0, 1.0
    one, two = count / of, other / other_of
    (low_1, high_1), (low_2, high_2) = wilson(count, of), wilson(other, other_of)
    low = one - two - sqrt((one - low_1) ** 2 + (high_2 - two) ** 2)
    high = one - two + sqrt((high_1 - one) ** 2 + (two - low_2) ** 2)
    return round(max(-1.0, low), _DECIMALS), round(min(1.0, high), _DECIMALS)


def contrast(draft: Draft) -> Contrast:
    """The contrast of a draft whose scene is filled; an empty one without a scene."""
    failing, rest = _sights(draft, *sorted(MEMBERS)), _sights(draft, FINE)
    n, m = sum(sight.n for _, sight in failing), sum(sight.n for _, sight in rest)
    if not n:
        return Contrast((), (), (), 0, 0)
    apart: list[Feature] = []
    alike: list[Alike] = []
    for field, ours, theirs in _optional(draft, failing, rest, n, m):
        features = _features(field, ours, theirs)
        apart += [feature for feature in features if feature.differs]
        if found := _alike(field, ours, theirs):
            alike.append(found)
    for field in ("function", "upstream"):
        features = _features(field, _by_kind(failing, field), _by_kind(rest, field))
        apart += [feature for feature in features if feature.differs]
    apart.sort(key=lambda f: (-(f.low or 0.0), -(f.share_failing), f.field, f.value))
    return Contrast(tuple(apart[:TOP]), tuple(_common(failing)), tuple(sorted(alike)), n, m)


def _sights(draft: Draft, *parts: str) -> list[tuple[Kind, Sight]]:
    if draft.scene is None:
        return []
    found = [(kind, draft.scene.sights.get((DURING, kind))) for kind in draft.kinds(*parts)]
    return [(kind, sight) for kind, sight in found if sight is not None]


def summed(sights: Iterable[tuple[Kind, Sight]], field: str) -> Counter[str]:
    """Value -> invocations of one optional field."""
    found: Counter[str] = Counter()
    for _, sight in sights:
        found.update(sight.fields.get(field, {}))
    return found


def _by_kind(sights: Iterable[tuple[Kind, Sight]], field: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for kind, sight in sights:
        value = getattr(kind, field)
        if value is not None:
            found[str(value)] += sight.n
    return found


def _optional(
    draft: Draft, failing: list[tuple[Kind, Sight]], rest: list[tuple[Kind, Sight]], n: int, m: int
) -> Iterable[tuple[str, Counter[str], Counter[str]]]:
    """Every optional field that can be compared, with its values among the failing and among the rest."""
    for field in sorted({field for _, sight in (*failing, *rest) for field in sight.fields}):
        ours, theirs = summed(failing, field), summed(rest, field)
        if len(ours.keys() | theirs.keys()) > MOST_VALUES:
            continue
        if field == FLAG and flags_logged(draft):
            ours[NOT_SET] += n - sum(ours.values())
            theirs[NOT_SET] += m - sum(theirs.values())
        yield field, +ours, +theirs


def flags_logged(draft: Draft) -> bool:
    """Whether fine lines log flags: only then does a line without one say that none was set."""
    sights = draft.scene.sights if draft.scene is not None else {}
    return any(
        kind.ok and zone in (DURING, BEFORE) and sight.fields.get(FLAG) for (zone, kind), sight in sights.items()
    )


def _features(field: str, ours: Counter[str], theirs: Counter[str]) -> list[Feature]:
    of, rest_of = sum(ours.values()), sum(theirs.values())
    if of < FEWEST or rest_of < FEWEST:
        return []
    found = []
    for value in sorted(ours):
        count, rest = ours[value], theirs[value]
        if value == NOT_SET:
            continue
        low, high = difference(count, of, rest, rest_of)
        lift = round(count * rest_of / (of * rest), _DECIMALS) if rest else None
        share, other = round(count / of, _DECIMALS), round(rest / rest_of, _DECIMALS)
        found.append(Feature(field, value, count, of, rest, rest_of, share, other, lift, low, high))
    return found


def _alike(field: str, ours: Counter[str], theirs: Counter[str]) -> Alike | None:
    """Two or more values, each with enough calls, whose failure rates are within `LIFT` of each other."""
    calls = {value: ours[value] + theirs[value] for value in ours.keys() | theirs.keys()}
    values = sorted((value for value, n in calls.items() if n >= ALIKE_CALLS), key=lambda v: (-calls[v], v))
    rates = [ours[value] / calls[value] for value in values]
    if len(values) < 2 or not min(rates) or max(rates) >= LIFT * min(rates):
        return None
    return Alike(field, tuple((value, ours[value], calls[value]) for value in values))


def _common(failing: list[tuple[Kind, Sight]]) -> Iterable[Feature]:
    of = sum(sight.n for _, sight in failing)
    for field in ("stage", "error_code", "attempts"):
        values = _by_kind(failing, field)
        if field == "attempts":
            del values["0"]
        if values:
            value = min(values, key=lambda v: (-values[v], v))
            share = round(values[value] / of, _DECIMALS)
            yield Feature(field, value, values[value], of, None, None, share, None, None, None, None)
