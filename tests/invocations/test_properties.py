"""What may never change an invocation: the order of records, and the files and lines they were read from."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from attrib.invocations.join import single
from attrib.invocations.many import joined
from attrib.invocations.model import Invocation
from attrib.records.model import Record
from attrib.verdicts.decide import judge
from tests.invocations.making import M1, T0, context, invocations

times = st.one_of(
    st.none(), st.integers(0, 3_000_000).map(lambda us: T0 + us), st.integers(0, 3).map(lambda s: s * 10**6)
)
latencies = st.one_of(
    st.none(), st.sampled_from([0.0, 1.0, 10.0, 100.0, 450.0, 900.0]), st.integers(0, 2000).map(float)
)


@st.composite
def record(draw: st.DrawFn) -> Record:
    status = draw(st.sampled_from([None, None, 200, 404, 499, 500, 502, "timeout"]))
    upstream = draw(st.sampled_from([None, None, 200, 200, 304, 404, 503, 0, 700, "ETIMEDOUT", "CACHE_HIT", "odd"]))
    return Record(
        file=draw(st.integers(0, 3)),
        line=draw(st.integers(1, 9)),
        request_id=draw(st.sampled_from(["r1", "r1", "r1", "r2", "null", None])),
        function=draw(st.sampled_from(["checkout", "checkout", "search"])),
        stage=draw(st.sampled_from([None, "start", "pay", "mail", "upstream", "exception", "response"])),
        status=status if isinstance(status, int) else None,
        status_word=status if isinstance(status, str) else None,
        latency_ms=draw(latencies),
        error_code=draw(st.sampled_from([None, None, "TypeError", "UPSTREAM_TIMEOUT", "PAY_DOWN", "EOPENBREAKER"])),
        upstream_status=upstream if isinstance(upstream, int) else None,
        upstream_word=upstream if isinstance(upstream, str) else None,
        upstream_latency_ms=draw(latencies),
        ts=draw(times),
        upstream=draw(st.sampled_from([None, None, "pay-api", "redis"])),
        attempt=draw(st.sampled_from([None, None, 1, 2, 3])),
        span_id=draw(st.sampled_from([None, None, None, "a", "b"])),
        parent_span_id=draw(st.sampled_from([None, None, "a"])),
    )


def meaning(invocation: Invocation) -> str:
    """All that a verdict, a bucket or a report may rest on; not where it was read."""
    verdict = judge(invocation, M1())
    calls = [(c.upstream, c.stage, len(c.attempts), c.outcome, c.recovered) for c in invocation.calls]
    values = replace(
        invocation, records=[], calls=[], decisive=Record(0, 0), contradiction=None, time_contradiction=None
    )
    told = [c and c.statement for c in (invocation.contradiction, invocation.time_contradiction)]
    return repr((values, calls, told, verdict, invocation.decisive.stage, len(invocation.records)))


def all_meanings(records: list[Record]) -> Counter[str]:
    return Counter(meaning(invocation) for invocation in invocations(records))


@settings(max_examples=300, deadline=None)
@given(st.lists(record(), max_size=7), st.randoms(use_true_random=False))
def test_order_and_place_change_nothing(records: list[Record], chance: object) -> None:
    moved = [replace(r, file=n % 3, line=100 - n) for n, r in enumerate(records)]
    chance.shuffle(moved)  # type: ignore[attr-defined]
    assert all_meanings(moved) == all_meanings(records)


@settings(max_examples=300, deadline=None)
@given(record())
def test_one_record_is_the_same_either_way(lone: Record) -> None:
    here = context()
    assert meaning(joined([lone], here)) == meaning(single(lone, here))


@settings(max_examples=100, deadline=None)
@given(st.lists(record(), max_size=7))
def test_every_record_is_in_exactly_one_invocation(records: list[Record]) -> None:
    inside = [id(r) for invocation in invocations(records) for r in invocation.records]
    assert sorted(inside) == sorted(id(r) for r in records)
