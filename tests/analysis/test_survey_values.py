"""Both engines make the same of labels and fields: the same sketches, whatever the plan, the values and their order."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrib.analysis import survey_values
from attrib.analysis.large import opened
from attrib.analysis.run import start
from attrib.checking import bounds_of
from attrib.checks.catalogue import settings_of
from attrib.checks.samples import line
from attrib.engines import labels
from attrib.options import Options
from attrib.pipeline import everything
from attrib.survey import distinct, sketch
from attrib.survey.distinct import Name, Values
from attrib.survey.survey import Survey

PLACED = 3


@contextmanager
def surveyed(path: Path, named: tuple[str, ...], *, fast: bool) -> Iterator[Values]:
    """The values of a log, while its engine is open."""
    run = start([str(path)], Options(labels=named, fast=fast))
    with run:
        survey = run.survey = Survey(bounds_of(run.ruleset, settings_of(()), 2e9), run.options.labels)
        if not fast:
            everything(run)
            yield survey.values
            return
        with opened(run) as large:
            # survey_all calls it; here it stands alone.
            survey_values.fill(large.reading, survey)
            yield survey.values


def told(values: Values) -> dict[str, Any]:
    """All that is known of the values, as plain data."""
    every = [*((f"{name.kind} {name.name}", one, values.places(name)) for name, one in values)]
    every.append(("series", values.series, []))
    return {
        "more": values.more_labels,
        **{
            name: (one.level, one.lines, {key: kept.n for key, kept in one.kept.items()}, places)
            for name, one, places in every
        },
    }


def write(path: Path, rows: list[str]) -> Path:
    """A log of so many lines that a part of its own is proven, not parsed with other small ones."""
    path.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def both(path: Path, named: tuple[str, ...] = ()) -> dict[str, Any]:
    """What both engines make of a log, which must be the same."""
    with surveyed(path, named, fast=False) as one:
        careful = told(one)
    with surveyed(path, named, fast=True) as other:
        assert other.finders, "no part was proven: the queries were not asked"
        assert told(other) == careful
    return careful


@pytest.fixture(autouse=True)
def _parts_are_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    # Small files are parsed into a shared part; here each shall be asked by queries.
    monkeypatch.setattr("attrib.analysis.reading.SMALL", 0)


@pytest.fixture(params=["by set", "by value"])
def _plan(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "by value":
        monkeypatch.setattr(labels, "FEW", 0)


ODD = [
    1.5, 12, -3, 0, 1.10, 5.0, 100000.0, True, False, None, "", "-", "a", "é", 'q"\\x', "x/y", "a" * 300,
    10**20, 2**63, 0.0001, 0.00001, 1e16, -0.0, [1], {"a": 1}, "1.50", "true", "null", "\u0000", "…", "👨‍👩‍👧", " a ",
]  # fmt: skip


@pytest.mark.usefixtures("_plan")
def test_values_of_every_sort_are_the_same_text_for_both(tmp_path: Path) -> None:
    rows = [line(n, labels={"odd": value, "n": n % 3}, mine=value) for n, value in enumerate(ODD * 3)]
    found = both(write(tmp_path / "a.jsonl", rows), ("mine",))
    assert found["label n"][1] == len(rows)
    assert found["label odd"][2] == found["field mine"][2]


@pytest.mark.usefixtures("_plan")
def test_plain_numbers_need_no_second_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survey_values, "_by_line", None)
    usual = [1.5, 12, -3, 0, 5.0, 0.0001, True, None, "", "-", "a", "é", 'q"\\x', "a" * 300, "1.50", -0.5, 123456.75]
    both(write(tmp_path / "a.jsonl", [line(n, labels={"v": value}) for n, value in enumerate(usual * 3)]))


@pytest.mark.usefixtures("_plan")
def test_labels_that_only_the_parser_can_judge(tmp_path: Path) -> None:
    rows = [line(n, labels={"a": str(n % 2)}) for n in range(20)]
    rows += [
        line(20, labels="none"),
        line(21, labels=[1]),
        line(22)[:-1] + ', "labels": {"a": 1, "a": 2}}',
        line(23)[:-1] + ', "\\u006cabels": {"a": "\\u0062"}}',
        line(24)[:-1] + ', "labels": {"a\\u0000b": "c"}}',
    ]
    found = both(write(tmp_path / "a.jsonl", rows))
    assert found["label a"][1] == 22


@pytest.mark.usefixtures("_plan")
def test_lines_of_other_programs_have_no_labels(tmp_path: Path) -> None:
    rows = [line(n, labels={"a": n}) for n in range(20)]
    rows[5] = json.dumps({"labels": {"a": "not ours"}, "msg": "x"})
    rows[6] = ""
    assert both(write(tmp_path / "a.jsonl", rows))["label a"][1] == 18


@pytest.mark.usefixtures("_plan")
def test_above_the_bound_both_keep_the_same_values(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sketch.Sketch.__init__, "__defaults__", (50, sketch.hash_of))
    rows = [line(n, function=f"fn-{n % 700}", labels={"user": f"u{n}", "few": n % 7}) for n in range(3000)]
    found = both(write(tmp_path / "a.jsonl", rows))
    level, lines, kept, _ = found["label user"]
    assert level >= 6
    assert lines == 3000
    assert len(kept) <= 50
    assert found["label few"][0] == 0


def test_what_a_query_brings_does_not_grow_with_the_values(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The structural half of the memory bound at 20 million lines (benchmarks/README.md has the measured one)."""
    bound, lines = 50, 6000
    monkeypatch.setattr(labels, "FEW", 0)
    monkeypatch.setattr(sketch.Sketch.__init__, "__defaults__", (bound, sketch.hash_of))
    brought: list[object] = []

    def noted(query: Callable[..., Iterator[object]]) -> Callable[..., list[object]]:
        def asked(*args: object) -> list[object]:
            rows = list(query(*args))
            brought.extend(rows)
            return rows

        return asked

    for query in (labels.sampled, labels.series):
        monkeypatch.setattr(labels, query.__name__, noted(query))
    rows = [line(n, labels={"user": f"u{n}", "few": n % 7}) for n in range(lines)]
    with surveyed(write(tmp_path / "a.jsonl", rows), (), fast=True) as values:
        assert values.series.lines == lines
    # Two to four times the bound of each, within the chance of the hash, and the guess's error.
    assert len(brought) <= 2 * 6 * bound + 7 + 1


def test_a_bad_guess_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labels, "FEW", 0)
    monkeypatch.setattr(sketch.Sketch.__init__, "__defaults__", (50, sketch.hash_of))
    monkeypatch.setattr(labels, "level_of", lambda *_: labels.Level(9))
    rows = [line(n, labels={"user": f"u{n}", "few": n % 7}) for n in range(3000)]
    both(write(tmp_path / "a.jsonl", rows))


@pytest.mark.usefixtures("_plan")
def test_the_first_labels_by_name_are_counted(tmp_path: Path) -> None:
    many = distinct.MOST_LABELS + 20
    rows = [line(n, labels={f"l{n * 7 % many:03}": n, f"l{n % many:03}": 1}) for n in range(2 * many)]
    found = both(write(tmp_path / "a.jsonl", rows))
    assert found["more"]
    assert "label l063" in found
    assert "label l064" not in found


def test_fields_are_counted_whatever_recurs(tmp_path: Path) -> None:
    # An id that recurs makes the groups be asked again without its lines.
    rows = [line(n // 2, at=n, stage=f"s{n % 5}", error_code=["E", None, "-", ""][n % 4]) for n in range(400)]
    found = both(write(tmp_path / "a.jsonl", rows))
    assert found["field stage"][1] == 400
    assert found["field error_code"][2] == {"E": 100}


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
)  # fmt: skip


@given(st.lists(st.dictionaries(st.text(max_size=3), SCALARS, max_size=3), min_size=1, max_size=30), st.booleans())
def test_any_labels(tmp_path_factory: pytest.TempPathFactory, sets: list[dict[str, Any]], few: bool) -> None:
    path = tmp_path_factory.mktemp("any") / "a.jsonl"
    write(path, [line(n, labels=one, mine=next(iter(one.values()), None)) for n, one in enumerate(sets)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(labels, "FEW", 0 if few else 200_000)
        both(path, ("mine",))


def test_a_finding_can_name_lines_of_both_sorts_of_parts(tmp_path: Path) -> None:
    rows = [line(n, labels={"user": f"u{n}"}) for n in range(100)]
    path = write(tmp_path / "a.jsonl", rows)
    with surveyed(path, (), fast=True) as values:
        assert len(values.places(Name("label", "user"))) == PLACED
        assert values.places(Name("label", "user"), lambda text: text == "u70") == [(0, 71)]
