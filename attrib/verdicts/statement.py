"""One plain sentence per invocation: what the upstream did, what the function did, and how long it took."""

from __future__ import annotations

from attrib.invocations.model import Call, Invocation

_BROKE = {
    "local": "could not be called: the failure is on our side (connection pool, file handles or CA bundle)",
    "dns": "could not be reached: its name did not resolve",
    "connect": "could not be reached: no connection",
    "tls": "could not be reached: no TLS session",
    "read": "broke off before it answered",
    "none": "gave no response",
}


def statement(invocation: Invocation) -> str:
    """The sentence for one invocation, without a full stop; log text in it is raw.

    Which fact it leads with follows the symptom: a contradiction, an open question, a missing end, the failure, or
    where the time went.
    """
    if invocation.symptom is not None:
        if invocation.contradiction is not None:
            return f"{invocation.contradiction.statement}; {_returned(invocation)}{_in_time(invocation)}"
        if invocation.symptom == "unfinished":
            stage = invocation.records[-1].stage
            return f"{_function(invocation)} logged no end" + (f"; its last stage is {stage}" if stage else "")
        if invocation.several_calls:
            told = ", ".join(_call(call) for call in invocation.calls)
            return f"{told}, and {_returned(invocation)}{_in_time(invocation)}; which call decided it is not logged"
    if invocation.symptom == "slow":
        return f"{_returned(invocation)}{_in_time(invocation)}, {_split(invocation)}"
    told = f"{_upstream(invocation)} and {_returned(invocation)}{_in_time(invocation)}"
    if invocation.symptom == "failed+slow" and invocation.upstream_latency_ms is not None:
        told += f", {_split(invocation)}"
    return told


def milliseconds(value: float) -> str:
    """A duration for reading: whole milliseconds from 10 on, three digits below."""
    return f"{value:,.0f} ms" if value >= 10 else f"{value:.3g} ms"


def _function(invocation: Invocation) -> str:
    return invocation.function or "the function"


def _returned(invocation: Invocation) -> str:
    """What the function answered, by its own line."""
    name, facet = _function(invocation), invocation.facets.status
    if facet == "client_abort":
        logged = invocation.status_word or invocation.status
        return f"the client of {name} went away (status {logged})"
    if facet == "timeout":
        return f"{name} timed out ({invocation.status_word})"
    if invocation.status is None:
        return f"{name} logged no status"
    return f"{name} returned {invocation.status}"


def _in_time(invocation: Invocation) -> str:
    return "" if invocation.latency_ms is None else f" in {milliseconds(invocation.latency_ms)}"


def _upstream(invocation: Invocation) -> str:
    """What the upstream did, by the call that the facets come from."""
    name, facets = invocation.upstream or "the upstream", invocation.facets
    if facets.upstream == "missing":
        logged = invocation.upstream_word or invocation.upstream_status
        return "no upstream_status is logged" if logged is None else f"upstream_status {logged} tells nothing"
    if facets.upstream == "not_contacted":
        return "no upstream was asked"
    if facets.upstream == "short_circuited":
        return f"our circuit breaker answered for {name}"
    last = f" on the last of {invocation.attempts} attempts" if invocation.attempts > 1 else ""
    if facets.upstream == "timeout":
        return f"{name} did not answer in time ({invocation.upstream_word}){last}"
    if facets.upstream == "no_response":
        logged = invocation.upstream_word or invocation.upstream_status
        return f"{name} {_BROKE[facets.upstream_phase]} ({logged}){last}"
    return f"{name} answered {invocation.upstream_status}{last}"


def _call(call: Call) -> str:
    last = call.attempts[-1]
    name = call.upstream or (f"the upstream of stage {call.stage}" if call.stage else "an unnamed upstream")
    if last.upstream_status is None and last.upstream_word is None:
        return f"{name} logged no status"
    return f"{name} answered {last.upstream_word or last.upstream_status}"


def _split(invocation: Invocation) -> str:
    """Where the time went."""
    if invocation.facets.upstream == "not_contacted" and invocation.upstream_latency_ms is None:
        return "no upstream was asked"
    if invocation.upstream_latency_ms is None or not invocation.latency_ms:
        return "how much of it was upstream is not known"
    name = "upstream" if invocation.several_calls else invocation.upstream or "the upstream"
    waits = (
        f", retry waits of {milliseconds(invocation.retry_wait_ms)} included"
        if invocation.retry_wait_ms is not None
        else ""
    )
    percent = 100 * invocation.upstream_latency_ms / invocation.latency_ms
    return f"{milliseconds(invocation.upstream_latency_ms)} of it waiting for {name} ({percent:.0f} %{waits})"
