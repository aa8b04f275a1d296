"""What was said and what the configuration says, as one: what was said wins."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import attrib
from attrib.config.build import make_options
from attrib.config.toml import toml_string
from attrib.errors import UsageError
from attrib.options import ConfigUsed, Options
from attrib.rules.load import load_rules

CONFIG = """
rules = ["m1"]
tz = "Europe/Berlin"
input_tz = "Europe/Paris"
labels = ["region"]
probes = ["health*"]
baseline = ["usual.jsonl"]
[parties]
vendors = ["payments", "geo-*"]
own = ["search-db", "*.corp"]
[thresholds]
latency_high_ms = 800
[functions.checkout]
latency_high_ms = 2000
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_nothing_said_is_the_defaults() -> None:
    assert make_options() == Options()


def test_all_of_the_configuration(folder: Path) -> None:
    (folder / "attrib.toml").write_text(CONFIG, encoding="utf-8")
    options = make_options()
    assert options.config is not None
    assert options.config.path == "attrib.toml"
    assert options == Options(
        rules=("m1",), tz="Europe/Berlin", input_tz="Europe/Paris", labels=("region",), probes=("health*",),
        baseline=("usual.jsonl",), vendors=("payments", "geo-*"), own=("search-db", "*.corp"),
        settings=("latency_high_ms=800", "latency_high_ms@checkout=2000"), config=options.config,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "field", "value"),
    [
        ({"rules": ["m1", "extended"]}, "rules", ("m1", "extended")),
        ({"tz": "UTC"}, "tz", "UTC"),
        ({"input_tz": "UTC"}, "input_tz", "UTC"),
        ({"label": "shard,region"}, "labels", ("region", "shard")),
        ({"baseline": "other.jsonl"}, "baseline", ("other.jsonl",)),
        ({"vendors": "mail"}, "vendors", ("payments", "geo-*", "mail")),
        ({"vendors": "mail"}, "own", ("search-db", "*.corp")),
        ({"own": ["Payments"]}, "vendors", ("geo-*",)),
        ({"own": ["Payments"]}, "own", ("search-db", "*.corp", "Payments")),
        ({"own": ["pay*"]}, "vendors", ("geo-*",)),  # a plain name of the file would beat the glob
        ({"own": ["geo-1"]}, "vendors", ("payments", "geo-*")),  # here the plain name is the option's, and wins
        ({"vendors": "*"}, "own", ()),
    ],
)
def test_what_was_said_wins(given: dict[str, Any], field: str, value: object, folder: Path) -> None:
    (folder / "attrib.toml").write_text(CONFIG, encoding="utf-8")
    assert getattr(make_options(**given), field) == value


def test_a_threshold_replaces_that_of_the_same_name(folder: Path) -> None:
    (folder / "attrib.toml").write_text(CONFIG, encoding="utf-8")

    def high(function: str, **given: Any) -> float:
        options = make_options(**given)
        return load_rules(options.rules, options.settings).parameters.value("latency_high_ms", function)

    assert (high("search"), high("checkout")) == (800, 2000)
    assert high("search", settings={"latency_high_ms": 300}) == 300
    assert high("checkout", settings="latency_high_ms=300") == 2000
    assert high("checkout", settings=["latency_high_ms@checkout=300"]) == 300


def test_a_named_file_takes_the_place_of_the_one_found(folder: Path) -> None:
    (folder / "attrib.toml").write_text(CONFIG, encoding="utf-8")
    (folder / "other.toml").write_text('tz = "Asia/Tokyo"\n', encoding="utf-8")
    options = make_options(Path("other.toml"))
    assert (options.tz, options.rules, options.own) == ("Asia/Tokyo", Options.rules, ())
    assert isinstance(options.config, ConfigUsed)
    assert options.config.path == "other.toml"
    nothing = make_options("/dev/null")
    assert (nothing.tz, nothing.vendors) == ("UTC", ())


def test_lists_of_a_call() -> None:
    options = make_options(vendors="a, b", own=["c", Path("d")], mark={"14:01": "v42, v43"}, baseline=["a,b.jsonl"])
    assert (options.vendors, options.own) == (("a", "b"), ("c", "d"))
    assert (options.marks, options.baseline) == (("14:01=v42, v43",), ("a,b.jsonl",))
    for wrong in (3, [3]):
        with pytest.raises(UsageError, match="baseline: give a name or a list of names"):
            make_options(baseline=wrong)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="--mark deploy: write TIME=TEXT"):
        make_options(mark="deploy")


@given(
    st.dictionaries(st.text(min_size=1, max_size=20).filter(lambda name: name.strip() == name), st.integers(1, 9999))
)
def test_any_function_may_have_thresholds(tmp_path_factory: pytest.TempPathFactory, own: dict[str, int]) -> None:
    path = tmp_path_factory.mktemp("config") / "c.toml"
    tables = (f"[functions.{toml_string(name)}]\nlatency_high_ms = {ms}\n" for name, ms in own.items())
    path.write_text("".join(tables), encoding="utf-8")
    options = make_options(path)
    parameters = load_rules(options.rules, options.settings).parameters
    assert parameters.functions("latency_high_ms") == own


# ---- through the Python interface -------------------------------------------------------------------------------


def test_python_takes_the_same_configuration(folder: Path) -> None:
    line = '{"request_id":"r1","function":"checkout","status":502,"upstream":"pay","upstream_status":503}\n'
    (folder / "a.jsonl").write_text(line, encoding="utf-8")
    (folder / "attrib.toml").write_text('[parties]\nown = ["pay"]\n', encoding="utf-8")
    assert attrib.analyze("a.jsonl").report.isolated[0].verdict == "application"
    assert attrib.analyze("a.jsonl", config="/dev/null").report.isolated[0].verdict == "vendor"
    assert attrib.analyze("a.jsonl", vendors="pay").report.isolated[0].verdict == "vendor"
    assert attrib.analyze("a.jsonl").verdicts().collect()["verdict"].to_list() == ["application"]
    with pytest.raises(attrib.UsageError, match="--mark soon: not a time"):
        attrib.analyze("a.jsonl", mark="soon=x")
