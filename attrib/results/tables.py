"""The tables of `Analysis.sql`: made when a query first names them, and kept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from attrib.errors import UsageError
from attrib.frames import Files, instant, storable
from attrib.options import Options
from attrib.results.base import Inputs
from attrib.tabulating import COLUMNS, record_rows

if TYPE_CHECKING:
    import polars as pl

    from attrib.engines.query import Tables
    from attrib.reports.model import TimeRange
    from attrib.results.analysis import Analysis
    from attrib.safe.display import Display

MOST: Final = 1_000_000
"""Records or invocations of one table. A million records take about a minute to read, and 0.5 GB."""
_CHUNK: Final = 50_000
"""Rows held as Python objects at a time."""

TABLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "records": "one row per record of the logs; exact copies of a line count once",
        "invocations": "one row per invocation, with its verdict: the rows of `verdicts(all=True)`",
        "incidents": "one row per incident: the rows of `frame`",
    }
)
"""Table -> its grain."""
CODES: Final = ("status", "upstream_status")
"""Columns of invocations that hold a code or a word; `status_code` and `upstream_status_code` hold the code alone."""


class Tabled:
    """The tables of one analysis."""

    def __init__(self, analysis: Analysis, inputs: Inputs, options: Options, need_logs: Callable[[str], None]) -> None:
        """`need_logs` raises UsageError where the logs cannot be read again; it is told for what."""
        self._analysis = analysis
        self._inputs = inputs
        self._options = options
        self._need_logs = need_logs
        self._tables: Tables | None = None

    def query(self, sql: str, display: Display) -> pl.DataFrame:
        """See `Analysis.sql`."""
        from attrib.engines.query import Tables

        if self._tables is None:
            self._tables = Tables(self._options.memory, self._options.threads)
        # A name within a longer word or a text makes a table too many, which costs time and no more.
        for name in TABLES:
            if name not in self._tables and re.search(name, sql, re.IGNORECASE):
                self._fill(self._tables, name, display)
        return self._tables.query(sql)

    def _fill(self, tables: Tables, name: str, display: Display) -> None:
        if name == "incidents":
            tables.add(name, self._analysis.frame)
            return
        self._need_logs(f"the table {name}")
        if name == "invocations":
            tables.add(name, self._invocations())
            return
        try:
            for frame in self._records(display):
                tables.add(name, frame)
        except BaseException:  # also an interrupt: half a table would be taken for all of it
            tables.drop(name)
            raise

    def _invocations(self) -> pl.DataFrame:
        import polars as pl

        if self._analysis.report.summary.invocations > MOST:
            raise _too_many("invocations")
        codes = [pl.col(name).cast(pl.Int64, strict=False).alias(f"{name}_code") for name in CODES]
        return self._analysis.verdicts(all=True).with_columns(codes).collect()

    def _records(self, display: Display) -> Iterator[pl.DataFrame]:
        """At least one frame: the columns are there in any case."""
        times = self._analysis.report.input.time_range
        with Files(self._inputs) as files:
            rows = record_rows(files.paths, replace(self._options, shown_as=files.shown_as), _microseconds(times))
            yield record_frame([], display)
            for chunk in _chunks(rows, MOST):
                yield record_frame(chunk, display)


def record_frame(rows: list[dict[str, Any]], display: Display) -> pl.DataFrame:
    """Rows of `records` as a table: texts as `display` shows them, ts in UTC, labels as JSON text."""
    import polars as pl

    kinds: dict[type, Any] = {str: pl.String, int: pl.Int64, float: pl.Float64, dict: pl.String}
    schema = {name: kinds[kind] for name, (kind, _) in COLUMNS.items()}
    columns = {name: _column(name, kind, rows, display) for name, (kind, _) in COLUMNS.items()}
    return pl.DataFrame(columns, schema=schema, strict=False).with_columns(instant("ts"))


def _column(name: str, kind: type, rows: list[dict[str, Any]], display: Display) -> list[Any]:
    values = [row[name] for row in rows]
    if kind is dict:
        return [value and json.dumps(display.json(value), ensure_ascii=False, sort_keys=True) for value in values]
    if kind is not str:
        return values
    # Names of input files lead back to them and stay; of the rest, most values come again and again.
    show = str if name == "file" else display.plain
    texts = {value: storable(show(str(value))) for value in set(values) if value is not None}
    return [texts.get(value) for value in values]


def _chunks(rows: Iterable[dict[str, Any]], most: int) -> Iterator[list[dict[str, Any]]]:
    left, rest = most, iter(rows)
    while chunk := list(islice(rest, _CHUNK)):
        left -= len(chunk)
        if left < 0:
            raise _too_many("records")
        yield chunk


def _too_many(name: str) -> UsageError:
    return UsageError(
        f"sql: more than {MOST:,} {name}; analyze less of the time (since=, until=), or look at attrib verdicts --to "
        "parquet with a database of your own."
    )


def _microseconds(times: TimeRange | None) -> int | None:
    time = None if times is None else times.end
    return None if time is None else round(datetime.fromisoformat(time).timestamp() * 1_000_000)
