"""The blame follows the calls: to the deepest hop with a symptom, and no further than the log tells."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrib.invocations.join import build
from attrib.invocations.model import Invocation
from attrib.records.model import Record
from attrib.rules.load import load_rules
from attrib.rules.ruleset import RuleSet
from attrib.verdicts.chain import Chains, judge_all
from attrib.verdicts.decide import Verdict, judge
from attrib.verdicts.rows import row
from tests.invocations.making import rec

RULES = load_rules()
M1 = load_rules(["m1"])
OWN = ("redis", "postgres")

Short = tuple[str, str | None, str | None, tuple[str, ...]]


def built(records: list[Record], rules: RuleSet = RULES) -> list[Invocation]:
    def party(name: str | None) -> str:
        return "own" if name in OWN else "external"

    return list(build(records, rules.words, rules.parameters, party))


def judged(*records: Record, rules: RuleSet = RULES) -> dict[str | None, Verdict]:
    """Function -> verdict; each function ran once."""
    found = built(list(records), rules)
    verdicts = judge_all(found, rules)
    assert len({one.function for one in found}) == len(found)
    return {one.function: verdict for one, verdict in zip(found, verdicts, strict=True)}


def short(verdict: Verdict) -> Short:
    return verdict.verdict, verdict.rule, verdict.responsible, verdict.via


def hop(
    function: str, upstream: str | None, answered: int | str | None, status: int | str | None, **more: Any
) -> Record:
    return rec("response", answered, function=function, upstream=upstream, status=status, **more)


NAMES = ("a", "b", "c", "d", "e")


def chain(n: int, last: Record, status: int = 502, **more: Any) -> list[Record]:
    """n functions that call each other by name, the last of them given."""
    return [hop(NAMES[i], NAMES[i + 1], status, status, **more) for i in range(n - 1)] + [last]


# --- the deepest hop


@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_a_vendor_below_the_deepest_hop(n: int) -> None:
    found = judged(*chain(n, hop(NAMES[n - 1], "psp", 503, 502)))
    assert short(found[NAMES[n - 1]]) == ("vendor", "m1-vendor", "psp", ())
    for i in range(n - 1):
        assert short(found[NAMES[i]]) == ("vendor", "m1-vendor", "psp", NAMES[i:n])


@pytest.mark.parametrize("n", [2, 3, 5])
def test_a_bug_in_the_deepest_hop(n: int) -> None:
    last = hop(NAMES[n - 1], "redis", 200, 500, error_code="TypeError")
    assert short(judged(*chain(n, last))["a"]) == ("application", "m1-application", NAMES[n - 1], NAMES[:n])


@pytest.mark.parametrize("n", [2, 4])
def test_a_bottleneck_in_the_deepest_hop_by_spans_alone(n: int) -> None:
    records = [
        rec(function=NAMES[i], status=200, lat=1000 - 20 * i, at=1000 - 10 * i, span_id=NAMES[i], trace_id="t",
            parent_span_id=NAMES[i - 1] if i else None, request_id=f"r{i}")
        for i in range(n)
    ]  # fmt: skip
    records[-1].upstream, records[-1].upstream_status, records[-1].upstream_latency_ms = "postgres", 200, 20.0
    found = judged(*records)
    assert short(found["a"]) == ("app_bottleneck", "m1-bottleneck", NAMES[n - 1], NAMES[:n])


def test_a_slow_vendor_below_a_chain() -> None:
    found = judged(
        hop("a", "b", 200, 200, lat=1000, ul=980),
        hop("b", "psp", 200, 200, lat=970, ul=950),
    )
    assert short(found["a"]) == ("vendor", "ext-slow-vendor", "psp", ("a", "b"))


def test_a_timeout_of_the_caller_is_its_slow_callees() -> None:
    found = judged(
        hop("a", "b", "timeout", 504, lat=1000, ul=999),
        hop("b", "psp", 200, 200, lat=3000, ul=2950),
    )
    assert short(found["a"]) == ("vendor", "ext-slow-vendor", "psp", ("a", "b"))


def test_failing_spans_without_any_upstream() -> None:
    found = judged(
        rec(function="a", status=500, span_id="1", at=100, lat=50),
        rec(function="fine", status=200, span_id="2", parent_span_id="1", at=70, lat=10),
        hop("b", "psp", 503, 500, span_id="3", parent_span_id="1", at=95, lat=20),
    )
    assert short(found["a"]) == ("vendor", "m1-vendor", "psp", ("a", "b"))


def test_going_on_after_a_failing_span_clears_it() -> None:
    found = judged(
        rec(function="a", status=500, span_id="1", at=100, lat=50),
        hop("b", "psp", 503, 500, span_id="3", parent_span_id="1", at=70, lat=10),
        rec(function="later", status=200, span_id="2", parent_span_id="1", at=95, lat=10),
    )
    assert short(found["a"]) == ("unknown", "m1-unknown", None, ())


def test_the_sentence_has_every_hop_with_its_figures() -> None:
    found = judged(
        hop("a", "b", 503, 502, lat=61, ul=52, at=100),
        hop("b", "psp", 503, 503, lat=45, ul=40, at=99),
    )
    assert found["a"].statement == (
        "a (502 in 61 ms, own 9 ms) > b (503 in 45 ms, own 5 ms, 7 ms more seen by its caller): "
        "psp answered 503 and b returned 503 in 45 ms"
    )


def test_the_column() -> None:
    log = built(chain(2, hop("b", "psp", 503, 502)))
    verdict = judge_all(log, RULES)[0]
    assert row(log[0], verdict, ["x"])["via"] == ["a", "b"]


# --- where the caller keeps its own


def test_a_callee_without_a_symptom_changes_nothing_but_whose_it_is() -> None:
    found = judged(hop("a", "b", 503, 502), hop("b", "psp", 200, 200))
    assert short(found["a"]) == ("application", "ext-own-failed", "b", ())


def test_an_upstream_that_answered_well_clears_it() -> None:
    found = judged(hop("a", "b", 200, 500), hop("b", "psp", 503, 500))
    assert short(found["a"]) == ("application", "m1-application", "a", ())


def test_a_callee_that_contradicts_what_was_seen_is_not_followed() -> None:
    found = judged(hop("a", "b", 503, 502), hop("b", "psp", 404, 404))
    assert short(found["a"]) == ("application", "ext-own-failed", "b", ())


def test_no_connection_never_reached_the_callee() -> None:
    found = judged(hop("a", "b", "ECONNREFUSED", 502), hop("b", "psp", 503, 500))
    assert short(found["a"]) == ("application", "ext-own-no-response", "b", ())


def test_caller_points_back_at_the_caller() -> None:
    found = judged(hop("a", "b", 404, 500), hop("b", "psp", 404, 404))
    assert found["b"].verdict == "caller"
    assert short(found["a"]) == ("application", "ext-refusal-unhandled", "a", ())


def test_a_refusal_is_followed_to_blame_only() -> None:
    assert short(judged(hop("a", "b", 404, 500), hop("b", None, None, 404))["a"])[:2] == (
        "application", "ext-refusal-unhandled",
    )  # fmt: skip
    assert short(judged(hop("a", "b", 404, 404), hop("b", "psp", 503, 404))["a"]) == (
        "vendor", "ext-vendor-passed-on", "psp", ("a", "b"),
    )  # fmt: skip


def test_unknown_below_is_unknown_above() -> None:
    found = judged(hop("a", "b", 500, 502), hop("b", None, None, 500))
    assert short(found["a"]) == ("unknown", "m1-unknown", None, ("a", "b"))


def test_a_contradiction_and_several_calls_stay() -> None:
    found = judged(hop("a", "b", 200, 500, error_code="UPSTREAM_ERROR"), hop("b", "psp", 503, 500))
    assert found["a"].rule == "contradiction"
    several = [rec("one", 503, function="a", upstream="b"), rec("two", 503, function="a", upstream="c")]
    found = judged(*several, rec(function="a", status=500), hop("b", "psp", 503, 500))
    assert short(found["a"])[:2] == ("unknown", "none")


def test_time_between_names_the_callee() -> None:
    found = judged(
        hop("a", "b", 200, 200, lat=1000, at=1000, span_id="1"),
        hop("b", "redis", 200, 200, lat=50, caller_latency_ms=950, at=990, parent_span_id="1", span_id="2"),
    )
    assert short(found["a"]) == ("application", "ext-slow-own", "b", ())


# --- what the callee's record fills in


def test_the_callees_answer_serves_where_the_caller_logged_none() -> None:
    found = judged(hop("a", "b", None, 500, lat=60, at=60), hop("b", "redis", 200, 200, lat=20, at=50))
    assert short(found["a"]) == ("application", "m1-application", "a", ())
    assert "from its own record" in found["a"].statement
    found = judged(hop("a", "b", None, 502), hop("b", "psp", 503, 500))
    assert short(found["a"]) == ("vendor", "m1-vendor", "psp", ("a", "b"))


@pytest.mark.parametrize(
    "caller",
    [
        hop("a", "b", None, 500, error_code="UPSTREAM_TIMEOUT"),
        hop("a", "b", None, 500, attempt=2),
        hop("a", "b", None, 500, lat=10),
        hop("a", "b", None, 500, lat=30, at=40),
        hop("a", "b", 700, 500),
        hop("a", None, None, 500),
    ],
)
def test_but_not_where_it_may_not_be_the_answer(caller: Record) -> None:
    assert judged(caller, hop("b", "redis", 200, 200, lat=20, at=50))["a"].verdict == "unknown"


def test_m1_alone_keeps_its_first_rule() -> None:
    found = judged(hop("a", "b", None, 502), hop("b", "psp", 503, 500), rules=M1)
    assert short(found["a"]) == ("unknown", "m1-unknown", None, ())
    assert short(judged(hop("a", "b", 503, 502), hop("b", "psp", 503, 500), rules=M1)["a"])[0] == "vendor"


def test_a_bottleneck_needs_every_named_call_in_the_log() -> None:
    child = hop("b", "redis", 200, 200, lat=50, at=500)
    assert short(judged(hop("a", "b", 200, 200, lat=1000, at=1000), child)["a"]) == (
        "app_bottleneck", "m1-bottleneck", "a", (),
    )  # fmt: skip
    with_vendor = [
        rec("pay", 200, function="a", upstream="psp", at=900),
        rec("b", 200, function="a", upstream="b", at=510),
    ]
    end = rec(function="a", status=200, lat=1000, at=1000)
    assert judged(*with_vendor, end, child)["a"].verdict == "unknown"


def test_overlapping_children_count_once() -> None:
    def caller(at: float) -> Record:
        return hop("a", "b", 200, 200, lat=1000, at=at, span_id="1")

    def children(first: float, second: float) -> list[Record]:
        return [
            hop("b", "redis", 200, 200, lat=150, at=end, span_id=str(end), parent_span_id="1", request_id="r1")
            for end in (first, second)
        ]

    for ends, rule in (((500, 510), "m1-bottleneck"), ((300, 700), "ext-slow-split")):
        found = built([caller(1000), *children(*ends)])
        assert judge_all(found, RULES)[0].rule == rule


# --- where the log cannot tell


def two(first: Record, second: Record) -> Verdict:
    caller = hop("a", "b", 503, 502, span_id="1")
    return judge_all(built([caller, first, second]), RULES)[0]


def test_two_callees_that_agree() -> None:
    vendor = [hop("b", "psp", 503, 503, span_id=span, parent_span_id="1") for span in ("2", "3")]
    assert short(two(*vendor)) == ("vendor", "m1-vendor", "psp", ("a", "b"))


def test_two_callees_that_do_not() -> None:
    vendor = hop("b", "psp", 503, 503, span_id="2", parent_span_id="1")
    bug = hop("b", "redis", 200, 500, span_id="3", parent_span_id="1")
    assert short(two(vendor, bug)) == ("application", "ext-own-failed", "b", ())
    assert "not which of them answered" in two(vendor, bug).statement


def test_a_retry_that_was_answered_well_is_not_what_was_seen() -> None:
    vendor = hop("b", "psp", 503, 503, span_id="2", parent_span_id="1")
    fine = hop("b", "psp", 200, 200, span_id="3", parent_span_id="1")
    assert short(two(vendor, fine)) == ("vendor", "m1-vendor", "psp", ("a", "b"))


def test_retries_that_are_slow_together() -> None:
    caller = hop("a", "b", 200, 200, lat=2000, at=2000, span_id="1")
    tries = [
        hop("b", "psp", 200, 200, lat=900, ul=890, at=at, span_id=str(at), parent_span_id="1") for at in (950, 1900)
    ]
    assert short(judge_all(built([caller, *tries]), RULES)[0]) == ("vendor", "ext-slow-vendor", "psp", ("a", "b"))


def test_a_cycle_keeps_everybodys_own() -> None:
    found = judged(hop("a", "b", 503, 502), hop("b", "a", 503, 502), hop("top", "a", 503, 502))
    assert short(found["a"]) == ("application", "ext-own-failed", "b", ())
    assert short(found["b"]) == ("application", "ext-own-failed", "a", ())
    assert short(found["top"]) == ("application", "ext-own-failed", "b", ("top", "a"))
    assert "cycle" in found["a"].statement


def test_missing_parent_and_missing_middle_end_the_chain() -> None:
    log = built([hop("a", "b", 503, 502, span_id="1"), hop("c", "psp", 503, 502, span_id="3", parent_span_id="2")])
    chains = Chains(log, RULES)
    assert [found.verdict.via for found in chains.judged] == [(), ()]
    assert chains.judged[1].verdict.responsible == "psp"
    log = built(
        [
            hop("a", "b", 503, 502),
            hop("b", "c", 503, 502, parent_span_id="77"),
            hop("c", "psp", 503, 500, request_id="r2"),
        ]
    )
    hops = Chains(log, RULES).tree()
    assert [(log[hop.number].function, hop.depth, hop.ends) for hop in hops] == [
        ("a", 0, None), ("b", 1, "missing callee"),
    ]  # fmt: skip
    lost = built([hop("b", "c", 503, 502, parent_span_id="77"), hop("c", "psp", 503, 500)])
    assert [hop.missing_parent for hop in Chains(lost, RULES).tree()] == [True, False]


def test_a_function_that_calls_itself_for_ever_is_bounded() -> None:
    n = 3000
    records = [
        hop("f", "f", 503, 503, span_id=f"s{i}", parent_span_id=f"s{i - 1}" if i else None, trace_id="t",
            request_id=f"r{i}")
        for i in range(n)
    ]  # fmt: skip
    records[-1].upstream = "psp"
    verdict = judge_all(built(records), RULES)[0]
    assert (verdict.responsible, len(verdict.via)) == ("psp", 100)
    assert len(verdict.statement) < 500


def test_an_unfinished_callee_is_unknown_for_its_caller() -> None:
    log = built([hop("a", "b", "timeout", 504), rec("start", function="b")])
    log[1].symptom = "unfinished"
    assert short(judge_all(log, RULES)[0])[0] == "unknown"


# --- laws


def records() -> st.SearchStrategy[Record]:
    def make(**fields: Any) -> Record:
        if fields["at"] is None:
            del fields["at"]
        return rec("response", fields.pop("answered"), **fields)

    return st.builds(
        make,
        function=st.sampled_from(["a", "b", "c"]),
        upstream=st.sampled_from(["a", "b", "c", "psp", None]),
        answered=st.sampled_from([200, 503, 404, "timeout", None]),
        status=st.sampled_from([200, 500, 503, 404, 499, None]),
        lat=st.sampled_from([50.0, 480.0, 700.0, 1000.0, None]),
        upstream_latency_ms=st.sampled_from([40.0, 690.0, None]),
        at=st.sampled_from([0, 100, 690, 1001, None]),
        span_id=st.sampled_from(["1", "2", "3", None]),
        parent_span_id=st.sampled_from(["1", "2", "9", None]),
        trace_id=st.sampled_from(["t", None]),
        request_id=st.sampled_from(["r1", "r2", "-"]),
        service=st.sampled_from(["b", "shop", None]),
    )


def meaning(log: list[Record]) -> list[str]:
    found = built(log)
    verdicts = judge_all(found, RULES)
    return sorted(
        f"{one.function} {one.request_id} {one.ts} {one.facets} {v}" for one, v in zip(found, verdicts, strict=True)
    )


@given(st.lists(records(), max_size=9), st.randoms(use_true_random=False))
def test_order_of_lines_changes_nothing(log: list[Record], chance: Any) -> None:
    before = meaning(log)
    shuffled = list(log)
    chance.shuffle(shuffled)
    assert meaning(shuffled) == before


@given(st.lists(records(), max_size=9))
def test_laws(log: list[Record]) -> None:
    found = built(log)
    functions = {one.function for one in found}
    for one, verdict in zip(found, judge_all(found, RULES), strict=True):
        own = judge(one, RULES)
        assert (verdict.verdict == "ok") == (own.verdict == "ok")
        assert verdict.via == () or (verdict.via[0] == one.function and len(verdict.via) > 1)
        if verdict.via:
            assert verdict.verdict not in ("ok", "caller")
            assert set(verdict.via) <= functions
        if own.verdict == "unknown" and verdict.verdict not in ("unknown", "ok"):
            assert verdict.via or one.upstream is not None  # blame needs a callee's verdict, or its record


def test_logs_without_links_cost_almost_nothing() -> None:
    log = built([hop("a", "psp", 200, 200, request_id=f"r{n}", lat=20) for n in range(20_000)])

    def took(work: Any) -> float:
        best = 9.0
        for _ in range(3):
            begin = time.perf_counter()
            work()
            best = min(best, time.perf_counter() - begin)
        return best

    alone = took(lambda: [judge(one, RULES) for one in log])
    assert took(lambda: judge_all(log, RULES)) - alone < 20_000 * 2e-6 + alone
