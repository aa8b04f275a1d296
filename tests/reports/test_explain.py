"""`attrib explain` fits one screen: the winner, what matched too, what came nearest."""

from __future__ import annotations

from typing import Any

from attrib.reports import explain
from attrib.reports.view import View
from tests.reports import samples


def rule(rule_id: str, missed: int, won: bool = False) -> dict[str, Any]:
    facets = ["upstream", "upstream_party", "status", "latency"][:missed]
    return {
        "id": rule_id, "title": "t", "matched": not missed, "won": won, "why": f"why {rule_id}", "missed": facets,
    }  # fmt: skip


def rules_of(*rules: dict[str, Any], width: int = 80) -> list[str]:
    request = samples.explained()
    request["invocations"][0]["rules"] = list(rules)
    return explain.render(request, View(width=width)).partition("\nRules\n")[2].splitlines()


def test_the_winner_then_what_matched_then_the_nearest() -> None:
    far = [rule(f"far-{n}", 3) for n in range(20)]
    near = [rule(f"near-{n}", 1) for n in range(2)]
    middle = [rule(f"middle-{n}", 2) for n in range(5)]
    rules = [*far, rule("too", 0), *middle, rule("winner", 0, won=True), *near]
    names, shown = {entry["id"] for entry in rules}, rules_of(*rules)
    firsts = [row[2:].split("  ")[0] for row in shown if row[2:3].strip()]
    assert firsts[:8] == ["won", "matched too", *["no"] * 6]
    found = [word for row in shown for word in row.split() if word in names]
    assert list(dict.fromkeys(found)) == [
        "winner", "too", "near-0", "near-1", "middle-0", "middle-1", "middle-2", "middle-3",
    ]  # fmt: skip
    assert "and 21 more: --to json" in shown


def test_every_facet_that_missed_is_named() -> None:
    shown = " ".join(" ".join(rules_of(rule("x", 4))).split())
    assert "no x why x; upstream party, status and latency missed too" in shown


def test_few_rules_have_no_rest() -> None:
    assert not any("more: --to json" in row for row in rules_of(rule("a", 0, won=True), rule("b", 1)))


def test_long_ids_stay_whole() -> None:
    name = "ext-abort-name-or-certificate-of-somebody"
    for width in (50, 60, 80):
        assert any(name in row for row in rules_of(rule(name, 0, won=True), rule("b", 2), width=width))


def test_verdict_first_and_a_long_id_unbroken() -> None:
    request = samples.explained()
    request["request_id"] = "b623da07-04df-478f-8d94-5d20b86e9f3b"
    request["invocations"][0]["latency_ms"] = 10007.7
    shown = explain.render(request, View()).splitlines()
    assert shown[0] == "VENDOR payments-api (m1-vendor)   checkout 502 in 10,007.7 ms"
    assert shown[1] == "b623da07-04df-478f-8d94-5d20b86e9f3b   2026-11-20 14:02:11.480 UTC"
    assert max(map(len, shown)) <= 80


def test_without_a_winner_a_rule_only_matched() -> None:
    assert rules_of(rule("a", 0), rule("b", 1))[1].split()[:2] == ["matched", "a"]


def test_a_contradiction_is_said_once() -> None:
    request = samples.explained()
    entry = request["invocations"][0]
    entry["contradiction"] = {"statement": "X claims, Y answered", "places": [{"file": "a.jsonl", "line": 4}]}
    assert "Contradiction: X claims, Y answered  a.jsonl:4" in explain.render(request, View())
    entry["reason"] = "X claims, Y answered; checkout returned 502"
    shown = explain.render(request, View())
    assert shown.count("X claims") == 1
    assert "Contradiction:  a.jsonl:4" in shown
