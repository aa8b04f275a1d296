"""What lines hold as text: the same whichever engine read them, and bounded in a flood."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attrib.analysis import survey_content
from attrib.analysis.run import Run
from attrib.checks.samples import line
from attrib.fields import KEYS
from attrib.options import Options
from attrib.survey.survey import Survey
from attrib.survey.types import USUAL
from benchmarks.labelled.content import TUNING, labelled
from tests.engines.both import as_is, write
from tests.engines.surveys import assert_same, surveyed


def told(survey: Survey, _: Run) -> Any:
    """All of it, but for how often the usual types are seen: the engine does not count these."""
    content = survey.content
    types = {}
    for key, files in content.types.by_key():
        for file, by_type in files.items():
            # The first type of the schema's is not counted where it comes late: such figures are lower bounds.
            late = USUAL[KEYS[key].kind][:1] if key in KEYS else ()
            uncounted = {min(by_type, key=lambda kind: by_type[kind].line), *late}
            types[key, file] = {
                kind: (seen.line, None if kind in uncounted else seen.n) for kind, seen in sorted(by_type.items())
            }
    hits = {tuple(where): (one.n, one.lines) for where, one in sorted(content.hits.items())}
    return hits, {key: kinds for key, kinds in types.items() if len(kinds) > 1}, content.flooded


def test_the_labelled_set_is_read_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survey_content, "HEAD", 10)
    rows = [one.line for one in labelled(TUNING)][::29]
    sound = [line(number).encode() for number in range(30)]
    hits, _, _ = assert_same(tmp_path, b"\n".join([*sound, *rows, *sound]) + b"\n", tell=told)
    assert len(hits) > 25


_values = st.sampled_from([
    {}, {"status": "500"}, {"status": 500.0}, {"status": "timeout"}, {"status": 700}, {"latency_ms": "12"},
    {"latency_ms": True}, {"ts": 1795183500}, {"service": 7}, {"service": ["x"]}, {"attempt": 1.0}, {"attempt": "1"},
    {"labels": []}, {"labels": {"a": {}}}, {"msg": "joe@example.com"}, {"error_code": None}, {"upstream": {"a": 1}},
    {"traceparent": 5}, {"version": 3}, {"level": 30},
])  # fmt: skip


@given(st.lists(_values, max_size=12), st.lists(_values, max_size=12))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_types_are_read_alike(tmp_path: Path, first: list[dict[str, Any]], second: list[dict[str, Any]]) -> None:
    usual: list[dict[str, Any]] = [{}] * 230
    texts = [
        "".join(line(number, **fields) + "\n" for number, fields in enumerate(rows))
        for rows in (usual + first, second + usual)
    ]
    assert_same(tmp_path, *(text.encode() for text in texts), tell=told, routes=(as_is,))


def test_a_flood_is_counted_and_hides_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("attrib.analysis.reading.SMALL", 0)
    monkeypatch.setattr(survey_content, "FLOOD", 50)
    monkeypatch.setattr(survey_content, "HEAD", 10)
    token = "ghp" + "_" + "q8sT1vW4yZ" * 4
    rows = [line(n, user=f"u{n}@example.com", note=token if n == 1999 else "") for n in range(2000)]
    survey, _ = surveyed(write(tmp_path, ("\n".join(rows) + "\n").encode()), Options(fast=True))
    hits = {(where.kind, where.field): (one.n, one.lines) for where, one in survey.content.hits.items()}
    assert hits == {("email", "user"): (61, [1, 2, 3]), ("github-token", "note"): (1, [2000])}
    assert survey.content.flooded == {"mail"}


@pytest.mark.parametrize("threads", [1, 3])
def test_a_flood_is_cut_at_the_same_line_by_any_number_of_threads(
    threads: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("attrib.analysis.reading.SMALL", 0)
    monkeypatch.setattr("attrib.engines.lines.CHUNK", 4096)
    monkeypatch.setattr(survey_content, "FLOOD", 20)
    monkeypatch.setattr(survey_content, "HEAD", 5)
    rows = [line(n, user=f"u{n}@example.com", client="8.8.8.8" if n % 9 == 0 else "") for n in range(900)]
    options = Options(fast=True, threads=threads)
    survey, _ = surveyed(write(tmp_path, ("\n".join(rows) + "\n").encode()), options)
    hits = {(where.kind, where.field): one.n for where, one in survey.content.hits.items()}
    assert hits == {("email", "user"): 59, ("ip", "client"): 35}
    assert survey.content.flooded == {"mail", "network"}


def test_the_first_usual_line_is_found_behind_the_head(tmp_path: Path) -> None:
    rows: list[str] = [
        line(n, **({"service": "shop"} if n > 400 else {"service": 7} if n > 300 else {})) for n in range(500)
    ]
    assert json.loads(rows[401])["service"] == "shop"
    _, types, _ = assert_same(tmp_path, ("\n".join(rows) + "\n").encode(), tell=told, routes=(as_is,))
    assert types == {("service", 0): {"integer": (302, None), "text": (402, None)}}
