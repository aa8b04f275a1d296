"""docs/configuration.md: its example is what the program reads, and no key is missing."""

from __future__ import annotations

import re
from pathlib import Path

from attrib.config.parse import KEYS, PARTY_KEYS, parse_config
from attrib.options import ConfigUsed

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")


def test_the_example_holds_every_key() -> None:
    [example] = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    config, faults = parse_config(example, ConfigUsed("attrib.toml", ""))
    assert not faults
    for key in ("rules", "tz", "input_tz", "labels", "probes", "baseline", "vendors", "own", "settings"):
        assert getattr(config, key), key
    assert "latency_high_ms@GET /orders/{id}=300" in config.settings
    assert "retry-storm.amplification=3" in config.settings


def test_every_key_is_in_the_table() -> None:
    told = set(re.findall(r"`([^`]+)`", "".join(re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE))))
    top = set(KEYS) - {"parties", "functions", "checks"}
    assert told == {*top, *(f"parties.{key}" for key in PARTY_KEYS), "functions.NAME", "checks.NAME"}
