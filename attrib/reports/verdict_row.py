"""One row of `attrib verdicts` as a pydantic model: the one source of its JSON Schema. Null as in `model.py`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from attrib.reports.model import Count, Model, Utc, Verdict


class VerdictRow(Model):
    """One line of `attrib verdicts --to jsonl`. Grain: one per invocation; latencies in ms."""

    request_id: str | None
    function: str | None
    stage: str | None
    ts: Utc | None
    status: int | str | None = Field(description="a number, or the timeout word that was logged")
    upstream: str | None
    upstream_outcome: str
    upstream_status: int | str | None = Field(description="a number, or the word that was logged")
    latency_ms: float | None
    upstream_latency_ms: float | None
    own_ms: float | None
    error_code: str | None
    attempts: Count | None
    symptom: Literal["failed", "slow", "failed+slow", "unfinished"] | None
    verdict: Verdict | Literal["ok"]
    rule: str | None
    also_matched: list[str]
    responsible: str | None
    via: list[str] = Field(description="chain of functions from this one to the responsible hop; empty: none")
    correlated: bool
    file: str
    line: Count
