"""Verdict rows as a Markdown table: constant columns whatever the log holds, and nothing of it comes alive."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from markdown_it import MarkdownIt

from attrib.reports import verdicts_markdown
from attrib.reports.view import View
from attrib.safe.display import Display
from tests.reports import samples

PARSER = MarkdownIt("gfm-like", {"linkify": False})
COLUMNS = 10


def table(values: list[str] | None = None, view: View | None = None) -> str:
    rows = samples.verdict_rows(values) if values else samples.verdict_rows()
    return "".join(verdicts_markdown.lines(rows, view or View()))


def test_every_row_has_every_column() -> None:
    shown = table(samples.HOSTILE)
    lines = shown.splitlines()
    assert len(lines) == 2 + len(samples.verdict_rows(samples.HOSTILE))
    assert {line.count("|") for line in lines} == {COLUMNS + 1}
    tokens = PARSER.parse(shown)
    assert sum(token.type == "tr_open" for token in tokens) == len(lines) - 1
    assert sum(token.type == "td_open" for token in tokens) == (len(lines) - 2) * COLUMNS


def test_log_text_is_code_and_nothing_else() -> None:
    inline = [child for token in PARSER.parse(table(samples.HOSTILE)) for child in token.children or ()]
    assert {child.type for child in inline} <= {"text", "code_inline", "strong_open", "strong_close"}
    assert "\x1b" not in table(samples.HOSTILE)


def test_what_it_says() -> None:
    row = {
        **samples.verdict_rows()[0], "verdict": "vendor", "responsible": None, "latency_ms": None,
        "ts": "2026-11-20T14:00:00Z", "upstream": "payments-api", "upstream_status": None,
        "upstream_outcome": "missing",
    }  # fmt: skip
    shown = "".join(verdicts_markdown.lines([row], View(zone=ZoneInfo("Europe/Berlin"))))
    cells = shown.splitlines()[-1].split(" | ")
    assert (cells[0], cells[1], cells[5]) == ("| **VENDOR**", "-", "-")
    assert cells[4] == "`payments-api` `missing`"
    assert cells[6] == "2026-11-20 15:00:00 Europe/Berlin"


def test_secrets_are_redacted_unless_asked_for() -> None:
    assert "joe@example.com" not in table(["joe@example.com"])
    assert "joe@example.com" in table(["joe@example.com"], View(display=Display(redact=False)))


def test_no_row_is_a_sentence() -> None:
    assert list(verdicts_markdown.lines([], View())) == ["No failed or slow invocation.\n"]
