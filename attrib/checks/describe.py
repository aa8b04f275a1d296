"""What there is to say about a check, as plain data: for `--explain`, the rules of SARIF, and the documents."""

from __future__ import annotations

from typing import Any

from attrib.checks.model import Check, Sample


def described(check: Check) -> dict[str, Any]:
    """Everything but its code. `area` is the folder of its file; a sample's `finds` the findings it must trigger."""
    return {
        "check": check.id,
        "area": check.find.__module__.split(".")[-2],
        "severity": check.severity,
        "title": check.title,
        "reason": check.reason,
        "explanation": check.explanation,
        "remedy": check.remedy,
        "source": check.source,
        "parameters": [
            {"name": name, "value": one.value, "unit": one.unit, "source": one.source}
            for name, one in check.parameters.items()
        ],
        "samples": [{"title": one.title, "finds": one.finds} for one in check.samples],
    }


def sample_log(sample: Sample) -> str:
    """The log of a sample."""
    return sample.log if isinstance(sample.log, str) else sample.log()
