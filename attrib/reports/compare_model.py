"""The document of `attrib compare --to json` as pydantic models. Null means not known, as in `model.py`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from attrib.reports.model import TimeRange
from attrib.reports.model_base import Count, Model, Share, Utc, Verdict


class CompareSide(Model):
    """One side."""

    name: str = Field(description="as named on the command line")
    kind: Literal["logs", "report", "bundle"]
    files: list[str] = Field(description="the logs that it was made of")
    time_range: TimeRange
    seconds: float | None = Field(description="length of time_range")
    invocations: Count
    symptomatic: Count
    incidents: Count
    sampled: bool
    rules: str = Field(description="digest of the rules and thresholds that judged it")
    missing: list[str] = Field(description="what this kind of source does not tell")


class CompareParameters(Model):
    """What makes a change count."""

    level: Share = Field(description="certainty of all intervals together (Bonferroni)")
    min_change: Share = Field(description="least change of a share that matters")
    min_change_doubled: Share = Field(description="the same where the share is at least twice the other side's")
    min_latency: float = Field(ge=0, description="least change of a latency that matters, as a share of the smaller")
    min_latency_ms: float = Field(ge=0, description="least change of a latency that matters, ms")
    comparisons: Count
    z: float = Field(description="normal quantile of each interval")


class CompareSummary(Model):
    """The outcome in counts."""

    worse: Count
    better: Count
    new_incidents: Count
    gone_incidents: Count
    regress: bool = Field(description="a figure is worse, or an incident is new: what --fail-on regress asks")


class Interval(Model):
    """A figure with its limits."""

    value: float | None
    low: float | None
    high: float | None


class Figure(Interval):
    """A figure of one side. Shares: `count` of `of`; latencies: a quantile in ms of `of` durations, `count` null."""

    count: Count | None
    of: Count


class FigureRow(Model):
    """One figure of both sides."""

    scope: Literal["all", "function", "upstream", "verdict"]
    name: str | None = Field(description="of the function, upstream or verdict; null: all, or a function not named")
    figure: Literal["failed", "slow", "masked", "coverage", "share", "p50", "p99"]
    unit: Literal["share", "ms"]
    before: Figure
    after: Figure
    change: Interval | None = Field(description="after - before; null: too few to have limits")
    smallest: float | None = Field(
        description="the smallest change that these counts could have shown and that matters; null: none could"
    )
    result: Literal["worse", "better", "none", "unclear"]


class Only(Model):
    """What one side alone has."""

    functions: list[str | None]
    upstreams: list[str | None]


class CompareIncident(Model):
    """An incident of one side."""

    id: str
    verdict: Verdict
    lean: Verdict | None
    responsible: str | None
    functions: list[str]
    upstreams: list[str]
    start: Utc | None
    end: Utc | None
    symptomatic: Count
    invocations: Count
    failure_rate: Share | None


class IncidentRow(Model):
    """New: only after. Gone: only before. Same: of the same verdict, responsible and at least one same function."""

    result: Literal["new", "same", "gone"]
    before: CompareIncident | None
    after: CompareIncident | None


class Comparison(Model):
    """`attrib compare --to json`."""

    schema_: Literal["attrib.compare/1"] = Field(alias="schema")
    attrib_version: str
    before: CompareSide
    after: CompareSide
    parameters: CompareParameters
    summary: CompareSummary
    figures: list[FigureRow] = Field(description="empty where a side is a sample")
    only_before: Only
    only_after: Only
    incidents: list[IncidentRow]
    notes: list[str]
