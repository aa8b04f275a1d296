"""The incident of a report as pydantic models. Null and defaults as in `model.py`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from attrib.reports.model_base import Count, Model, Party, Share, Utc, Verdict, Verdicts


class Example(Model):
    """A place to look."""

    file: str
    line: Count
    request_id: str | None = None
    statement: str | None = Field(None, description="what happened there, in one sentence; null: not said")


class Evidence(Model):
    """One statement with the figures behind it and places to look."""

    kind: str = Field(description="what it shows, e.g. status_matrix, time_split, contrast; `data` is the kind's own")
    statement: str
    data: dict[str, Any]
    examples: list[Example]


class Suspect(Model):
    """A component, ranked; a link is named by its callee."""

    component: str
    kind: Literal["function", "upstream"]
    score: Share
    excess_failures: float | None = Field(None, description="failures above the usual state that it explains")
    excess_ms: float | None = Field(None, description="time above the usual state that it explains, ms")
    share_failures: float | None = Field(None, description="excess_failures as a share of all such failures")
    share_time: float | None = Field(None, description="excess_ms as a share of all such time")


class Action(Model):
    """What to do."""

    kind: str = Field(description="investigate, roll_back, escalate or stop_rule")
    text: str


class Timeline(Model):
    """An incident's functions over time, some time before and after it included; the lists are equally long."""

    start: Utc
    step_s: float = Field(gt=0, description="length of one step, seconds")
    counts: list[Count] = Field(description="the incident's symptomatic invocations per step")
    invocations: list[Count] = Field(description="all invocations of its functions per step")


class Known(Model):
    """What the verdict, or the lean, of an incident rests on."""

    dominant: Count = Field(description="symptomatic invocations that say it")
    attributed: Count = Field(description="symptomatic invocations with a verdict other than unknown")


class Symptoms(Model):
    """An incident's symptomatic invocations by what was wrong; one that failed and was slow counts as failed."""

    failed: Count
    slow: Count
    unfinished: Count


class Incident(Model):
    """Symptomatic invocations that belong together in time and cause."""

    id: str
    verdict: Verdict
    lean: Verdict | None
    responsible: str | None
    known_share: Share | None
    worst_case_share: Share | None
    worst_case_low: Share | None
    start: Utc | None
    end: Utc | None
    onset: Utc | None
    functions: list[str]
    upstreams: list[str]
    symptomatic: Count
    invocations: Count
    failure_rate: Share | None
    baseline_rate: Share | None
    verdicts: Verdicts
    rules: dict[str, Count]
    suspects: list[Suspect]
    evidence: list[Evidence]
    counter_evidence: list[Evidence]
    missing_evidence: list[Evidence]
    consequence_of: str | None
    parties: dict[str, Party]
    actions: list[Action]
    peak: Utc | None = Field(None, description="start of the minute with the most symptomatic invocations")
    timeline: Timeline | None = None
    method: Literal["wilson", "resampling"] | None = Field(None, description="how worst_case_low was found")
    claimed: bool = Field(False, description="`lean` rests on claims (error codes, a pile-up) alone: not proven")
    known: Known | None = None
    symptoms: Symptoms | None = None
    whole_log: bool = Field(False, description="the log has no unaffected time: it was judged as one window")
    forced: bool = Field(False, description="the user named the window")
    sampled: bool = Field(False, description="the log is a sample: counts stay, rates are null")
    consequences: list[str] = Field([], description="ids of the incidents that are its consequences")
    via: list[list[str]] = Field([], description="chains of functions, from the caller to the hop that took the blame")
