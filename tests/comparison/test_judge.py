"""What counts as worse and better, over counts alone."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from attrib.comparison.judge import judge
from attrib.comparison.model import Bounds, Side
from attrib.incidents.histogram import bin_of

SWAPPED = {"worse": "better", "better": "worse", "none": "none", "unclear": "unclear"}


def side(*functions: tuple[str, int, int], latency: dict[int, int] | None = None, sampled: bool = False) -> Side:
    """A side of (function, failed, invocations)."""
    entries: list[dict[str, Any]] = [
        {
            "function": name, "invocations": n, "failed": failed, "slow": 0, "masked": 0, "dispersion": {},
            "latency": None if latency is None else [[index, count] for index, count in latency.items()],
        }
        for name, failed, n in functions
    ]  # fmt: skip
    total, failed = sum(n for _, _, n in functions), sum(k for _, k, _ in functions)
    report: dict[str, Any] = {
        "sampled": sampled,
        "summary": {"invocations": total, "symptomatic": failed, "masked_upstream_failures": 0},
        "verdict_counts": [
            {"function": name, "upstream": "v", "verdict": "vendor", "rule": "r", "responsible": "v", "count": k}
            for name, k, _ in functions
            if k
        ],
    }
    return Side("x", "logs", report, {"functions": entries, "upstreams": [], "all": {"dispersion": {}}})


def results(one: Side, other: Side, bounds: Bounds | None = None) -> dict[tuple[str, str | None, str], str]:
    rows, _, _ = judge(one, other, bounds or Bounds())
    return {(row["scope"], row["name"], row["figure"]): row["result"] for row in rows}


FUNCTIONS = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 400), st.integers(1, 400)).map(lambda f: (f[0], min(f[1:]), f[2])),
    max_size=3,
    unique_by=lambda one: one[0],
)
TIMES = st.dictionaries(st.integers(0, 5_000_000).map(bin_of), st.integers(1, 100), max_size=30)


def test_a_rise_of_failures_is_worse_and_a_fall_is_better() -> None:
    found = results(side(("a", 2, 1000)), side(("a", 60, 1000)))
    assert found["function", "a", "failed"] == "worse"
    assert found["all", None, "failed"] == "worse"
    assert found["verdict", "vendor", "share"] == "worse"
    assert found["verdict", "unknown", "share"] == "none"
    assert results(side(("a", 60, 1000)), side(("a", 2, 1000)))["function", "a", "failed"] == "better"


def test_few_requests_show_nothing_and_say_what_they_could_have() -> None:
    rows, _, _ = judge(side(("a", 0, 10)), side(("a", 2, 10)), Bounds())
    row = next(row for row in rows if (row["scope"], row["figure"]) == ("function", "failed"))
    assert row["result"] == "none"
    assert row["smallest"] > 0.5


def test_a_change_that_does_not_matter_is_none_however_sure() -> None:
    one, other = side(("a", 10_000, 1_000_000)), side(("a", 12_000, 1_000_000))
    assert results(one, other)["function", "a", "failed"] == "none"
    assert results(one, other, Bounds(min_change=0.001))["function", "a", "failed"] == "worse"


def test_twice_as_many_rare_failures_matter() -> None:
    assert results(side(("a", 1_000, 1_000_000)), side(("a", 2_000, 1_000_000)))["function", "a", "failed"] == "worse"
    assert results(side(("a", 1_000, 1_000_000)), side(("a", 1_900, 1_000_000)))["function", "a", "failed"] == "none"
    assert results(side(("a", 0, 1_000_000)), side(("a", 400, 1_000_000)))["function", "a", "failed"] == "none"
    assert results(side(("a", 0, 1_000_000)), side(("a", 600, 1_000_000)))["function", "a", "failed"] == "worse"


def test_functions_of_one_side_only_change_nothing() -> None:
    found = results(side(("a", 10, 1000), ("b", 900, 1000)), side(("a", 10, 1000)))
    assert set(found.values()) == {"none"}
    assert ("function", "b", "failed") not in found
    assert results(side(("a", 1, 10)), side(("b", 1, 10))) == {}
    assert results(side(), side(("b", 1, 10))) == {}


def test_a_sample_has_no_rates() -> None:
    assert judge(side(("a", 2, 1000)), side(("a", 600, 1000), sampled=True), Bounds())[0] == []


def test_latency_counts_from_ten_percent_on() -> None:
    before, slower, hardly = ({bin_of(ms * 1000 + at * 40): 5 for at in range(100)} for ms in (100, 140, 104))
    found = results(side(("a", 0, 500), latency=before), side(("a", 0, 500), latency=slower))
    assert found["function", "a", "p50"] == "worse"
    assert (
        results(side(("a", 0, 500), latency=slower), side(("a", 0, 500), latency=before))["function", "a", "p50"]
        == "better"
    )
    assert (
        results(side(("a", 0, 500), latency=before), side(("a", 0, 500), latency=hardly))["function", "a", "p50"]
        == "none"
    )
    assert (
        results(side(("a", 0, 5), latency={bin_of(9): 5}), side(("a", 0, 5), latency={bin_of(9): 5}))[
            "function", "a", "p99"
        ]
        == "unclear"
    )


@given(FUNCTIONS, TIMES)
def test_the_same_twice_is_no_change(functions: list[tuple[str, int, int]], times: dict[int, int]) -> None:
    one = side(*functions, latency=times)
    assert set(results(one, one).values()) <= {"none", "unclear"}


@given(FUNCTIONS, FUNCTIONS, TIMES, TIMES)
def test_the_other_way_round_worse_is_better(
    one: list[tuple[str, int, int]], other: list[tuple[str, int, int]], times: dict[int, int], late: dict[int, int]
) -> None:
    there = results(side(*one, latency=times), side(*other, latency=late))
    back = results(side(*other, latency=late), side(*one, latency=times))
    assert {key: SWAPPED[value] for key, value in there.items()} == back
