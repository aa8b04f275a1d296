"""Where fields outside of the record stand first: their names are counted while reading, their places are looked up."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

import msgspec

from attrib.analysis.run import Run
from attrib.fields import RECORD_KEYS
from attrib.sources.find import Source
from attrib.sources.lines import Block, iter_blocks
from attrib.sources.open import open_source
from attrib.survey.survey import Survey

LOOKED_AT: Final = 16 * 1024 * 1024
"""Bytes at the beginning of each file: a field that is not in them is rare, and shown without a line."""
MOST: Final = 50
"""Names looked for, the most frequent first: no more findings of one check are shown."""
_DECODE: Final = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def find(run: Run, survey: Survey) -> None:
    """Fill `survey.unknown_fields`; standard input cannot be read again and has no places."""
    names, _ = run.accounts.unknown_fields()
    wanted = {name for name, _ in sorted(names.items(), key=lambda item: (-item[1], item[0]))[:MOST]}
    for index, (source, account) in enumerate(zip(run.sources, run.accounts.files, strict=True)):
        here = {name for name in account.unknown_fields if name in wanted}
        if here and source.kind == "file":
            for name, line in _first_lines(source, here).items():
                survey.unknown_fields.setdefault(name, (index, line))


def _first_lines(source: Source, names: Iterable[str]) -> dict[str, int]:
    """Name -> the first line of a file that has it, of those found."""
    # A name may be written with escapes or without.
    needles = {name: {json.dumps(name).encode(), json.dumps(name, ensure_ascii=False).encode("utf-8", "replace")}
               for name in names}  # fmt: skip
    found: dict[str, int] = {}
    with open_source(source) as stream:
        for block in iter_blocks(stream):
            if block.oversize is None:
                here = {name: some for name, some in needles.items() if any(one in block.data for one in some)}
                for name, line in _in_block(block, here).items():
                    found[name] = line
                    del needles[name]
            if not needles or block.offset > LOOKED_AT:
                break
    return found


def _in_block(block: Block, needles: dict[str, set[bytes]]) -> dict[str, int]:
    found: dict[str, int] = {}
    if not needles:
        return found
    for line in block:
        if not any(one in line.data for name, some in needles.items() if name not in found for one in some):
            continue
        try:
            keys = _DECODE(line.data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
        if any(key in keys for key in RECORD_KEYS):
            for name in needles:
                if name in keys:
                    found.setdefault(name, line.number)
    return found
