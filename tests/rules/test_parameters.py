"""`--set`: names, functions, ranges; and how the report shows the thresholds."""

from __future__ import annotations

import pytest

from attrib.errors import UsageError
from attrib.rules.load import load_rules


def test_defaults_of_the_design() -> None:
    assert load_rules(["m1"]).parameters.as_dict() == {
        "latency_high_ms": 500,
        "upstream_latency_low": 0.2,
        "upstream_latency_dominant": 0.8,
        "incident_min_failures": 5,
        "incident_min_rate": 0.05,
        "incident_gap_min": 5,
        "usual_rate_max": 0.2,
        "reuse_gap_s": 60,
        "reuse_max_terminals": 20,
        "unfinished_after_s": 60,
    }


def test_every_parameter_says_what_it_is() -> None:
    for parameter in load_rules(["m1"]).parameters.all():
        assert parameter.unit
        assert parameter.meaning.endswith(".")
        assert parameter.source
        assert parameter.low <= parameter.default <= parameter.high


def test_for_all_and_for_one_function() -> None:
    settings = [
        "latency_high_ms=800",
        "latency_high_ms@checkout = 2000",
        "latency_high_ms=750.5",
        "latency_high_ms@a=b=9",
    ]
    parameters = load_rules(["m1"], settings).parameters
    assert parameters.value("latency_high_ms") == 750.5
    assert parameters.value("latency_high_ms", "checkout") == 2000
    assert parameters.value("latency_high_ms", "search") == 750.5
    assert parameters.functions("latency_high_ms") == {"checkout": 2000, "a=b": 9}
    shown = parameters.as_dict()
    assert shown["latency_high_ms"] == 750.5
    assert shown["latency_high_ms@checkout"] == 2000
    assert isinstance(shown["latency_high_ms@checkout"], int)


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("latency_high=800", '--set latency_high=800: no parameter "latency_high". Did you mean "latency_high_ms"?'),
        ("latency_high_ms", "--set latency_high_ms: write name=value"),
        ("=5", "--set =5: write name=value"),
        ("latency_high_ms=fast", '--set latency_high_ms=fast: "fast" is no number (latency_high_ms is in ms).'),
        ("latency_high_ms=", '--set latency_high_ms=: "" is no number'),
        ("latency_high_ms=nan", '"nan" is no number'),
        ("latency_high_ms=0", "latency_high_ms must be from 1 to 86400000 (ms), not 0."),
        ("upstream_latency_low=20", "upstream_latency_low must be from 0 to 1 (share of latency_ms), not 20."),
        ("incident_min_failures=2.5", "incident_min_failures must be a whole number, not 2.5."),
        ("reuse_gap_s@checkout=5", "reuse_gap_s is one for all functions"),
        ("latency_high_ms@=5", "no function after @"),
        ("upstream_latency_low=0.9", "upstream_latency_low (0.9) must be below upstream_latency_dominant (0.8)."),
        (
            "upstream_latency_low@a=0.9",
            "upstream_latency_low (0.9) must be below upstream_latency_dominant (0.8) for a.",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(setting: str, expected: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_rules(["m1"], [setting])
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2
