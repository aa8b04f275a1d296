"""`attrib.checks/1` as pydantic models: the one source of its JSON Schema. Null as in `model.py`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from attrib.reports.model import Count, Input, Model


class CheckExample(Model):
    """A line a finding rests on."""

    file: str
    line: Count


class Finding(Model):
    """One finding of one check. `cost`: invocations that stay unexplained because of it, by name."""

    check: str
    severity: Literal["error", "warning", "info"]
    title: str
    statement: str
    remedy: str
    count: Count
    cost: dict[str, Count] | None
    examples: list[CheckExample]
    data: dict[str, Any]


class ChecksReport(Model):
    """`attrib check --to json`."""

    schema_: Literal["attrib.checks/1"] = Field(alias="schema")
    input: Input
    findings: list[Finding]
