"""attrib: who was responsible when requests failed or were slow, with the log lines that prove it.

    import attrib
    a = attrib.analyze("logs/*.jsonl")
    a.report, a.verdicts()

Times are UTC, latencies milliseconds; null means not logged or not known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrib.errors import AttribError, DeliveryError, InputError, NoRecordsError, UsageError

if TYPE_CHECKING:
    from attrib.api import Analysis, analyze

__all__ = [
    "Analysis",
    "AttribError",
    "DeliveryError",
    "InputError",
    "NoRecordsError",
    "UsageError",
    "__version__",
    "analyze",
]


def __getattr__(name: str) -> Any:
    # `attrib --help` imports this package too, and must not pay for what only an analysis needs.
    if name in ("analyze", "Analysis"):
        from attrib import api

        return getattr(api, name)
    if name == "__version__":
        from importlib.metadata import version

        return version("attrib")
    raise AttributeError(f"module 'attrib' has no attribute {name!r}")
