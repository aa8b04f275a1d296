"""Options of a run from what was said and from the configuration file. What was said wins.

The command line and the Python interface both call `make_options`, so that a word means the same in both.
"""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypedDict, Unpack

from attrib.config.find import load_config
from attrib.config.model import Config
from attrib.errors import DeliveryError, UsageError
from attrib.options import ConfigUsed, Options, Progress
from attrib.records.user_time import parse_mark

Many = str | os.PathLike[str] | Iterable[str | os.PathLike[str]] | None
"""One name or several; None: none said."""

_NOTHING: Final = Config(ConfigUsed("", ""))
"""What no configuration says."""


class Given(TypedDict, total=False):
    """What may be said, under the names of the command line; None or absent: not said."""

    rules: Many
    settings: Mapping[str, float] | Many
    from_format: str
    since: str | None
    until: str | None
    window: str | None
    tz: str | None
    input_tz: str | None
    vendors: Many
    own: Many
    label: Many
    baseline: Many
    mark: Mapping[str, str] | Many
    sampled: bool
    rejects: str | os.PathLike[str] | None
    engine: str
    memory: str
    threads: int | None
    redact: bool
    progress: Progress | None


def make_options(config: str | os.PathLike[str] | None = None, **given: Unpack[Given]) -> Options:
    """The options of a run. `config`: the configuration file; None: the nearest `attrib.toml`, if there is one.

    Rules, zones and baseline that were said replace the configuration's. Vendors, own and labels are added to it, and
    what was said about a name replaces what the configuration says about it. Thresholds replace those of the same name
    (`latency_high_ms` and `latency_high_ms@checkout` are two). Raises UsageError; DeliveryError for a missing engine.
    """
    engine = given.get("engine", "duckdb")
    if engine == "spark":
        raise DeliveryError("--engine spark: this version has no Spark engine; leave the option out.")
    if engine != "duckdb":
        raise UsageError(f"--engine {engine}: no such engine; this version has duckdb.")
    found = load_config(None if config is None else os.fspath(config))
    file = found if found is not None else _NOTHING
    rules = names(given.get("rules"), "rules", split=False) if given.get("rules") is not None else file.rules
    rejects = given.get("rejects")
    vendors, own = names(given.get("vendors"), "vendors"), names(given.get("own"), "own")
    return Options(
        rules=Options.rules if rules is None else rules,
        settings=(*file.settings, *_pairs(given.get("settings"), "set")),
        from_format=given.get("from_format", Options.from_format),
        since=given.get("since"),
        until=given.get("until"),
        window=given.get("window"),
        tz=_first(given.get("tz"), file.tz, Options.tz),
        input_tz=_first(given.get("input_tz"), file.input_tz, Options.input_tz),
        vendors=_union(_not_covered(file.vendors, own), vendors),
        own=_union(_not_covered(file.own, vendors), own),
        labels=_union(file.labels, names(given.get("label"), "label")),
        probes=file.probes,
        baseline=names(given.get("baseline"), "baseline", split=False) or file.baseline,
        marks=_marks(given.get("mark")),
        sampled=given.get("sampled", False),
        rejects=None if rejects is None else os.fspath(rejects),
        redact=given.get("redact", True),
        memory=given.get("memory", Options.memory),
        threads=given.get("threads"),
        progress=given.get("progress"),
        config=None if found is None else found.used,
    )


def names(value: Many, argument: str, *, split: bool = True) -> tuple[str, ...]:
    """One name or many; with `split`, a name may be a comma-separated list. Raises UsageError for what is no name."""
    if value is None:
        return ()
    try:
        given = [value] if isinstance(value, str | os.PathLike) else list(value)
        found = [os.fspath(name) for name in given]
    except TypeError:
        raise UsageError(f"{argument}: give a name or a list of names, not {value!r}.") from None
    parts = [part.strip() for name in found for part in (name.split(",") if split else [name])]
    return tuple(part for part in parts if part)


def _pairs(value: Mapping[str, float] | Mapping[str, str] | Many, argument: str) -> tuple[str, ...]:
    """`name=value` texts, or a mapping of name to value."""
    if isinstance(value, Mapping):
        return tuple(f"{name}={one}" for name, one in value.items())
    return names(value, argument, split=False)


def _marks(value: Mapping[str, str] | Many) -> tuple[str, ...]:
    """The marks as typed, each one read once: a typing mistake is told before any log is read."""
    marks = _pairs(value, "mark")
    for mark in marks:
        parse_mark(mark)
    return marks


def _first(said: str | None, configured: str | None, default: str) -> str:
    return said if said is not None else configured if configured is not None else default


def _union(first: Iterable[str], more: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *more)))


def _not_covered(configured: Sequence[str], said: Sequence[str]) -> list[str]:
    """The configured names that nothing said of the other party covers: `--own 'pay*'` takes payments away."""
    patterns = [pattern.casefold() for pattern in said]
    return [name for name in configured if not any(_covers(pattern, name.strip().casefold()) for pattern in patterns)]


def _covers(pattern: str, name: str) -> bool:
    return name == pattern or fnmatch.fnmatchcase(name, pattern)
