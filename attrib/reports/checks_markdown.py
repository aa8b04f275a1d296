"""Findings as Markdown (GitHub's), for a ticket or the summary of a build: every finding with every detail."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from attrib.reports.checks_story import WIDE, story
from attrib.reports.markdown import draw
from attrib.reports.view import View

TITLE: Final = "What the logs can prove, and what they give away"


def render(report: dict[str, Any], view: View) -> str:
    """The whole report, whatever the view says of details; ends with a line end."""
    return draw(story(report, replace(view, verbose=True, width=WIDE)), view, TITLE)
