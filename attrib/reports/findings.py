"""`attrib.checks/1` as pydantic models: the one source of its JSON Schema. Null as in `model.py`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from attrib.reports.model import ConfigUsed, Count, Input, Model

Severity = Literal["error", "warning", "info"]


class CheckExample(Model):
    """A line a finding rests on."""

    file: str
    line: Count


class FindingCost(Model):
    """What a finding costs in evidence."""

    symptomatic_unknown: Count = Field(description="failed or slow invocations that are unknown because of it")


class Finding(Model):
    """One finding of one check. Grain: (check, subject)."""

    check: str
    severity: Severity
    title: str
    statement: str
    remedy: str
    count: Count
    cost: FindingCost | None = Field(description="null: it costs no evidence, or nobody can say how much")
    examples: list[CheckExample] = Field(description="the first lines, at most 3")
    data: dict[str, Any] = Field(description="further figures; they differ from check to check")
    rate: float | None = Field(
        None, ge=0, description="count as a share of what it is counted among; null: there is no such number"
    )
    worst: CheckExample | None = Field(None, description="the worst line, where there is a measure")
    subject: dict[str, str | None] = Field({}, description="what it is about; the same in every run")
    fingerprint: str = Field("", description="a digest of check and subject: what --known goes by")


class IdRow(Model):
    """Request ids of one function in one file."""

    function: str | None
    file: str
    records: Count
    missing: Count
    placeholder: Count
    malformed: Count
    kinds: dict[str, Count] = Field(description="kind of id -> records that carry one")


class ChecksReport(Model):
    """`attrib check --to json`."""

    schema_: Literal["attrib.checks/1"] = Field(alias="schema")
    attrib_version: str
    input: Input
    findings: list[Finding] = Field(description="the weightiest first")
    config: ConfigUsed | None = Field(None, description="null: no configuration file")
    sampled: bool = Field(False, description="the log is a sample: checks of rates did not speak")
    ran: list[str] = Field([], description="ids of the checks that ran")
    parameters: dict[str, dict[str, float]] = Field({}, description="check -> parameter -> value of this run")
    ids: list[IdRow] = Field([], description="request ids by function and file")
    known: list[str] = Field([], description="fingerprints of findings left out because --known holds them")
    unlisted: list[str] = Field([], description="fingerprints of findings of less weight that are not listed")
    notes: list[str] = Field([], description="what a reader should know, a sentence each")
