"""Surveys the same bytes twice, line by line and with the engine by every route, for tests of the parts of a survey."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from attrib import checking
from attrib.analysis import reading
from attrib.analysis.run import Run, start
from attrib.checks.catalogue import settings_of
from attrib.engines import shape
from attrib.options import Options
from attrib.survey.survey import Survey
from tests.engines.both import ROUTES, SAMPLED, Route, as_is, write

NOW = 1_795_183_500.0
"""2026-11-20T14:05Z."""


def surveyed(paths: list[str], options: Options, now: float = NOW) -> tuple[Survey, Run]:
    """The survey of one run, and the run."""
    run = start(paths, options)
    with run:
        bounds = checking.bounds_of(run.ruleset, settings_of(()), now)
        survey = run.survey = Survey(bounds, options.labels)
        with checking._read(run, survey):
            return survey, run


def assert_same(
    folder: Path,
    *contents: bytes,
    tell: Callable[[Survey, Run], Any],
    routes: tuple[Route, ...] = ROUTES,
    **options: Any,
) -> Any:
    """What `tell` says of the survey is the same by every route, plain and packed. Returns it."""
    logs = folder / "logs"
    logs.mkdir(exist_ok=True)
    careful = tell(*surveyed(write(logs, *contents), Options(fast=False, **options)))
    runs = [(route, False) for route in routes] + ([(as_is, True)] if len(contents) == 1 else [])
    for route, packed in runs:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(reading, "SMALL", 0)
            patch.setattr(shape, "SAMPLE_LINES", SAMPLED)
            route(patch)
            told = tell(*surveyed(write(logs, *contents, packed=packed), Options(fast=True, **options)))
        assert told == careful, f"{route.__name__}{', packed' if packed else ''}"
    return careful
