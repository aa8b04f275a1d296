from __future__ import annotations

import re
from typing import Any

import pytest

from attrib.incidents.actions import STOP, STOP_UNKNOWN, Action, actions
from attrib.incidents.draft import Demotion, Judged
from tests.incidents.making import FILES, Log, case


def steps(log: Log, *args: Any, **more: Any) -> list[Action]:
    return actions(case(log, *args, **more).draft, FILES)


VENDOR = Log().quiet().add(30, status=502, us=503)
CASES: dict[str, tuple[Log, str, str | None, str]] = {
    "vendor": (VENDOR, "vendor", "payments-api", "support the rows of payments-api"),
    "application": (Log().add(9, status=500, us=200), "application", "checkout", "put checkout back"),
    "bottleneck": (Log().add(9, lat=2000.0), "app_bottleneck", "checkout", "thread dump of checkout"),
    "caller": (Log().add(9, status=404, us=404), "caller", None, "client"),
    "quota": (Log().add(9, status=503, us=429), "application", "checkout", "429s fall"),
    "credential": (Log().add(9, status=500, us=403), "application", "checkout", "secret store"),
    "unknown": (Log().add(9, status=500, us=None), "unknown", None, "next 5 failures get a verdict"),
}


@pytest.mark.parametrize("name", CASES)
def test_each_verdict_has_its_runbook(name: str) -> None:
    log, verdict, responsible, text = CASES[name]
    found = steps(log, verdict, responsible)
    assert any(text in step.text for step in found), [step.text for step in found]
    assert [step.text.split(".")[0] for step in found[:-1]] == [str(i) for i in range(1, len(found))]
    assert {step.kind for step in found[:-1]} <= {"investigate", "roll_back", "escalate"}
    assert found[0].kind == "investigate"
    assert found[-2].kind == "escalate"
    assert found[-1] == Action("stop_rule", STOP_UNKNOWN if verdict == "unknown" else STOP)
    for step in found[:-1]:
        assert re.search(r": ", step.text), "a tool, and what it shows"
        assert step.text.endswith(".")
        assert not re.search(r"\bblame[ds]?\b.*\bteam|fault", step.text)


def test_commands_can_be_typed() -> None:
    assert "attrib explain r101 logs/api.jsonl:" in steps(VENDOR)[0].text


def test_a_request_id_that_a_shell_would_run_is_not_named() -> None:
    log = Log().add(5, status=502, us=503)
    for record in log.records:
        record.request_id = f"$(reboot){record.line}"
    text = " ".join(step.text for step in steps(log))
    assert "reboot" not in text
    assert "attrib explain REQUEST_ID" in text


def test_odd_paths_are_not_named() -> None:
    found = actions(case(VENDOR).draft, ["a b;c.jsonl"])
    assert "attrib explain r101 LOGS" in found[0].text


@pytest.mark.parametrize(
    ("demotion", "text"),
    [
        (Demotion("deadline", "", {"functions": [{"deadline_ms": 2007.551}]}), "timeout of about 2,000 ms"),
        (Demotion("together", "", {}), "curl and dig"),
        (Demotion("confined", "", {"field": "host.name", "value": "web-3"}), "take host.name web-3 back"),
    ],
    ids=["deadline", "together", "confined"],
)
def test_a_demoted_vendor_has_the_runbook_of_the_comparison(demotion: Demotion, text: str) -> None:
    judged = Judged("unknown", "application", None, 1.0, 1.0, 0.9, demotions=[demotion])
    found = steps(VENDOR, judged=judged)
    assert any(text in step.text for step in found)
    assert found[-1].text == STOP_UNKNOWN


def test_a_draft_that_is_not_judged_has_no_actions() -> None:
    found = case(VENDOR)
    found.draft.judged = None
    with pytest.raises(ValueError, match="judged"):
        actions(found.draft)
