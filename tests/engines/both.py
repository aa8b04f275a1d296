"""Runs the whole program twice over the same bytes, line by line and inside the engine, and compares all it says."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from attrib.analysis import cut, reading, watch
from attrib.engines import shape
from attrib.engines.fast import Unproven
from attrib.options import Options
from attrib.pipeline import analyze

SAMPLED = 4
"""Lines that the tests let a sample have, so that "late in the file" needs no long file."""


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


def told(paths: list[str], fast: bool, rejects: Path, **options: Any) -> dict[str, Any]:
    """Everything a run says: report, exit code and rejects."""
    chosen = Options(fast=fast, rejects=str(rejects), **options)
    outcome = analyze(paths, chosen)
    return {
        "exit": (outcome.exit_code, outcome.message),
        "report": outcome.report,
        "rejects": rejects.read_bytes().splitlines(),
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
