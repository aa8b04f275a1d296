"""The small timeline: true to its counts, as wide as there is room, and honest about marks."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrib.reports import timeline
from attrib.reports.view import View
from tests.reports import incident_samples as some


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=500), st.integers(1, 80), st.booleans())
def test_bars_show_nothing_as_nothing_and_the_most_as_the_most(counts: list[int], room: int, plain: bool) -> None:
    cells, per_cell = timeline.spark(counts, room, plain=plain)
    levels = timeline.LETTERS if plain else timeline.BLOCKS
    assert len(cells) == -(-len(counts) // per_cell) <= room
    for at, cell in enumerate(cells):
        part = counts[at * per_cell : (at + 1) * per_cell]
        assert (cell == levels[0]) == (not any(part))
        assert not any(part) or (cell == levels[-1]) >= (max(part) == max(counts))
    assert cells.isascii() or not plain


def drawn(marks: list[dict[str, Any]] | None = None, view: View | None = None, **more: Any) -> timeline.Timeline:
    return timeline.draw(some.vendor(**more), marks or [], view or View())


def mark(time: str, text: str = "deploy v42") -> dict[str, Any]:
    return {"time": f"2026-11-{time}Z", "text": text}


@pytest.mark.parametrize(
    ("time", "words"),
    [
        ("20T14:01:33", ', 38 s after "deploy v42"'),
        ("20T14:02:11", ', at "deploy v42"'),
        ("20T14:07:11", ', 5 min before "deploy v42"'),
        ("20T11:57:11", ', 2 h 5 min after "deploy v42"'),
        ("20T01:00:00", ""),
        ("19T14:00:00", ""),
    ],
)
def test_an_onset_is_told_from_the_nearest_mark(time: str, words: str) -> None:
    assert timeline.onset(some.vendor(), [mark(time)], View().zone) == f"onset 14:02:11{words}"


def test_marks_stand_beneath_their_minute() -> None:
    bars, carets = drawn([mark("20T13:52:00"), mark("20T14:28:59"), mark("20T15:28:59")], View(width=120)).rows
    assert carets.index("^") == bars.index("▁")
    assert carets.rindex("^") == bars.rindex("▁")
    assert drawn([mark("20T10:00:00")]).rows[1:] == ()


def test_what_does_not_fit_beside_goes_below() -> None:
    narrow = drawn([mark("20T14:01:33", "x" * 90)], View(width=60))
    assert "onset" not in narrow.rows[0]
    assert narrow.told[0].startswith('onset 14:02:11, 38 s after "xxx')
    assert len(narrow.told[0]) < 80


def test_without_a_timeline_the_onset_remains() -> None:
    assert drawn(timeline=None) == ((), ("onset 14:02:11",))
    assert drawn(timeline=None, onset=None) == ((), ())
    zero = {"start": "2026-11-20T13:52:00Z", "step_s": 60, "counts": [0, 0], "invocations": [1, 1]}
    assert drawn(timeline=zero).rows == ()


def test_days_are_named_where_there_are_several() -> None:
    long = {"start": "2026-11-19T23:00:00Z", "step_s": 3600, "counts": [1, 5, 9], "invocations": [9, 9, 9]}
    found = drawn(timeline=long, start="2026-11-19T23:00:00Z", view=View(verbose=True))
    assert found.rows[0].startswith("  11-19 23:00 ▂▅█ 11-20 02:00   onset 2026-11-20 14:02:11")
    assert found.told == ("peak 9 in 1 h from 2026-11-20 01:00:00",)


def test_ascii_where_the_encoding_has_no_blocks() -> None:
    assert [timeline.fits(name) for name in ("utf-8", "cp437", "ascii", "latin-1", "no such", None)] == [
        True, False, False, False, False, False
    ]  # fmt: skip
    assert drawn(view=View(ascii=True)).rows[0].isascii()


def test_times_at_the_calendar_ends_are_no_error() -> None:
    late = {"start": "9999-12-31T23:59:00Z", "step_s": 60, "counts": [1, 5], "invocations": [9, 9]}
    assert drawn(timeline=late).rows
