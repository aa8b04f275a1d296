"""Tables in and out of the Python interface: given ones become JSON lines, results become Polars frames."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from attrib.errors import UsageError

if TYPE_CHECKING:
    from types import TracebackType

    import polars as pl

    from attrib.reports.compare_model import FigureRow
    from attrib.reports.findings import Finding
    from attrib.reports.model import Incident


def is_table(value: Any) -> bool:
    """Whether a value is a table that `Table` takes: Polars, pandas, DuckDB, Arrow."""
    return (
        hasattr(value, "__arrow_c_stream__")
        or _is_a(value, "pandas", "DataFrame")
        or _is_a(value, "polars", "LazyFrame")
    )


def _is_a(value: Any, library: str, name: str) -> bool:
    """Whether a value is of a library's class, without importing the library."""
    return any(kind.__name__ == name and kind.__module__.split(".")[0] == library for kind in type(value).__mro__)


class Table:
    """A table as it was when it was given, ready to be written as JSON lines, one row a line."""

    def __init__(self, table: Any) -> None:
        """Raises UsageError for columns that no log line can hold."""
        self._lines = _pandas_lines(table) if _is_a(table, "pandas", "DataFrame") else None
        self._frame = None if self._lines is not None else _polars(table)

    def write(self, path: Path) -> None:
        """The rows, in order; null and NaN are null, times ISO 8601."""
        if self._lines is not None:
            path.write_text(self._lines, encoding="utf-8", newline="")
        elif self._frame is not None:
            self._frame.write_ndjson(path)


def _polars(table: Any) -> pl.DataFrame:
    import polars as pl
    import polars.selectors as cs
    from polars.exceptions import PolarsError

    try:
        frame = table.collect() if isinstance(table, pl.LazyFrame) else pl.DataFrame(table)
        if _is_a(table, "duckdb", "DuckDBPyRelation"):
            # DuckDB's JSON type, which it gives to a column of numbers and words, arrives as JSON text.
            mixed = [name for name, kind in zip(table.columns, table.types, strict=True) if str(kind) == "JSON"]
            frame = frame.with_columns(pl.col(name).str.json_path_match("$") for name in mixed)
        # Binary is text or nothing; a duration has a unit, and latencies are milliseconds.
        frame = frame.with_columns(cs.binary().cast(pl.String), cs.duration().dt.total_microseconds() / 1000)
        # JSON has no NaN: in tables it means missing. Infinity is a value, and a bad one: the reader must see it.
        frame = frame.with_columns(cs.float().fill_nan(None))
        endless = [name for name, kind in frame.schema.items() if kind.is_float() and frame[name].is_infinite().any()]
        frame = frame.with_columns(pl.col(endless).cast(pl.String)) if endless else frame
    except (PolarsError, TypeError, ValueError) as error:
        raise UsageError(f"this table cannot be read as log lines: {_first_line(error)}") from None
    for name, kind in frame.schema.items():
        if "Object" in str(kind) or "Binary" in str(kind):  # within lists and structs too: Polars cannot write them
            raise UsageError(f"column {name} is of type {kind}, which no log line can hold; convert or drop it.")
    return frame


def _pandas_lines(table: Any) -> str:
    try:
        endless = table.isin([inf, -inf])
        if endless.to_numpy().any():
            table = table.astype(object).mask(endless, "Infinity")
        lines = table.to_json(orient="records", lines=True, date_format="iso", date_unit="us", double_precision=15)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise UsageError(f"this table cannot be read as log lines: {_first_line(error)}") from None
    return str(lines)


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0] or type(error).__name__


class Files:
    """The inputs as paths: each table in a private temporary file, which is removed at the end."""

    def __init__(self, inputs: list[str | Table]) -> None:
        self._inputs = inputs
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self.paths: list[str] = []
        self.shown_as: dict[str, str] = {}

    def __enter__(self) -> Self:
        tables = 0
        for source in self._inputs:
            if isinstance(source, str):
                self.paths.append(source)
                continue
            if self._folder is None:
                self._folder = tempfile.TemporaryDirectory(prefix="attrib-")
            tables += 1
            path = Path(self._folder.name, f"{tables}.jsonl")
            try:
                source.write(path)
            except BaseException:
                self._folder.cleanup()
                raise
            self.paths.append(str(path))
            self.shown_as[str(path)] = "<table>" if tables == 1 else f"<table {tables}>"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._folder is not None:
            self._folder.cleanup()


_NUMBERS: Final = (
    "known_share", "worst_case_share", "worst_case_low", "failure_rate", "baseline_rate"
)  # fmt: skip
_TIMES: Final = ("start", "end", "onset", "peak")
_LISTS: Final = ("functions", "upstreams", "consequences")
_TEXTS: Final = ("id", "verdict", "lean", "responsible", "consequence_of", "method")
_FLAGS: Final = ("claimed", "whole_log", "forced", "sampled")


def incident_frame(incidents: Sequence[Incident]) -> pl.DataFrame:
    """Columns in the order of the model; nested evidence stays in `Analysis.incidents`."""
    import polars as pl

    from attrib.reports.model import Incident, Verdicts

    kinds: dict[str, Any] = {
        **dict.fromkeys(_NUMBERS, pl.Float64),
        **dict.fromkeys(_TIMES, pl.String),
        **dict.fromkeys(_LISTS, pl.List(pl.String)),
        **dict.fromkeys(_TEXTS, pl.String),
        **dict.fromkeys(_FLAGS, pl.Boolean),
        **dict.fromkeys(("symptomatic", "invocations"), pl.Int64),
        "verdicts": pl.Struct(dict.fromkeys(Verdicts.model_fields, pl.Int64)),
    }
    schema = {name: kinds[name] for name in Incident.model_fields if name in kinds}
    rows = [incident.model_dump(include=set(schema)) for incident in incidents]
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(instant(name) for name in _TIMES)


def finding_frame(findings: list[Finding]) -> pl.DataFrame:
    """The columns of `attrib check --to csv`; `data` and further examples stay in `Checks.findings`."""
    import polars as pl

    from attrib.reports.checks_csv import COLUMNS, rows

    kinds: dict[type, Any] = {str: pl.String, int: pl.Int64, float: pl.Float64}
    schema = {name: kinds[kind] for name, kind in COLUMNS.items()}
    return pl.DataFrame(rows([one.model_dump() for one in findings]), schema=schema, orient="row")


def verdict_frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """The rows of `attrib verdicts` as a table; the texts as they are given."""
    import polars as pl

    from attrib.reports.tables import VERDICTS

    kinds: dict[type, Any] = {str: pl.String, int: pl.Int64, float: pl.Float64, bool: pl.Boolean}
    lists = ("also_matched", "via")
    schema = {name: pl.List(pl.String) if name in lists else kinds[kind] for name, kind in VERDICTS.items()}
    words = ("status", "upstream_status")
    columns = {
        name: [str(row[name]) if name in words and row[name] is not None else row[name] for row in rows]
        for name in schema
    }
    columns["file"] = [storable(name) for name in columns["file"]]
    return pl.DataFrame(columns, schema=schema).with_columns(instant("ts"))


def comparison_frame(figures: list[FigureRow]) -> pl.DataFrame:
    """One row per figure; `count` and `of` of both sides stay in `Comparison.report`. Shares are 0 to 1."""
    import polars as pl

    schema: dict[str, Any] = {
        **dict.fromkeys(("scope", "name", "figure", "unit"), pl.String),
        **dict.fromkeys(("before", "after", "change", "change_low", "change_high"), pl.Float64),
        "result": pl.String,
    }
    rows = [
        {
            **row.model_dump(include={"scope", "name", "figure", "unit", "result"}),
            "before": row.before.value,
            "after": row.after.value,
            "change": row.change and row.change.value,
            "change_low": row.change and row.change.low,
            "change_high": row.change and row.change.high,
        }
        for row in figures
    ]
    return pl.DataFrame(rows, schema=schema, orient="row")


def storable(text: str) -> str:
    """Text that a table can hold: it is UTF-8, which has no lone surrogates (a file's name may hold one)."""
    return text.encode("utf-8", "backslashreplace").decode()


def instant(name: str) -> pl.Expr:
    """ISO 8601 text with or without a fraction as a time in UTC."""
    import polars as pl

    return pl.col(name).str.to_datetime("%Y-%m-%dT%H:%M:%S%.fZ", time_unit="us", time_zone="UTC")
