"""Runs the whole program twice over the same bytes, line by line and inside the engine, and compares all it says."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from attrib import pipeline
from attrib.analysis import cut, reading, watch
from attrib.analysis.incidents import Look
from attrib.analysis.leftover import Leftover
from attrib.analysis.run import Run
from attrib.analysis.span import Limits
from attrib.analysis.tally import Tally
from attrib.engines import shape
from attrib.engines.fast import Unproven
from attrib.incidents.buckets import Buckets
from attrib.incidents.find import Found, settings_of
from attrib.incidents.scene import Frame, Scene, Zone
from attrib.options import Options
from attrib.parties import Parties
from attrib.pipeline import Outcome

SAMPLED = 4
"""Lines that the tests let a sample have, so that "late in the file" needs no long file."""

MANY = 4
"""Files of a run beyond which there is no second look."""


def _refuse(*_: object) -> None:
    raise Unproven("so that the fallback is taken")


def as_is(patch: pytest.MonkeyPatch) -> None:
    """The file in one go, where it is clean."""


def in_parts(patch: pytest.MonkeyPatch) -> None:
    """Clean files are cut as well, into parts of a few lines."""
    patch.setattr(reading, "_whole", lambda *_: False)
    patch.setattr(watch, "BLOCK_SIZE", 512)
    patch.setattr(cut, "PART", 1024)


def general(patch: pytest.MonkeyPatch) -> None:
    """No sample is believed: every text column is read."""
    patch.setattr("attrib.analysis.pieces.shape_of", lambda block: shape.general(shape.shape_of(block)))


def canonical(patch: pytest.MonkeyPatch) -> None:
    """Nothing is proven as it lies: every part is parsed and written again."""
    in_parts(patch)
    patch.setattr(reading, "_settle", _refuse)


def together(patch: pytest.MonkeyPatch) -> None:
    """Small files are put together, as by default."""
    patch.setattr(reading, "SMALL", 512 * 1024)


Route = Callable[[pytest.MonkeyPatch], None]
ROUTES: tuple[Route, ...] = (as_is, in_parts, general, canonical, together)


def frames(buckets: Buckets) -> list[Frame]:
    """Frames of scenes over whatever a log holds: parts of its time, all of it, and calls of others."""
    minutes = sorted({minute for minute, _ in buckets.counts if minute is not None}) or [0]
    names = sorted(buckets.functions(), key=str)
    upstreams = [None, *sorted({kind.upstream for _, kind in buckets.counts if kind.upstream is not None})]
    middle = minutes[len(minutes) // 2]
    late, early = Zone(middle, minutes[-1]), Zone(minutes[0], middle)
    return [
        Frame(dict.fromkeys(names[:1], late), dict.fromkeys(names[:1], (early,)), upstreams[len(upstreams) // 2], late),
        Frame(dict.fromkeys(names[1:], early), {name: (late, Zone(middle, middle)) for name in names[2:]}, None, early),
        Frame(dict.fromkeys(names, Zone(None, None)), {}, None, Zone(None, None)),
        Frame({}, {}, upstreams[-1]),
    ]


def seen(run: Run, buckets: Buckets, look: Look) -> dict[str, Any]:
    """What a second look at the input shows: scenes with the places of their examples, and single failures.

    At many files in one run it is left out: their lines are looked at in runs of their own, and it costs more than all
    the rest.
    """
    if len(run.sources) > MANY:
        return {"buckets": buckets.counts}
    scenes = [Scene(frame) for frame in frames(buckets)]
    look.fill(scenes)
    wanted = [example for scene in scenes for sight in scene.sights.values() for example in sight.examples]
    places = look.place([example for example in wanted if example.file < 0])
    for scene in scenes:
        for sight in scene.sights.values():
            sight.examples = sorted(places.get(example, example) for example in sight.examples)
    leftover = Leftover(Found([], buckets, settings_of(run.ruleset.parameters)))
    return {
        "buckets": buckets.counts,
        "scenes": [(scene.sights, scene.sampled) for scene in scenes],
        "singles": sorted(look.singles(leftover), key=repr),
    }


def told(paths: list[str], fast: bool, rejects: Path, **options: Any) -> dict[str, Any]:
    """Everything a run says: report, exit code, rejects, and what its report is made from."""
    chosen = Options(fast=fast, rejects=str(rejects), **options)
    made: dict[str, Any] = {}
    tell = pipeline._told

    def spy(
        run: Run, tally: Tally, parties: Parties, limits: Limits, buckets: Buckets, look: Look, *more: Any
    ) -> Outcome:
        made.update(seen(run, buckets, look))
        return tell(run, tally, parties, limits, buckets, look, *more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "_told", spy)
        outcome = pipeline.analyze(paths, chosen)
    return {
        "exit": (outcome.exit_code, outcome.message),
        "report": outcome.report,
        "rejects": rejects.read_bytes().splitlines(),
        **made,
    }


def write(folder: Path, *contents: bytes, packed: bool = False) -> list[str]:
    """One file per content, none left of a run before."""
    for old in folder.iterdir():
        old.unlink()
    paths = [folder / f"{number}.jsonl" for number in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(gzip.compress(content) if packed else content)
    return [str(path) for path in paths]


def assert_agree(folder: Path, *contents: bytes, routes: tuple[Route, ...] = ROUTES, **options: Any) -> dict[str, Any]:
    """Both paths say the same of these files by every route, plain and packed. Returns what they say."""
    logs = folder / "logs"
    logs.mkdir(exist_ok=True)
    rejects = folder / "rejects.jsonl"
    careful = told(write(logs, *contents), False, rejects, **options)
    runs = [(route, False) for route in routes] + ([(as_is, True)] if len(contents) == 1 else [])
    for route, packed in runs:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(reading, "SMALL", 0)
            patch.setattr(shape, "SAMPLE_LINES", SAMPLED)
            route(patch)
            fast = told(write(logs, *contents, packed=packed), True, rejects, **options)
        assert fast == careful, f"{route.__name__}{', packed' if packed else ''}"
    return careful


def encode(*lines: dict[str, Any]) -> list[bytes]:
    return [json.dumps(line).encode() for line in lines]
