"""Findings as text for a terminal: errors and warnings first, info in a line each; `-v` shows all of it."""

from __future__ import annotations

from typing import Any

from attrib.reports.checks_story import story
from attrib.reports.text import draw
from attrib.reports.view import View


def render(report: dict[str, Any], view: View) -> str:
    """The whole report; ends with a line end. Same report and view, same text."""
    return draw(story(report, view), view)
