"""Incidents as people see them: the first screen answers, the rest is one option away, and nothing is claimed."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from rich.cells import cell_len

from attrib.reports import incident_words, line, markdown, tables, text
from attrib.reports.view import View
from tests.reports import incident_samples as some
from tests.reports import samples

VIEW = View(logs=("logs/*.jsonl",), width=120)


def shown(*incidents: dict[str, Any], view: View = VIEW, **more: Any) -> str:
    return text.render(some.report(*incidents, **more), view)


@pytest.mark.parametrize("width", [1, 40, 80, 200])
@pytest.mark.parametrize("sample", some.ALL.values(), ids=some.ALL)
def test_no_line_is_longer_than_the_terminal(sample: Callable[[], dict[str, Any]], width: int) -> None:
    for verbose, plain in itertools.product((False, True), repeat=2):
        rows = text.render(sample(), View(width=width, verbose=verbose, ascii=plain)).split("\n")
        assert max(map(cell_len, rows)) <= max(width, 40)


@pytest.mark.parametrize("name", ["漢字" * 40, "á" * 200, "x" * 500])
def test_names_of_any_length_and_script_fit(name: str) -> None:
    found = some.vendor(responsible=name, functions=[name])
    marks = [{"time": "2026-11-20T14:01:33Z", "text": name}]
    for width in (40, 80):
        rows = shown(found, view=View(width=width), marks=marks).split("\n")
        assert max(map(cell_len, rows)) <= width


def test_the_first_screen_of_one_incident_is_short() -> None:
    report = some.report(some.vendor())
    assert len(text.render(report, View()).split("\n")) <= 40
    assert len(text.render(some.ten(), View()).split("\n")) <= 77


def test_a_certain_vendor() -> None:
    out = shown(some.vendor())
    assert "1  VENDOR  payments-api" in out
    assert "1,204 of 3,310 checkout requests failed (36 %, usually 0.2 %)" in out
    assert "Holds in the worst case: at least 96 % even if all 36 unknown were not its doing." in out
    assert "Against it: nothing." in out
    assert "Stop rule: no data rewrite" in out
    assert "none for UNKNOWN" not in out
    assert "Next: attrib explain 7f3c8812 'logs/*.jsonl'" in out


def test_an_unknown_says_where_it_leans_and_what_would_settle_it() -> None:
    out = shown(some.unknown())
    assert "1  UNKNOWN, probably application (7 of 9)  search" in out
    assert "Not proven: in the worst case 78 %, surely only 45 %; over 50 % is needed." in out
    assert "To settle it: log upstream_status in search, stage exception; 2 of 9 lines lack it.  logs/api" in out
    assert "Against it: nothing" not in out
    assert "none for UNKNOWN." in out


def test_what_is_only_claimed_says_so() -> None:
    out = shown(some.claimed())
    assert "UNKNOWN, probably vendor (claimed, not proven)" in out
    assert "Not proven" not in out


def test_a_failed_comparison_lends_its_count_to_nobody() -> None:
    found = some.vendor(verdict="unknown", lean="application", responsible=None)
    assert "UNKNOWN, probably application  checkout" in shown(found)
    assert "attributed are of one cause" in shown(found, view=replace(VIEW, verbose=True))


def test_a_consequence_stands_beneath_its_cause() -> None:
    out = text.render(some.outage(), VIEW)
    cause, own, other = (
        out.index("1  VENDOR"),
        out.index("Its consequence: APP_BOTTLENECK checkout"),
        out.index("2  UN"),
    )
    assert cause < own < other
    verbose = text.render(some.outage(), replace(VIEW, verbose=True))
    assert verbose.index("1  VENDOR") < verbose.index("1.1  APP_BOTTLENECK") < verbose.index("2  UNKNOWN")


def test_every_incident_is_shown_once_whatever_follows_from_what() -> None:
    a, b, c = "inc-0000000a", "inc-0000000b", "inc-0000000c"
    for links in itertools.product((None, a, b, c, "inc-gone"), repeat=3):
        found = [some.vendor(id=i, consequence_of=of) for i, of in zip((a, b, c), links, strict=True)]
        out = shown(*found, view=replace(VIEW, verbose=True))
        assert [sum(row.endswith(f" {i}") for row in out.split("\n") if "VENDOR" in row) for i in (a, b, c)] == [1] * 3


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (some.timeless, "no time in the log, judged as one window"),
        (some.whole_log, "the whole log as one window (no unaffected time in it)"),
        (some.whole_log, "1,204 of 1,204 checkout requests failed (this log holds only failures: no rate)"),
        (some.forced, "the window you named"),
        (some.forced, "requests of checkout, refund, invoice and 2 more failed or were slow"),
        (some.forced, "Through: checkout > orders > stock"),
        (some.forced, "Suspects, best first: payments-api (0.97), checkout (0.02)"),
        (some.nothing, "Nothing to attribute: 0 of 160 search requests failed or were slow (0 %, usually 0 %)."),
    ],
)
def test_what_kind_of_window_it_is(found: Callable[[], dict[str, Any]], words: str) -> None:
    assert words in shown(found())


def test_an_incident_that_lasts_to_the_end_of_the_log_says_so() -> None:
    assert "up to the end of the log" in shown(some.vendor(end="2026-11-20T14:59:30Z"))
    assert "up to the end of the log" not in shown(some.vendor())


def test_one_of_everything_is_singular() -> None:
    one = {**samples.ZERO, "vendor": 1, "unknown": 1}
    slow = {"failed": 0, "slow": 1, "unfinished": 0}
    known = {"dominant": 1, "attributed": 1}
    found = some.vendor(symptomatic=2, invocations=1, verdicts=one, symptoms=slow, known=known)
    assert "of 1 checkout request " in shown(found)
    assert "even if the 1 unknown was not its doing" in shown(found)


def test_what_was_wrong_is_said_only_where_it_is_known() -> None:
    for symptoms, words in [
        (None, "failed or were slow"),
        ({"failed": 1, "slow": 1, "unfinished": 1}, "failed, were slow or never finished"),
        ({"failed": 0, "slow": 0, "unfinished": 9}, "requests never finished"),
    ]:
        assert words in shown(some.vendor(symptoms=symptoms))


def test_the_contract_alone_is_enough() -> None:
    """None of the additions is there."""
    out = text.render(samples.with_incident(), VIEW)
    assert "onset 14:02:11" in out
    assert "failed or were slow (36 %, usually 0.2 %)" in out
    assert "Against it: mail-api answered all calls." in out
    assert line.render(samples.with_incident(), VIEW).startswith("VENDOR payments-api: 1,204 of 3,310 checkout")


def test_where_time_is_the_matter_it_is_told_first() -> None:
    slow = {"failed": 1, "slow": 1203, "unfinished": 0}
    assert "Failing requests took 61 ms" in shown(some.vendor(symptoms=slow))
    assert "Failing requests took 61 ms" not in shown(some.vendor())


def test_the_tables_wait_for_verbose_and_markdown() -> None:
    report = some.outage()
    first = text.render(report, VIEW)
    titles = ["Function returned", "usual p50", "What sets them apart", "Excess failures", "Investigate:",
              "Known: 1,168", "By function and upstream", "Whose upstream", "Isolated failures (2)",
              "Made with"]  # fmt: skip
    assert [title for title in titles if title in first] == []
    for out in (text.render(report, replace(VIEW, verbose=True)), markdown.render(report, VIEW)):
        assert [title for title in titles if title not in out] == []
    assert markdown.render(report, VIEW) == markdown.render(report, replace(VIEW, verbose=True))


def test_what_else_there_was_is_a_line() -> None:
    out = text.render(some.outage(), VIEW)
    assert "Also: 2 isolated failures, background 404 in search (1.6 %, as always), 12 masked" in out
    assert "The logs cost you evidence: 36 requests unknown for want of upstream_status." in out
    assert "as always" not in shown(some.whole_log())


def test_a_baseline_and_a_sample_are_named() -> None:
    out = text.render(some.ALL["sampled"](), VIEW)
    assert "Compared with a baseline of 2 files, 1,100 invocations." in out
    assert "(the log is a sample: no rate)" in out


def test_times_are_in_the_zone_asked_for() -> None:
    out = text.render(some.outage(), replace(VIEW, zone=ZoneInfo("Asia/Kolkata")))
    assert "2026-11-20 19:32 to 19:49 Asia/Kolkata" in out
    assert "19:22 ▁" in out
    assert "onset 19:32:11" in out
    assert "from 2026-11-20 19:32 to 19:49 Asia/Kolkata" in line.render(
        some.outage(), replace(VIEW, zone=ZoneInfo("Asia/Kolkata"))
    )


def test_an_id_that_cannot_be_typed_is_in_no_command() -> None:
    found = some.vendor()
    for evidence in found["evidence"]:
        for example in evidence["examples"]:
            example["request_id"] = "\x1b[2J"
    assert "attrib explain" not in shown(found)


def test_many_logs_do_not_flood_the_commands() -> None:
    out = shown(some.vendor(), view=replace(VIEW, logs=tuple(f"logs/{at:04}.jsonl" for at in range(50))))
    assert "attrib explain 7f3c8812 logs\n" in out


def test_a_line_per_incident() -> None:
    assert len(line.render(some.report(some.vendor(), some.unknown()), VIEW).splitlines()) == 3  # one file is broken
    assert len(line.render(some.hostile(), VIEW).split("\n")) == len(samples.HOSTILE) + 2
    assert line.render(samples.empty(), VIEW) == "No incident in 1 line: no invocation, so nothing to attribute.\n"
    quiet = "No incident in 1 line: none of 3,310 invocations failed or was slow.\n"
    assert line.render(samples.quiet(), VIEW) == quiet
    assert line.render(samples.rich(), VIEW).startswith(
        "No incident in 12,305 lines: 1,240 of 5,310 invocations failed or were slow (23 %), 2 of them isolated.\n"
    )


def test_csv_has_the_ids() -> None:
    rows = [row for row in tables.analyze_rows(some.outage()) if row["kind"] == "incident"]
    assert [row["incident"] for row in rows] == ["inc-3f9a1c20", "inc-77aa0001", "inc-90b1d44e"]
    assert rows[0]["statement"].startswith("It answered 503")
    assert rows[0]["start"] == "2026-11-20T14:02:00Z"


def test_a_verdict_says_nothing_of_shares_it_does_not_have() -> None:
    assert incident_words.worst_case(some.vendor(worst_case_share=None)) is None
    assert incident_words.worst_case(some.vendor(worst_case_low=None)) == (
        "Holds in the worst case: 97 % even if all 36 unknown were not its doing."
    )


def test_what_found_nothing_waits_and_nothing_is_said_twice() -> None:
    found = some.unknown(
        evidence=[
            some.said("contrast", "No field sets them apart", features=[]),
            some.said("attempts", "No retry is logged", per_request=1.0),
            some.said("claims", "9 of 9 carry UPSTREAM_X"),
        ],
        counter_evidence=[
            some.said("confined", "All are on v41"), some.said("worst_case", "If all 2 unknown were another's doing")
        ],
        missing_evidence=[some.said("m", "To settle all 2 unknown: log upstream_status (logs/api-2.jsonl:411).", 411)],
    )  # fmt: skip
    first, verbose = shown(found), shown(found, view=replace(VIEW, verbose=True))
    for words in ("No field sets them apart", "No retry is logged", "If all 2 unknown were"):
        assert words not in first
        assert words in verbose
    assert "  9 of 9 carry UPSTREAM_X.\n" in first
    assert "  But: All are on v41.\n" in first
    assert "  To settle all 2 unknown: log upstream_status (logs/api-2.jsonl:411).\n" in first


def test_the_tables_behind_the_evidence() -> None:
    out = shown(some.vendor(), view=replace(VIEW, verbose=True))
    assert "5xx 503   502                1,144" in out
    assert "latency    61  80.5  1,203         58   77  120" in out
    assert "stage = pay                  100 %  34 %  2.94  +64 to +68 points" in out
    assert "payments-api  upstream   0.97          1,197.4  99.4 %   1,503.2 ms   91 %" in out
