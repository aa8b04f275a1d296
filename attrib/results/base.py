"""What the results of the Python interface have in common: a document, and how it is shown."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import UTC
from functools import cached_property
from pathlib import Path
from stat import S_ISFIFO
from typing import TYPE_CHECKING, Any

from attrib.errors import UsageError
from attrib.frames import Table, is_table
from attrib.options import Options

if TYPE_CHECKING:
    from attrib.reports.view import View

Inputs = list[str | Table]
"""Paths as typed, and tables as they were."""


class Result:
    """A document as the pipeline gives it, not redacted yet, and what it was made from."""

    def __init__(self, document: dict[str, Any], inputs: Inputs, options: Options) -> None:
        """Made by the functions of `attrib`."""
        self._document = document
        self._inputs = inputs
        self._options = options

    def to_json(self) -> str:
        """The document as `--to json` prints it."""
        from attrib.reports import jsondoc

        return jsondoc.render(self._document, self._view())

    @cached_property
    def _shown(self) -> Any:
        """The document as a reader may see it."""
        return self._view().display.json(self._document)

    def _view(self, width: int = 80, verbose: bool = False) -> View:
        return view_of(self._options, self._inputs, width, verbose=verbose)


def view_of(options: Options, inputs: Inputs, width: int = 80, *, verbose: bool = False) -> View:
    """How a result is shown: as on the command line, without colour."""
    from zoneinfo import ZoneInfo

    from attrib.reports.view import View
    from attrib.safe.display import Display

    zone = UTC if options.tz.upper() in ("UTC", "Z") else ZoneInfo(options.tz)
    # Commands are only suggested with the paths a shell would take: a table has none.
    logs = [source for source in inputs if isinstance(source, str)]
    typed = tuple(logs) if len(logs) == len(inputs) else ()
    return View(Display(options.redact), width, color=False, zone=zone, logs=typed, verbose=verbose)


def inputs_of(logs: Any) -> Inputs:
    """Paths as strings, and tables as they are. Raises UsageError for anything else."""
    return [source if isinstance(source, str) else Table(source) for source in _sources(logs)]


def _sources(logs: Any) -> list[Any]:
    if isinstance(logs, str | os.PathLike):
        return [os.fspath(logs)]
    if is_table(logs):
        return [logs]
    if isinstance(logs, Iterable) and not isinstance(logs, bytes | Mapping):
        return [source for one in logs for source in _sources(one)]
    raise UsageError(f"logs: a {type(logs).__name__} is neither a path nor a table nor a list of these.")


def refuse_pipes(inputs: Inputs, what: str) -> None:
    """Raises UsageError where an input cannot be read a second time."""
    for source in inputs:
        if isinstance(source, str) and (source == "-" or _is_pipe(source)):
            raise UsageError(f"{source} can be read only once; write the logs to a file for {what}.")


def _is_pipe(path: str) -> bool:
    try:
        return S_ISFIFO(Path(path).stat().st_mode)
    except (OSError, ValueError):
        return False
