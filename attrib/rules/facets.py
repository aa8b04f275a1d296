"""The facets a rule may look at, and their finite domains (design: "Rules"). The sole definition.

A cell is one value per facet. `upstream` cells are refined where a rule needs it: by exact code (`upstream_code`) and,
for `no_response`, by phase and by whether dns/tls failures were seen from one host or several.
"""

from __future__ import annotations

from typing import Final, NamedTuple

UPSTREAM: Final = (
    "missing",
    "1xx",
    "2xx",
    "3xx",
    "4xx",
    "5xx",
    "timeout",
    "no_response",
    "not_contacted",
    "short_circuited",
)
"""Outcome of the upstream. Only `missing` is ignorance; the others are evidence."""

UPSTREAM_PARTY: Final = ("external", "own", "unknown")
STATUS: Final = ("missing", "1xx", "2xx", "3xx", "4xx", "5xx", "timeout", "client_abort")
LATENCY: Final = ("missing", "normal", "high")
UPSTREAM_LATENCY: Final = ("missing", "low", "middle", "dominant")
UPSTREAM_PHASE: Final = ("none", "local", "dns", "connect", "tls", "read")
"""Where a `no_response` broke; `none` for every other outcome and where the log does not tell."""
UPSTREAM_HOSTS: Final = ("one", "several")
"""Hosts of ours that saw this upstream's dns/tls failures. Hosts not logged count as one: several is not proven."""

VERDICTS: Final = ("unknown", "vendor", "application", "app_bottleneck", "caller")
FAILED_STATUS: Final = frozenset({"4xx", "5xx", "timeout", "client_abort"})


class Facets(NamedTuple):
    """The facets of one invocation: what the decision table is joined on."""

    upstream: str
    upstream_party: str
    status: str
    latency: str
    upstream_latency: str
    upstream_code: int | None = None
    """Exact upstream status where one was logged; None for words and missing."""
    upstream_phase: str = "none"
    upstream_hosts: str = "one"


class Decision(NamedTuple):
    """What the decision table says of one cell."""

    verdict: str
    rule: str
    """Rule id; `none` where no rule matched."""
    also_matched: tuple[str, ...]
    """Ids of the other rules that match, in rank order: shown as evidence."""
    lean: str | None
    """For `unknown`: the verdict this points at without proving it."""
    responsible: str | None
    """`upstream`, `function` or None: which component the verdict names (unknown and caller name none)."""
    reason: str
    """The winning rule's reason sentence."""
