"""Which configuration file holds, and its bytes."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Final

from attrib.config.model import Config, ConfigError
from attrib.config.parse import parse_config
from attrib.errors import UsageError
from attrib.options import ConfigUsed
from attrib.rules.model import Fault

NAME: Final = "attrib.toml"
_MAX_BYTES: Final = 4 * 1024 * 1024
"""A configuration is written by hand; anything larger is the wrong file."""


def load_config(named: str | None = None) -> Config | None:
    """The configuration of `--config FILE`, else of the nearest `attrib.toml`; None where there is none.

    Raises ConfigError with every fault of the file, and UsageError for one that cannot be read.
    """
    path = named if named is not None else nearest()
    if path is None:
        return None
    content = _read(path, named)
    used = ConfigUsed(path, f"sha256:{hashlib.sha256(content).hexdigest()}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ConfigError([Fault(path, line, "this is not UTF-8. Save the file as UTF-8.")]) from None
    config, faults = parse_config(text, used, os.path.dirname(path))  # noqa: PTH120 - Path("a").parent is ".", not ""
    if faults:
        raise ConfigError(faults)
    return config


def nearest() -> str | None:
    """The `attrib.toml` of the current folder or its nearest parent that has one, named from the current folder."""
    try:
        here = Path.cwd()
    except OSError:  # the current folder was removed
        return None
    for folder in (here, *here.parents):
        try:
            found = (folder / NAME).is_file()
        except OSError:  # a parent that may not be looked into
            continue
        if found:
            # Not the absolute path: the report goes to others, and where somebody's home lies is not their business.
            return os.path.relpath(folder / NAME, here)
    return None


def _read(path: str, named: str | None) -> bytes:
    try:
        with Path(path).open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        raise UsageError(f"--config {path}: no such file; attrib init LOGS writes one.") from None
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or str(error)).lower()
        other = " --config FILE names another." if named is None else ""
        raise UsageError(f"cannot read the configuration {path}: {why}.{other}") from None
    if len(content) > _MAX_BYTES:
        raise UsageError(f"{path} is larger than 4 MiB: that is no configuration.")
    return content
