"""`attrib schema`: the JSON Schema of what goes in and what comes out."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Name(StrEnum):
    """What there is a schema of."""

    record = "record"
    report = "report"
    checks = "checks"


def schema(
    name: Annotated[Name, typer.Argument(help="record: a log line; report: analyze --to json; checks: check --to json.")],
) -> None:
    """Print the JSON Schema of a log line or of a document this program writes."""
    import json

    from attrib.reports.schemas import json_schema

    typer.echo(json.dumps(json_schema(name.value), indent=2, ensure_ascii=False))
