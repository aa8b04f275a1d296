"""Callees that begin before their callers, of links that leave no doubt."""

from __future__ import annotations

from typing import Any

import pytest

from attrib.checking import bounds_of
from attrib.checks.catalogue import settings_of
from attrib.invocations.join import build
from attrib.invocations.model import Invocation
from attrib.records.model import Record
from attrib.rules.load import load_rules
from attrib.survey.skew import Skews

RULES = load_rules(("m1", "extended"), ())
BOUNDS = bounds_of(RULES, settings_of(()), 0)
S = 1_000_000


def request(number: int, *records: dict[str, Any]) -> list[Invocation]:
    made = [
        Record(0, number * 10 + at, request_id=f"r{number}", stage="response", **fields)
        for at, fields in enumerate(records)
    ]
    return list(build(made, RULES.words, RULES.parameters, lambda _: "unknown", lambda _: False))


def caller(ts: int, **more: Any) -> dict[str, Any]:
    return {"function": "shop", "upstream": "pay", "ts": ts, "latency_ms": 500.0, "status": 503, **more}


def callee(ts: int, **more: Any) -> dict[str, Any]:
    return {"function": "pay", "ts": ts, "latency_ms": 400.0, "status": 503, **more}


CASES: list[tuple[str, tuple[dict[str, Any], ...], tuple[int, int] | None]] = [
    ("in time", (caller(10 * S), callee(10 * S - S // 20)), (1, 0)),
    ("two seconds early", (caller(10 * S), callee(8 * S)), (1, 1)),
    ("it ends later: the caller may have given up", (caller(10 * S), callee(13 * S, latency_ms=3300.0)), (1, 0)),
    ("nothing failed: a large input does not join it", (caller(10 * S, status=200), callee(8 * S, status=200)), None),
    ("a try before", (caller(10 * S), callee(8 * S, attempt=1), callee(9 * S, attempt=2)), None),
    ("two callers", (caller(10 * S), caller(10 * S, function="cart"), callee(8 * S)), None),
    ("no latency", (caller(10 * S), callee(8 * S, latency_ms=None)), None),
    ("no time", (caller(10 * S), callee(8 * S) | {"ts": None}), None),
]


@pytest.mark.parametrize(("records", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_one_request(records: tuple[dict[str, Any], ...], expected: tuple[int, int] | None) -> None:
    for order in (records, records[::-1]):
        skews = Skews(BOUNDS)
        skews.see(request(1, *order))
        found = {pair: (skew.calls, skew.early) for pair, skew in skews}
        assert found == ({} if expected is None else {("shop", "pay"): expected})


def test_requests_together_are_requests_one_by_one() -> None:
    requests = [request(n, caller(10 * S), callee((10 - n) * S)) for n in range(5)]
    apart, together = Skews(BOUNDS), Skews(BOUNDS)
    for one in requests:
        apart.see(one)
    together.see([one for some in requests for one in some])
    assert list(apart) == list(together)
    ((_, skew),) = list(apart)
    assert (skew.calls, skew.early) == (5, 3)
    # It ends 4 s before its caller, and took 0.1 s less.
    assert skew.worst.measure == 4 * S - 100_000
