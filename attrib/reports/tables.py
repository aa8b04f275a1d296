"""Reports and verdict rows as tables: CSV for spreadsheets, Parquet for programs."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from attrib.reports.incident_story import telling
from attrib.reports.view import View
from attrib.safe import csvcell

ANALYZE: Final[Mapping[str, type]] = {
    "kind": str, "function": str, "upstream": str, "status": str, "verdict": str, "rule": str, "responsible": str,
    "count": int, "rate": float, "request_id": str, "file": str, "line": int, "statement": str,
    "incident": str, "start": str, "end": str,
}  # fmt: skip
"""Columns of `analyze --to csv|parquet`. kind: `counts` (all symptomatic invocations, by function, upstream, verdict
and rule), what of them belongs to no incident: `isolated` (one invocation) and `background` (a group), and `incident`,
which alone has an id, a start and an end (UTC). So `count` adds up within a kind, not over kinds. Null: does not
apply."""

VERDICTS: Final[Mapping[str, type]] = {
    "request_id": str, "function": str, "stage": str, "ts": str, "status": str, "upstream": str,
    "upstream_outcome": str, "upstream_status": str, "latency_ms": float, "upstream_latency_ms": float,
    "own_ms": float, "error_code": str, "attempts": int, "symptom": str, "verdict": str, "rule": str,
    "also_matched": str, "responsible": str, "via": str, "correlated": bool, "file": str, "line": int,
}  # fmt: skip
"""Columns of `verdicts`, as the contract has them. status and upstream_status are text because a log may hold a word
there; also_matched is joined by a space, via by ` > `."""

_FILES: Final = ("file", "worst_file")
"""Names of input files are the user's own: never redacted, so that they lead back to the file."""
_JOINED: Final = {"also_matched": " ", "via": " > "}


def analyze_rows(report: dict[str, Any]) -> list[dict[str, Any]]:
    """The report as rows of the columns `ANALYZE`, in the report's order."""
    totals = {entry["function"]: entry["invocations"] for entry in report.get("functions") or ()}
    rows = []
    for entry in report.get("verdict_counts") or ():
        of = totals.get(entry["function"])
        rows.append({"kind": "counts", **entry, "rate": entry["count"] / of if of else None})
    for entry in report["incidents"]:
        told = telling(entry)
        statement = told[0]["statement"] if told else None
        rows.append(
            {
                "kind": "incident",
                "function": " ".join(entry["functions"]),
                "upstream": " ".join(entry["upstreams"]),
                "verdict": entry["verdict"],
                "responsible": entry["responsible"],
                "count": entry["symptomatic"],
                "rate": entry["failure_rate"],
                "statement": statement,
                "incident": entry["id"],
                "start": entry["start"],
                "end": entry["end"],
            }
        )
    rows += [{"kind": "isolated", "count": 1, **entry} for entry in report["isolated"]]
    rows += [{"kind": "background", **entry} for entry in report["background"]]
    return [{name: row.get(name) for name in ANALYZE} for row in rows]


def csv_lines(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, type], view: View) -> Iterator[str]:
    """CSV with a header, a line at a time; null is an empty cell."""
    yield csvcell.row(columns)
    for row in rows:
        yield csvcell.row(_csv(name, row.get(name), view) for name in columns)


def parquet(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, type], view: View) -> bytes:
    """A Parquet file. Text is redacted and otherwise as logged; all rows are held in memory."""
    import polars as pl  # 184 ms that no other output needs

    kinds = {str: pl.String, int: pl.Int64, float: pl.Float64, bool: pl.Boolean}
    held = list(rows)
    series = [
        pl.Series(name, [_typed(name, row.get(name), kind, view) for row in held], dtype=kinds[kind])
        for name, kind in columns.items()
    ]
    out = io.BytesIO()
    pl.DataFrame(series).write_parquet(out)
    return out.getvalue()


def _csv(name: str, value: Any, view: View) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return csvcell.cell(value) if name in _FILES else view.display.csv(_text(name, value))


def _typed(name: str, value: Any, kind: type, view: View) -> Any:
    if value is None:
        return None
    if kind is not str:
        return kind(value)
    text = value if name in _FILES else view.display.plain(_text(name, value))
    # Parquet's text is UTF-8, which has no lone surrogates (a file name may hold one).
    return str(text).encode("utf-8", "backslashreplace").decode()


def _text(name: str, value: Any) -> str:
    return _JOINED.get(name, " ").join(map(str, value)) if isinstance(value, list | tuple) else str(value)
