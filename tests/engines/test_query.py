"""The DuckDB behind `Analysis.sql`: it answers, and nothing gets in or out of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from attrib.engines import query
from attrib.engines.query import Tables
from attrib.errors import DeliveryError, UsageError

FRAME = pl.DataFrame(
    {"a": [1, 2], "words": [["x"], []], "ts": [datetime(2026, 11, 20, 14, tzinfo=UTC), None]},
    schema_overrides={"ts": pl.Datetime("us", "UTC")},
)


@pytest.fixture
def tables() -> Tables:
    made = Tables("200MB", 2)
    made.add("t", FRAME)
    return made


def test_a_table_comes_back_as_it_was_given(tables: Tables) -> None:
    assert tables.query("FROM t").equals(FRAME)
    assert tables.query("FROM t").schema == FRAME.schema
    assert "t" in tables
    assert "u" not in tables


@pytest.mark.parametrize(
    "sql",
    ["SELECT 1", "FROM t", "WITH x AS (FROM t) FROM x", "VALUES (1)", "DESCRIBE t", "SUMMARIZE t", "SHOW TABLES",
     "EXPLAIN FROM t", "SELECT 1;", "-- first\nSELECT 1 -- last"],
)  # fmt: skip
def test_every_way_to_read_works(tables: Tables, sql: str) -> None:
    assert tables.query(sql).width


def test_rows_are_in_the_order_asked_for(tables: Tables) -> None:
    found = tables.query("SELECT i FROM range(300_000) r(i) ORDER BY hash(i)")
    again = tables.query("SELECT hash(i) AS h FROM range(300_000) r(i) ORDER BY h")["h"]
    assert again.is_sorted()
    assert found.height == 300_000


WRITES = (
    "INSERT INTO t VALUES (1, [], NULL)", "UPDATE t SET a = 2", "DELETE FROM t", "DROP TABLE t",
    "CREATE TABLE u (a INT)", "CREATE VIEW v AS FROM t", "ALTER TABLE t ADD COLUMN b INT",
    "TRUNCATE t", "CREATE MACRO m() AS 1",
    "CREATE SECRET (TYPE s3)", "CREATE SEQUENCE s", "BEGIN", "COMMIT", "ROLLBACK", "CHECKPOINT", "VACUUM",
    "PREPARE p AS SELECT 1", "EXECUTE p", "CALL pragma_version()", "PRAGMA version", "PRAGMA enable_profiling",
    "COMMENT ON TABLE t IS 'x'",
)  # fmt: skip
OUT = (
    "COPY t TO '{out}'", "COPY (FROM t) TO '{out}' (FORMAT parquet)", "EXPORT DATABASE '{out}'", "ATTACH '{out}' AS o",
    "INSTALL httpfs", "LOAD httpfs", "INSTALL '{out}'", "LOAD '{out}'", "USE memory",
    "IMPORT DATABASE '{out}'",
)  # fmt: skip
SETTINGS = (
    "SET enable_external_access = true", "SET lock_configuration = false", "SET memory_limit = '10GB'",
    "RESET memory_limit", "SET temp_directory = '{out}'", "SET VARIABLE x = 1", "SET SESSION threads = 9",
    "SET python_enable_replacements = true",
)  # fmt: skip


@pytest.mark.parametrize("sql", [*WRITES, *OUT, *SETTINGS])
def test_a_statement_that_does_more_than_read_is_refused(tables: Tables, tmp_path: Path, sql: str) -> None:
    with pytest.raises(UsageError, match=r"^sql: "):
        tables.query(sql.format(out=tmp_path / "out"))
    assert list(tmp_path.iterdir()) == []
    assert tables.query("FROM t").equals(FRAME)


@pytest.mark.parametrize(
    "sql",
    [
        "WITH x AS (INSERT INTO t VALUES (3, [], NULL) RETURNING *) FROM x",
        "WITH x AS (DELETE FROM t RETURNING *) FROM x",
        "WITH x AS (UPDATE t SET a = 9 RETURNING *) FROM x",
        "WITH x AS (COPY t TO '{out}') SELECT 1",
        "EXPLAIN ANALYZE INSERT INTO t VALUES (3, [], NULL)",
        "EXPLAIN ANALYZE COPY t TO '{out}'",
        "FROM query('DELETE FROM t')",
        "SELECT 1; DROP TABLE t",
        "SELECT 1; SELECT 2",
        "",
        "-- nothing",
    ],
)
def test_a_query_that_writes_beside_reading_changes_nothing(tables: Tables, tmp_path: Path, sql: str) -> None:
    with pytest.raises(UsageError, match=r"^sql: "):
        tables.query(sql.format(out=tmp_path / "out"))
    assert list(tmp_path.iterdir()) == []
    assert tables.query("FROM t").equals(FRAME)


@pytest.mark.parametrize(
    "sql",
    [
        "FROM '{file}'", "FROM read_csv('{file}')", "FROM read_text('{file}')", "FROM read_blob('{file}')",
        "FROM read_json('{file}')", "FROM read_parquet('{file}')", "FROM glob('{folder}/*')",
        "FROM sniff_csv('{file}')", "FROM parquet_metadata('{file}')", "FROM read_csv('/dev/stdin')",
        "FROM read_text('/etc/passwd')",
        "FROM 'https://example.org/a.csv'", "FROM read_json('http://127.0.0.1:1/a')", "FROM 's3://bucket/a.parquet'",
        "SELECT getenv('HOME')", "FROM secret_frame", "FROM FRAME", "FROM duckdb_secrets()",
        "FROM read_duckdb('{file}')",
    ],
)  # fmt: skip
def test_nothing_but_the_tables_can_be_read(tables: Tables, tmp_path: Path, sql: str) -> None:
    secret_frame = pl.DataFrame({"secret": ["hunter2"]})
    file = tmp_path / "secret.csv"
    secret_frame.write_csv(file)
    with pytest.raises(UsageError, match=r"^sql: ") as refused:
        tables.query(sql.format(file=file, folder=tmp_path))
    assert "hunter2" not in str(refused.value)


def test_no_setting_can_be_changed_by_any_later_query(tables: Tables) -> None:
    [row] = tables.query(
        "SELECT current_setting('enable_external_access') AS out, current_setting('lock_configuration') AS locked, "
        "current_setting('temp_directory') AS spill, current_setting('TimeZone') AS zone, "
        "current_setting('memory_limit') AS memory"
    ).to_dicts()
    assert row == {"out": False, "locked": True, "spill": "", "zone": "UTC", "memory": "190.7 MiB"}


def test_a_wrong_query_is_told_in_the_databases_words(tables: Tables) -> None:
    with pytest.raises(UsageError) as wrong:
        tables.query("SELECT nothing FROM t")
    assert str(wrong.value).startswith('sql: Binder Error: Referenced column "nothing" not found in FROM clause!')
    assert "LINE" not in str(wrong.value)
    with pytest.raises(UsageError, match="does not exist"):
        tables.query("FROM nowhere")
    with pytest.raises(UsageError, match="Could not convert string 'x' to INT32"):
        tables.query("SELECT CAST(w AS INT) FROM (SELECT unnest(words) AS w FROM t)")
    with pytest.raises(UsageError, match="syntax error"):
        tables.query("SELEC 1")
    with pytest.raises(UsageError, match="sql: "):
        tables.query("SELECT ?")
    assert tables.query("FROM t").equals(FRAME)


def test_types_that_polars_has_not_become_text(tables: Tables) -> None:
    [row] = tables.query(
        "SELECT INTERVAL 90 MINUTE AS i, {'a': INTERVAL 1 DAY} AS s, [INTERVAL 1 DAY] AS l, 1::BIT AS b, "
        "union_value(n := 1) AS u, '12:00:00+01'::TIMETZ AS z, 1::BIGNUM AS big, 1 AS a, 2 AS a"
    ).to_dicts()
    assert (row["i"], row["s"], row["u"], row["big"]) == ("01:30:00", "{'a': 1 day}", "1", "1")
    assert (row["a"], row["a_1"]) == (1, 2)
    [row] = tables.query("SELECT MAP {'k': [1]} AS m, 1::HUGEINT AS h, '{}'::JSON AS j, NULL AS n").to_dicts()
    assert (int(row["h"]), row["j"], row["n"]) == (1, "{}", None)


def test_a_result_is_bounded(tables: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query, "MOST_ROWS", 1000)
    assert tables.query("FROM range(1000)").height == 1000
    with pytest.raises(UsageError, match=r"more than 1,000 rows; .* LIMIT"):
        tables.query("FROM range(1001)")


def test_memory_is_bounded(tables: Tables) -> None:
    with pytest.raises(DeliveryError, match="memory ran out"):
        tables.query("SELECT count(*) FROM (SELECT DISTINCT i, repeat('x', 40) || i FROM range(20_000_000) r(i))")
    assert tables.query("FROM t").equals(FRAME)
    with pytest.raises(DeliveryError, match="memory ran out"):
        Tables("1MB", 1).add("t", pl.DataFrame({"a": ["x" * 100] * 200_000}))
