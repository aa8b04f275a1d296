"""The decision table: cells, rows for engines, explanations."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrib.rules.facets import (
    LATENCY,
    STATUS,
    UPSTREAM,
    UPSTREAM_HOSTS,
    UPSTREAM_LATENCY,
    UPSTREAM_PARTY,
    UPSTREAM_PHASE,
    Facets,
)
from attrib.rules.load import load_rules
from attrib.rules.table import COLUMNS, Row, Table

BOTH = load_rules()

any_facets = st.builds(
    Facets,
    st.sampled_from(UPSTREAM),
    st.sampled_from(UPSTREAM_PARTY),
    st.sampled_from(STATUS),
    st.sampled_from(LATENCY),
    st.sampled_from(UPSTREAM_LATENCY),
    st.none() | st.integers(100, 599),
    st.sampled_from(UPSTREAM_PHASE),
    st.sampled_from(UPSTREAM_HOSTS),
)
ROWS = {row[:8]: row for row in BOTH.table.rows()}


def test_rows_are_the_whole_product_each_cell_once() -> None:
    assert Row._fields == COLUMNS
    assert len(ROWS) == len(BOTH.table.rows()) == len(BOTH.table.upstream_cells) * 3 * 8 * 3 * 4 == 7200
    assert BOTH.table.codes == {401, 403, 407, 429}


@given(any_facets)
def test_deciding_and_joining_the_rows_agree(facets: Facets) -> None:
    """An engine that joins `rows()` after the same refinement gets what `decide` says, for any combination."""
    cell = BOTH.table.cell(facets)
    row = ROWS[(cell.upstream, cell.upstream_code, cell.upstream_phase, cell.upstream_hosts, *cell[1:5])]
    decision = BOTH.decide(facets)
    assert (row[8], row[9], row[11], row[12]) == (
        decision.verdict,
        decision.rule,
        decision.lean,
        decision.responsible,
    )
    assert row[10] == ",".join(decision.also_matched)


@given(any_facets)
def test_explain_agrees_with_the_decision(facets: Facets) -> None:
    decision = BOTH.decide(facets)
    matched = [rule.id for rule, is_match, _ in BOTH.explain(facets) if is_match]
    assert matched == [rule for rule in (decision.rule, *decision.also_matched) if rule != "none"]
    for _, is_match, why in BOTH.explain(facets):
        assert ("needs" in why) is not is_match


def test_explain_names_the_facet_that_decided() -> None:
    why = {rule.id: why for rule, _, why in BOTH.explain(Facets("5xx", "external", "5xx", "normal", "low", 503))}
    assert why["m1-unknown"] == "upstream is 5xx (503), needs missing"
    assert why["m1-vendor"] == "upstream 5xx (503), upstream party external, status 5xx"
    assert why["m1-bottleneck"] == "latency is normal, needs high"
    assert why["ext-rate-limited"] == "upstream is 5xx (503), needs 429"
    assert list(why) == [rule.id for rule in BOTH.rules]


def test_a_made_up_code_beside_another_outcome_is_no_answer() -> None:
    """A proxy writes 502 where nothing answered; a 429 that is no 4xx outcome must not look like one either."""
    facets = Facets("no_response", "external", "5xx", "normal", "missing", 429)
    assert BOTH.decide(facets).rule == "ext-no-response"


def test_hosts_and_phase_count_only_for_no_response() -> None:
    facets = Facets("2xx", "external", "5xx", "normal", "low", 200, "dns", "several")
    assert BOTH.decide(facets).rule == "m1-application"


@pytest.mark.parametrize("field", ["upstream", "status", "latency", "upstream_phase"])
def test_a_value_outside_the_domain_is_refused(field: str) -> None:
    good: dict[str, Any] = {"upstream": "2xx", "upstream_party": "external", "status": "5xx", "latency": "normal"}
    facets = Facets(**{**good, "upstream_latency": "low", field: "5XX"})
    with pytest.raises(ValueError, match=rf"{field} cannot be '5XX'"):
        BOTH.decide(facets)


def test_no_rules_at_all_decide_nothing() -> None:
    assert Table([]).decide(Facets("2xx", "external", "5xx", "normal", "low")).rule == "none"


def test_compiling_is_fast() -> None:
    """It happens on every start; the bound is ten times what it takes."""
    best = min(_seconds() for _ in range(3))
    assert best < 0.3


def _seconds() -> float:
    start = time.perf_counter()
    load_rules().table.rows()
    return time.perf_counter() - start
