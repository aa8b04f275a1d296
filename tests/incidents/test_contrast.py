from __future__ import annotations

from typing import Any

import pytest

from attrib.incidents.contrast import Contrast, contrast, difference
from tests.incidents.making import Log, case


def found(log: Log) -> Contrast:
    return contrast(case(log).draft)


def apart(log: Log) -> list[tuple[str, str]]:
    return [(feature.field, feature.value) for feature in found(log).apart]


BAD: dict[str, Any] = {"status": 502, "us": 503}


def test_newcombes_interval() -> None:
    """Newcombe 1998, table II: 56/70 - 48/80 gives 0.0524 to 0.3339 by method 10."""
    low, high = difference(56, 70, 48, 80)
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)
    assert difference(0, 0, 1, 2) == (-1.0, 1.0)


def test_a_version_that_fails_more_stands_apart() -> None:
    v41, v42 = {"service.version": "v41"}, {"service.version": "v42"}
    log = Log().add(30, extra=v42, **BAD).add(10, extra=v42).add(5, extra=v41, **BAD).add(95, extra=v41)
    first = found(log).apart[0]
    assert (first.field, first.value, first.failing, first.failing_of, first.rest, first.rest_of) == (
        "service.version", "v42", 30, 35, 10, 105,
    )  # fmt: skip
    assert first.share_failing == pytest.approx(0.857143)
    assert first.lift == pytest.approx(9.0)
    assert first.low is not None
    assert first.low > 0.5


def test_a_value_the_rest_never_has_has_no_lift() -> None:
    log = Log().add(30, labels={"shard": "7"}, **BAD).add(50, labels={"shard": "1"})
    [first] = found(log).apart
    assert (first.field, first.lift, first.share_rest) == ("labels.shard", None, 0.0)


def test_what_only_failing_lines_log_does_not_set_them_apart() -> None:
    assert apart(Log().add(30, extra={"host.name": "a"}, **BAD).add(50)) == []


def test_chance_does_not_set_apart() -> None:
    a, b = {"cloud.region": "eu"}, {"cloud.region": "us"}
    assert apart(Log().add(6, extra=a, **BAD).add(4, extra=b, **BAD).add(50, extra=a).add(50, extra=b)) == []


def test_small_but_sure_differences_are_no_lead() -> None:
    a, b = {"cloud.region": "eu"}, {"cloud.region": "us"}
    log = Log().add(600, extra=a, **BAD).add(400, extra=b, **BAD).add(500, extra=a).add(500, extra=b)
    assert apart(log) == []


def test_values_that_fail_alike_are_named() -> None:
    v41, v42 = {"service.version": "v41"}, {"service.version": "v42"}
    log = Log().add(40, extra=v42, **BAD).add(60, extra=v42).add(19, extra=v41, **BAD).add(31, extra=v41)
    [alike] = found(log).alike
    assert alike == ("service.version", (("v42", 40, 100), ("v41", 19, 50)))


def test_few_calls_are_not_said_to_fail_alike() -> None:
    v41, v42 = {"service.version": "v41"}, {"service.version": "v42"}
    assert found(Log().add(40, extra=v42, **BAD).add(60, extra=v42).add(10, extra=v41, **BAD)).alike == ()


def test_function_and_upstream_are_compared_too() -> None:
    log = Log().add(30, function="checkout", **BAD).add(5).add(60, function="refund", upstream="mail-api")
    found = contrast(case(log, functions=("checkout", "refund")).draft)
    assert {(f.field, f.value) for f in found.apart} == {("function", "checkout"), ("upstream", "payments-api")}


def test_stages_and_error_codes_of_the_failing_are_told_without_a_rest() -> None:
    log = Log().add(30, stage="exception", error_code="CARD_DOWN", **BAD).add(50)
    common = {feature.field: feature for feature in found(log).common}
    assert common["error_code"].value == "CARD_DOWN"
    assert common["stage"].share_failing == 1.0
    assert common["stage"].rest is None
    assert common["stage"].lift is None


def test_the_order_of_lines_changes_nothing() -> None:
    a, b = {"host.name": "a", "cloud.region": "eu"}, {"host.name": "b", "cloud.region": "us"}
    log = Log().add(30, extra=a, **BAD).add(10, extra=b, **BAD).add(20, extra=a).add(90, extra=b)
    assert contrast(case(log).draft) == contrast(case(log, backwards=True).draft)
    assert [f.field for f in contrast(case(log).draft).apart] == ["cloud.region", "host.name"]


def test_nothing_failing_has_no_contrast() -> None:
    assert found(Log().add(5)) == Contrast((), (), (), 0, 0)
