"""Request ids that do not reach the next hop, though that hop is in the logs: the upstream that a function calls is
itself a function or service here.

One finding per function and upstream, with counts of both sides. Counted are request ids of the function whose call was
answered (202, later, aside) while the upstream was logging; they are lost where no record of the upstream bears them.

Nothing is said where the upstream has fewer requests of other callers, or with no id, than calls are missing (then it
logs not all of them), where both sides carry trace or span ids (these join them), in sampled logs, for vendors, and
where lines of several files have no time and no id arrives (the files may be of different days). No cost is given: what
the callee would have told is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from attrib.checks.facts import Facts
from attrib.checks.model import Finding, Place, Sample
from attrib.checks.samples import line, log
from attrib.invocations.names import names_of
from attrib.survey.propagation import Hop, Pair

_MOST_FILES = 10


def find(facts: Facts) -> Iterator[Finding]:
    """One finding per function and upstream."""
    if facts.sampled:
        return
    share = facts.settings("broken-propagation", "share")
    least = facts.settings("broken-propagation", "calls")
    for pair, hop in facts.survey.propagation.hops.items():
        lost = hop.calls - hop.reached
        if hop.calls < least or lost <= share * hop.calls or not _told(facts, pair, hop, share):
            continue
        yield Finding(
            {"function": pair.function, "upstream": pair.upstream},
            f"{pair.function} calls {pair.upstream}: {lost:,} of {hop.calls:,} request ids occur in no record of "
            f"{pair.upstream}, where {hop.strangers:,} requests bear other ids or none.",
            f"Send the incoming id (traceparent) with this call and log it on the other side; an OpenTelemetry "
            f"propagator does both. Done when attrib check finds at least {1 - share:.0%} of the calls there.",
            lost,
            hop.calls,
            [Place(*spot) for spot in hop.examples],
            data={
                "function": pair.function,
                "upstream": pair.upstream,
                "calls": hop.calls,
                "reached": hop.reached,
                "other_requests": hop.strangers,
                "files": _files(facts, {pair.function.strip().casefold()}),
                "upstream_files": _files(facts, names_of(pair.upstream)),
            },
        )


def _told(facts: Facts, pair: Pair, hop: Hop, share: float) -> bool:
    """Whether the log can tell lost ids from records that are not here."""
    if hop.linked or facts.parties.of(pair.upstream).party != "own":
        return False
    if hop.untimed and not hop.reached and len(facts.paths) > 1:
        return False
    return hop.strangers >= (1 - share) * (hop.calls - hop.reached)


def _files(facts: Facts, names: frozenset[str] | set[str]) -> list[str]:
    """The files with records of functions of these names; services are not told by file."""
    found = {
        trait.file
        for trait, _ in facts.survey.traits
        if trait.function is not None and trait.function.strip().casefold() in names
    }
    return [facts.paths[file] for file in sorted(found)[:_MOST_FILES]]


def _call(n: int, **fields: Any) -> str:
    return line(n, **{"upstream": "payments", **fields})


def _callee(n: int, at: float, **fields: Any) -> str:
    return line(n, at=at, **{"function": "payments", "upstream": "bank", **fields})


def _both(n: int, callees: Callable[[int], int], **fields: Any) -> str:
    """So many calls, and each one's record on the other side, with the id of another number."""
    return log(*(one for k in range(n) for one in (_call(k, **fields), _callee(callees(k), k - 0.01, **fields))))


def _strangers(k: int) -> int:
    return k + 1000


def _as_service(k: int) -> tuple[str, str]:
    return _call(k, upstream="http://Billing:80"), _callee(_strangers(k), k, function="charge", service="billing")


SAMPLES = (
    Sample("no id arrives", lambda: _both(20, _strangers)),
    Sample("every second one arrives", lambda: _both(40, lambda k: k + 1000 * (k % 2))),
    Sample("the upstream is a service", lambda: log(*(one for k in range(20) for one in _as_service(k)))),
    Sample(
        "the upstream logs no ids",
        lambda: log(*(one for k in range(20) for one in (_call(k), _callee(k, k, request_id=None)))),
    ),
    Sample("all arrive", lambda: _both(20, lambda k: k), finds=0),
    Sample(
        "the upstream logs one in ten",
        lambda: log(*(_call(k) for k in range(40)), *(_callee(k, k) for k in range(0, 40, 10))),
        finds=0,
    ),
    Sample(
        "the upstream's log is of another hour",
        lambda: log(*(_call(k) for k in range(20)), *(_callee(_strangers(k), k + 9000) for k in range(20))),
        finds=0,
    ),
    Sample("queued for later", lambda: _both(20, _strangers, upstream_status=202), finds=0),
    Sample("trace ids join them", lambda: _both(20, _strangers, trace_id="4bf92f3577b34da6a3ce929d0e0e4736"), finds=0),
    Sample("a vendor of the same name", lambda: _both(20, _strangers), finds=0, vendors=("payments",)),
    Sample("nobody here is called", lambda: log(*(line(k) for k in range(50))), finds=0),
)
