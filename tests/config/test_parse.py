"""`attrib.toml` as text: what it says, and every fault with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from attrib.checks.catalogue import settings_of as load_settings
from attrib.config.find import load_config
from attrib.config.model import ConfigError
from attrib.config.parse import parse_config
from attrib.errors import UsageError
from attrib.options import ConfigUsed

USED = ConfigUsed("attrib.toml", "sha256:0")

WHOLE = """
rules = ["m1", "mine.toml"]
tz = "Europe/Berlin"
input_tz = "UTC"
labels = ["region", "shard"]
probes = ["health*"]
baseline = ["quiet/*.jsonl", "/var/log/usual"]

[parties]
vendors = ["payments-*"]
own = ["search-db"]

[thresholds]
latency_high_ms = 800
usual_rate_max = 0.1

[functions.checkout]
latency_high_ms = 2_000

[functions."a \\"b\\" = @c"]
upstream_latency_low = 0.1

[checks.latency-budget]
p99_ms = 250
invocations = 1e3

[checks.masked-upstream-failure]
share = 0.00001
"""


def faults(text: str) -> list[str]:
    return [str(fault).removeprefix("attrib.toml:") for fault in sorted(parse_config(text, USED)[1])]


def test_everything_it_can_say(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("", encoding="utf-8")
    config, wrong = parse_config(WHOLE, USED, str(tmp_path))
    assert not wrong
    assert config.rules == ("m1", str(tmp_path / "mine.toml"))
    assert (config.tz, config.input_tz) == ("Europe/Berlin", "UTC")
    assert (config.labels, config.probes) == (("region", "shard"), ("health*",))
    assert config.baseline == (str(tmp_path / "quiet/*.jsonl"), "/var/log/usual")
    assert (config.vendors, config.own) == (("payments-*",), ("search-db",))
    assert config.settings == (
        "latency_high_ms=800",
        "usual_rate_max=0.1",
        "latency_high_ms@checkout=2000",
        'upstream_latency_low@a "b" = @c=0.1',
        "latency-budget.p99_ms=250",
        "latency-budget.invocations=1000.0",
        "masked-upstream-failure.share=0.00001",
    )
    load_settings(config.settings[-3:])


def test_an_empty_file_says_nothing() -> None:
    config, wrong = parse_config("\n# nothing\n", USED)
    assert not wrong
    assert (config.rules, config.tz, config.settings, config.vendors) == (None, None, (), ())


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("party = 1", '1: unknown key "party" in a configuration. Did you mean "parties"?'),
        ("zzz = 1", '1: unknown key "zzz" in a configuration. Allowed: rules, tz, input_tz,'),
        ("\nlatency_high_ms = 800", '2: unknown key "latency_high_ms" in a configuration. It belongs below'),
        ("own = []", '1: unknown key "own" in a configuration. It belongs below [parties]: own = [...]'),
        ("parties = []", "1: parties must be a table, not []. Write [parties]"),
        ("[parties]\nvendor = []", '2: unknown key "vendor" below [parties]. Did you mean "vendors"?'),
        ('[parties]\nvendors = "a,b"', '2: vendors must be a list: write vendors = ["...", "..."], not "a,b".'),
        ('[parties]\nown = [\n  "a",\n  7,\n]', "4: own holds names in quotes, not 7."),
        ('labels = [""]', '1: labels holds names in quotes, not "".'),
        (
            '[parties]\nvendors = ["Redis"]\nown = ["redis"]',
            '3: "redis" stands in vendors and in own. Keep it in one of them.',
        ),
        ("[thresholds]\nlatency_hihg_ms = 1", '2: unknown threshold "latency_hihg_ms". Did you mean "latency_high'),
        ("thresholds = 5", "1: thresholds must be a table, not 5. Write [thresholds]"),
        ('[thresholds]\nlatency_high_ms = "800"', '2: latency_high_ms must be a number (ms), not "800".'),
        ("[thresholds]\nlatency_high_ms = true", "2: latency_high_ms must be a number (ms), not true."),
        ("[thresholds]\nlatency_high_ms = -1", "2: latency_high_ms must be from 1 to "),
        ("[thresholds]\nlatency_high_ms = nan", '2: "nan" is no number'),
        ("[thresholds]\nincident_min_failures = 2.5", "2: incident_min_failures must be a whole number, not 2.5."),
        (
            "[thresholds.checkout]\nlatency_high_ms = 1",
            "1: thresholds.checkout is a table. One function's own thresholds stand below [functions.checkout].",
        ),
        (
            "[functions.checkout]\nincident_gap_min = 1",
            "2: incident_gap_min is one for all functions. Move it below [thresholds].",
        ),
        ("[functions]\ncheckout = 800", "2: functions.checkout must be a table, not 800. Write [functions.checkout]"),
        ('[functions." "]\nlatency_high_ms = 1', "1: a function's name cannot be empty."),
        ("[functions.f]\nlatency = 1", '2: unknown threshold "latency". Did you mean '),
        (
            "[thresholds]\nupstream_latency_low = 0.9",
            "2: upstream_latency_low (0.9) must be below upstream_latency_dominant (0.8). Change one of them.",
        ),
        (
            "[thresholds]\nupstream_latency_low = 0.7\n[functions.f]\nupstream_latency_dominant = 0.6",
            "4: upstream_latency_low (0.7) must be below upstream_latency_dominant (0.6) for f. Change one of them.",
        ),
        ("[checks.retry-strom]\nattempts = 3", '1: no check "retry-strom". Did you mean "retry-storm"?'),
        ("[checks]\nretry-storm = 3", "2: checks.retry-storm must be a table, not 3. Write [checks.retry-storm]."),
        ("checks = 3", "1: checks must be a table, not 3. Write [checks.retry-storm], and below it"),
        ("[checks.error-rate]\nrte = 3", '2: error-rate has no parameter "rte". Did you mean "rate"?'),
        ("[checks.deep-liveness]\nrate = 3", '2: deep-liveness has no parameter "rate". deep-liveness has none.'),
        ("[checks.error-rate]\nrate = -3", "2: rate must be a number of 0 or more, not -3."),
        ("[checks.error-rate]\nrate = inf", "2: rate must be a number of 0 or more, not inf."),
        ("[checks.error-rate]\nrate = true", "2: rate must be a number of 0 or more, not true."),
        ('tz = "Berlin"', '1: tz must be a time zone, as in tz = "Europe/Berlin" or "UTC", not "Berlin".'),
        ('input_tz = "../etc"', "1: input_tz must be a time zone"),
        ("tz = 2", "1: tz must be a time zone"),
        ('rules = "m1"', '1: rules must be a list: write rules = ["...", "..."], not "m1".'),
        ("rules = []", "1: rules must be a list"),
        ('rules = ["extend"]', '1: no rule pack and no file "extend", seen from the folder of this configuration. Did'),
        ('baseline = ["-"]', '1: baseline cannot be standard input ("-"). Name files, folders or globs.'),
        ("a = ", "1: this is no TOML: "),
        ("\nx = " + "9" * 5000, "2: this is no TOML: "),
        ("x = " + "[" * 100_000, "1: this TOML is nested too deeply"),
        ('tz = "UTC"\ntz = "UTC"', "2: this is no TOML: Cannot overwrite a value. Mend the line"),
    ],
)  # fmt: skip
def test_a_fault_has_its_line_and_its_remedy(text: str, fault: str) -> None:
    [told] = faults(text)
    assert told.startswith(fault)


def test_all_faults_are_told_at_once() -> None:
    told = faults('colour = 1\ntz = "x"\n[parties]\nowner = []\n[thresholds]\nlatency = 1\n[functions.f]\nz = 1\n')
    assert [fault.split(":")[0] for fault in told] == ["1", "2", "4", "6", "8"]
    with pytest.raises(UsageError) as caught:
        raise ConfigError(parse_config("a = 1\nb = 2", USED)[1])
    assert len(str(caught.value).splitlines()) == 2


# ---- the file ---------------------------------------------------------------------------------------------------


def test_the_nearest_file_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    (below / "attrib.toml").mkdir()  # a folder of this name is none
    monkeypatch.chdir(below)
    assert load_config() is None
    (tmp_path / "attrib.toml").write_text('baseline = ["usual.jsonl"]\n', encoding="utf-8")
    config = load_config()
    assert config is not None
    assert config.used.path == "../../attrib.toml"
    assert config.baseline == ("../../usual.jsonl",)
    (tmp_path / "a" / "attrib.toml").write_text("", encoding="utf-8")
    nearer = load_config()
    assert nearer is not None
    assert nearer.used.path == "../attrib.toml"
    assert nearer.used.digest == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'labels = ["\xff"]', "mine.toml:1: this is not UTF-8"),
        (b"#" * (4 * 1024 * 1024 + 1), "mine.toml is larger than 4 MiB"),
        (None, "--config mine.toml: no such file; attrib init LOGS writes one."),
    ],
)
def test_a_file_that_cannot_be_read(
    content: bytes | None, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if content is not None:
        Path("mine.toml").write_bytes(content)
    with pytest.raises(UsageError) as caught:
        load_config("mine.toml")
    assert str(caught.value).startswith(sentence)


def test_a_folder_is_no_configuration(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot read the configuration .*: is a directory"):
        load_config(str(tmp_path))


def test_a_byte_order_mark_is_no_part_of_it(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_bytes(b'\xef\xbb\xbftz = "UTC"\n')
    config = load_config(str(tmp_path / "c.toml"))
    assert config is not None
    assert config.tz == "UTC"
