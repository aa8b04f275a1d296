"""A DuckDB for questions that a person types: tables in memory, read only, and no way out of it.

Nothing but the tables given can be read, and nothing can be written: one statement at a time, of a kind that only
reads; a transaction that refuses to write (a `WITH x AS (INSERT ...)` is a SELECT to the parser); no file, network,
extension or variable of Python; and a configuration that no query can change. Nothing is spilled to a disk.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

from attrib.errors import DeliveryError, UsageError
from attrib.safe.sql import identifier, literal

if TYPE_CHECKING:
    import polars as pl

MOST_ROWS: Final = 1_000_000
"""Rows of one result: what is longer is hardly looked at, and would fill the memory beside DuckDB's bound."""

_READS: Final = frozenset({"SELECT", "EXPLAIN"})
"""Kinds of statement as DuckDB's parser names them; FROM, WITH, VALUES, DESCRIBE, SUMMARIZE and SHOW are SELECT."""
_NESTED: Final = frozenset({"list", "array", "struct", "map"})
_PORTABLE: Final = _NESTED | {
    "boolean", "tinyint", "smallint", "integer", "bigint", "hugeint", "utinyint", "usmallint", "uinteger", "ubigint",
    "decimal", "float", "double", "varchar", "date", "time", "timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns",
    "timestamp with time zone", "enum", "null", "blob", "uuid",
}  # fmt: skip
"""Types that Polars has too; the others (INTERVAL, UNION, ...) become text."""


class Tables:
    """Named tables and the queries over them. Times are UTC."""

    def __init__(self, memory: str, threads: int | None) -> None:
        """An empty database of at most `memory`."""
        import duckdb

        self._library = duckdb
        self._connection = duckdb.connect(":memory:")
        self._names: set[str] = set()
        settings = {
            "memory_limit": literal(memory),
            "threads": str(threads or min(os.cpu_count() or 2, 8)),
            "temp_directory": "''",
            "TimeZone": "'UTC'",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "python_enable_replacements": "false",
            "enable_external_access": "false",
            "lock_configuration": "true",  # the last one
        }
        for name, value in settings.items():
            self._connection.execute(f"SET {name} = {value}")

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def add(self, name: str, *frames: pl.DataFrame) -> None:
        """Rows of one more table, or more rows of it; `name` is ours.

        Raises DeliveryError where they do not fit into the memory; then the table is gone.
        """
        try:
            for frame in frames:
                rows = self._connection.from_arrow(_Stream(frame))
                if name in self._names:
                    rows.insert_into(name)
                else:
                    rows.create(name)
                    self._names.add(name)
        except self._library.OutOfMemoryException:
            self.drop(name)
            raise self._full() from None

    def drop(self, name: str) -> None:
        """Forget a table, or what there is of it."""
        self._connection.execute(f"DROP TABLE IF EXISTS {identifier(name)}")
        self._names.discard(name)

    def query(self, sql: str) -> pl.DataFrame:
        """The rows that a query gives, in its order.

        Raises UsageError with DuckDB's sentence for a wrong query, one that does more than read, and a result of more
        than `MOST_ROWS`; DeliveryError where it needs more memory than there is.
        """
        statement = self._only_reading(sql)
        self._connection.execute("BEGIN TRANSACTION READ ONLY")
        try:
            frame = self._frame(statement)
        except self._library.InterruptException:
            raise KeyboardInterrupt from None
        except self._library.OutOfMemoryException:
            raise self._full() from None
        except self._library.Error as error:
            raise UsageError(f"sql: {_sentence(error)}") from None
        finally:
            self._connection.execute("ROLLBACK")
        if frame.height > MOST_ROWS:
            raise UsageError(f"sql: more than {MOST_ROWS:,} rows; count or group them, or add a LIMIT.")
        return frame

    def _only_reading(self, sql: str) -> str:
        try:
            statements = self._connection.extract_statements(sql)
        except self._library.Error as error:
            raise UsageError(f"sql: {_sentence(error)}") from None
        if len(statements) != 1:
            raise UsageError(f"sql: {len(statements) or 'no'} statements; give one query.")
        kind = statements[0].type.name
        if kind not in _READS:
            raise UsageError(f"sql: {kind.replace('_', ' ')} is refused: this only reads (SELECT, FROM, WITH, ...).")
        return statements[0].query

    def _frame(self, statement: str) -> pl.DataFrame:
        import polars as pl

        # The limit also gives columns of one name different ones.
        found = self._connection.sql(statement).limit(MOST_ROWS + 1)
        odd = [not _portable(kind) for kind in found.types]
        if any(odd):
            columns = [self._library.ColumnExpression(name) for name in found.columns]
            found = found.select(
                *(
                    column.cast("VARCHAR").alias(name) if is_odd else column
                    for column, name, is_odd in zip(columns, found.columns, odd, strict=True)
                )
            )
        # Errors of the data are DuckDB's own here; further on they would be Polars' panics.
        return pl.DataFrame(found.materialize())

    def _full(self) -> DeliveryError:
        return DeliveryError("sql: the memory ran out; ask for less, or analyze with more of it (memory='4GB').")


class _Stream:
    """A frame as nothing but an Arrow stream: DuckDB takes the frame itself only where pyarrow is installed."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)


def _portable(kind: Any) -> bool:
    """Whether Polars has a type of DuckDB (`DuckDBPyType`)."""
    if kind.id not in _PORTABLE:
        return False
    children: list[Any] = kind.children if kind.id in _NESTED else []
    return all(_portable(child) for name, child in children if name != "size")


def _sentence(error: BaseException) -> str:
    """What DuckDB says, up to where it quotes the query."""
    lines = []
    for line in str(error).split("\n"):
        if not line.strip() or line.startswith("LINE "):
            break
        lines.append(line.strip())
    return " ".join(lines) or type(error).__name__
