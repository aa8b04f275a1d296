"""What `attrib analyze` says of the checks: how many findings need no survey, and what the logs' faults cost."""

from __future__ import annotations

from typing import Any

from attrib.checks.cost import losses
from attrib.checks.facts import Facts
from attrib.checks.judge import counts, judge, ran
from attrib.checks.model import Needs


def summary(facts: Facts) -> dict[str, Any]:
    """The report's `checks`: ids that ran, findings by severity, and the requests that are unknown by fault."""
    findings, _ = judge(facts, Needs.BUCKETS)
    lost = [{**loss._asdict(), "symptomatic_unknown": n} for loss, n in facts.once(losses).items()]
    return {"ran": [one.id for one in ran(Needs.BUCKETS)], **counts(findings), "lost": lost}
