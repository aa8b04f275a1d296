"""Records, words and parameters by hand, for tests of invocations and verdicts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from attrib.invocations.context import Context
from attrib.invocations.join import build
from attrib.invocations.model import Invocation
from attrib.records.model import Record
from attrib.rules.facets import Decision, Facets
from attrib.rules.words import Words

WORDS = Words(
    timeout=frozenset({"timeout", "etimedout", "deadline_exceeded"}),
    no_response={"econnrefused": "connect", "econnreset": "read", "no_answer": "none"},
    not_contacted=frozenset({"cache_hit"}),
    short_circuited=frozenset({"eopenbreaker", "callnotpermitted"}),
    client_abort=frozenset({"client_closed"}),
    claims=("upstream_*", "etimedout", "econnrefused", "*_timeout"),
    phases={"emfile": "local", "enotfound": "dns", "cert_*": "tls"},
    placeholder_ids=frozenset({"-", "", "null", "unknown"}),
    terminal_stages=frozenset({"response", "exception", "end", "final"}),
)
T0 = 1_795_183_200_123_000
"""A time that is no whole second, so that attempts can be laid out on it."""


class Defaults:
    """The packs' default parameters, with overrides for one function as `name@function`."""

    values: dict[str, float]

    def __init__(self, **overrides: float) -> None:
        self.values = {
            "latency_high_ms": 500,
            "upstream_latency_low": 0.2,
            "upstream_latency_dominant": 0.8,
            "reuse_gap_s": 60,
            "reuse_max_terminals": 20,
            "unfinished_after_s": 60,
            **overrides,
        }

    def value(self, name: str, function: str | None = None) -> float:
        return self.values.get(f"{name}@{function}", self.values[name])


def party_of(upstream: str | None) -> str:
    return "own" if upstream in ("redis", "inventory") else "external"


class M1:
    """The four rules of M1, written out, and nothing else."""

    def decide(self, facets: Facets) -> Decision:
        hits: list[tuple[str, str, str | None]] = []
        if facets.upstream == "missing":
            hits.append(("m1-unknown", "unknown", None))
        below = facets.upstream in ("5xx", "timeout") and facets.upstream_party == "external"
        if below and facets.status in ("5xx", "timeout"):
            hits.append(("m1-vendor", "vendor", "upstream"))
        if facets.upstream == "2xx" and facets.status in ("4xx", "5xx"):
            hits.append(("m1-application", "application", "function"))
        if facets.latency == "high" and facets.upstream_latency == "low":
            hits.append(("m1-bottleneck", "app_bottleneck", "function"))
        if not hits:
            return Decision("unknown", "none", (), None, None, "")
        rule, verdict, responsible = hits[0]
        return Decision(verdict, rule, tuple(hit[0] for hit in hits[1:]), None, responsible, "")


def context(**overrides: float) -> Context:
    return Context(WORDS, Defaults(**overrides), party_of)


_lines = iter(range(1, 1 << 60))


def rec(stage: str | None = "response", upstream_status: int | str | None = None, **fields: Any) -> Record:
    """A record of request r1, function checkout; words may be given as statuses, `at` is milliseconds after T0."""
    if isinstance(upstream_status, str):
        fields["upstream_word"], upstream_status = upstream_status, None
    if isinstance(fields.get("status"), str):
        fields["status_word"] = fields.pop("status")
    if "at" in fields:
        fields["ts"] = T0 + round(fields.pop("at") * 1000)
    if "ul" in fields:
        fields["upstream_latency_ms"] = fields.pop("ul")
    if "lat" in fields:
        fields["latency_ms"] = fields.pop("lat")
    defaults: dict[str, Any] = {"file": 0, "line": next(_lines), "request_id": "r1", "function": "checkout"}
    return Record(**{**defaults, **fields}, stage=stage, upstream_status=upstream_status)


def invocations(
    records: Iterable[Record], several: Callable[[str | None], bool] | None = None, **overrides: float
) -> list[Invocation]:
    return list(build(records, WORDS, Defaults(**overrides), party_of, several))


def one(*records: Record, **overrides: float) -> Invocation:
    """The only invocation that the records form."""
    found = invocations(records, None, **overrides)
    assert len(found) == 1
    return found[0]
