"""Reading a bundle: the zip that `attrib analyze --bundle` writes. Nothing of it is ever put on disk.

A bundle is hostile until proven: names, sizes and digests are checked before a member is believed. What a digest
proves is that no member was changed by accident or alone; who can write all of the file can write new digests, so a
bundle that must stand against that is kept with the digest of the whole file (docs/bundles.md).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple

from attrib.errors import InputError, UsageError

SCHEMA: Final = "attrib.bundle/1"
MANIFEST: Final = "manifest.json"
REPORT: Final = "report.json"
RECORDS: Final = "records.jsonl"
FIGURES: Final = "figures.json"
FACTS: Final = "facts.json"
README: Final = "README.txt"
CONFIG: Final = "attrib.toml"
PACKS: Final = "packs/"

MOST_MEMBERS: Final = 64
MOST_MEMBER: Final = 128 * 1024 * 1024
"""Bytes of one member, unpacked."""
MOST_BYTES: Final = 256 * 1024 * 1024
"""Bytes of all members, unpacked."""
_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}(/[A-Za-z0-9_][A-Za-z0-9._-]{0,99}){0,3}")
_TAIL: Final = 16_384
"""Bytes at the end of a file that hold its directory."""
_DIGITS: Final = 18
"""Of an integer: more are no count of anything."""
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


class CitedRecord(NamedTuple):
    """One record of a bundle. Grain: one per record; a line that holds several has several."""

    file: str
    """The log, as it was named."""
    line: int
    request: int | None
    """Number of its request in this bundle; null: no usable request id, it stands alone."""
    cited: bool
    """The report names this line; false: it belongs to the request of one that is named."""
    sha256: str
    """Of `text` in UTF-8."""
    text: str
    """The record as one canonical M1 line, redacted as the bundle's manifest says."""


@dataclass(frozen=True)
class Bundle:
    """A bundle whose members all have the digests that its manifest gives. Raises InputError where they are read."""

    path: str
    manifest: dict[str, Any]
    members: dict[str, bytes]

    @property
    def redacted(self) -> bool:
        """Whether secrets and personal data were taken out when it was written."""
        return bool(self.manifest.get("redacted"))

    @property
    def report_text(self) -> str:
        """The report, as JSON."""
        return self._text(REPORT)

    @property
    def packs(self) -> list[tuple[str, str]]:
        """(name as in the report, TOML text) of the rule packs, in the order used."""
        return [(str(pack["name"]), self._text(str(pack["member"]))) for pack in self.manifest["packs"]]

    @property
    def config(self) -> str | None:
        """Text of the configuration file; None: none was used."""
        return self._text(CONFIG) if CONFIG in self.members else None

    @cached_property
    def figures(self) -> dict[str, Any] | None:
        """What `compare` reads: counts and latency histograms; None where the bundle has none."""
        return self._proven(FIGURES, "Figures") if FIGURES in self.members else None

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What judging one request needs to know of the whole log."""
        return self._proven(FACTS, "Facts")

    @cached_property
    def records(self) -> tuple[CitedRecord, ...]:
        """The cited records and those of the same requests, in the order of the logs; each one's digest is checked."""
        return tuple(self._records())

    def _records(self) -> Iterator[CitedRecord]:
        for number, data in enumerate(self.members.get(RECORDS, b"").splitlines(), 1):
            where = f"{RECORDS}:{number}"
            entry = self._object(data, where)
            try:
                record = CitedRecord(
                    str(entry["file"]), int(entry["line"]), entry["request"], bool(entry["cited"]),
                    str(entry["sha256"]), str(entry["record"]),
                )  # fmt: skip
            except (KeyError, TypeError, ValueError):
                raise self._damaged(f"{where} is no record of a bundle") from None
            if digest(record.text.encode("utf-8", "surrogatepass")) != record.sha256:
                raise self._damaged(f"the record of {record.file}:{record.line} was changed: its sha256 is another")
            yield record

    def _proven(self, member: str, model: str) -> dict[str, Any]:
        from pydantic import ValidationError

        from attrib.reports import bundle_model
        from attrib.reports.model_base import Model

        kind: type[Model] = getattr(bundle_model, model)
        try:
            return kind.model_validate(self._object(self.members.get(member, b"{}"), member)).model_dump()
        except ValidationError:
            raise self._damaged(f"{member} has not the shape of a bundle's") from None

    def _object(self, data: bytes, where: str) -> dict[str, Any]:
        try:
            value = loads(data)
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            raise self._damaged(f"{where} is no JSON object")
        return value

    def _text(self, name: str) -> str:
        try:
            return self.members[name].decode("utf-8")
        except KeyError:
            raise self._damaged(f"{name} is missing") from None
        except UnicodeDecodeError:
            raise self._damaged(f"{name} is not UTF-8") from None

    def _damaged(self, what: str) -> InputError:
        return InputError(f"{self.path}: {what}.")


def loads(data: bytes | str) -> Any:
    """Strict JSON: no NaN, and no number that arithmetic would choke on. Raises ValueError or RecursionError."""
    return json.loads(data, parse_int=_integer, parse_float=_float, parse_constant=_refused)


def _integer(text: str) -> int:
    return int(text) if len(text) <= _DIGITS else _refused(text)


def _float(text: str) -> float:
    value = float(text)
    return value if math.isfinite(value) else _refused(text)


def _refused(text: str) -> Any:
    raise ValueError(text[:_DIGITS])


def digest(data: bytes) -> str:
    """sha256 as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def open_bundle(path: str, head: bytes) -> Bundle | None:
    """The bundle that a zip file is; None: another program's zip. `head`: the first bytes of the file.

    Raises InputError for a damaged, cut, changed or hostile bundle, UsageError for one that a later version wrote.
    """
    ours = _names_ours(path, head)
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if MANIFEST not in names:
                if ours:
                    raise InputError(f"{path}: a bundle whose manifest is gone; it was changed.")
                return None
            return _opened(path, archive)
    except (zipfile.BadZipFile, NotImplementedError, zlib.error, EOFError, RuntimeError, ValueError, OSError) as error:
        if not ours:
            return None
        raise InputError(f"{path}: a bundle that is cut or damaged: {error}.") from None


def _names_ours(path: str, head: bytes) -> bool:
    """Whether a zip says that it is a bundle, also one that is damaged.

    The manifest is written first and not packed: it shows even where the end is lost. One that another tool packed
    again names its members at its end.
    """
    if b"attrib.bundle/" in head:
        return True
    with contextlib.suppress(OSError), Path(path).open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
        tail = file.read(_TAIL)
        return all(name.encode() in tail for name in (MANIFEST, REPORT, RECORDS))
    return False


def _opened(path: str, archive: zipfile.ZipFile) -> Bundle | None:
    infos = {info.filename: info for info in archive.infolist()}
    manifest = _manifest(path, _read(path, archive, infos[MANIFEST]))
    if manifest is None:
        return None
    _plausible(path, archive.infolist())
    promised = {entry["name"]: entry for entry in manifest["members"]}
    if extra := sorted(infos.keys() - promised.keys() - {MANIFEST}):
        raise InputError(f"{path}: holds {len(extra)} members that its manifest does not name; it was changed.")
    members: dict[str, bytes] = {}
    for name, entry in promised.items():
        if name not in infos:
            raise InputError(f"{path}: {name} is missing; the bundle was changed.")
        members[name] = _read(path, archive, infos[name])
        if digest(members[name]) != entry["sha256"]:
            raise InputError(f"{path}: {name} was changed: its sha256 is not the one of the manifest.")
    return Bundle(path, manifest, members)


def _manifest(path: str, data: bytes) -> dict[str, Any] | None:
    """The manifest, its shape proven; None: no manifest of ours."""
    try:
        value = loads(data)
    except (ValueError, RecursionError):
        return None
    manifest: dict[str, Any] = value if isinstance(value, dict) else {}
    schema = manifest.get("schema")
    if not isinstance(schema, str) or not schema.startswith("attrib.bundle/"):
        return None
    if schema != SCHEMA:
        raise UsageError(
            f"{path}: a later version of attrib wrote it ({schema}; this one reads {SCHEMA}). Update attrib."
        )
    members, packs = manifest.get("members"), manifest.get("packs")
    sound = (
        isinstance(members, list)
        and all(isinstance(one, dict) and _is_member(one) for one in members)
        and isinstance(packs, list)
        and all(
            isinstance(one, dict) and isinstance(one.get("name"), str) and one.get("member") in _names(members)
            for one in packs
        )
    )
    if not sound or len({one["name"] for one in members or ()}) != len(members or ()):
        raise InputError(f"{path}: its manifest is damaged.")
    return manifest


def _names(members: list[dict[str, Any]]) -> set[str]:
    return {one["name"] for one in members}


def _is_member(entry: dict[str, Any]) -> bool:
    name, sha256 = entry.get("name"), entry.get("sha256")
    return (
        isinstance(name, str) and name != MANIFEST and _NAME.fullmatch(name) is not None
        and isinstance(sha256, str) and _SHA256.fullmatch(sha256) is not None
    )  # fmt: skip


def _plausible(path: str, infos: list[zipfile.ZipInfo]) -> None:
    """Raises InputError for a zip that no bundle can be, before anything of it is unpacked."""
    if len(infos) > MOST_MEMBERS or len({info.filename for info in infos}) != len(infos):
        raise InputError(f"{path}: has too many members, or two of one name; that is no bundle.")
    if any(_NAME.fullmatch(info.filename) is None for info in infos):
        raise InputError(f"{path}: a member's name is no name of a bundle's member; it was changed.")
    if sum(info.file_size for info in infos) > MOST_BYTES:
        raise InputError(f"{path}: unpacks to more than {MOST_BYTES >> 20} MiB; that is no bundle.")


def _read(path: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if info.file_size > MOST_MEMBER:
        raise InputError(f"{path}: {info.filename} unpacks to more than {MOST_MEMBER >> 20} MiB; that is no bundle.")
    if info.flag_bits & 0x1:
        raise InputError(f"{path}: encrypted; unpack it and zip it again without a password.")
    # The library stops at the size that the directory states, whatever the packed bytes would unpack to.
    with archive.open(info) as member:
        return member.read(MOST_MEMBER + 1)
