"""A configuration file as read: what it says, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from attrib.errors import UsageError
from attrib.options import ConfigUsed
from attrib.rules.model import Fault


@dataclass(frozen=True, slots=True)
class Config:
    """What one `attrib.toml` says, proven. None and an empty tuple: it says nothing about that."""

    used: ConfigUsed
    rules: tuple[str, ...] | None = None
    """Names of shipped packs and paths, the paths from the current folder."""
    tz: str | None = None
    input_tz: str | None = None
    vendors: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    probes: tuple[str, ...] = ()
    baseline: tuple[str, ...] = ()
    """LOGS, the paths from the current folder."""
    settings: tuple[str, ...] = ()
    """Thresholds, in the form of `--set`."""


class ConfigError(UsageError):
    """A configuration that cannot be used; its text lists every fault at once, one a line: `file:line: ...`."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults: Final = tuple(sorted(set(faults)))
        super().__init__("\n".join(str(fault) for fault in self.faults))
