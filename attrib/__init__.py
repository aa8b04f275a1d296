"""attrib: who was responsible when requests failed or were slow, with the log lines that prove it.

    import attrib
    a = attrib.analyze("logs/*.jsonl")
    a.report, a.verdicts()
    attrib.check("logs/*.jsonl").findings
    attrib.compare("before.jsonl", "after.jsonl").regress

Times are UTC, latencies milliseconds; null means not logged or not known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrib.errors import AttribError, DeliveryError, InputError, NoRecordsError, UsageError

if TYPE_CHECKING:
    from attrib.api import Analysis, Checks, Comparison, analyze, check, compare, open_report

__all__ = [
    "Analysis",
    "AttribError",
    "Checks",
    "Comparison",
    "DeliveryError",
    "InputError",
    "NoRecordsError",
    "UsageError",
    "__version__",
    "analyze",
    "check",
    "compare",
    "open_report",
]


_OF_THE_API = frozenset({"Analysis", "Checks", "Comparison", "analyze", "check", "compare", "open_report"})


def __getattr__(name: str) -> Any:
    # `attrib --help` imports this package too, and must not pay for what only an analysis needs.
    if name in _OF_THE_API:
        from attrib import api

        return getattr(api, name)
    if name == "__version__":
        from importlib.metadata import version

        return version("attrib")
    raise AttributeError(f"module 'attrib' has no attribute {name!r}")
