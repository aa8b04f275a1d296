"""The shapes of label values on the labelled set: as good as is claimed, on values that nothing was tuned on."""

from __future__ import annotations

from benchmarks.labelled.identifiers import CLASSES
from benchmarks.labelled.ordinary import SORTS
from benchmarks.labelled.values import SCORED, TUNING, labelled
from benchmarks.score_values import score

PRECISION = 0.98
RECALL = 0.95
FALSE = 0.02
"""Most ordinary values of any sort that may be told to identify something."""


def test_the_set_is_large_enough_and_apart_from_the_tuning_set() -> None:
    scored, tuning = labelled(SCORED), labelled(TUNING)
    result = score(scored)
    assert all(result.values[sort] >= 300 for sort in [*CLASSES, *SORTS])
    seen = {one.value for one in tuning}
    # Days and a few sentences without names are in both.
    assert sum(one.value in seen for one in scored if one.identifies) < 0.02 * len(scored)
    assert labelled(SCORED) == scored


def test_the_scored_set_meets_the_aims() -> None:
    result = score(labelled(SCORED))
    for sort in CLASSES:
        assert result.recall(sort) >= RECALL, sort
        assert result.precision(sort) >= PRECISION, sort
    precision, recall = result.overall
    assert precision >= PRECISION
    assert recall >= RECALL
    for sort in SORTS:
        assert result.found[sort] <= FALSE * result.values[sort], sort
