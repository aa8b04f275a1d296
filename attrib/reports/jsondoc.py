"""A report as one JSON document. Redacted like every output; otherwise nothing is lost or changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from attrib.reports.view import View
from attrib.safe.jsontext import dumps


def render(report: dict[str, Any], view: View) -> str:
    """The document, indented, in the report's own order (the contract's); ends with a line end."""
    return dumps(view.display.json(report), indent=2) + "\n"


def lines(rows: Iterable[dict[str, Any]], view: View) -> Iterator[str]:
    """JSON lines: one object a line, for rows of any number."""
    for row in rows:
        yield dumps(view.display.json(row)) + "\n"
