"""The shipped packs against the design, on every cell of the finite domain."""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter
from pathlib import Path

import pytest

from attrib.rules.facets import UPSTREAM_PARTY, Facets
from attrib.rules.load import load_rules
from attrib.rules.ruleset import RuleSet

# Tests are plain folders (importlib mode), so a helper beside a test is loaded by its path.
_spec = importlib.util.spec_from_file_location("rules_oracle", Path(__file__).with_name("oracle.py"))
assert _spec is not None
assert _spec.loader is not None
oracle = importlib.util.module_from_spec(_spec)
sys.modules["rules_oracle"] = oracle
_spec.loader.exec_module(oracle)

EVERY: list[Facets] = list(oracle.every_facets())


@pytest.fixture(scope="module")
def m1() -> RuleSet:
    return load_rules(["m1"])


@pytest.fixture(scope="module")
def both() -> RuleSet:
    return load_rules()


def test_m1_alone_is_the_four_rules_to_the_letter(m1: RuleSet) -> None:
    for facets in EVERY:
        expected = oracle.m1(facets)
        decision = m1.decide(facets)
        assert decision.rule == expected, facets
        assert (decision.verdict, decision.responsible, decision.lean) == oracle.M1_ANSWERS[expected], facets


def test_both_packs_are_the_whole_table(both: RuleSet) -> None:
    for facets in EVERY:
        decision = both.decide(facets)
        assert (decision.verdict, decision.responsible, decision.lean) == oracle.extended(facets), (facets, decision)


def test_the_order_of_packs_does_not_matter(both: RuleSet) -> None:
    turned = load_rules(["extended", "m1"])
    assert all(turned.decide(facets) == both.decide(facets) for facets in EVERY)
    assert turned.digest == both.digest


def test_extended_takes_only_what_it_may(m1: RuleSet, both: RuleSet) -> None:
    """Cells of `none`; and of rule 4 only failed ones whose upstream answered 4xx, or did not answer."""
    taken = Counter[tuple[str, str, str]]()
    for facets in EVERY:
        before, after = m1.decide(facets), both.decide(facets)
        if before.rule != after.rule and before.rule != "none":
            taken[before.rule, facets.upstream, facets.status] += 1
        if before.rule == "none":
            assert not after.rule.startswith("m1-")
    rules, upstreams, statuses = (set(column) for column in zip(*taken, strict=True))
    assert rules == {"m1-bottleneck"}
    assert upstreams == {"4xx", "timeout", "no_response", "short_circuited"}
    assert statuses == {"4xx", "5xx", "timeout"}


def test_m1_still_matches_where_extended_wins(m1: RuleSet, both: RuleSet) -> None:
    """What M1 would have said stays visible as evidence."""
    for facets in EVERY:
        before, after = m1.decide(facets), both.decide(facets)
        if before.rule != "none":
            assert before.rule in (after.rule, *after.also_matched)


def test_vendor_is_only_said_of_an_external_upstream(both: RuleSet) -> None:
    for facets in EVERY:
        decision = both.decide(facets)
        if decision.verdict == "vendor":
            assert facets.upstream_party == "external"
            assert decision.responsible == "upstream"
        assert (decision.responsible is None) == (decision.verdict in ("unknown", "caller"))


def test_no_verdict_without_an_upstream_outcome(both: RuleSet) -> None:
    assert {both.decide(facets).rule for facets in EVERY if facets.upstream == "missing"} == {"m1-unknown"}


CASES = [
    # upstream, status, latency, upstream time, code, phase, hosts: external, own, unknown party
    ("4xx 429", "4xx", "normal", "low", ("ext-rate-limited",) * 3),
    ("4xx 401", "5xx", "normal", "low", ("ext-credentials",) * 3),
    ("4xx 403", "4xx", "high", "low", ("ext-credentials-or-caller",) * 3),
    ("4xx 404", "5xx", "high", "low", ("ext-refusal-unhandled",) * 3),
    ("4xx 404", "4xx", "normal", "missing", ("ext-passed-on",) * 3),
    ("4xx 404", "timeout", "high", "low", ("m1-bottleneck",) * 3),
    ("4xx 404", "timeout", "high", "dominant", ("none",) * 3),
    (
        "no_response connect",
        "5xx",
        "high",
        "low",
        ("ext-no-response", "ext-own-no-response", "ext-unknown-party-no-response"),
    ),
    ("no_response local", "5xx", "high", "dominant", ("ext-local",) * 3),
    (
        "no_response dns",
        "5xx",
        "normal",
        "missing",
        ("ext-one-host", "ext-own-no-response", "ext-unknown-party-no-response"),
    ),
    ("5xx 503", "4xx", "normal", "dominant", ("ext-vendor-passed-on", "ext-own-failed", "ext-unknown-party-failed")),
    ("5xx 503", "4xx", "high", "low", ("m1-bottleneck",) * 3),
    ("5xx 503", "5xx", "high", "low", ("m1-vendor", "m1-bottleneck", "m1-bottleneck")),
    ("5xx 503", "5xx", "normal", "low", ("m1-vendor", "ext-own-failed", "ext-unknown-party-failed")),
    (
        "timeout",
        "4xx",
        "high",
        "dominant",
        ("ext-timeout-passed-on", "ext-own-no-response", "ext-unknown-party-no-response"),
    ),
    ("short_circuited", "5xx", "high", "low", ("ext-short-circuited",) * 3),
    ("not_contacted", "4xx", "normal", "missing", ("ext-not-contacted",) * 3),
    ("not_contacted", "2xx", "high", "missing", ("ext-slow-not-contacted",) * 3),
    ("3xx", "5xx", "normal", "low", ("ext-answer-unhandled",) * 3),
    ("2xx", "timeout", "high", "middle", ("ext-timeout-after-answer",) * 3),
    ("2xx", "client_abort", "normal", "low", ("ext-client-left",) * 3),
    ("2xx", "client_abort", "high", "low", ("m1-bottleneck",) * 3),
    ("4xx 429", "client_abort", "high", "middle", ("ext-abort-unclear",) * 3),
    (
        "5xx 503",
        "client_abort",
        "high",
        "dominant",
        ("ext-abort-slow-vendor", "ext-abort-slow-own", "ext-abort-slow-unknown-party"),
    ),
    ("2xx", "2xx", "high", "dominant", ("ext-slow-vendor", "ext-slow-own", "ext-slow-unknown-party")),
    ("2xx", "2xx", "high", "middle", ("ext-slow-split",) * 3),
    ("2xx", "2xx", "normal", "middle", ("none",) * 3),
]


@pytest.mark.parametrize(("upstream", "status", "latency", "part", "rules"), CASES)
def test_rule_ids(
    both: RuleSet, upstream: str, status: str, latency: str, part: str, rules: tuple[str, str, str]
) -> None:
    outcome, _, refinement = upstream.partition(" ")
    code = int(refinement) if refinement.isdigit() else None
    phase = refinement if refinement and code is None else "none"
    got = tuple(
        both.decide(Facets(outcome, party, status, latency, part, code, phase)).rule for party in UPSTREAM_PARTY
    )
    assert got == rules
