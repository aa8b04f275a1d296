"""The scorer, held against reports made by hand: it must praise the right ones and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.generator.make import KINDS, make
from benchmarks.matching import compare
from benchmarks.score import missed_bounds, summed

Doc = dict[str, Any]


def label(**changes: Any) -> Doc:
    """The label of a vendor's outage in checkout, 14:02:11 to 14:19:00."""
    made: Doc = {
        "verdict": "vendor", "responsible": "pay", "functions": ["checkout"], "onset": "2026-11-20T14:02:11Z",
        "end": "2026-11-20T14:19:00Z", "first_symptom": "2026-11-20T14:02:15Z", "lean": None, "accept": [],
        "accept_unknown": False, "split": False, "optional": False,
    }  # fmt: skip
    return made | changes


def incident(**changes: Any) -> Doc:
    """The right answer to `label()`."""
    made: Doc = {
        "verdict": "vendor", "responsible": "pay", "functions": ["checkout"], "start": "2026-11-20T14:02:00Z",
        "end": "2026-11-20T14:19:00Z", "onset": "2026-11-20T14:02:16Z",
    }  # fmt: skip
    return made | changes


def score(labels: list[Doc], incidents: list[Doc]) -> Doc:
    """`compare`, with what `summed` needs."""
    made = compare({"incidents": labels}, {"incidents": incidents})
    return made | {"kind": "k", "lines": 1, "quiet": not labels, "error": None, "seconds": 0.0}


def figures(labels: list[Doc], incidents: list[Doc], *names: str) -> tuple[Any, ...]:
    made = score(labels, incidents)
    return tuple(made[name] for name in names)


def test_a_right_answer() -> None:
    made = score([label()], [incident()])
    assert (made["matched"], made["verdict_right"], made["responsible_right"]) == (1, 1, 1)
    assert (made["onset_errors"], made["first_errors"]) == ([5.0], [1.0])
    assert (made["false_positives"], made["false_blames"], made["misses"]) == (0, 0, [])
    assert missed_bounds(summed([made])) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"responsible": "geo"}, (1, 1, 0, 1)),  # the wrong vendor
        ({"verdict": "application", "responsible": "checkout"}, (1, 0, 0, 1)),
        ({"verdict": "caller", "responsible": None}, (1, 0, 0, 1)),
        ({"verdict": "unknown", "responsible": None}, (1, 0, 0, 0)),  # wrong, but nobody is blamed
        ({"responsible": None}, (1, 1, 0, 0)),  # right, but names nobody
    ],
)
def test_wrong_answers(changes: Doc, expected: tuple[int, ...]) -> None:
    names = ("matched", "verdict_right", "responsible_right", "false_blames")
    assert figures([label()], [incident(**changes)], *names) == expected
    assert missed_bounds(summed([score([label()], [incident(**changes)])]))


def test_nothing_found() -> None:
    assert figures([label()], [], "labelled", "matched") == (1, 0)
    assert any(line.startswith("recall: 0") for line in missed_bounds(summed([score([label()], [])])))


@pytest.mark.parametrize(
    "changes",
    [
        {"start": "2026-11-20T15:02:00Z", "end": "2026-11-20T15:19:00Z", "onset": "2026-11-20T15:02:00Z"},
        {"functions": ["search"], "responsible": "geo"},
    ],
)
def test_elsewhere_is_no_match(changes: Doc) -> None:
    names = ("matched", "false_positives", "false_blames")
    assert figures([label()], [incident(**changes)], *names) == (0, 1, 1)


def test_an_incident_in_a_quiet_log() -> None:
    made = score([], [incident(verdict="unknown", responsible=None)])
    assert (made["false_positives"], made["false_blames"]) == (1, 0)
    assert summed([made])["quiet_incidents"] == 1
    assert missed_bounds(summed([made]))
    assert missed_bounds(summed([score([], [])])) == []


def test_two_causes_in_either_order() -> None:
    ours = {"verdict": "application", "responsible": "checkout"}
    labels = [label(), label(**ours)]
    for found in ([incident(), incident(**ours)], [incident(**ours), incident()]):
        assert figures(labels, found, "matched", "responsible_right", "false_blames") == (2, 2, 0)


def test_a_part_of_one_cause_does_not_stand_for_the_other() -> None:
    labels = [label(), label(verdict="application", responsible="checkout")]
    names = ("matched", "fragments", "false_positives", "false_blames")
    assert figures(labels, [incident(), incident()], *names) == (1, 1, 1, 0)


def test_parts_are_tolerated_where_the_label_says_so() -> None:
    assert figures([label(split=True)], [incident(), incident()], "matched", "false_positives") == (1, 0)
    assert figures([label(split=True)], [incident(), incident(responsible="geo")], "false_blames") == (1,)


def test_a_linked_consequence_is_no_false_blame() -> None:
    second = incident(verdict="app_bottleneck", responsible="orders", functions=["orders"], consequence_of="inc-1")
    names = ("matched", "false_positives", "false_blames")
    assert figures([label()], [incident(), second], *names) == (1, 0, 0)
    assert figures([label()], [incident(), second | {"consequence_of": None}], *names) == (1, 1, 1)


def test_what_is_too_small_may_be_found_or_not() -> None:
    small = label(optional=True)
    assert figures([small], [], "labelled", "misses") == (0, [])
    assert figures([small], [incident()], "labelled", "false_positives") == (0, 0)
    assert figures([small], [incident(responsible="geo")], "false_blames") == (1,)


def test_accepted_answers_and_leans() -> None:
    unsure = label(verdict="unknown", responsible=None, lean="vendor")
    right = incident(verdict="unknown", responsible=None, lean="vendor")
    names = ("responsible_right", "lean_labelled", "lean_right")
    assert figures([unsure], [right], *names) == (1, 1, 1)
    assert figures([unsure], [right | {"lean": "application"}], *names) == (1, 1, 0)
    other = label(accept=[{"verdict": "vendor", "responsible": "pay.example"}])
    assert figures([other], [incident(responsible="pay.example")], "responsible_right") == (1,)
    assert figures([label(accept_unknown=True)], [right], "responsible_right") == (1,)


def test_without_times_functions_decide() -> None:
    timeless = {"start": None, "end": None, "onset": None}
    assert figures([label(onset=None, end=None)], [incident(**timeless)], "matched", "onset_errors") == (1, [])


@pytest.mark.parametrize("report", [{}, {"incidents": None}, {"incidents": [{}]}, {"incidents": [None]}])
def test_reports_of_another_shape(report: Doc) -> None:
    assert compare({"incidents": [label()]}, report)["matched"] == 0


def test_the_labels_of_every_kind_can_be_met() -> None:
    for kind in KINDS:
        labels = make(kind, 1, lines=700)[1]
        perfect = [
            {**entry, "start": entry["onset"], "lean": entry["lean"]}
            for entry in labels["incidents"]
            if not entry["optional"]
        ]
        made = compare(labels, {"incidents": perfect})
        assert made["misses"] == [], kind
        assert made["responsible_right"] == made["labelled"] == made["matched"], kind
