"""The verdict of an incident: it survives the worst case, and a vendor's also comparison (design section 6)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from attrib.incidents.buckets import Cause, Count, Kind
from attrib.incidents.draft import JOINED, OWN, TRIPPED, UNKNOWN, Demotion, Draft, Judged
from attrib.incidents.statistics import clustered, resampled_low, wilson

STANDS_ABOVE: Final = 0.5
"""The lower bound of the worst-case share must be above one half."""
VANISHED: Final = 0.1
"""An upstream's 2xx vanish below a tenth of their usual share (design section 4)."""
CREDENTIALS: Final = (401, 403, 407)

Claims = Callable[[Draft], tuple[str | None, str] | None]
"""What error codes or a pile-up claim where nothing is known: (lean, sentence)."""
Demotions = Callable[[Draft], Sequence[Demotion]]


def judge_draft(draft: Draft, claims: Claims, demotions: Demotions) -> Judged:
    """The verdict on one incident, and how sure it is."""
    expired = expired_credential(draft)
    if expired is not None:
        own = draft.n(OWN, TRIPPED)
        return _shares(
            draft, own, own + draft.n(JOINED), Judged("application", None, expired.function, None, None, None)
        )
    if draft.cause.verdict == "unknown":
        return _unknown(draft, claims)
    own = draft.n(OWN, TRIPPED)
    judged = _shares(
        draft, own, own + draft.n(JOINED), Judged(draft.cause.verdict, None, draft.cause.responsible, None, None, None)
    )
    if judged.verdict == "vendor":
        judged.demotions = list(demotions(draft))
    if judged.demotions:
        judged.verdict, judged.lean, judged.responsible = "unknown", "application", None
    elif judged.worst_case_low is None or judged.worst_case_low <= STANDS_ABOVE:
        judged.verdict, judged.lean, judged.responsible = "unknown", draft.cause.verdict, None
    return judged


def _unknown(draft: Draft, claims: Claims) -> Judged:
    """An incident of unknowns: what little is known beside them, else what they claim, is where it leans."""
    known: dict[Cause, int] = {}
    for kind in draft.kinds(JOINED):
        known[kind.cause] = known.get(kind.cause, 0) + draft.counts[kind].n
    judged = Judged("unknown", None, None, None, None, None)
    if known:
        cause = min(known, key=lambda c: (-known[c], repr(c)))
        judged = _shares(draft, known[cause], sum(known.values()), judged)
        judged.lean = cause.verdict
        return judged
    leans = {kind.lean for kind in draft.kinds(OWN)}
    if len(leans) == 1 and None not in leans:
        judged.lean = next(iter(leans))
        return judged
    claimed = claims(draft)
    if claimed is not None and claimed[0] is not None:
        judged.lean, judged.claimed = claimed[0], True
    return judged


def _shares(draft: Draft, dominant: int, attributed: int, judged: Judged) -> Judged:
    """Known and worst-case share, and the worst case's lower 95 % bound."""
    judged.dominant, judged.attributed = dominant, attributed
    judged.known_share = dominant / attributed if attributed else None
    total = draft.n(OWN, TRIPPED, JOINED) + draft.unknown_excess
    if not total:
        return judged
    judged.worst_case_share = dominant / total
    judged.worst_case_low, judged.method = wilson(dominant, total)[0], "wilson"
    clusters = _clusters(draft)
    if draft.cause.verdict != "unknown" and clustered(clusters):
        low = resampled_low(clusters, seed=len(clusters))
        if low is not None:
            judged.worst_case_low, judged.method = low, "resampling"
    return judged


def _clusters(draft: Draft) -> list[tuple[float, float]]:
    """(dominant, all members) by minute, in order of time."""
    result: list[tuple[float, float]] = []
    for minute in sorted(m for m in draft.minutes if m is not None):
        kinds = draft.minutes[minute]
        own = sum(count.n for kind, count in kinds.items() if draft.parts[kind] in (OWN, TRIPPED))
        against = sum(_weight(draft, kind, count) for kind, count in kinds.items())
        if own + against:
            result.append((own, own + against))
    return result


def _weight(draft: Draft, kind: Kind, count: Count) -> float:
    """What a minute's count of one kind adds to the worst case."""
    part = draft.parts[kind]
    if part == JOINED:
        return count.n
    if part != UNKNOWN:
        return 0.0
    return count.n * max(0.0, 1 - draft.usual.get(kind, 0.0) / draft.counts[kind].n)


class Expired(NamedTuple):
    """A credential of ours that plainly expired."""

    function: str | None
    upstream: str | None
    now: float
    """Share of 2xx among the upstream's answers in the incident."""
    usual: float
    """The same, over all unaffected minutes."""


def expired_credential(draft: Draft) -> Expired | None:
    """Whether an upstream refuses a function with 401, 403 or 407, passed on as 4xx, and its 2xx vanish."""
    own = draft.kinds(OWN)
    refused = [kind for kind in own if kind.lean == "caller" and kind.code in CREDENTIALS]
    if draft.cause.verdict != "unknown" or not refused or len(draft.reach) != 1:
        return None
    if 2 * sum(draft.counts[kind].n for kind in refused) <= draft.n(OWN):
        return None
    upstream = refused[0].upstream
    now = _well(_inner(draft), upstream)
    usual = _well(draft.usual_counts, upstream)
    if now is None or not usual or now >= VANISHED * usual:
        return None
    return Expired(refused[0].function, upstream, now, usual)


def _inner(draft: Draft) -> dict[Kind, Count]:
    """Sums without the first and last minute, which the incident seldom fills; all of them where it is short."""
    minutes = sorted(minute for minute in draft.minutes if minute is not None)[1:-1]
    if not minutes:
        return draft.counts
    result: dict[Kind, Count] = {}
    for minute in minutes:
        for kind, count in draft.minutes[minute].items():
            result.setdefault(kind, Count()).merge(count)
    return result


def _well(counts: dict[Kind, Count], upstream: str | None) -> float | None:
    """Share of 2xx among an upstream's answers; None where it was never asked."""
    mine = [
        (kind, count.n) for kind, count in counts.items() if kind.upstream == upstream and kind.outcome != "missing"
    ]
    total = sum(n for _, n in mine)
    return sum(n for kind, n in mine if kind.outcome == "2xx") / total if total else None


def incident_id(draft: Draft, judged: Judged) -> str:
    """A short digest of start minute, functions, responsible and verdict: the same for the same log, however it is
    delivered (design section 6)."""
    parts = (draft.whole.first, draft.functions, judged.responsible, judged.verdict)
    return f"inc-{hashlib.sha256(repr(parts).encode()).hexdigest()[:8]}"
