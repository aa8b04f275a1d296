"""One invocation from several records: its status, its calls, its times, and whether its records agree."""

from __future__ import annotations

from collections.abc import Sequence

from attrib.invocations.blame import choose_failed, choose_slow, named_calls
from attrib.invocations.calls import form_calls, outcome_of
from attrib.invocations.context import Context, Limits
from attrib.invocations.model import Call, Contradiction, Invocation
from attrib.invocations.order import attempts_in_order, ordered
from attrib.invocations.outcome import (
    ANSWERED_WELL,
    UPSTREAM_FAILED,
    Share,
    contradicts,
    latency_facet,
    overruns,
    symptom,
)
from attrib.invocations.times import Spent, share, spent
from attrib.records.model import Record
from attrib.rules.facets import Facets

_ANSWERED_BADLY = frozenset({"4xx", "5xx", "timeout"})
_UNKNOWN_SHARE = Share("missing", None, None, False)


def joined(records: Sequence[Record], context: Context) -> Invocation:
    """The invocation that all of `records` (at least one) belong to; their order on entry means nothing."""
    records = ordered(records, context)
    ends = [record for record in records if context.terminal(record.stage)]
    decisive = _decisive(records, ends, context)
    claimant = _claimant(decisive, ends)
    error_code = claimant.error_code if claimant else None
    status = context.status(decisive.status, decisive.status_word)
    calls, echoes = form_calls(records, context)
    latency = max((r.latency_ms for r in records if r.latency_ms is not None), default=None)
    limits = context.limits(decisive.function)
    slow = latency_facet(latency, limits.high_ms)

    call: Call | None = None
    undecided = False
    if calls and status in _ANSWERED_BADLY:
        call, undecided = choose_failed(calls, error_code, context)
    elif calls:
        call = choose_slow(calls, context)
    outcomes = [[outcome_of(record, context) for record in one.attempts] for one in calls]
    spending = spent(calls, outcomes, echoes) if calls and _all_logged(records, calls) else None
    part = share(spending, latency, limits.low, limits.dominant) if spending else _UNKNOWN_SHARE
    if call and len(calls) > 1 and slow == "high" and status not in _ANSWERED_BADLY and part.facet == "dominant":
        undecided = not _dominates(call, latency, limits, context)

    shown = call.attempts[-1] if call else decisive
    upstream, phase, code = context.outcome(shown.upstream_status, shown.upstream_word, shown.error_code)
    name = _name(call, calls, records)
    return Invocation(
        request_id=decisive.request_id,
        function=decisive.function,
        records=records,
        decisive=decisive,
        correlated=True,
        facets=Facets(
            upstream,
            party(name, decisive.function, context),
            status,
            slow,
            part.facet,
            code,
            phase,
            context.hosts(name, phase),
        ),
        symptom=symptom(status, slow),
        ts=decisive.ts if decisive.ts is not None else max((r.ts for r in records if r.ts is not None), default=None),
        status=decisive.status,
        status_word=decisive.status_word,
        latency_ms=latency,
        upstream=name,
        upstream_status=shown.upstream_status,
        upstream_word=shown.upstream_word,
        upstream_latency_ms=part.upstream_ms,
        retry_wait_ms=spending.wait / 1000 if spending and spending.wait and part.upstream_ms is not None else None,
        own_ms=part.own_ms,
        error_code=error_code or shown.error_code,
        attempts=_attempts(call, records),
        masked=status in ANSWERED_WELL and any(kind in UPSTREAM_FAILED for kinds in outcomes for kind in kinds),
        contradiction=_contradiction(records, claimant, calls, context),
        several_calls=undecided,
        calls=calls,
        time_contradiction=_time_contradiction(part, spending, latency, calls, context),
        ended=bool(ends) or decisive.status is not None or decisive.status_word is not None,
    )


def party(upstream: str | None, function: str | None, context: Context) -> str:
    """The facet `upstream_party`. A record that names neither function nor upstream may come from a reverse proxy.

    There the upstream is the user's own application, and "vendor" would be the classic false blame (design section 2):
    nothing tells the vantage, so nobody is blamed.
    """
    return "unknown" if upstream is None and function is None else context.party(upstream)


def _decisive(records: Sequence[Record], ends: Sequence[Record], context: Context) -> Record:
    """The last terminal record with a status, else the latest with one, else the highest; else the last at all."""
    for group in (ends, records):
        answered = [r for r in group if r.status is not None or r.status_word is not None]
        if answered:
            return attempts_in_order(answered, context)[-1]
    return (ends or records)[-1]


def _claimant(decisive: Record, ends: Sequence[Record]) -> Record | None:
    """The record whose error_code speaks for the function: the decisive one, else another end of the same attempt.

    An attempt's error code is no claim about the answer: a later attempt may have recovered.
    """
    if decisive.error_code is not None:
        return decisive
    return next((r for r in reversed(ends) if r.error_code is not None and r.attempt == decisive.attempt), None)


def _all_logged(records: Sequence[Record], calls: Sequence[Call]) -> bool:
    """False where an attempt number is higher than the attempts logged: some attempt's time is not known."""
    total = sum(len(call.attempts) for call in calls)
    if any((record.attempt or 0) > len(call.attempts) for call in calls for record in call.attempts):
        return False
    return all((record.attempt or 0) <= total for record in records)


def _attempts(call: Call | None, records: Sequence[Record]) -> int:
    if call is None:
        return max((record.attempt or 0 for record in records), default=0)
    return max(len(call.attempts), *(record.attempt or 0 for record in call.attempts))


def _dominates(call: Call, latency: float | None, limits: Limits, context: Context) -> bool:
    """True when this call alone took the dominant share: only then may its upstream be named."""
    alone = spent([call], [[outcome_of(record, context) for record in call.attempts]], ())
    return alone is not None and share(alone, latency, limits.low, limits.dominant).facet == "dominant"


def _name(call: Call | None, calls: Sequence[Call], records: Sequence[Record]) -> str | None:
    """The upstream's name: the call's, else the only one that any record bears, where no other call could be meant."""
    if call and call.upstream:
        return call.upstream
    names = {record.upstream for record in records if record.upstream}
    return next(iter(names)) if len(names) == 1 and len(calls) <= 1 else None


def _contradiction(
    records: Sequence[Record], claimant: Record | None, calls: Sequence[Call], context: Context
) -> Contradiction | None:
    """Where a claim of an upstream failure meets a 2xx: inside one record, or between the end and its calls.

    Only what is last counts: an attempt that was tried again may have claimed what it liked. Between records, the
    claim is about the calls that it names, else about all; it holds as soon as one of them was not answered 2xx.
    """
    final = [call.attempts[-1] for call in calls]
    final += [record for record in records if context.terminal(record.stage)]
    for record in final:
        if contradicts(outcome_of(record, context), context.claims(record.error_code)):
            return contradiction((record,), record)
    if claimant is None or not calls or not context.claims(claimant.error_code):
        return None
    meant = named_calls(calls, claimant.error_code, context) or calls
    if any(call.outcome != "2xx" for call in meant):
        return None
    return contradiction((claimant, *(call.attempts[-1] for call in meant)), meant[-1].attempts[-1])


def contradiction(records: tuple[Record, ...], answered: Record) -> Contradiction:
    """The contradiction between the error code of the first record and what the upstream of `answered` said."""
    name = answered.upstream or "the upstream"
    return Contradiction(
        f"{records[0].error_code} claims an upstream failure, but {name} answered {answered.upstream_status}", records
    )


def _time_contradiction(
    part: Share, spending: Spent | None, latency: float | None, calls: Sequence[Call], context: Context
) -> Contradiction | None:
    """The report of upstream time above the latency; None where the latency may be that of one attempt only.

    Terminal records that are attempts are executions with a latency each, and retry waits may lie outside of it:
    then the share is missing, but nobody contradicts himself.
    """
    if not part.overrun or spending is None or latency is None:
        return None
    ends = sum(context.terminal(record.stage) for call in calls for record in call.attempts)
    busy = min(spending.least, spending.likely - (spending.wait or 0)) / 1000
    if ends > 1 or not overruns(busy, latency):
        return None
    return overrun(busy, latency, tuple(record for call in calls for record in call.attempts))


def overrun(upstream_ms: float, latency_ms: float, records: tuple[Record, ...]) -> Contradiction:
    """The report of upstream time that exceeds the latency."""
    return Contradiction(f"upstream time {upstream_ms:g} ms exceeds the latency of {latency_ms:g} ms", records)
