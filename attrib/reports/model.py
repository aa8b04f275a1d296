"""The report as pydantic models: the one source of its JSON Schema.

Null means "not known" or "does not apply", never 0. Fields without a default are the contract's and always there;
fields with one are additions. Readers must bear further fields: none of the models forbids them.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from attrib.reports.incident_model import Incident
from attrib.reports.model_base import Count, Model, Party, Share, Utc, Verdict, Verdicts

__all__ = ["Count", "Incident", "Input", "Model", "Party", "Report", "Share", "Utc", "Verdict", "Verdicts"]


class Accounts(Model):
    """lines_read = accepted + quarantined + skipped + blank; duplicates and repaired are parts of accepted."""

    lines_read: Count
    accepted: Count
    quarantined: Count
    skipped: Count
    blank: Count
    duplicates: Count
    repaired: Count


class FileEntry(Accounts):
    """One input file."""

    path: str
    format: str | None
    records: Count
    unreadable_time: Count
    error: str | None = Field(description="why it could not be read whole, in one sentence; null: it was")
    zone_less_time: Count | None = Field(None, description="times read that named no zone")
    type_drift: Count | None = Field(None, description="values of another type than the field's, read all the same")


class Totals(Accounts):
    """The sums over all files."""

    records: Count | None = None


class TimeRange(Model):
    """Oldest and newest plausible time of a record; null where there is none."""

    start: Utc | None
    end: Utc | None


class Input(Model):
    """What was read, and what became of every line."""

    files: list[FileEntry]
    totals: Totals
    reasons: dict[str, Count] = Field(description="quarantined and skipped lines by reason")
    unknown_fields: dict[str, Count] = Field(description="fields not stored, by name, with their number of records")
    unknown_fields_sampled: bool
    time_range: TimeRange | None


class ConfigUsed(Model):
    """The configuration file that options of this run come from."""

    path: str
    digest: str = Field(description="sha256:... over the file's bytes")


class Rules(Model):
    """The rule packs used, in order, the digest of their contents, and every threshold."""

    packs: list[str]
    digest: str
    thresholds: dict[str, float | dict[str, float]]
    config: ConfigUsed | None = Field(None, description="null: no configuration file")


class Summary(Model):
    """Figures over all invocations."""

    invocations: Count
    ok: Count
    symptomatic: Count
    verdicts: Verdicts
    masked_upstream_failures: Count
    uncorrelated: Count
    evidence_coverage: Share | None


class Isolated(Model):
    """One invocation that belongs to no incident. Grain: one per invocation."""

    verdict: Verdict
    rule: str
    responsible: str | None
    function: str | None
    request_id: str | None
    file: str
    line: Count
    statement: str


class Background(Model):
    """Invocations that belong to no incident and are too many to list one by one."""

    function: str | None
    status: int | str | None
    verdict: Verdict
    rule: str
    count: Count
    rate: Share | None = Field(description="of all the function's invocations; null where there is no rate to give")


class Lost(Model):
    """Symptomatic invocations that are unknown because of one fault of the logs; each is counted once."""

    check: str = Field(description="the check of attrib check that finds the fault")
    function: str | None
    field: str = Field(description="the field that would settle it")
    symptomatic_unknown: Count


class Checks(Model):
    """Findings of the checks that follow from the buckets and the accounting."""

    ran: list[str]
    error: Count
    warning: Count
    info: Count
    lost: list[Lost] = Field([], description="what the logs' faults cost in evidence, the most first")


class PartyEntry(Model):
    """Whose an upstream is, and why we think so."""

    upstream: str | None
    party: Party
    reason: str
    records: Count


class VerdictCount(Model):
    """Symptomatic invocations of one function by upstream, verdict, rule and responsible component."""

    function: str | None
    upstream: str | None
    verdict: Verdict
    rule: str
    responsible: str | None
    count: Count


class FunctionEntry(Model):
    """One function's invocations. failed and slow overlap where a failed invocation was slow as well."""

    function: str | None
    invocations: Count
    ok: Count
    failed: Count
    slow: Count


class Window(Model):
    """The time asked for with --window, --since or --until."""

    start: Utc | None
    end: Utc | None


class Mark(Model):
    """Something the user knows to have happened then: a deploy, a flag, a note."""

    time: Utc
    text: str


class Baseline(Model):
    """Logs that show the usual state; their records are never part of an incident nor of any count here."""

    files: list[str]
    records: Count
    invocations: Count


class Report(Model):
    """`attrib analyze --to json`."""

    schema_: Literal["attrib.report/1"] = Field(alias="schema")
    attrib_version: str
    input: Input
    rules: Rules
    summary: Summary
    incidents: list[Incident]
    isolated: list[Isolated]
    background: list[Background]
    checks: Checks | None
    parties: list[PartyEntry] = Field([])
    verdict_counts: list[VerdictCount] = Field([])
    functions: list[FunctionEntry] = Field([])
    window: Window | None = None
    notes: list[str] = Field([])
    marks: list[Mark] = Field([])
    sampled: bool = Field(False, description="the user said that the log is a sample")
    baseline: Baseline | None = None
