"""Proving that DuckDB's reading of one plain file of M1 lines is exact, line for line.

Nothing is taken on trust. The groups of a file stand only where two strict readers agree on every line: the validator
(msgspec) found no fault and counted the objects, DuckDB's strict reader found none and counted the same, and none of
the query's sanity flags is up. Otherwise `Unproven` says why, and the careful reader takes the file or part.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final

from attrib.engines import grouping, scan
from attrib.engines.connect import Engine, EngineRefused
from attrib.engines.grouping import Group
from attrib.engines.scan import Bounds, Shape
from attrib.fields import RECORD_KEYS

TimeRange = tuple[int | None, int | None]
"""(first, after last) in epoch microseconds; None: open."""


class Unproven(Exception):
    """The fast path is not exact for this file, or cannot be shown to be; no error, the careful reader takes over."""


@dataclass
class Proven:
    """A file or part whose groups are exact. Grain of `groups`: grouping.Group; skipped lines are not among them."""

    path: str
    shape: Shape
    table: str
    groups: list[Group]
    skipped: int


def prove(engine: Engine, path: str, shape: Shape, table: str, limits: TimeRange, objects: int) -> Proven:
    """Check the group table that `grouping.group_sql` made of `path` against what the validator saw.

    In a canonical file, which this program wrote, texts are texts and numbers numbers. Raises Unproven.
    """
    try:
        return _prove(engine, path, shape, table, limits, objects)
    except EngineRefused as refused:
        raise Unproven(str(refused)) from None


def _prove(engine: Engine, path: str, shape: Shape, table: str, limits: TimeRange, objects: int) -> Proven:
    groups = grouping.read_groups(engine, table, shape, limits != (None, None))
    counted = sum(group.n for group in groups)
    if counted != objects:
        raise Unproven(f"{counted} values in one reader, {objects} in the other")
    if not all(group.ordinary for group in groups):
        raise Unproven("keys, request ids or times that the query does not read")
    if shape.ours:
        return Proven(path, shape, table, groups, 0)
    if any(group.first is not None and group.first < _YEAR_2 for group in groups):
        raise Unproven("years that other calendars do not have")
    _no_disguise(engine, path, shape, groups)
    rest = [group for group in groups if not group.skipped]
    skipped = counted - sum(group.n for group in rest)
    if skipped:
        # Null and absent look alike to the reader; an object with a null function is a record, one without is not.
        seen, without = scan.lines_without_keys(engine, path, RECORD_KEYS)
        if seen != objects or without != skipped:
            raise Unproven("lines that may or may not be records")
    return Proven(path, shape, table, rest, skipped)


def run_groups(engine: Engine, path: str, shape: Shape, table: str, bounds: Bounds, limits: TimeRange) -> None:
    """Create the group table of a file. Raises Unproven where DuckDB's strict reader refuses the file."""
    rows = scan.rows_sql(path, shape, bounds, limits)
    try:
        engine.execute(grouping.group_sql(table, rows, shape, limits != (None, None)))
    except EngineRefused as refused:
        raise Unproven(str(refused)) from None


def _no_disguise(engine: Engine, path: str, shape: Shape, groups: list[Group]) -> None:
    """Text columns turn true, 1.5 and {...} into text, number columns turn true into 1: make sure none was there."""
    texts = {text for g in groups for text in (g.function, g.upstream, g.service, g.stage, g.error_code, g.attempt)}
    if not shape.plain:
        texts |= {text for g in groups for text in (g.status, g.upstream_status) if isinstance(text, str)}
        numbers = {text for text in texts if text and _FRACTION.fullmatch(text)}
        texts -= numbers & {g.status for g in groups} | numbers & {g.upstream_status for g in groups}
    if any(text and _disguised(text) for text in texts):
        raise Unproven("texts that may be no text")
    if not shape.plain:
        if any(group.edge for group in groups):
            raise Unproven("latencies that are none")
        return
    codes = {code for g in groups for code in (g.status, g.upstream_status) if isinstance(code, float)}
    if not all(code.is_integer() and 0 <= code <= 999 for code in codes):
        raise Unproven("statuses that are none")
    if (any(group.edge for group in groups) or codes & {0.0, 1.0}) and scan.edges(engine, path, shape):
        raise Unproven("booleans where numbers belong, or latencies that are none")


_YEAR_2: Final = -62_104_060_800_000_000
"""0002-01-01 in epoch microseconds: the query knows a year 0, which is no time."""
_FRACTION: Final = re.compile(r"-?\d+\.\d+(e[+-]?\d+)?|-?\d+e[+-]?\d+|-?inf|nan", re.ASCII | re.IGNORECASE)


def _disguised(text: str) -> bool:
    """Whether a text may have been a boolean, a fraction, a list or an object in the file."""
    if text in ("true", "false") or _FRACTION.fullmatch(text):
        return True
    if text[0] not in "[{":
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
