"""What the second look at a large input rests on: which minutes, which blocks, which times."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrib.analysis import ranges, reading, scenes, silence, watch
from attrib.analysis.large import opened
from attrib.analysis.pieces import Piece
from attrib.analysis.run import start
from attrib.analysis.stretches import ZONES, stretches_of
from attrib.engines.scenes import LAST
from attrib.incidents.buckets import Kind
from attrib.incidents.scene import Frame, Scene, Zone
from attrib.invocations.silence import newest_plausible
from attrib.options import Options

ZONE = st.one_of(
    st.just(Zone(None, None)), st.tuples(st.integers(0, 9), st.integers(0, 5)).map(lambda p: Zone(p[0], p[0] + p[1]))
)
NAMES = st.sampled_from(["f", "g", None])


@given(
    st.dictionaries(NAMES, ZONE),
    st.dictionaries(NAMES, st.lists(ZONE, max_size=3).map(tuple)),
    st.sampled_from([None, "up"]),
    ZONE,
)
def test_stretches_say_what_the_frame_says(
    during: dict[str | None, Zone], before: dict[str | None, tuple[Zone, ...]], upstream: str | None, whole: Zone
) -> None:
    frame = Frame(during, before, upstream, whole)
    kinds = [Kind(name, up, "2xx", False, True) for name in ("f", "g", "h", None) for up in ("up", "other", None)]
    stretches = list(stretches_of([Scene(frame)], kinds))
    for number, kind in enumerate(kinds):
        for minute in (*range(-1, 17), None):
            at = LAST if minute is None else minute
            found = [ZONES[s.zone] for s in stretches if s.kind == number and s.first <= at <= s.last]
            expected = frame.zone_of(kind.function, kind.upstream, minute)
            assert found == ([] if expected is None else [expected])


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 1439), st.integers(0, 59)), max_size=40), st.integers(0, 300)
)
def test_the_newest_time_is_the_same_from_minutes(times: list[tuple[int, int, int]], many: int) -> None:
    """Days far apart, and a block of many records somewhere."""
    all_times = [((day * 3 * 1440 + minute) * 60 + second) * 1_000_000 for day, minute, second in times]
    all_times += all_times[:1] * many
    minutes: dict[int, tuple[int, int, int]] = {}
    for t in all_times:
        n, first, last = minutes.get(t // 60_000_000, (0, t, t))
        minutes[t // 60_000_000] = n + 1, min(first, t), max(last, t)
    assert silence.newest_plausible(minutes.values()) == newest_plausible(all_times)


def line(number: int, **fields: object) -> bytes:
    ts = f"2026-11-20T{14 + number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}.000Z"
    usual = {"request_id": f"01968e4c-5f00-4abc-8def-{number:012}", "ts": ts, "function": "checkout", "status": 200}
    return json.dumps({**usual, "latency_ms": 20.5, "region": ("eu", "us")[number % 2], **fields}).encode() + b"\n"


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two hours, a line a second, in blocks of a few lines."""
    monkeypatch.setattr(reading, "SMALL", 0)
    monkeypatch.setattr(watch, "BLOCK_SIZE", 4096)
    path = tmp_path / "log.jsonl"
    path.write_bytes(b"".join(line(number) for number in range(7200)))
    return path


def scene_at(path: Path, first: int, last: int) -> Scene:
    """The scene of some minutes, counted from the first."""
    with start([str(path)], Options(fast=True)) as run, opened(run) as large:
        minute = min(minute for minute, _ in large.buckets.counts if minute is not None)
        frame = Frame({"checkout": Zone(minute + first, minute + last)}, {"checkout": (Zone(minute, minute),)})
        scene = Scene(frame)
        large.fill([scene])
        return scene


def test_only_the_blocks_around_are_read(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    copied = ranges.copied

    def spy(piece: Piece, blocks: list[int], target: str) -> str:
        path = copied(piece, blocks, target)
        sizes.append(Path(path).stat().st_size)
        return path

    monkeypatch.setattr(ranges, "copied", spy)
    scene = scene_at(log, 60, 61)
    assert {zone: sight.n for (zone, _), sight in scene.sights.items()} == {"during": 120, "before": 60}
    assert [sight.fields["cloud.region"] for sight in scene.sights.values()] == [
        {"eu": 60, "us": 60},
        {"eu": 30, "us": 30},
    ]
    assert len(sizes) == 1
    assert sizes[0] < log.stat().st_size / 20


def test_lines_elsewhere_are_found_all_the_same(log: Path) -> None:
    """A line that stands an hour off is counted, so all is read again."""
    with log.open("ab") as file:
        file.write(line(3600, request_id="01968e4c-5f00-4abc-8def-999999999999"))
    scene = scene_at(log, 60, 61)
    assert {zone: sight.n for (zone, _), sight in scene.sights.items()} == {"during": 121, "before": 60}


def test_too_much_is_sampled(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scenes, "MOST_BYTES", 100_000)
    scene = scene_at(log, 10, 100)
    assert scene.sampled
    (during,) = [sight for (zone, _), sight in scene.sights.items() if zone == "during"]
    assert 300 < during.n < 1000


def test_a_field_of_too_many_values_is_left_out(log: Path) -> None:
    log.write_bytes(b"".join(line(number, host=f"h{number}", pod=f"p{number % 900}") for number in range(1500)))
    scene = scene_at(log, 1, 24)
    assert {name for sight in scene.sights.values() for name in sight.fields} == {"cloud.region", "k8s.pod.name"}


def test_a_label_that_is_another_field_as_well(log: Path) -> None:
    with start([str(log)], Options(fast=True, labels=("function", "Region", "region"))) as run, opened(run) as large:
        scene = Scene(Frame({"checkout": Zone(None, None)}, {}))
        large.fill([scene])
    (sight,) = scene.sights.values()
    assert sight.n == 7200
    assert sight.fields["label.function"] == {"checkout": 7200}
    assert sight.fields["label.region"] == sight.fields["cloud.region"] == {"eu": 3600, "us": 3600}
