"""The calls an invocation made to upstreams, formed from its records (design: "From records to an invocation")."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from attrib.invocations.context import Context
from attrib.invocations.model import Call
from attrib.invocations.order import attempts_in_order, place, worst_upstream
from attrib.invocations.outcome import WELL
from attrib.records.model import Record


class Calls(NamedTuple):
    """The calls of one invocation, and what its terminal records say again of them."""

    calls: list[Call]
    """In the order of their last attempts."""
    echoes: list[Record]
    """Terminal records that repeat what a call's own record says: no attempts of their own."""


_Key = tuple[str, str | None]
_UPSTREAM: Final = "upstream"
_STAGE: Final = "stage"
_END: Final = "end"


def outcome_of(record: Record, context: Context) -> str:
    """The upstream outcome that this record alone gives."""
    return context.outcome(record.upstream_status, record.upstream_word, record.error_code).outcome


def is_attempt(record: Record, context: Context) -> bool:
    """True for a record that shows an attempt: an upstream status, known or not, a time, or, before the end, a claim.

    A terminal record that only claims a failure tells of no attempt that could be counted.
    """
    if record.upstream_status is not None or record.upstream_word is not None:
        return True
    if record.upstream_latency_ms is not None or outcome_of(record, context) != "missing":
        return True
    return not context.terminal(record.stage) and context.claims(record.error_code)


def form_calls(records: Sequence[Record], context: Context) -> Calls:
    """The calls among the records of one invocation, given in order.

    Attempts form calls by upstream name, else by non-terminal stage. A nameless attempt takes the one name that the
    other records of its stage bear. Terminal records come after the others, and each is one of: an echo (it repeats
    the outcome of a call), a later attempt of a call (same name, or a higher attempt number where there is only one
    call, or one more failure of the only call), or a call of its own. A terminal 200 without name or number is no
    later attempt of a failed call: nothing says that it was the same call that was tried again.
    """
    names = _names_by_stage(records, context)
    groups: dict[_Key, list[Record]] = {}
    ends: list[Record] = []
    for record in records:
        if context.terminal(record.stage):
            ends.append(record)
        elif is_attempt(record, context):
            name = record.upstream or names.get(record.stage)
            groups.setdefault((_UPSTREAM, name) if name else (_STAGE, record.stage), []).append(record)
    groups = {key: attempts_in_order(attempts, context) for key, attempts in groups.items()}
    echoes = [record for record in ends if is_attempt(record, context) and not _placed(record, groups, context)]
    calls = [_call(key, attempts, context) for key, attempts in groups.items()]
    calls.sort(key=lambda call: _last_place(call, context))
    return Calls(calls, echoes)


def _names_by_stage(records: Sequence[Record], context: Context) -> dict[str | None, str]:
    """Stage -> the only upstream name that its records bear."""
    seen: dict[str | None, set[str]] = {}
    for record in records:
        if record.upstream and not context.terminal(record.stage):
            seen.setdefault(record.stage, set()).add(record.upstream)
    return {stage: next(iter(names)) for stage, names in seen.items() if len(names) == 1}


def _placed(record: Record, groups: dict[_Key, list[Record]], context: Context) -> bool:
    """Put a terminal record with evidence into its call; False when it only echoes one."""
    outcome = context.outcome(record.upstream_status, record.upstream_word, record.error_code)
    own: _Key = (_UPSTREAM, record.upstream) if record.upstream else (_END, record.stage)
    if not groups:
        groups[own] = [record]
        return True
    if outcome.outcome == "missing":
        return False
    named = record.upstream is not None and own in groups
    near = [own] if named else [key for key in groups if record.upstream is None or key[0] != _UPSTREAM]
    echoed = [key for key in near if _echoes(record, groups[key][-1], context)]
    if echoed:
        if len(echoed) == 1 and record.upstream is not None and not named:
            groups[own] = groups.pop(echoed[0])  # the call's own records lack the name
        return False
    if named:
        groups[own].append(record)
        return True
    only = groups[near[0]] if len(near) == len(groups) == 1 else None
    if only is not None and (
        _later(record, only[-1]) or (outcome.outcome not in WELL and outcome_of(only[-1], context) not in WELL)
    ):
        only.append(record)
    else:
        groups.setdefault(own, []).append(record)
    return True


def _echoes(record: Record, last: Record, context: Context) -> bool:
    """True when a terminal record says again what a call's last attempt said.

    Two records of one terminal stage are two events; an exception and then a response are one.
    """
    said = context.outcome(last.upstream_status, last.upstream_word, last.error_code)
    again = context.outcome(record.upstream_status, record.upstream_word, record.error_code)
    same = (said.outcome, said.code) == (again.outcome, again.code)
    return same and last.stage != record.stage and not _later(record, last)


def _later(record: Record, last: Record) -> bool:
    """True when the attempt numbers say that this record is a further attempt."""
    return record.attempt is not None and last.attempt is not None and record.attempt > last.attempt


def _call(key: _Key, attempts: list[Record], context: Context) -> Call:
    outcomes = [outcome_of(record, context) for record in attempts]
    upstream = key[1] if key[0] == _UPSTREAM else None
    recovered = outcomes[-1] in WELL and any(outcome not in WELL for outcome in outcomes[:-1])
    return Call(upstream, attempts[-1].stage, attempts, outcomes[-1], recovered)


def _last_place(call: Call, context: Context) -> tuple[object, ...]:
    last = call.attempts[-1]
    return (context.terminal(last.stage), *place(last, context))


def severity(call: Call, context: Context) -> tuple[object, ...]:
    """Sort key, the worst call highest: the same for any order of lines."""
    last = call.attempts[-1]
    code = context.outcome(last.upstream_status, last.upstream_word, last.error_code).code
    return (worst_upstream(call.outcome, code), *_last_place(call, context))
