"""The tree of spans: which invocation's span is the parent of which other invocation.

A span id means something only within its trace, or, where no trace id is logged, within its request.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from attrib.invocations.ids import usable_id
from attrib.invocations.model import Invocation
from attrib.invocations.names import Names, names_of
from attrib.records.model import Record
from attrib.rules.words import Words

_TRACE: Final = "trace"
_REQUEST: Final = "request"
_TRACELESS: Final = "request without trace"

_Key = tuple[str, str, str]
"""(kind of scope, trace or request id, span id)."""


class Spans:
    """Parents and children among `invocations`, told by span ids; grain: one parent at most per invocation."""

    def __init__(self, invocations: Sequence[Invocation], words: Words) -> None:
        self._all = invocations
        self._words = words
        self._owners: dict[_Key, set[int]] = {}
        self._children: dict[int, list[tuple[int, str | None]]] = {}
        self._parents: dict[int, int] = {}
        self.orphans: set[int] = set()
        """Invocations that name a parent span which the log does not hold."""
        wanted = {r.parent_span_id for one in invocations for r in one.records if r.parent_span_id is not None}
        for number, invocation in enumerate(invocations):
            for record in invocation.records:
                if record.span_id in wanted:
                    self._own(number, invocation, record)
        for number, invocation in enumerate(invocations):
            if any(record.parent_span_id is not None for record in invocation.records):
                self._adopt(number, invocation)

    def children(self, caller: int) -> Sequence[tuple[int, str | None]]:
        """(callee, the upstream whose call its parent span was, where the log tells) of one invocation."""
        return self._children.get(caller, ())

    def parent(self, callee: int) -> int | None:
        """The invocation that an invocation's parent span belongs to; None: not told."""
        return self._parents.get(callee)

    def _own(self, number: int, invocation: Invocation, record: Record) -> None:
        if record.span_id is None or not usable_id(record.span_id, self._words):
            return
        trace = self._trace(invocation, record)
        if trace is not None:
            self._owners.setdefault((_TRACE, trace, record.span_id), set()).add(number)
        if invocation.correlated and invocation.request_id is not None:
            self._owners.setdefault((_REQUEST, invocation.request_id, record.span_id), set()).add(number)
            if trace is None:
                self._owners.setdefault((_TRACELESS, invocation.request_id, record.span_id), set()).add(number)

    def _adopt(self, number: int, invocation: Invocation) -> None:
        """Find the one caller that all of an invocation's outer parent spans belong to.

        Where they belong to several, or one span id is several invocations' and no upstream name tells which, there
        is none: nothing says who called.
        """
        own = {record.span_id for record in invocation.records}
        callers: set[int] = set()
        spans: set[str] = set()
        for record in invocation.records:
            parent = record.parent_span_id
            if parent is None or parent in own or not usable_id(parent, self._words):
                continue
            owners = self._owners_of(invocation, record, parent)
            if not owners:
                self.orphans.add(number)
                continue
            spans.add(parent)
            callers |= owners if len(owners) == 1 else self._naming(owners, invocation)
            if len(owners) > 1 and not self._naming(owners, invocation):
                return
        if len(callers) == 1:
            caller = callers.pop()
            self.orphans.discard(number)
            self._parents[number] = caller
            self._children.setdefault(caller, []).append((number, self._call(caller, spans)))

    def _owners_of(self, invocation: Invocation, record: Record, parent: str) -> set[int]:
        trace = self._trace(invocation, record)
        if trace is not None and (found := self._owners.get((_TRACE, trace, parent))):
            return found
        if not invocation.correlated or invocation.request_id is None:
            return set()
        scope = _REQUEST if trace is None else _TRACELESS
        return self._owners.get((scope, invocation.request_id, parent), set())

    def _naming(self, owners: Iterable[int], callee: Invocation) -> set[int]:
        """Those of several owners of one span id that call the callee by its name."""
        names = Names((callee.function, *(record.service for record in callee.records)))
        return {
            owner
            for owner in owners
            if any(r.upstream is not None and names.known(names_of(r.upstream)) for r in self._all[owner].records)
        }

    def _call(self, caller: int, spans: Iterable[str]) -> str | None:
        """The upstream of the call that a caller's span was; None unless the span is that of one call.

        It is when its own parent is another span of the caller: a client span, and all its records name one upstream.
        """
        records = self._all[caller].records
        own = {record.span_id for record in records}
        names: set[str | None] = set()
        for span in spans:
            of_span = [record for record in records if record.span_id == span]
            if any(r.parent_span_id is None or r.parent_span_id not in own - {span} for r in of_span):
                return None
            names |= {record.upstream for record in of_span}
        return next(iter(names)) if len(names) == 1 else None

    def _trace(self, invocation: Invocation, record: Record) -> str | None:
        """A record's trace id, or the only one that its invocation bears."""
        if record.trace_id is not None:
            return record.trace_id if usable_id(record.trace_id, self._words) else None
        traces = {r.trace_id for r in invocation.records if r.trace_id is not None}
        trace = next(iter(traces)) if len(traces) == 1 else None
        return trace if trace is not None and usable_id(trace, self._words) else None
