"""How a report is shown: everything a renderer may know besides the report itself."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Final

from attrib.safe.display import Display

NARROWEST: Final = 40
"""Columns that are used even where the terminal says it has fewer."""


@dataclass(frozen=True, slots=True)
class View:
    """Options of the renderers. JSON, CSV and Parquet read `display` only; their times are always UTC."""

    display: Display = field(default_factory=Display)
    width: int = 80
    """Columns of the terminal."""
    color: bool = False
    """Off unless standard output is a terminal and nobody said NO_COLOR. Colour repeats what words say."""
    zone: tzinfo = UTC
    """Zone of the times shown; always named."""
    logs: tuple[str, ...] = ()
    """The LOGS arguments as typed, repeated in the commands a report suggests; empty: `LOGS...` stands for them."""

    verbose: bool = False
    """Whether every detail is shown (-v), and not the first screen's answer only."""
    ascii: bool = False
    """Whether timelines are drawn in ASCII, because the terminal's encoding has no block elements."""

    def command(self, *words: str) -> str:
        """A command line to copy: `attrib`, the words, the logs; quoted for a shell where needed."""
        logs = [shlex.quote(log) for log in _together(self.logs)] or ["LOGS..."]
        return " ".join(["attrib", *(shlex.quote(word) for word in words), *logs])


NAMED: Final = 3
"""Logs named one by one in a command; more of one folder are named by that."""


def _together(logs: tuple[str, ...]) -> tuple[str, ...]:
    folders = {log.rpartition("/")[0] for log in logs}
    return logs if len(logs) <= NAMED or len(folders) > 1 or "" in folders else (folders.pop(),)
