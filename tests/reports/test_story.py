"""What the report for people says, in which order, and that it says nothing twice."""

from __future__ import annotations

from typing import Any

from attrib.reports import markdown, text
from attrib.reports.view import View
from tests.reports import samples


def group(status: object, count: int, rule: str = "m1-vendor") -> dict[str, Any]:
    return {
        "function": "checkout", "status": status, "verdict": "vendor", "rule": rule, "count": count, "rate": 0.5,
    }  # fmt: skip


def counts(*rows: tuple[str, int], rule: str = "m1-vendor") -> list[dict[str, Any]]:
    return [
        {"function": "checkout", "upstream": to, "verdict": "vendor", "rule": rule, "responsible": to, "count": n}
        for to, n in rows
    ]


def report(background: list[dict[str, Any]], verdict_counts: list[dict[str, Any]]) -> dict[str, Any]:
    found = samples.rich() | {"background": background, "verdict_counts": verdict_counts, "isolated": []}
    found["functions"] = [{"function": "checkout", "invocations": 100, "ok": 0, "failed": 100, "slow": 0}]
    return found


def test_a_group_is_told_once_with_its_status() -> None:
    shown = text.render(report([group(502, 24)], counts(("pay", 24))), View())
    assert "24 of 100  24 %  VENDOR   checkout 502 <- pay (m1-vendor)" in shown
    assert "Groups of five" not in shown
    assert shown.count("m1-vendor") == 1


def test_several_statuses_carry_their_counts() -> None:
    groups = [group(502, 9), group(504, 7), group("timeout", 6), group(None, 5), group(500, 5)]
    shown = text.render(report(groups, counts(("pay", 32))), View(width=200))
    assert "checkout 502 (9), 504 (7), timeout (6) and 2 more <- pay (m1-vendor)" in shown
    assert "Groups of five" not in shown


def test_what_the_rows_cannot_tell_has_a_table_of_its_own() -> None:
    two_upstreams = report([group(502, 24), group(404, 9, "other")], counts(("pay", 20), ("mail", 4)))
    shown = text.render(two_upstreams, View())
    assert "checkout <- pay (m1-vendor)" in shown
    table = shown.partition("Groups of five and more\n")[2].partition("\n\n")[0]
    assert [row.split()[:2] for row in table.splitlines()[1:]] == [["checkout", "502"], ["checkout", "404"]]
    # Another number than the row's: not the same invocations.
    assert "Groups of five" in text.render(report([group(502, 23)], counts(("pay", 24))), View())


def test_beside_incidents_the_groups_are_other_invocations() -> None:
    found = report([group(502, 24)], counts(("pay", 24))) | {"incidents": samples.with_incident()["incidents"]}
    assert "Groups of five and more" in text.render(found, View(verbose=True))


def test_an_isolated_failure_leads_with_who_and_ends_with_where() -> None:
    shown = text.render(samples.rich(), View())
    assert (
        "  APPLICATION search (m1-application): search answered 500 though its upstream\n"
        "    answered 200 in 12 ms.\n"
        "    logs/api-1.jsonl:8812  f47ac10b-58cc-4372-a567-0e02b2c3d479\n"
    ) in shown
    assert (
        "- **UNKNOWN** (`m1-unknown`): 502 with nothing said about the upstream.\\\n  `logs/api-1.jsonl:9`  -\n"
    ) in markdown.render(samples.rich(), View())


def test_the_order_of_the_screen() -> None:
    shown = text.render(samples.rich(), View())
    wanted = [
        "2 files, ", "  Verdict ", "By function", "Isolated", "Groups of", "Whose upstream", "The logs them", "Notes",
        "Next",
    ]  # fmt: skip
    places = [shown.index(f"\n{title}") if title != wanted[0] else shown.index(title) for title in wanted]
    assert places == sorted(places)


def test_a_table_breaks_no_name() -> None:
    found = samples.rich()
    name, reason = "payments-gateway-europe-west-1", "not known as ours; " * 4
    found["parties"] = [{"upstream": name, "party": "external", "reason": reason, "records": 1}]
    for width in (40, 60, 80, 120):
        assert name in text.render(found, View(width=width))
