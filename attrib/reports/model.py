"""The report as pydantic models: the one source of its JSON Schema.

Null means "not known" or "does not apply", never 0. Fields without a default are the contract's and always there;
fields with one are additions. Readers must bear further fields: none of the models forbids them.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Count = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Utc = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$", description="ISO 8601, UTC")]
Verdict = Literal["unknown", "vendor", "application", "app_bottleneck", "caller"]
Party = Literal["external", "own", "unknown"]


class Model(BaseModel):
    """What the documents' models have in common."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)


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


class Rules(Model):
    """The rule packs used, in order, the digest of their contents, and every threshold."""

    packs: list[str]
    digest: str
    thresholds: dict[str, float | dict[str, float]]


class Verdicts(Model):
    """Symptomatic invocations by verdict."""

    unknown: Count
    vendor: Count
    application: Count
    app_bottleneck: Count
    caller: Count


class Summary(Model):
    """Figures over all invocations."""

    invocations: Count
    ok: Count
    symptomatic: Count
    verdicts: Verdicts
    masked_upstream_failures: Count
    uncorrelated: Count
    evidence_coverage: Share | None


class Example(Model):
    """A place to look."""

    file: str
    line: Count
    request_id: str | None = None


class Evidence(Model):
    """One statement with the figures behind it and places to look."""

    kind: str
    statement: str
    data: dict[str, Any]
    examples: list[Example]


class Suspect(Model):
    """A component, ranked; a link is named by its callee."""

    component: str
    kind: Literal["function", "upstream"]
    score: Share


class Action(Model):
    """What to do."""

    kind: str
    text: str


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


class Checks(Model):
    """Findings of the checks that follow from the buckets and the accounting."""

    ran: list[str]
    error: Count
    warning: Count
    info: Count


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
    parties: list[PartyEntry] = []
    verdict_counts: list[VerdictCount] = []
    functions: list[FunctionEntry] = []
    window: Window | None = None
    notes: list[str] = []
