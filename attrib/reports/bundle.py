"""Writing a bundle: a zip of a report and what proves it, the same bytes on every run.

Members are stored and not packed, in one order and with one time stamp, so that neither a library's version nor the
clock changes a byte. All that comes from a log is redacted first, as in every output.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from attrib.errors import UsageError
from attrib.reports import jsondoc
from attrib.reports.bundle_reading import (
    CONFIG,
    FACTS,
    FIGURES,
    MANIFEST,
    MOST_BYTES,
    MOST_MEMBER,
    PACKS,
    README,
    RECORDS,
    REPORT,
    SCHEMA,
    digest,
)
from attrib.reports.bundle_readme import readme
from attrib.reports.view import View

_TIME: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can state."""
_MODE: Final = 0o100644 << 16


class Entry(NamedTuple):
    """One record to be put in. Grain: one per record."""

    file: str
    line: int
    request: int | None
    """Number of its request; null: it has no usable request id."""
    cited: bool
    """The report names its line."""
    fields: dict[str, Any]
    """The record as an M1 line."""


@dataclass(frozen=True)
class Contents:
    """What a bundle holds beside the report."""

    records: Sequence[Entry] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What judging single requests needs to know of the whole log (attrib.bundling)."""
    packs: Sequence[tuple[str, str]] = ()
    """(name, TOML text) of the rule packs, in order."""
    config: str | None = None
    """Text of the configuration file."""
    figures: Mapping[str, Any] | None = None
    """What `attrib compare` reads (attrib.comparing)."""


def render(report: dict[str, Any], contents: Contents, view: View) -> bytes:
    """The bundle's bytes. Raises UsageError where it would be larger than one that is ever read."""
    display = view.display
    packs = [(f"{PACKS}{number:02d}.toml", name, text) for number, (name, text) in enumerate(contents.packs, 1)]
    members: dict[str, bytes] = {
        REPORT: jsondoc.render(report, view).encode(),
        RECORDS: "".join(_record(entry, view) for entry in contents.records).encode(),
        FACTS: _dumps(display.json(dict(contents.facts))),
    }
    if contents.figures is not None:
        members[FIGURES] = _dumps(display.json(dict(contents.figures)))
    members |= {member: text.encode() for member, _, text in packs}
    if contents.config is not None:
        members[CONFIG] = display.plain(contents.config).encode()
    members[README] = readme(report, contents.records, view).encode()
    manifest = {
        "schema": SCHEMA,
        "attrib_version": report["attrib_version"],
        "report_schema": report["schema"],
        "redacted": display.redact,
        "redaction": (
            "secrets, credentials, e-mail addresses and card and bank numbers are replaced by markers such as "
            "[redacted:jwt]; rule packs are as they were"
            if display.redact
            else "none: written with --no-redact"
        ),
        "records": {
            "cited": sum(entry.cited for entry in contents.records),
            "same_requests": sum(not entry.cited for entry in contents.records),
            "missing": contents.facts.get("missing", 0),
        },
        "packs": [{"name": name, "member": member} for member, name, _ in packs],
        "members": [
            {"name": name, "bytes": len(data), "sha256": digest(data)} for name, data in sorted(members.items())
        ],
    }
    if max(map(len, members.values())) > MOST_MEMBER or sum(map(len, members.values())) > MOST_BYTES:
        raise UsageError(
            f"--bundle: it would be larger than {MOST_BYTES >> 20} MiB; narrow it with --since and --until."
        )
    return _zip({MANIFEST: _dumps(manifest, indent=2), **dict(sorted(members.items()))})


def _record(entry: Entry, view: View) -> str:
    text = _line(view.display.json(entry.fields))
    row = {
        "file": entry.file,
        "line": entry.line,
        "request": entry.request,
        "cited": entry.cited,
        "sha256": digest(text.encode()),
        "record": text,
    }
    return _line(row) + "\n"


def _line(value: Any) -> str:
    """Canonical JSON: sorted keys, no spaces, ASCII only."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _dumps(value: Any, indent: int | None = None) -> bytes:
    return (json.dumps(value, indent=indent, allow_nan=False) + "\n").encode()


def _zip(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, _TIME)
            info.create_system, info.external_attr = 3, _MODE
            archive.writestr(info, data)
    return out.getvalue()
