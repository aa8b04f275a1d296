from __future__ import annotations

from attrib.records.model import Record
from tests.invocations.making import T0, one, rec


def attempts(*parts: tuple[int | str, float, float | None], **fields: object) -> list[Record]:
    """(upstream status, upstream ms, end in ms or None), all of one call."""
    return [
        rec("upstream", status, ul=ul, attempt=n + 1, **({} if at is None else {"at": at}))
        for n, (status, ul, at) in enumerate(parts)
    ]


def test_sequential_attempts_add_up_with_their_waits() -> None:
    found = one(*attempts((503, 12, 12), (503, 31, 52)), rec(status=502, lat=61, at=60))
    assert (found.upstream_latency_ms, found.retry_wait_ms, found.own_ms) == (52, 9, 9)


def test_820_ms_of_retry_waits_are_upstream_time() -> None:
    found = one(*attempts((503, 10, 10), (503, 10, 420), (200, 10, 820)), rec(status=200, lat=825, at=825))
    assert (found.facets.upstream_latency, found.retry_wait_ms, found.symptom) == ("dominant", 790, "slow")


def test_without_times_waits_are_unknown_and_low_is_not_proven() -> None:
    records = attempts((503, 10, None), (503, 10, None), (200, 10, None))
    found = one(*records, rec(status=200, lat=820))
    assert (found.facets.upstream_latency, found.upstream_latency_ms, found.own_ms) == ("missing", None, None)


def test_without_times_a_dominant_sum_stays_dominant() -> None:
    found = one(*attempts((503, 400, None), (200, 400, None)), rec(status=200, lat=900))
    assert (found.facets.upstream_latency, found.upstream_latency_ms, found.retry_wait_ms) == ("dominant", 800, None)


def test_after_a_good_answer_there_is_no_retry_wait() -> None:
    found = one(*attempts((200, 10, 10), (200, 10, 500)), rec(status=200, lat=600, at=600))
    assert (found.upstream_latency_ms, found.retry_wait_ms) == (20, None)


def test_whole_seconds_do_not_tell_a_wait() -> None:
    start = T0 - T0 % 1_000_000
    records = [rec("upstream", 503 if n < 1 else 200, ul=100, ts=start + n * 1_000_000) for n in range(2)]
    found = one(*records, rec(status=200, lat=1200, ts=start + 2_000_000))
    assert found.facets.upstream_latency == "missing"


def test_one_stamp_for_all_attempts_is_no_overlap() -> None:
    found = one(*attempts((200, 300, 950), (200, 300, 950), (200, 300, 950)), rec(status=200, lat=1000, at=950))
    assert found.facets.upstream_latency == "dominant"


def test_calls_that_overlap_count_once() -> None:
    found = one(
        rec("a", 200, ul=100, at=100), rec("b", 200, ul=100, at=110), rec(status=200, lat=1000, at=1000)
    )  # fmt: skip
    assert found.upstream_latency_ms == 110


def test_calls_without_times_may_overlap_or_not() -> None:
    def found(a: float, b: float) -> str:
        facets = one(rec("a", 200, ul=a), rec("b", 200, ul=b), rec(status=200, lat=1000)).facets
        return facets.upstream_latency

    assert found(50, 60) == "low"
    assert found(850, 60) == "dominant"
    assert found(450, 450) == "missing"


def test_a_higher_attempt_number_than_logged_is_missing() -> None:
    assert one(rec(upstream_status=200, status=200, attempt=3, ul=10, lat=900)).facets.upstream_latency == "missing"
    found = one(*attempts((503, 10, 10)), rec(status=200, attempt=3, upstream_status=200, ul=10, lat=900, at=900))
    assert found.facets.upstream_latency == "missing"
    assert found.attempts == 3


def test_an_attempt_without_a_time_is_missing() -> None:
    found = one(rec("a", 503, at=1), rec("a", 200, ul=10, at=90), rec(status=200, lat=900, at=900))
    assert found.facets.upstream_latency == "missing"


def test_the_end_may_bring_the_time() -> None:
    assert one(rec("upstream", 503), rec(status=502, ul=40, lat=50)).upstream_latency_ms == 40


def test_a_total_at_the_end_is_a_lower_bound() -> None:
    found = one(*attempts((503, 10, None), (503, 10, None)), rec(status=502, upstream_status=503, ul=45, lat=50))
    assert (found.facets.upstream_latency, found.upstream_latency_ms) == ("dominant", 45)


def test_rounding_is_clamped_and_more_is_reported() -> None:
    near = one(*attempts((503, 30, None), (503, 22, None)), rec(status=502, lat=50))
    assert (near.upstream_latency_ms, near.own_ms, near.time_contradiction) == (50, 0, None)
    far = one(*attempts((503, 30, None), (503, 30, None)), rec(status=502, lat=50))
    assert (far.facets.upstream_latency, far.upstream_latency_ms) == ("missing", None)
    assert far.time_contradiction is not None
    assert far.time_contradiction.statement == "upstream time 60 ms exceeds the latency of 50 ms"
    assert far.contradiction is None


def test_one_record_that_overruns_is_reported() -> None:
    found = one(rec(upstream_status=503, status=503, ul=200, lat=100))
    assert found.time_contradiction is not None
    assert found.facets.upstream_latency == "missing"


def test_executions_with_latencies_of_their_own_contradict_nobody() -> None:
    parts = [rec("exception", 503, status=503, ul=90, lat=100, at=100, attempt=1)]
    parts.append(rec("response", 503, status=503, ul=90, lat=100, at=5000, attempt=2))
    found = one(*parts)
    assert (found.facets.upstream_latency, found.time_contradiction) == ("missing", None)


def test_slow_with_several_upstreams_names_none_unless_one_dominates() -> None:
    shared = one(rec("a", 200, ul=450, at=450), rec("b", 200, ul=450, at=901), rec(status=200, lat=1000, at=1000))
    assert (shared.facets.upstream_latency, shared.several_calls) == ("dominant", True)
    single = one(rec("a", 200, ul=20, at=20), rec("b", 200, ul=870, at=901), rec(status=200, lat=1000, at=1000))
    assert (single.calls[-1].stage, single.several_calls) == ("b", False)
