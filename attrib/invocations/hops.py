"""Who called whom among the invocations of a log (design: "More than one hop").

By parent_span_id -> span_id; else by the same request or trace id and an upstream that bears the other's name. Links
are found when they are asked for: most logs have none, and most invocations need none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from attrib.invocations.ids import usable_id
from attrib.invocations.model import Invocation
from attrib.invocations.names import Names, met, names_of
from attrib.invocations.order import content
from attrib.invocations.spans import Spans
from attrib.records.model import Record
from attrib.rules.words import Words

SPAN: Final = "span"
NAME: Final = "name"

LEAF: Final = "leaf"
CYCLE: Final = "cycle"
MISSING_CALLEE: Final = "missing callee"
SEVERAL: Final = "several callees"

_MOST: Final = 50
"""Candidates for one call by name. Above it nothing tells which was called, and looking at all would take for ever."""
_TRACE: Final = "trace"
_REQUEST: Final = "request"
_Scope = tuple[str, str]


class Link(NamedTuple):
    """One invocation that another one called. Grain: one per (caller, callee)."""

    callee: int
    """Position in the sequence that `Hops` was made from."""
    by: str
    """`span` or `name`."""
    upstream: str | None
    """The caller's name for the call, as logged; None where the caller's log does not tell which of its calls, if any,
    this was (a parent span, and no upstream of the callee's name)."""


def linkable(record: Record) -> bool:
    """Whether a record could take part in a link by trace or span, from its fields alone."""
    return record.parent_span_id is not None or record.trace_id is not None


class Hops:
    """The links among `invocations`: all those of a run, or at least all of the requests and traces in question.

    Nothing depends on their order but the positions themselves. Errors: none; a malformed or placeholder id links
    nothing.
    """

    def __init__(self, invocations: Sequence[Invocation], words: Words, reuse_gap_s: float) -> None:
        """`reuse_gap_s`: invocations further apart in time than this plus their latency are no caller and callee by
        name, in seconds."""
        self._all = invocations
        self._words = words
        self._gap_us = round(reuse_gap_s * 1_000_000)
        upstreams, components, nested = _seen(invocations)
        self._met = met(upstreams, components)
        self._components = Names(components)
        self._nested = nested
        self._found: dict[int, tuple[Link, ...]] = {}
        self._spans: Spans | None = None
        self._by_name: dict[tuple[_Scope, str], list[int]] | None = None
        self._lost: set[_Scope] | None = None

    def __bool__(self) -> bool:
        """Whether the log could hold any link at all."""
        return self._nested or bool(self._met)

    def links(self, caller: int) -> tuple[Link, ...]:
        """The callees of one invocation, in order of time. Several of one `upstream`: the log does not tell which."""
        found = self._found.get(caller)
        if found is None:
            found = self._found[caller] = self._links(caller) if self else ()
        return found

    def lost(self, callee: int) -> bool:
        """Whether an invocation names a parent span that the log does not hold."""
        return self._nested and callee in self._tree().orphans

    def end(self, caller: int) -> str:
        """Why the chain has no hop below this one: `leaf`, or `missing callee` where the log should hold one.

        It should where the called name is a function or service of this log, and where the same request or trace
        holds an invocation whose parent is missing: the hop between the two is not logged.
        """
        invocation = self._all[caller]
        linked = {link.upstream for link in self.links(caller)}
        calls = {record.upstream for record in invocation.records if record.upstream is not None} - linked
        own = {invocation.function, *(record.service for record in invocation.records)}
        for name in calls:
            if self._components.known(names_of(name)) and not names_of(name) & Names(own).folded:
                return MISSING_CALLEE
        if calls and self._nested:
            lost = self._lost_scopes()
            if any(scope in lost for scope in self._scopes(invocation)):
                return MISSING_CALLEE
        return LEAF

    def order(self, number: int) -> tuple[object, ...]:
        """A sort key that is the same for any order of lines: time, name, content."""
        it = self._all[number]
        at = it.decisive
        return (it.ts is None, it.ts or 0, it.function or "", content(at), it.status or 0, at.file, at.line)

    # --- by span

    def _tree(self) -> Spans:
        if self._spans is None:
            self._spans = Spans(self._all, self._words)
        return self._spans

    # --- by name

    def _links(self, caller: int) -> tuple[Link, ...]:
        invocation = self._all[caller]
        calls = sorted({record.upstream for record in invocation.records if record.upstream is not None})
        found: list[Link] = []
        if self._nested:
            for callee, call in self._tree().children(caller):
                found.append(Link(callee, SPAN, call if call is not None else self._called(calls, callee)))
        for call in calls:
            if self._met.isdisjoint(names_of(call)) or any(link.upstream == call for link in found):
                continue
            found += [Link(callee, NAME, call) for callee in self._named(caller, call) if not _has(found, callee)]
        found.sort(key=lambda link: self.order(link.callee))
        return tuple(found)

    def _called(self, calls: Iterable[str], callee: int) -> str | None:
        """The one of a caller's upstream names that a callee bears, its function's before its service's."""
        for names in (_functions(self._all[callee]), _services(self._all[callee])):
            hits = [call for call in calls if not names_of(call).isdisjoint(names)]
            if hits:
                return hits[0] if len(hits) == 1 else None
        return None

    def _named(self, caller: int, call: str) -> list[int]:
        """All that this call may have gone to: same request or trace, near in time, of the called name.

        Functions of that name before services of that name; of a service's functions those that no other of them
        called. An invocation whose parent span is another one in the log was called by that one.
        """
        index = self._names()
        names = names_of(call)
        invocation = self._all[caller]
        found = [index.get((scope, name), ()) for scope in self._scopes(invocation) for name in names]
        if sum(map(len, found)) > _MOST:
            return []
        near = {
            callee
            for callees in found
            for callee in callees
            if callee != caller and not self._apart(invocation, self._all[callee])
        }
        if self._nested:
            near = {callee for callee in near if self._tree().parent(callee) is None}
        functions = [callee for callee in near if not names.isdisjoint(_functions(self._all[callee]))]
        return sorted(functions or self._entries(near))

    def _entries(self, near: set[int]) -> list[int]:
        """Those that none of the others called: the ways into a service."""
        called: set[str] = set()
        for callee in near:
            for record in self._all[callee].records:
                if record.upstream is not None:
                    called |= names_of(record.upstream)
        entries = [callee for callee in near if called.isdisjoint(_functions(self._all[callee]))]
        return entries or list(near)

    def _names(self) -> dict[tuple[_Scope, str], list[int]]:
        """(request or trace, called name) -> the invocations that bear it."""
        if self._by_name is None:
            self._by_name = {}
            for number, invocation in enumerate(self._all):
                names = (_functions(invocation) | _services(invocation)) & self._met
                for scope in self._scopes(invocation) if names else ():
                    for name in names:
                        self._by_name.setdefault((scope, name), []).append(number)
        return self._by_name

    def _scopes(self, invocation: Invocation) -> set[_Scope]:
        """What a callee by name must share with its caller: the request id, or a trace id."""
        scopes = {
            (_TRACE, record.trace_id)
            for record in invocation.records
            if record.trace_id is not None and usable_id(record.trace_id, self._words)
        }
        if invocation.correlated and invocation.request_id is not None:
            scopes.add((_REQUEST, invocation.request_id))
        return scopes

    def _lost_scopes(self) -> set[_Scope]:
        if self._lost is None:
            self._lost = {scope for number in self._tree().orphans for scope in self._scopes(self._all[number])}
        return self._lost

    def _apart(self, one: Invocation, other: Invocation) -> bool:
        """Whether two invocations are too far apart in time for one to have called the other."""
        if one.ts is None or other.ts is None:
            return False
        gap = max(_begin(other, other.ts) - one.ts, _begin(one, one.ts) - other.ts)
        return gap > self._gap_us


def _begin(invocation: Invocation, ts: int) -> int:
    return ts - round((invocation.latency_ms or 0.0) * 1000)


def _seen(invocations: Iterable[Invocation]) -> tuple[set[str], set[str], bool]:
    """Upstream names, names of functions and services, and whether any record has a parent span.

    One pass over every record of the log: kept to what it needs.
    """
    upstreams: set[str | None] = set()
    components: set[str | None] = set()
    nested = False
    for invocation in invocations:
        components.add(invocation.function)
        for record in invocation.records:
            upstreams.add(record.upstream)
            if record.service is not None:
                components.add(record.service)
            if record.parent_span_id is not None:
                nested = True
    return {name for name in upstreams if name is not None}, {name for name in components if name is not None}, nested


def _has(links: Iterable[Link], callee: int) -> bool:
    return any(link.callee == callee for link in links)


def _functions(invocation: Invocation) -> frozenset[str]:
    return Names((invocation.function,)).folded


def _services(invocation: Invocation) -> frozenset[str]:
    return Names(record.service for record in invocation.records).folded
