"""Which values of a record are counted, under which names, and how many of them at most."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from attrib.records.model import Record
from attrib.survey import distinct
from attrib.survey.distinct import Name, Values, combination
from attrib.survey.sketch import BOUND


def record(line: int, **labels: str) -> Record:
    """A record with labels."""
    return Record(0, line, function="f", error_code=None, labels=labels or None)


def test_fields_labels_and_named_fields_are_counted() -> None:
    values = Values(("mine", "function", "mine"))
    one = Record(0, 1, function="f", stage="s", upstream="u", labels={"a": "1"}, extra={"label.mine": "m", "x": "y"})
    values.see(one)
    values.see(Record(0, 2, function="f"))
    told = {(name.kind, name.name): (sketch.lines, sketch.distinct) for name, sketch in values}
    assert told == {
        ("field", "function"): (2, 1), ("field", "stage"): (1, 1), ("field", "upstream"): (1, 1),
        ("field", "mine"): (1, 1), ("label", "a"): (1, 1),
    }  # fmt: skip
    assert list(values.labels) == [Name("field", "mine"), Name("label", "a")]
    assert (values.series.lines, values.series.distinct) == (1, 1)


def test_series_are_combinations_in_any_order() -> None:
    values = Values(())
    values.see(record(1, a="1", b="2"))
    values.see(record(2, b="2", a="1"))
    values.see(record(3, a="2", b="1"))
    values.see(record(4, a="1"))
    assert values.series.distinct == 3
    a, b = (Name("label", "a"), "x"), (Name("label", "b"), "x")
    assert combination([a, b]) == combination([b, a]) != combination([a])


@given(st.permutations([f"l{n:03}" for n in range(70)]))
def test_the_first_labels_by_name_stay(names: list[str]) -> None:
    values = Values(())
    for line, name in enumerate(names + names):
        values.see(record(line, **{name: str(line)}))
    kept = [name.name for name, _ in values if name.kind == "label"]
    assert kept == [f"l{n:03}" for n in range(distinct.MOST_LABELS)]
    assert all(sketch.lines == 2 for name, sketch in values if name.kind == "label")
    assert values.more_labels


def test_nothing_grows_with_the_lines() -> None:
    """The structural bound: at most BOUND values of each label, at most so many labels, each value cut."""
    values = Values(())
    for line in range(3 * BOUND):
        values.see(record(line, a=f"{line}" + "x" * 500, **{f"key-{line % 500}": "v"}))
    sketch = values.sketches[Name("label", "a")]
    assert len(sketch.kept) <= BOUND
    assert abs(sketch.distinct / (3 * BOUND) - 1) < 4 * sketch.error
    assert max(map(len, sketch.kept)) < 250
    assert len(values.sketches) <= 4 + distinct.MOST_LABELS
    assert len(values.series.kept) <= BOUND


def test_places_are_the_first_lines_of_different_values() -> None:
    values = Values(())
    for line, user in enumerate(["a", "b", "a", "c", "d"], 1):
        values.see(record(line, user=user))
    name = Name("label", "user")
    assert values.places(name) == [(0, 1), (0, 2), (0, 4)]
    assert values.places(name, lambda text: text in "bd") == [(0, 2), (0, 5)]


def test_finders_add_places_of_lines_that_a_query_counted() -> None:
    values = Values(())
    values.add(Name("label", "user"), "a", 5)
    values.see(Record(1, 7, labels={"user": "b"}))
    values.finders.append(lambda _, keys: iter([((0, 3), "a"), ((0, 9), "b")]) if keys == {"a", "b"} else iter([]))
    assert values.places(Name("label", "user")) == [(0, 3), (0, 9)]
