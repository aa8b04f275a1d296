"""`attrib schema`: the JSON Schema of what goes in and what comes out."""

from __future__ import annotations

from typing import Annotated

import typer


def schema(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="record: a log line; report: analyze --to json; verdicts: a line of verdicts --to jsonl; "
            "checks: findings about logs; compare: compare --to json.",
            show_default=False,
        ),
    ],
) -> None:
    """Print the JSON Schema of a log line or of a document this program writes."""
    import json

    from attrib.reports.deliver import deliver
    from attrib.reports.schemas import json_schema

    deliver(json.dumps(json_schema(name), indent=2, ensure_ascii=False) + "\n", None)
