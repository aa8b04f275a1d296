"""What a post-mortem still lacks: the stop rule as a gate, action items that can be done, fields left open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from attrib.errors import InputError
from attrib.reports.lint.tables import Outline, Row, Table, outline
from attrib.reports.lint.words import folded, measurable, no_change, open_fields, says_nothing

LARGEST: Final = 16 * 1024 * 1024
"""Bytes of a document."""
GATE: Final = "Changes to data, schema or meaning"
_GATE: Final = re.compile(r"changes?.*\b(?:data|schema|meaning)\b", re.IGNORECASE)
_ACTIONS: Final = re.compile(r"\baction(?: item)?s?\b", re.IGNORECASE)
_NAMED: Final = 60
"""Characters of a change or an action that a message repeats."""
_GATE_COLUMNS: Final = (("change",), ("replayplan", "replay"), ("rollback",))
EMPTY_GATE: Final = "| Change | Replay plan | Rollback |"


class Finding(NamedTuple):
    """Something that a document lacks. Grain: one per cell, or per field left open."""

    file: str
    line: int
    text: str
    """What is wrong, and what to do. It may hold the document's own text, still raw."""
    fails: bool
    """False: a field that is open, which fails with --strict only."""


def name_of(file: str) -> str:
    """As messages name it."""
    return "<stdin>" if file == "-" else file


def read(file: str, stdin: BinaryIO) -> str:
    """A document as text: UTF-8, or UTF-16 with a mark, as some shells write it. Raises InputError."""
    try:
        if file == "-":
            data = stdin.read(LARGEST + 1)
        else:
            with Path(file).open("rb") as opened:
                data = opened.read(LARGEST + 1)
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {(error.strerror or str(error)).lower()}") from None
    except ValueError:
        raise InputError(f"{file}: no name of a file") from None
    if len(data) > LARGEST:
        raise InputError(f"{name_of(file)}: over {LARGEST >> 20} MiB; no post-mortem is")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "replace")


def lint(text: str, file: str) -> list[Finding]:
    """Everything that a document lacks, in the order of its lines."""
    found = outline(text)
    told = [*_gate(found, file), *_actions(found, file), *_open(found, file)]
    return sorted(told, key=lambda one: (one.line, one.text))


def _gate(found: Outline, file: str) -> Iterator[Finding]:
    """Each listed change has a replay plan and a rollback; and the table for them is there."""
    tables = [table for table in found.tables if _is_gate(table)]
    if not tables:
        text = f"the table of changes is gone. Put it back, under the heading “{GATE}”: {EMPTY_GATE}"
        yield Finding(file, 1, text, fails=True)
    for table in tables:
        change, plan, back = (_column(table, *names) for names in _GATE_COLUMNS)
        for name, column in (("replay plan", plan), ("rollback", back)):
            if column is None:
                text = f"the table of changes has no column “{name}”. Add it: {EMPTY_GATE}"
                yield Finding(file, table.line, text, fails=True)
        for row in table.rows:
            yield from _change(row, change or 0, plan, back, file)
    for item in found.items:
        if _GATE.search(item.heading) and not no_change(item.text) and not says_nothing(item.text):
            text = f"{_quoted(item.text)} is listed as text. Write it as a row of the table of changes: {EMPTY_GATE}"
            yield Finding(file, item.line, text, fails=True)


def _is_gate(table: Table) -> bool:
    named = {folded(column) for column in table.columns}
    return {"replayplan", "rollback"} <= named or (
        _GATE.search(table.heading) is not None and bool({"change", "replayplan", "replay", "rollback"} & named)
    )


def _change(row: Row, change: int, plan: int | None, back: int | None, file: str) -> Iterator[Finding]:
    named = row.cells[change]
    others = [cell for position, cell in enumerate(row.cells) if position != change]
    if no_change(named) and all(says_nothing(cell) for cell in others):
        return
    yield from _lost(row, named, file)
    for name, column, how in (
        ("replay plan", plan, "how what happened meanwhile is done again on the changed data"),
        ("rollback", back, "how it is taken back, and until when it can be"),
    ):
        if column is not None and says_nothing(row.cells[column]):
            text = f"{_quoted(named, 'a change')} has no {name}. Write {how}, or do not make the change."
            yield Finding(file, row.line, text, fails=True)


def _actions(found: Outline, file: str) -> Iterator[Finding]:
    """Each action item has a number, a tool and an outcome that can be measured."""
    tables = [table for table in found.tables if _is_actions(table)]
    if not tables and not any(_is_gate(table) for table in found.tables):
        return
    rows = 0
    for table in tables:
        columns = {name: _column(table, *names) for name, names in _COLUMNS.items()}
        listed = [row for row in table.rows if not all(says_nothing(cell) for cell in row.cells)]
        rows += len(listed)
        missing = [name for name, column in columns.items() if column is None and name != "action"]
        if listed and missing:
            text = f"the table of action items has no column “{'”, “'.join(missing)}”. Add it, fill it for each."
            yield Finding(file, table.line, text, fails=True)
        seen: dict[str, int] = {}
        for row in listed:
            yield from _action(row, columns, seen, file)
    if not rows:
        line = tables[0].line if tables else 1
        yield Finding(file, line, "no action item is listed. Is there nothing to do?", fails=False)


_COLUMNS: Final = {
    "action": ("action", "actionitem", "actions", "actionitems", "massnahme", "what"),
    "number": ("number", "no", "nr", "num", "nummer", ""),
    "tool": ("tool", "tools", "werkzeug"),
    "measurable outcome": ("measurableoutcome", "outcome", "measure", "ergebnis", "messbaresergebnis"),
}
"""Column -> its names, folded. `#` folds to nothing."""


def _is_actions(table: Table) -> bool:
    if _is_gate(table):
        return False
    action = _column(table, *_COLUMNS["action"][:4])
    owned = {folded(column) for column in table.columns} & {"tool", "owner", "ticket", "measurableoutcome", "outcome"}
    return action is not None and (bool(owned) or _ACTIONS.search(table.heading) is not None)


def _action(row: Row, columns: dict[str, int | None], seen: dict[str, int], file: str) -> Iterator[Finding]:
    at = columns["action"] or 0
    named = _quoted(row.cells[at], "an action item")
    yield from _lost(row, row.cells[at], file)
    for name, how in (
        ("number", "Number it, so that it can be named"),
        ("tool", "Write what it is done with"),
        ("measurable outcome", "Write what can be counted when it is done"),
    ):
        column = columns[name]
        if column is None:
            continue
        cell = row.cells[column]
        if says_nothing(cell):
            yield Finding(file, row.line, f"{named} has no {name}. {how}.", fails=True)
        elif name == "measurable outcome" and not measurable(cell):
            text = f"the outcome of {named} cannot be measured: {_quoted(cell)}. Name a figure, such as “below 1 %”."
            yield Finding(file, row.line, text, fails=True)
        elif name == "number":
            first = seen.setdefault(folded(cell), row.line)
            if first != row.line:
                text = f"{named} has the number of line {first}. Give each its own."
                yield Finding(file, row.line, text, fails=False)


def _open(found: Outline, file: str) -> Iterator[Finding]:
    asked: dict[int, list[str]] = {}
    for line, text in found.texts:
        asked.setdefault(line, []).extend(open_fields(text))
    for line, fields in asked.items():
        if fields:
            yield Finding(file, line, f"still open: {'; '.join(fields)}", fails=False)


def _column(table: Table, *names: str) -> int | None:
    folded_columns = [folded(column) for column in table.columns]
    return next((folded_columns.index(name) for name in names if name in folded_columns), None)


def _quoted(text: str, empty: str = "it") -> str:
    short = text if len(text) <= _NAMED else f"{text[: _NAMED - 1]}…"
    return f"“{short}”" if short else empty


def _lost(row: Row, named: str, file: str) -> Iterator[Finding]:
    """A row with more cells than columns loses its last ones, and the others stand in the wrong column."""
    if row.typed > len(row.cells):
        text = f"the row of {_quoted(named, 'this line')} has {row.typed} cells for {len(row.cells)} columns"
        yield Finding(file, row.line, f"{text}. A bar inside of a cell is written \\|, in code too.", fails=True)
