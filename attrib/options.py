"""Everything a run can be told, in one frozen value. The command line, Python API and tests all build this."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Progress = Callable[[int, int | None], None]
"""Called with (bytes read so far, bytes in total or None when unknown)."""

FAST_MIN_BYTES = 8 * 1024 * 1024
"""Below this much input the careful path alone is quicker than loading DuckDB (measured: 70 ms against 9 us a line)."""


@dataclass(frozen=True, slots=True)
class ConfigUsed:
    """The configuration file that this run's options come from, in part."""

    path: str
    """As named with --config; one that was found is named from the current folder (`../attrib.toml`)."""
    digest: str
    """`sha256:...` over the file's bytes."""


@dataclass(frozen=True)
class Options:
    """Options of one run; names are those of the command line (docs/commands.md).

    `attrib.config.build.make_options` makes one from what was said and from the configuration file.
    """

    rules: tuple[str, ...] = ("m1", "extended")
    settings: tuple[str, ...] = ()
    """`name=value` and `name@function=value`; the last of a name wins."""
    from_format: str = "auto"
    since: str | None = None
    until: str | None = None
    window: str | None = None
    tz: str = "UTC"
    input_tz: str = "UTC"
    vendors: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    probes: tuple[str, ...] = ()
    """Functions, as globs, whose invocations are probe traffic (health checks)."""
    baseline: tuple[str, ...] = ()
    """LOGS that show the usual state; their records are never part of an incident."""
    marks: tuple[str, ...] = ()
    """`TIME=TEXT` as typed, of the right form; `attrib.records.user_time.parse_mark` reads one."""
    sampled: bool = False
    """The log is a sample: counts stay, rates go."""
    rejects: str | None = None
    redact: bool = True
    memory: str = "1GB"
    """Bound for the engine's own memory; the process adds about 150 MB."""
    threads: int | None = None
    """None: as many as the machine has processors, at most 8."""
    progress: Progress | None = None
    shown_as: Mapping[str, str] = field(default_factory=dict)
    """Path of an input -> the name it has in every output; for tables, which are read from a temporary file."""
    fast: bool | None = None
    """None: the fast path where it pays; True, False: always, never. Results are the same; for tests and benchmarks."""
    config: ConfigUsed | None = None
    """None: no configuration file."""
