"""Telling by content whether an input is a report saved earlier, a bundle, or a log.

`report`, `explain` and `compare` call `saved_report` on each input before they read it as a log. A saved report is the
document of `attrib analyze --to json`; a bundle is what `attrib analyze --bundle` writes (bundle_reading.py).
"""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from attrib.errors import InputError, UsageError
from attrib.reports.bundle_reading import Bundle, loads, open_bundle

SCHEMA: Final = "attrib.report/1"
MOST_BYTES: Final = 128 * 1024 * 1024
"""Of a saved report. One of 200 incidents has about 3 MB; a larger document is no report."""
_HEAD: Final = 4096
_FIRST_KEY: Final = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"(?:schema"\s*:\s*"attrib\.|attrib_version"\s*:)')
"""How a report begins: `schema` comes first; a tool that sorts keys puts `attrib_version` there. No log line does."""
_SCHEMA: Final = re.compile(r"attrib\.([a-z]+)/(\d+)")


@dataclass(frozen=True)
class Saved:
    """A report saved earlier. Grain: one per input."""

    path: str
    """As named."""
    report: dict[str, Any]
    """The whole document in the shape of today's version: what an older one left out has its default."""
    bundle: Bundle | None = None
    """The records, rules and figures beside the report; None: it is a report alone."""


def saved_report(path: str) -> Saved | None:
    """The report that an input holds; None: it is a log, a folder, a glob, standard input or not there.

    Raises InputError for a report or bundle that is damaged, changed or too large, and UsageError for one that a later
    version wrote, or for another document of this program.
    """
    head = _head(path)
    if head.startswith(b"PK"):
        bundle = open_bundle(path, head)
        return None if bundle is None else Saved(path, _report(bundle.report_text, f"{path}: report.json"), bundle)
    if _FIRST_KEY.match(head) is None:
        return None
    document = _loaded(path)
    return None if document is None else Saved(path, _checked(document, path))


def _head(path: str) -> bytes:
    """The first bytes of a file; nothing of what is no ordinary file, for a pipe can be read only once."""
    try:
        if not stat.S_ISREG(Path(path).stat().st_mode):
            return b""
        with Path(path).open("rb") as file:
            return file.read(_HEAD)
    except (OSError, ValueError):
        return b""


def _loaded(path: str) -> dict[str, Any] | None:
    """The document; None where the file is a log after all: its first line is whole, and no document of ours."""
    try:
        with Path(path).open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}.") from None
    named = _SCHEMA.search(data[:_HEAD].decode("utf-8", "replace"))
    try:
        document = loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        if named is None:
            return None
        if len(data) > MOST_BYTES:
            raise InputError(f"{path}: too large for a saved report (over {MOST_BYTES >> 20} MiB).") from None
        raise InputError(f"{path}: a saved report that is cut or damaged; save it again with --to json.") from None
    if not isinstance(document, dict) or not isinstance(schema := document.get("schema"), str):
        return None
    return document if _SCHEMA.fullmatch(schema) else None


def _report(text: str, where: str) -> dict[str, Any]:
    try:
        document = loads(text)
    except (ValueError, RecursionError):
        raise InputError(f"{where}: not JSON; the bundle is damaged.") from None
    if not isinstance(document, dict):
        raise InputError(f"{where}: not a report; the bundle is damaged.")
    return _checked(document, where)


def _checked(document: dict[str, Any], where: str) -> dict[str, Any]:
    """The document, proven to have a report's shape: no renderer meets what it cannot read."""
    schema = str(document.get("schema"))
    if schema != SCHEMA:
        raise UsageError(f"{where}: {_what(schema)}")
    from pydantic import ValidationError  # 44 ms

    from attrib.reports.model import Report

    try:
        known = Report.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        at = ".".join(map(str, first["loc"]))
        raise InputError(f"{where}: not a whole report: {at}: {first['msg']}. Save it again with --to json.") from None
    return _filled(document, known.model_dump(mode="json", by_alias=True))


def _filled(given: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """What was given, with the defaults of what an older version left out; what is newer than the model stays."""
    whole = {**given, **{key: value for key, value in known.items() if key not in given}}
    whole["incidents"] = [
        {**one, **{key: value for key, value in other.items() if key not in one}}
        for one, other in zip(given["incidents"], known["incidents"], strict=True)
    ]
    return whole


def _what(schema: str) -> str:
    found = _SCHEMA.fullmatch(schema)
    if found is None:
        return f"no report of attrib (schema {schema})."
    name, number = found[1], int(found[2])
    if name == "report" and number > 1:
        return f"a later version of attrib saved it ({schema}; this one reads {SCHEMA}). Update attrib."
    return f"{schema} is no report; give the output of attrib analyze --to json, a bundle, or the logs."
