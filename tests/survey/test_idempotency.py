"""Idempotency keys line by line: any order gives the same, and memory is bounded."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrib.records.model import Record
from attrib.survey import idempotency
from attrib.survey.idempotency import Conflicts, Idempotency


def seen(lines: list[tuple[str, str, str, int]]) -> Idempotency:
    """(function, key, fingerprint, line)."""
    found = Idempotency()
    for function, key, fingerprint, number in lines:
        extra = {"idempotency_key": key, "request_fingerprint": fingerprint}
        found.see(Record(0, number, "id", function, extra=extra))
    return found


LINES = st.lists(st.tuples(st.sampled_from("fg"), st.sampled_from("kl"), st.sampled_from("xyz"), st.integers(1, 99)))


@given(LINES, st.randoms())
def test_the_order_of_lines_does_not_matter(lines: list[tuple[str, str, str, int]], mix: random.Random) -> None:
    mixed = list(lines)
    mix.shuffle(mixed)
    found = seen(lines).by_function()
    assert seen(mixed).by_function() == found
    for function, one in found.items():
        prints = {key: {line[2] for line in lines if line[:2] == (function, key)} for key in "kl"}
        assert one.keys == sum(bool(some) for some in prints.values())
        assert one.conflicts == sum(len(some) > 1 for some in prints.values())


def test_many_keys_are_thinned_out_the_same_in_any_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idempotency, "MOST", 100)
    lines = [("f", f"key-{n % 1500}", "x" if n < 1500 or n % 3 else "y", n) for n in range(3000)]
    one, other = seen(lines), seen(lines[::-1])
    assert one.one_in == other.one_in > 8
    assert one.by_function() == other.by_function()
    found = one.by_function()["f"]
    assert found.keys <= 100
    assert 0 < found.conflicts < found.keys


def test_a_line_needs_both_fields() -> None:
    found = Idempotency()
    found.see(Record(0, 1, "id", "f", extra={"idempotency_key": "k"}))
    found.see(Record(0, 2, "id", "f", extra={"request_fingerprint": "x"}))
    assert found.by_function() == {}


def test_the_first_line_of_each_fingerprint_is_cited() -> None:
    found = seen([("f", "k", "x", 9), ("f", "k", "y", 3), ("f", "k", "x", 5), ("g", "k", "x", 1)]).by_function()
    assert found["f"] == Conflicts(1, 1, found["f"].examples)
    assert found["f"].examples.spots == [(0, 3), (0, 5)]
    assert found["g"].conflicts == 0
