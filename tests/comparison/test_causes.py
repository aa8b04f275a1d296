"""Incidents of two sides: new, gone, of the same cause."""

from __future__ import annotations

from typing import Any

from attrib.comparison.causes import causes


def incident(name: str, verdict: str, responsible: str | None, *functions: str) -> dict[str, Any]:
    return {
        "id": name, "verdict": verdict, "lean": None, "responsible": responsible, "functions": list(functions),
        "upstreams": [], "start": None, "end": None, "symptomatic": 9, "invocations": 10, "failure_rate": 0.9,
    }  # fmt: skip


def told(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[tuple[str, str | None, str | None]]:
    ids = ((row["result"], row["before"], row["after"]) for row in causes(before, after))
    return [(result, one and one["id"], other and other["id"]) for result, one, other in ids]


def test_the_cause_tells_them_apart() -> None:
    a = incident("a", "vendor", "psp", "pay")
    assert told([a], [incident("b", "vendor", "psp", "pay", "refund")]) == [("same", "a", "b")]
    assert told([a], [incident("b", "application", "psp", "pay")]) == [("new", None, "b"), ("gone", "a", None)]
    assert told([a], [incident("b", "vendor", "sms", "pay")]) == [("new", None, "b"), ("gone", "a", None)]
    assert told([a], [incident("b", "vendor", "psp", "search")]) == [("new", None, "b"), ("gone", "a", None)]
    assert told([], []) == []


def test_one_takes_one() -> None:
    a, b, c = (incident(name, "unknown", None, "pay") for name in "abc")
    assert told([a], [b, c]) == [("new", None, "c"), ("same", "a", "b")]
    nameless = incident("n", "unknown", None)
    assert told([nameless], [nameless]) == [("same", "n", "n")]
    assert told([nameless], [a]) == [("new", None, "a"), ("gone", "n", None)]
