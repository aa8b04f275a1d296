"""Reused ids by function: neither the order of requests nor the number of functions changes what is counted."""

from __future__ import annotations

import random

from attrib.invocations.join import build
from attrib.invocations.model import Invocation
from attrib.records.model import Record
from attrib.rules.load import load_rules
from attrib.survey.names import HOLE, MOST_NAMES
from attrib.survey.reuse import Reuse

RULES = load_rules(("m1",), ())
MINUTE = 60_000_000


def request(number: int, function: str, n: int, apart: int = 5) -> list[Invocation]:
    """The invocations of one id: so many records, so many minutes apart."""
    records = [
        Record(number, at + 1, f"job-{number}", function, "response", 200, ts=at * apart * MINUTE) for at in range(n)
    ]
    return list(build(records, RULES.words, RULES.parameters, lambda _: "external"))


def reuse(requests: list[list[Invocation]]) -> Reuse:
    found = Reuse(RULES.words)
    for one in requests:
        found.see(one)
    return found


def test_what_was_taken_for_reused_is_counted_with_its_places() -> None:
    rows = reuse([request(1, "a", 4), request(2, "a", 3), request(3, "a", 3, apart=0), request(4, "b", 9)]).functions
    assert set(rows) == {"a", "b"}
    assert (rows["a"].ids, rows["a"].records, rows["a"].most) == (2, 7, 4)
    assert (rows["a"].first, rows["a"].worst) == ([(1, 1), (2, 1)], (1, 1))


def test_placeholders_and_missing_ids_are_none() -> None:
    records = [Record(0, at, one, "a", ts=at * 5 * MINUTE) for at, one in enumerate(["-", None, "-", "null", "-"])]
    assert not reuse([list(build(records, RULES.words, RULES.parameters, lambda _: "own"))]).functions


def test_many_functions_are_taken_together_whatever_their_order() -> None:
    requests = [request(n, f"job-{n}", 3 + n % 2) for n in range(MOST_NAMES + 50)]
    forwards = reuse(requests)
    random.Random(3).shuffle(requests)
    assert reuse(requests).functions == forwards.functions
    row = forwards.functions[f"job-{HOLE}"]
    assert len(forwards.functions) == 1
    assert row.ids == MOST_NAMES + 50
