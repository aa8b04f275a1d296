"""Records into invocations (design: "From records to an invocation"). The reference every faster engine is held to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from attrib.invocations.context import Context
from attrib.invocations.ids import Parameters, plainly_reused, usable_id
from attrib.invocations.many import contradiction, joined, overrun, party
from attrib.invocations.model import Call, Invocation
from attrib.invocations.outcome import contradicts, latency_facet, masked, symptom, upstream_share
from attrib.records.model import Record
from attrib.rules.facets import Facets
from attrib.rules.words import Words


def build(
    records: Iterable[Record],
    words: Words,
    parameters: Parameters,
    party_of: Callable[[str | None], str],
    several_hosts: Callable[[str | None], bool] | None = None,
) -> Iterator[Invocation]:
    """All invocations among `records`; exact copies of a line are already dropped.

    `party_of` gives the facet `upstream_party` of an upstream's name (None: not logged). Records with no usable id
    are yielded at once, each an uncorrelated invocation; all others are held until the end. Ids come in the order in
    which they were first seen; no figure or facet depends on the order of records.
    """
    context = Context(words, parameters, party_of, several_hosts)
    by_id: dict[str, list[Record]] = {}
    for record in records:
        if record.request_id is not None and usable_id(record.request_id, words):
            by_id.setdefault(record.request_id, []).append(record)
        else:
            yield single(record, context, correlated=False)
    for group in by_id.values():
        if len(group) == 1:
            yield single(group[0], context)
        else:
            yield from of_request(group, context)


def of_request(records: Sequence[Record], context: Context) -> Iterator[Invocation]:
    """The invocations of one usable request id, given all of its records.

    A plainly reused id correlates nothing: its records stand alone, uncorrelated.
    """
    if plainly_reused(records, context.parameters, context.words):
        yield from (single(record, context, correlated=False) for record in records)
        return
    by_function: dict[str | None, list[Record]] = {}
    for record in records:
        by_function.setdefault(record.function, []).append(record)
    for group in by_function.values():
        for part in _by_span(group, context):
            yield single(part[0], context) if len(part) == 1 else joined(part, context)


def single(record: Record, context: Context, correlated: bool = True) -> Invocation:
    """The invocation of one record that stands alone: the same as `many.joined([record])`, without the search."""
    error_code = record.error_code
    upstream, phase, code = context.outcome(record.upstream_status, record.upstream_word, error_code)
    status = context.status(record.status, record.status_word)
    high_ms, low, dominant = context.limits(record.function)
    latency = latency_facet(record.latency_ms, high_ms)
    facet, upstream_ms, own_ms, over = upstream_share(record.upstream_latency_ms, record.latency_ms, low, dominant)
    number = record.attempt or 0
    if number > 1:  # the other attempts are not logged: their time is not known
        facet, upstream_ms, own_ms, over = "missing", None, None, False
    claims = error_code is not None and context.claims(error_code)
    terminal = context.terminal(record.stage)
    attempted = (
        upstream != "missing"
        or record.upstream_latency_ms is not None
        or record.upstream_status is not None
        or record.upstream_word is not None
        or (claims and not terminal)
    )
    name = record.upstream
    return Invocation(
        record.request_id,
        record.function,
        [record],
        record,
        correlated,
        Facets(
            upstream,
            party(name, record.function, context),
            status,
            latency,
            facet,
            code,
            phase,
            context.hosts(name, phase),
        ),
        symptom(status, latency),
        record.ts,
        record.status,
        record.status_word,
        record.latency_ms,
        name,
        record.upstream_status,
        record.upstream_word,
        upstream_ms,
        None,
        own_ms,
        error_code,
        max(number, 1) if attempted else number,
        masked(upstream, status),
        contradiction=contradiction((record,), record) if contradicts(upstream, claims) else None,
        calls=[Call(name, record.stage, [record], upstream, False)] if attempted else [],
        time_contradiction=(
            overrun(record.upstream_latency_ms or 0.0, record.latency_ms or 0.0, (record,)) if over else None
        ),
        ended=terminal or record.status is not None or record.status_word is not None,
    )


def _by_span(records: list[Record], context: Context) -> list[list[Record]]:
    """The records of one (request, function), one list per invocation.

    A span is an invocation. A span that neither ended nor answered and whose parent is another span of the same
    function and request is an attempt, and belongs to that parent. Records without a span join where exactly one
    span is left; where there are several, nothing tells which one they belong to, and they stand by themselves.
    """
    spans: dict[str, list[Record]] = {}
    loose: list[Record] = []
    for record in records:
        (loose if record.span_id is None else spans.setdefault(record.span_id, [])).append(record)
    if len(spans) <= 1:
        return [records]
    groups: dict[str, list[Record]] = {}
    for span, part in spans.items():
        groups.setdefault(_root(span, spans, context), []).extend(part)
    if len(groups) == 1:
        return [records]
    return [*groups.values(), loose] if loose else list(groups.values())


def _root(span: str, spans: dict[str, list[Record]], context: Context) -> str:
    """The span whose invocation a span belongs to: itself, or the nearest ancestor that is an execution."""
    seen = {span}
    while True:
        parents = {record.parent_span_id for record in spans[span]}
        parent = next(iter(parents))
        if len(parents) != 1 or parent is None or parent not in spans or parent in seen:
            return span
        if any(
            record.status is not None or record.status_word is not None or context.terminal(record.stage)
            for record in spans[span]
        ):
            return span
        seen.add(parent)
        span = parent
