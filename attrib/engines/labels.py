"""The values of labels, counted by queries: all of them where there are few, a sample by hash where there are many.

Two plans. Where a file has few different sets of labels, each set is one group, and Python reads it as the parser would
(`grouped`). Where it has many, label and value are the group, and of each label only values whose hash ends in so many
zero bits that a few times the sketch's bound remain (`totals`, then `sampled`): survey/sketch.py makes the same of them
as of all values, and no table grows with the file. Neither is asked of a file without labels (`may_have_labels`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from attrib.engines.connect import Engine
from attrib.engines.scan import MAX_LINE
from attrib.safe.sql import glob_escape, identifier, literal
from attrib.survey.sketch import LONGEST

FEW: Final = 200_000
"""Different sets of labels up to which each is a group: less than a second of parsing."""
FETCHED: Final = 10_000
_KEY: Final = r'"labels"|\\u00[67]'
"""What a line with the key holds: the key, or one of its letters as an escape."""
_RECORD: Final = ("function", "status", "upstream_status")
_WHOLE: Final = r"-?(0|[1-9][0-9]{0,17})"
_DECIMAL: Final = r"-?([1-9][0-9]*\.[0-9]*[1-9]|0\.0{0,3}[1-9]([0-9]*[1-9])?)"
"""Numbers whose digits are those that Python writes, up to 15 of them; all others are left to Python."""
_DIGITS: Final = 16
_POINT_ZERO: Final = r"-?[1-9][0-9]{0,13}\.0"


class Columns(NamedTuple):
    """What to read of one file."""

    path: str
    labels: bool
    """The file may have the key `labels`."""
    named: tuple[str, ...]
    """Fields that are labels by the user's word."""
    others: bool
    """Some objects are no records: they have none of the keys that make one."""


class Total(NamedTuple):
    """One label of a file."""

    name: str
    """As `name_of` writes it."""
    lines: int
    distinct: int
    """Within 20 %, mostly."""


class Level(NamedTuple):
    """Hashes with at least `zeros` zero bits at the end, and fewer than `below`."""

    zeros: int
    below: int | None = None

    def test(self, hashed: str) -> str:
        """What holds of such a hash; `hashed` is not worked out where any will do."""
        if not self.zeros and self.below is None:
            return "true"
        least = f"{hashed} & {(1 << self.zeros) - 1}::UBIGINT = 0"
        return least if self.below is None else f"{least} AND {hashed} & {(1 << self.below) - 1}::UBIGINT <> 0"


def may_have_labels(path: str) -> bool:
    """Whether some line of a plain file may have the key `labels`; False is certain. One pass, no parsing."""
    import polars as pl

    lines = pl.scan_lines(path, name="line")
    return bool(lines.select(pl.col("line").str.contains(_KEY).any()).collect(engine="streaming").item())


def sets(engine: Engine, columns: Columns) -> int:
    """About how many different sets of labels a file has."""
    raw = f"concat_ws(chr(0), {', '.join(_keys(columns))})"
    sql = f"SELECT approx_count_distinct({raw}) FROM {_source(columns, 'JSON')} WHERE {_records(columns)}"
    return int(engine.rows(sql)[0][0])


def grouped(engine: Engine, columns: Columns) -> Iterator[tuple[dict[str, str], int]]:
    """(key -> JSON text, lines) of every different set of labels."""
    keys = _keys(columns)
    sql = f"SELECT count(*), {', '.join(keys)} FROM {_source(columns, 'JSON')} WHERE {_records(columns)} GROUP BY ALL"
    names = [*(["labels"] if columns.labels else []), *columns.named]
    for n, *texts in _fetch(engine, sql):
        yield {name: text for name, text in zip(names, texts, strict=True) if text is not None}, n


def totals(engine: Engine, columns: Columns, most: int) -> list[Total] | None:
    """The first labels by name, at most `most`. None: some values are for Python to read. Raises EngineRefused."""
    sql = (
        f"SELECT name, count(value), approx_count_distinct(value), bool_or({_odd('raw')}) FROM ({_values(columns)}) "
        f"GROUP BY name ORDER BY name LIMIT {most}"
    )
    rows = engine.rows(sql)
    if any(odd for *_, odd in rows):
        return None
    return [Total(name, n, distinct) for name, n, distinct, _ in rows if n]


def sampled(engine: Engine, columns: Columns, wanted: Mapping[str, Level]) -> Iterator[tuple[str, str, int]]:
    """(label, value's key, lines) of all values whose hash ends in as many zero bits as `wanted` says of the label."""
    cut = f"CASE WHEN length(value) > {LONGEST} THEN left(value, {LONGEST}) || '…' || md5(value) ELSE value END"
    cases = " ".join(f"WHEN {_name_literal(name)} THEN {level.test('md5_number_lower(key)')}"
                     for name, level in wanted.items())  # fmt: skip
    sql = (
        f"SELECT name, key, count(*) FROM (SELECT name, {cut} AS key FROM ({_values(columns)}) "
        f"WHERE value IS NOT NULL) WHERE CASE name {cases} ELSE false END GROUP BY name, key"
    )
    return _fetch(engine, sql)


def series(engine: Engine, columns: Columns, level: Level) -> Iterator[tuple[str | None, int]]:
    """(key, lines) of all combinations of labels with such hashes; None: all others."""
    pair = f"'label' || chr(0) || e.key || chr(0) || {_value('e.value')}"
    labels = f"list_transform(map_entries(labels), lambda e: {pair})"
    named = [f"{_name_literal(name_of('field', name))} || chr(0) || {_value(identifier(name))}"
             for name in _plain(columns)]  # fmt: skip
    lists = [*([f"coalesce({labels}, [])"] if columns.labels else []), f"[{', '.join(named)}]::VARCHAR[]"]
    # Nulls are left out by array_to_string; survey.distinct.combination makes the same text.
    text = f"array_to_string(list_sort({_concat(lists)}), chr(1))"
    # One CASE and no WHERE: a filter on the hash would be worked out twice.
    sql = (
        f"SELECT CASE WHEN hash IS NULL THEN '' WHEN {level.test('hash')} THEN hash::VARCHAR END AS key, count(*) "
        f"FROM (SELECT md5_number_lower(nullif({text}, '')) AS hash "
        f"FROM {_source(columns, 'MAP(VARCHAR, JSON)')} WHERE {_records(columns)}) GROUP BY key"
    )
    return ((key, n) for key, n in _fetch(engine, sql) if key != "")


def holding(lines: Sequence[str], patterns: Sequence[str]) -> list[int]:
    """Indexes of the lines that hold any of the patterns."""
    import polars as pl

    if not all(patterns):
        return list(range(len(lines)))
    found = pl.Series(lines).str.contains_any(pl.Series(patterns).implode())
    return [int(at) for at in found.arg_true()]


def name_of(kind: str, name: str) -> str:
    """A label as the queries name it."""
    return f"{kind}\0{name}"


def _keys(columns: Columns) -> list[str]:
    return [*(["labels"] if columns.labels else []), *map(identifier, columns.named)]


def _source(columns: Columns, labels: str) -> str:
    types = {
        **(dict.fromkeys(_RECORD, "VARCHAR") if columns.others else {}),
        **dict.fromkeys(columns.named, "JSON"),
        **({"labels": labels} if columns.labels else {}),
    }
    spec = ", ".join(f"{identifier(name)}: {literal(kind)}" for name, kind in types.items())
    return (
        f"read_json({literal(glob_escape(columns.path))}, format = 'newline_delimited', compression = 'uncompressed', "
        f"columns = {{{spec}}}, maximum_object_size = {MAX_LINE})"
    )


def _records(columns: Columns) -> str:
    return f"coalesce({', '.join(map(identifier, _RECORD))}) IS NOT NULL" if columns.others else "true"


def _plain(columns: Columns) -> list[str]:
    """The named fields that can hold a scalar: `labels` itself holds an object, or the plan is refused."""
    return [name for name in columns.named if name != "labels"]


def _values(columns: Columns) -> str:
    """One row per line and label: name, raw (JSON), value."""
    named = _plain(columns)
    names, raws = f"[{', '.join(map(literal, named))}]::VARCHAR[]", f"[{', '.join(map(identifier, named))}]::JSON[]"
    kinds = f"list_resize(['field'], {len(named)}, 'field')"
    if columns.labels:
        kinds = f"list_concat(list_resize(['label'], coalesce(len(map_keys(labels)), 0), 'label'), {kinds})"
        names = f"list_concat(coalesce(map_keys(labels), []), {names})"
        raws = f"list_concat(coalesce(map_values(labels), []), {raws})"
    return (
        f"SELECT kind || chr(0) || name AS name, raw, {_value('raw')} AS value FROM (SELECT unnest({kinds}) AS kind, "
        f"unnest({names}) AS name, unnest({raws}) AS raw FROM {_source(columns, 'MAP(VARCHAR, JSON)')} "
        f"WHERE {_records(columns)})"
    )


def _value(raw: str) -> str:
    """The text of a scalar in JSON as records.values.scalar makes it; NULL for what is null or no scalar."""
    text = f"{raw}::VARCHAR"
    return (
        f"CASE WHEN {text} IN ('\"\"', '\"-\"') THEN NULL WHEN starts_with({text}, '\"') THEN {raw} ->> '$' "
        f"WHEN left({text}, 1) IN ('[', '{{', 'n') THEN NULL "
        f"WHEN regexp_full_match({text}, {literal(_POINT_ZERO)}) THEN left({text}, length({text}) - 2) ELSE {text} END"
    )


def _odd(raw: str) -> str:
    """Whether a value is a number that Python may write with other digits."""
    text = f"{raw}::VARCHAR"
    return (
        f"CASE WHEN {raw} IS NULL OR left({text}, 1) IN ('\"', 't', 'f', 'n', '[', '{{') THEN false "
        f"WHEN regexp_full_match({text}, {literal(_WHOLE)}) OR regexp_full_match({text}, {literal(_POINT_ZERO)}) "
        f"THEN false ELSE length({text}) > {_DIGITS} OR NOT regexp_full_match({text}, {literal(_DECIMAL)}) END"
    )


def _concat(lists: Sequence[str]) -> str:
    return lists[0] if len(lists) == 1 else f"list_concat({', '.join(lists)})"


def _name_literal(name: str) -> str:
    kind, separator, rest = name.partition("\0")
    return f"{literal(kind)} || chr(0) || {literal(rest)}" if separator else literal(name)


def _fetch(engine: Engine, sql: str) -> Iterator[tuple[Any, ...]]:
    engine.execute(sql)
    while rows := engine.connection.fetchmany(FETCHED):
        yield from rows


def level_of(distinct: int, bound: int) -> Level:
    """The hashes to ask for, so that 2 to 4 times the bound of so many values remain."""
    return Level(max((distinct // (2 * bound)).bit_length() - 1, 0))
