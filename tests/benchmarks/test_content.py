"""Secrets and personal data on the labelled set: as good as is claimed, on values that nothing was tuned on."""

from __future__ import annotations

from benchmarks.labelled.content import SCORED, TUNING, labelled
from benchmarks.score_content import CLASSES, score

PRECISION = 0.98
RECALL = 0.95
FALSE = 0.02
"""Most ordinary values of any sort that may have a finding."""


def test_the_set_is_large_enough_and_apart_from_the_tuning_set() -> None:
    scored = labelled(SCORED)
    assert all(sum(one.label == label for one in scored) >= 300 for label in (*CLASSES, "ordinary"))
    secrets = {one.line for one in scored if one.label != "ordinary" and one.sort != "real lines"}
    assert secrets.isdisjoint(one.line for one in labelled(TUNING))
    assert labelled(SCORED) == scored


def test_the_scored_set_meets_the_aims() -> None:
    result = score(labelled(SCORED))
    for label in CLASSES:
        assert result.precision(label) >= PRECISION, label
        assert result.recall(label) >= RECALL, label
    for (kind, sort), n in result.sorts.items():
        wrong = result.found[kind, sort] if kind == "ordinary" else 0
        assert wrong <= FALSE * n, sort
