"""A locked-down DuckDB: no network, no files but the inputs and a private temporary folder, bounded memory and threads.

The program reads hostile text with SQL built from names and numbers of its own; the lock is the second wall behind
that. What is locked: external access but for the listed paths, extensions (none is installed or loaded), replacement
scans of Python variables, and the configuration itself.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from attrib.errors import DeliveryError, UsageError
from attrib.safe.sql import glob_escape, literal

if TYPE_CHECKING:
    import duckdb


class Engine:
    """One DuckDB connection and its private folder; use as a context manager. Nothing is left behind at the end."""

    def __init__(self, paths: Sequence[str], memory: str = "1GB", threads: int | None = None) -> None:
        """Open the engine for `paths` (plain input files). Raises UsageError for an unusable memory size."""
        import duckdb  # 70 ms: small inputs never need it

        self._error = duckdb.Error
        self._interrupted = duckdb.InterruptException
        self._out_of_memory = duckdb.OutOfMemoryException
        self.folder = tempfile.mkdtemp(prefix="attrib-")
        try:
            self.connection: duckdb.DuckDBPyConnection = duckdb.connect(":memory:")
            self._configure(paths, memory, threads)
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def _configure(self, paths: Sequence[str], memory: str, threads: int | None) -> None:
        run = self.connection.execute
        try:
            run(f"SET memory_limit = {literal(memory)}")
        except self._error:
            raise UsageError(f"--memory {memory}: no size; write it like 800MB or 2GB.") from None
        run(f"SET threads = {threads or min(os.cpu_count() or 2, 8)}")
        run(f"SET temp_directory = {literal(str(Path(self.folder, 'spill')))}")
        # Row order carries no meaning here (design section 6), and keeping it costs memory and time.
        run("SET preserve_insertion_order = false")
        run("SET TimeZone = 'UTC'")
        # How many lines a file has is only guessed, and joins then build on the lines: ours have the small side right.
        run("SET disabled_optimizers = 'join_order,build_side_probe_side'")
        for name in ("autoinstall_known_extensions", "autoload_known_extensions", "python_enable_replacements"):
            run(f"SET {name} = false")
        # Under the lock both spellings of a path are asked for: the escaped one and what it matches.
        allowed = ", ".join(literal(p) for path in paths if self.reads(path) for p in {path, glob_escape(path)})
        run(f"SET allowed_paths = [{allowed}]")
        run(f"SET allowed_directories = [{literal(self.folder + os.sep)}]")
        run("SET enable_external_access = false")
        run("SET lock_configuration = true")

    def reads(self, path: str) -> bool:
        """Whether DuckDB can be told this path at all: it has no pattern for some names with a backslash."""
        try:
            glob_escape(path)
        except ValueError:
            return False
        return path.isprintable()

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """Run one statement.

        Raises EngineRefused for an error of the data, DeliveryError when memory or temporary space ran out.
        """
        try:
            self.connection.execute(sql, list(parameters))
        except self._interrupted:
            raise KeyboardInterrupt from None
        except self._out_of_memory as error:
            raise DeliveryError(
                f"the engine ran out of memory or of temporary space: {first_line(error)}; "
                "give --memory more, or TMPDIR."
            ) from None
        except self._error as error:
            raise EngineRefused(first_line(error)) from None

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one query and return all its rows; for small results only."""
        self.execute(sql, parameters)
        return self.connection.fetchall()

    def interrupt(self) -> None:
        """Stop the running statement; safe from another thread."""
        self.connection.interrupt()

    def close(self) -> None:
        """Close the connection and remove the private folder."""
        self.connection.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class EngineRefused(Exception):
    """DuckDB refused the data: this file or part is not proven, and the careful reader takes it.

    Never reaches a user.
    """


def first_line(error: BaseException) -> str:
    """The first line of a DuckDB error, without the query it quotes."""
    return str(error).split("\n", 1)[0]
