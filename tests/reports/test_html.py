"""The page as text: complete, safe, small, the same twice. What a browser makes of it: tests/browser."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from attrib.cli.app import run
from attrib.reports.html import draw, page, pictures
from attrib.reports.view import View
from attrib.safe.display import Display
from tests.reports import incident_samples, samples

ROOT = Path(__file__).resolve().parents[2]
VOID = {"meta", "link", "br", "rect", "path", "line", "circle"}


class Outline(HTMLParser):
    """Tags in their order, with text; complains of what is not closed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.headings: list[tuple[int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append((int(tag[1]), ""))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text += data
        if self.headings and any(re.fullmatch("h[1-6]", tag) for tag in self.open):
            level, words = self.headings[-1]
            self.headings[-1] = level, words + data


def parsed(html: str) -> Outline:
    found = Outline()
    found.feed(html)
    found.close()
    assert found.open == []
    return found


NAMED: dict[str, Callable[[], dict[str, Any]]] = {
    "empty": samples.empty, "quiet": samples.quiet, "rich": samples.rich, "hostile": samples.hostile,
    "with_incident": samples.with_incident, **incident_samples.ALL,
}  # fmt: skip


@pytest.mark.parametrize("name", NAMED)
def test_every_report_makes_a_page(name: str) -> None:
    html = page.render(NAMED[name](), View())
    assert html == page.render(NAMED[name](), View())
    assert html.startswith("<!doctype html>\n")
    assert html.endswith("</html>\n")
    found = parsed(html)
    assert [words for level, words in found.headings if level == 1] == ["Who was responsible"]
    levels = [level for level, _ in found.headings]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert {"Every line accounted for", "Rules and thresholds"} <= {words for _, words in found.headings}
    assert not {tag for tag, _ in found.tags} & {"script", "img", "iframe", "object", "embed", "form", "use"}
    assert not [key for _, attrs in found.tags for key in attrs if key.startswith("on") or key == "style"]
    assert {str(attrs["href"])[:1] for tag, attrs in found.tags if tag == "a"} == {"#"}
    assert "\ufffd" not in html
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", html)
    html.encode()


def test_the_policy_allows_this_style_and_nothing_else() -> None:
    html = page.render(samples.rich(), View())
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style is not None
    digest = b64encode(sha256(style[1].encode()).digest()).decode()
    policy = "default-src 'none'; style-src 'sha256-{}'; img-src data:; base-uri 'none'; form-action 'none'"
    assert f'content="{policy.format(digest)}"' in html
    assert "url(" not in style[1]
    assert "@import" not in style[1]
    assert "http" not in style[1]


def test_an_incident_has_all_there_is() -> None:
    found = parsed(page.render(incident_samples.ALL["vendor"](), View()))
    titles = [words for _, words in found.headings]
    order = [
        "Incidents", "Requests over time", "Why", "How sure", "Outcome by status", "Where the time went",
        "What sets the failing apart", "Suspects", "Examples", "What to do", "For it", "How it adds up",
        "Isolated failures", "The logs themselves", "Whose upstream is it", "Every line accounted for",
    ]  # fmt: skip
    places = [next(at for at, words in enumerate(titles) if words.startswith(title)) for title in order]
    assert places == sorted(places)
    for words in ("1,204 of 3,310", "payments-api", "onset 14:02:11", "Holds in the worst case",
                  "logs/api-2.jsonl:8812", "Stop rule", "14:02", "UTC", "attrib explain", "1,144", "2.94",
                  "0.97"):  # fmt: skip
        assert words in found.text, words


def test_no_incident_says_why() -> None:
    assert "All quiet: none of 3,310 invocations failed or was slow." in page.render(samples.quiet(), View())
    assert "nothing to attribute" in page.render(samples.empty(), View())
    assert "No incident: what failed is too little" in page.render(samples.rich(), View())


def test_hops_are_shown_in_order() -> None:
    report = incident_samples.report(incident_samples.vendor(via=[incident_samples.CHAIN]))
    html = page.render(report, View())
    chain = "".join(f"<li><bdi>{name}</bdi></li>" for name in incident_samples.CHAIN)
    assert f'<ol class="chain">{chain}</ol>' in html


def test_the_zone_is_named() -> None:
    text = parsed(page.render(incident_samples.ALL["vendor"](), View(zone=ZoneInfo("Europe/Berlin")))).text
    assert "15:02 to 15:19 Europe/Berlin" in text
    assert "time on 2026-11-20 (Europe/Berlin, UTC+01:00)" in text


def test_secrets_are_redacted_in_every_place() -> None:
    secret = "joe@example.com"
    report = incident_samples.report(
        incident_samples.vendor(responsible=secret, functions=[secret], via=[[secret]],
                                actions=[{"kind": "escalate", "text": f"Ask {secret}."}]),
        marks=[{"time": "2026-11-20T14:01:33Z", "text": f"told {secret}"}],
    )  # fmt: skip
    assert secret not in page.render(report, View())
    shown = page.render(report, View(display=Display(redact=False)))
    assert secret in shown
    assert "--no-redact" in shown


def test_nothing_gets_in_unescaped() -> None:
    """A template cannot forget to escape: whatever is no markup of ours is made safe where it is shown."""
    environment = draw.environment(View())
    for source in ("{{ x }}", "<p title=\"{{ x }}\">", "{{ x ~ x }}", "{{ x|upper }}", "{{ [x]|join }}"):  # fmt: skip
        made = environment.from_string(source).render(x="<b>\"'\u202e\x1b joe@example.com")
        assert "<b" not in made.lower().replace("<p", "")
        assert "joe@" not in made.lower()
        assert "\u202e" not in made
        assert "\x1b" not in made


def test_saved_reports_cannot_choose_ids() -> None:
    bad = ['x" onclick="y', "main", "inc-00000001"]
    report = incident_samples.report(*(incident_samples.vendor(id=found, timeline=None) for found in bad))
    found = parsed(page.render(report, View()))
    ids = [attrs["id"] for tag, attrs in found.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {"incident-1", "incident-2", "inc-00000001"} <= set(ids)


def test_two_hundred_incidents_fit_in_three_megabytes() -> None:
    entries = [incident_samples.vendor(id=f"inc-{n:08x}") for n in range(200)]
    html = page.render(incident_samples.report(*entries), View())
    assert len(html.encode()) < 3_000_000
    found = parsed(html)
    assert sum(attrs.get("id", "") == f"t{n}w-t" for n in range(1, 201) for _, attrs in found.tags) == pictures.CHARTED
    assert f"The first {pictures.CHARTED} incidents have charts" in html
    assert "Further incidents" in html
    assert sum(tag == "article" for tag, _ in found.tags) == 200


def test_a_window_a_baseline_and_a_sample_are_named() -> None:
    text = parsed(page.render(incident_samples.ALL["sampled"](), View())).text
    assert "Compared with a baseline of 2 files" in text
    assert "The log is a sample" in text
    report = incident_samples.ALL["forced"]() | {
        "window": {"start": "2026-11-20T14:00:00Z", "end": "2026-11-20T14:20:00Z"}
    }
    assert "the window you named" in parsed(page.render(report, View())).text


def test_the_command_line_writes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logs, out = str(ROOT / "sample_logs" / "slots.jsonl"), tmp_path / "report.html"
    assert run(["analyze", logs, "-o", str(out)]) == 0
    assert run(["analyze", logs, "-t", "html"]) == 0
    assert capsys.readouterr().out == out.read_text(encoding="utf-8")
    assert "probably application" in out.read_text(encoding="utf-8")
    assert run(["analyze", str(ROOT / "rules" / "m1.toml"), "-t", "html"]) == 4
    assert capsys.readouterr().out == ""


def test_width_and_colour_of_the_terminal_do_not_matter() -> None:
    report = incident_samples.ALL["outage"]()
    assert page.render(report, View()) == page.render(report, replace(View(), width=40, color=True, ascii=True))
