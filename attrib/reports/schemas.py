"""`attrib schema NAME`: the JSON Schemas of what goes in and what comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from attrib import fields
from attrib.errors import UsageError

if TYPE_CHECKING:
    from pydantic import BaseModel

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
NAMES: Final = ("record", "report", "checks", "verdicts", "compare")
"""Documents that have a schema; `verdicts` is one line of `attrib verdicts --to jsonl`."""


def json_schema(name: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of one document. Raises UsageError for a name that has none."""
    if name not in NAMES:
        raise UsageError(f'no schema "{name}"; there are: {", ".join(NAMES)}')
    if name == "record":
        # The fields of a record are defined by their own table, which documents and readers share.
        return {"$schema": _DIALECT, **fields.schema()}
    from attrib.reports import compare_model, findings, model, verdict_row  # 44 ms for pydantic

    models: dict[str, type[BaseModel]] = {
        "report": model.Report,
        "checks": findings.ChecksReport,
        "verdicts": verdict_row.VerdictRow,
        "compare": compare_model.Comparison,
    }
    return {"$schema": _DIALECT, **models[name].model_json_schema(by_alias=True)}
