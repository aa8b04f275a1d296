"""The canonical fields of a record: the one place that says their names, types, units and other names.

Source: the M1 fields and the optional fields of the design ("The record"); aliases are the attribute names of the
OpenTelemetry semantic conventions and of the Elastic Common Schema, and the spellings that usual loggers write.
Null means "not logged" in every field: the key is absent, or holds null, "" or (but in request_id, function and stage)
"-".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

Kind = Literal[
    "id", "text", "status", "upstream_status", "ms", "time", "count", "ratio", "hash", "labels", "traceparent"
]
"""What a field may hold:

id              text, or an integer, kept as its digits
text            the same; another shape of an optional field is dropped and counted
status          an integer 0..999 (also "500" and 500.0), or a timeout word
upstream_status the same, or any other word
ms              milliseconds, finite and >= 0 (also "12.5")
time            an instant: ISO 8601, or epoch s/ms/us/ns
count           an integer >= 0 (also "2" and 2.0)
ratio           a finite number >= 0
hash            as id, but only a digest of it is ever kept
labels          an object of scalars
traceparent     W3C Trace Context: gives trace_id and parent_span_id
"""


@dataclass(frozen=True)
class Field:
    """One canonical field."""

    name: str
    kind: Kind
    about: str
    unit: str | None = None
    aliases: tuple[str, ...] = ()
    """Other keys that mean the same, in the order they are asked; the canonical name is asked first."""
    m1: bool = False
    """One of the eight M1 fields: a value it cannot have quarantines the line, instead of being dropped."""

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys that mean this field, the first one with a value wins."""
        return (self.name, *self.aliases)


M1: Final = (
    Field("request_id", "id", "ties together all records of one request", m1=True),
    Field("function", "id", "the function that ran", m1=True),
    Field("stage", "id", "where in the function the record was written", m1=True),
    Field("status", "status", "the function's own outcome; null while it has not answered", m1=True),
    Field("latency_ms", "ms", "the function's time so far", "ms", m1=True),
    Field("error_code", "id", "the function's word for what went wrong", m1=True),
    Field("upstream_status", "upstream_status", "what the called service answered", m1=True),
    Field("upstream_latency_ms", "ms", "the called service's time", "ms", m1=True),
)
"""In the order in which a line's faults are named."""

TIME: Final = Field(
    "ts",
    "time",
    "when the record was written; the end of what has a latency",
    "UTC",
    ("timestamp", "time", "@timestamp"),
)
LABELS: Final = Field("labels", "labels", "metric labels")
TRACEPARENT: Final = Field("traceparent", "traceparent", "W3C trace context; fills trace_id and parent_span_id")

CONTEXT: Final = (
    Field(
        "upstream", "text", "name of the called service", aliases=("upstream_name", "peer.service", "service.peer.name")
    ),
    Field("service", "text", "the service the function belongs to", aliases=("service.name", "service_name")),
    Field("attempt", "count", "number of the attempt, as logged"),
    Field("trace_id", "text", "trace the record belongs to", aliases=("trace.id", "traceId")),
    Field("span_id", "text", "span the record belongs to", aliases=("span.id", "spanId")),
    Field("parent_span_id", "text", "span that called this one", aliases=("parent.id", "parentSpanId")),
    Field("caller_latency_ms", "ms", "time that the caller of the function saw", "ms"),
    Field("level", "text", "severity of the line", aliases=("log.level", "severity", "severity_text", "loglevel")),
    Field("queued_ms", "ms", "time between arrival and start", "ms", ("queue_ms", "queue_time_ms")),
)
"""Optional fields that are attributes of a record."""

COMPARED: Final = (
    Field("service.version", "text", "release that ran", aliases=("service_version", "version", "app_version")),
    Field("host.name", "text", "machine that ran it", aliases=("host", "hostname", "host_name")),
    Field("k8s.pod.name", "text", "pod that ran it", aliases=("pod", "pod_name", "kubernetes.pod.name")),
    Field("cloud.region", "text", "region that ran it", aliases=("region", "cloud_region")),
    Field(
        "deployment.environment",
        "text",
        "environment that ran it",
        aliases=("deployment.environment.name", "environment", "env"),
    ),
    Field("feature_flag", "text", "flag that was on", aliases=("feature_flag.key", "flag")),
    Field("tenant", "hash", "customer the request was for", aliases=("tenant.id", "tenant_id")),
    Field("upstream_request_id", "text", "the called service's own id of the call", aliases=("upstream.request_id",)),
    Field("retry_count", "count", "attempts after the first", aliases=("retries", "http.request.resend_count")),
    Field("idempotency_outcome", "text", "what the idempotency store said", aliases=("idempotency.outcome",)),
    Field("idempotency_key", "hash", "key under which a request counts once", aliases=("idempotency.key",)),
    Field("request_fingerprint", "hash", "digest of the request sent under an idempotency key"),
    Field(
        "sample_rate", "ratio", "how many requests this record stands for, or its inverse", aliases=("sampling_rate",)
    ),
)
"""Optional fields that are kept in `Record.extra` under their names, to tell failing requests from the rest."""

OPTIONAL: Final = (*CONTEXT, *COMPARED)
FIELDS: Final = (*M1, TIME, *OPTIONAL, LABELS, TRACEPARENT)
"""Every canonical field, each key once."""

KEYS: Final[dict[str, Field]] = {key: field for field in FIELDS for key in field.keys}
"""Key of a log line -> the field it means. A key outside is counted by name and not stored."""

RECORD_KEYS: Final = ("function", "status", "upstream_status")
"""Contract "Accounting": a line with none of these keys is another program's line."""

_DECIMAL: Final = r"^\s*([0-9]{1,300}(\.[0-9]{0,300})?|\.[0-9]{1,300})\s*$|^-?$"
_DIGITS: Final = r"^\s*[0-9]{1,15}\s*$|^-?$"
_NOTHING: Final = {"type": "null"}
_SHAPES: Final[dict[Kind, list[dict[str, Any]]]] = {
    "id": [{"type": ["string", "integer"]}],
    "text": [{"type": ["string", "integer"]}],
    "status": [
        {"type": "integer", "minimum": 0, "maximum": 999},
        {"type": "string", "description": 'a timeout word, or the code in digits ("500")'},
    ],
    "upstream_status": [
        {"type": "integer", "minimum": 0, "maximum": 999},
        {"type": "string", "description": 'a word ("ETIMEDOUT", "ECONNREFUSED", "cache_hit"), or the code in digits'},
    ],
    "ms": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": _DECIMAL}],
    "time": [{"type": "string", "description": "ISO 8601, or an epoch"}, {"type": "number", "minimum": 0}],
    "count": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": _DIGITS}],
    "ratio": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": _DECIMAL}],
    "hash": [{"type": ["string", "integer"]}],
    "labels": [{"type": "object", "additionalProperties": {"type": ["string", "number", "boolean", "null"]}}],
    "traceparent": [{"type": "string", "pattern": "^([0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(-.*)?|-?)$"}],
}
"""Kind -> the JSON shapes that are read without loss, null aside. What only a list of words can tell is text here."""


def schema() -> dict[str, Any]:
    """The JSON Schema of one log line, without its `$schema` key. Units and aliases stand in the descriptions."""
    properties = {}
    for field in FIELDS:
        unit = f" ({field.unit})" if field.unit else ""
        for key in field.keys:
            means = "" if key == field.name else f"; the same as {field.name}"
            properties[key] = {"description": f"{field.about}{unit}{means}", "anyOf": [*_SHAPES[field.kind], _NOTHING]}
    return {
        "title": "A line of an M1 log",
        "description": "One record. A key may be absent or null, and other keys may stand beside these: they are "
        "counted by name and not stored.",
        "type": "object",
        "properties": properties,
        "anyOf": [{"required": [key]} for key in RECORD_KEYS],
    }
