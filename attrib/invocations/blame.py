"""Which call of an invocation its facets come from, and whether the log can tell at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from attrib.invocations.calls import severity
from attrib.invocations.context import Context
from attrib.invocations.model import Call
from attrib.invocations.outcome import WELL

SHORT_NAME: Final = 4
"""Names shorter than this must be a whole word of the error code: `db` is not named by FEEDBACK_LOST."""


class Choice(NamedTuple):
    """The call that speaks for an invocation."""

    call: Call
    undecided: bool
    """Two or more calls remain, or the function went on past this one: `unknown`, all cited."""


def choose_failed(calls: Sequence[Call], error_code: str | None, context: Context) -> Choice:
    """The call behind a failed answer: the unrecovered one that error_code names, else the only unrecovered one.

    Undecided where several remain or the function went on past it before failing. Where every call was answered
    well, the upstreams are cleared, and the last 2xx stands for all (a cache hit after it clears nobody). `calls` is
    not empty and in order.
    """
    open_calls = [call for call in calls if call.outcome not in WELL]
    if not open_calls:
        return Choice(next((call for call in reversed(calls) if call.outcome == "2xx"), calls[-1]), False)
    named = _named(open_calls, calls, error_code, context)
    if named is not None:
        return Choice(named, False)
    worst = max(open_calls, key=lambda call: severity(call, context))
    return Choice(worst, len(open_calls) > 1 or _went_past(worst, calls, context))


def choose_slow(calls: Sequence[Call], context: Context) -> Call:
    """The call that took the most upstream time, for answers that did not fail; ties go to the worse outcome."""
    return max(calls, key=lambda call: (call_time_us(call), *severity(call, context)))


def call_time_us(call: Call) -> int:
    """Upstream time of a call's attempts in whole microseconds, retry waits left out, unlogged times as 0."""
    return sum(round((record.upstream_latency_ms or 0.0) * 1000) for record in call.attempts)


def names(error_code: str | None, name: str | None) -> bool:
    """True when, letters and digits only, the error code contains the name of an upstream or stage."""
    if not error_code or not name:
        return False
    squashed = _squash(name)
    if len(squashed) < SHORT_NAME:
        return squashed in {_squash(word) for word in re.split(r"[\W_]+", error_code) if word} and squashed != ""
    return squashed in _squash(error_code)


def _squash(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())


def _called(call: Call, context: Context) -> set[str]:
    """Names a call goes by: its upstream and its stages; a terminal stage names no call ("response", "end")."""
    stages = {record.stage for record in call.attempts if not context.terminal(record.stage)}
    return {_squash(name) for name in {call.upstream, *stages} if name}


def named_calls(calls: Sequence[Call], error_code: str | None, context: Context) -> list[Call]:
    """The calls that error_code names by a name that no other call shares; the longest such name wins.

    A stage that several calls share ("upstream" in UPSTREAM_ERROR) singles out none of them.
    """
    bearers: dict[str, list[Call]] = {}
    for call in calls:
        for name in _called(call, context):
            bearers.setdefault(name, []).append(call)
    hits = [(len(name), bearer[0]) for name, bearer in bearers.items() if len(bearer) == 1 and names(error_code, name)]
    longest = max((length for length, _ in hits), default=0)
    found: list[Call] = []
    for length, call in hits:
        if length == longest and not any(call is other for other in found):
            found.append(call)
    return found


def _named(open_calls: Sequence[Call], calls: Sequence[Call], error_code: str | None, context: Context) -> Call | None:
    """The one unrecovered call that error_code names, or None."""
    named = [call for call in named_calls(calls, error_code, context) if any(call is one for one in open_calls)]
    return named[0] if len(named) == 1 else None


def _went_past(failed: Call, calls: Sequence[Call], context: Context) -> bool:
    """True unless every other call is known to have begun before the failed one ended.

    Where the log does not tell the order (no ts), going on cannot be excluded: blaming the failed call would be a
    guess. A terminal record ends the invocation, so a call that only it shows is the last one.
    """
    last = failed.attempts[-1]
    for other in calls:
        if other is failed:
            continue
        its = other.attempts[-1]
        failed_at_end, other_at_end = context.terminal(last.stage), context.terminal(its.stage)
        if failed_at_end and not other_at_end:
            continue
        if last.ts is None or its.ts is None or (other_at_end and not failed_at_end):
            return True
        if its.ts - round((its.upstream_latency_ms or 0.0) * 1000) >= last.ts:
            return True
    return False
