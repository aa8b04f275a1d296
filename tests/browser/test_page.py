"""The page in a browser, as a person would use it: by eye, by keyboard, by ear, on a phone and on paper."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from attrib.cli.app import run
from attrib.reports.html import page
from attrib.reports.view import View
from tests.browser.conftest import DESK, PHONE, ROOT, Open
from tests.reports import incident_samples, samples

pytestmark = pytest.mark.xdist_group("browser")  # one browser for all of them

NAMED: dict[str, Callable[[], dict[str, Any]]] = {
    "empty": samples.empty, "quiet": samples.quiet, "rich": samples.rich, "hostile": samples.hostile,
    **{f"incidents-{name}": sample for name, sample in incident_samples.ALL.items()},
}  # fmt: skip
WIDER = """() => [...document.querySelectorAll("body *")]
    .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1 && !e.closest(".scroll"))
    .map(e => `${e.tagName} ${e.textContent.trim().slice(0, 60)}`)"""
VIOLATIONS = """async () => (await axe.run(document, {preload: false})).violations
    .map(v => `${v.id}: ${v.nodes.map(n => n.target).slice(0, 3).join(", ")}`)"""


TELLING = ["sample", "empty", "rich", "hostile", "incidents-outage", "incidents-ten", "incidents-hostile"]
"""Pages that between them hold every part a page can have: axe needs its time for each."""


FIELD = sorted(path.name for path in (ROOT / "tests" / "badinputs").glob("5[3-7]_*"))
"""Hostile logs as the field knows them."""


@cache
def made(name: str) -> str:
    return page.render(NAMED[name](), View())


@pytest.fixture(params=["sample", *NAMED, *FIELD])
def html(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The page of the sample logs, of every report made by hand, and of hostile logs."""
    if request.param == "sample":
        return str(request.getfixturevalue("sample_page"))
    if request.param in NAMED:
        return made(request.param)
    out = tmp_path / "out.html"
    assert run(["analyze", str(ROOT / "tests" / "badinputs" / request.param / "input.jsonl"), "-o", str(out)]) == 0
    return out.read_text(encoding="utf-8")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_it_fits_and_asks_for_nothing(html: str, size: tuple[int, int], scheme: str, look: Open) -> None:
    seen = look(html, size, scheme)
    seen.page.wait_for_timeout(20)
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= size[0], seen.page.evaluate(WIDER)
    assert seen.page.evaluate(WIDER) == []
    assert seen.requests == []
    assert seen.complaints == []


@pytest.mark.parametrize("html", TELLING, indirect=True)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(html: str, scheme: str, look: Open, axe: str) -> None:
    """Contrast, names, landmarks, headings, tables: by the rules of WCAG and axe's own best practices."""
    for size in (PHONE, DESK):
        seen = look(html, size, scheme)
        seen.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        seen.page.evaluate(axe)
        assert seen.page.evaluate(VIOLATIONS) == []


def test_nothing_in_it_can_act(html: str, look: Open) -> None:
    seen = look(html)
    acting = "script, img, iframe, object, embed, form, input, button, base, video, audio, [style], foreignObject, use"
    assert seen.page.locator(acting).count() == 0
    assert seen.page.evaluate("[...document.links].map(a => a.getAttribute('href')).filter(h => h[0] != '#')") == []
    handlers = "[...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames()).filter(n => n.startsWith('on'))"
    assert seen.page.evaluate(handlers) == []
    ids = seen.page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
    missing = "[...document.links].map(a => a.hash.slice(1)).filter(h => !document.getElementById(h))"
    assert seen.page.evaluate(missing) == []


def test_its_policy_stops_what_would_be_put_in(sample_page: str, look: Open) -> None:
    """Were the escaping to fail, the browser would still refuse."""
    seen = look(sample_page)
    seen.page.evaluate("""() => {
        for (const [tag, text] of [["script", "window.came = 1"], ["style", "body { display: none }"]]) {
            const made = document.createElement(tag);
            made.textContent = text;
            document.body.append(made);
        }
        const image = document.createElement("img");
        image.src = "http://127.0.0.1:9/x.png";
        document.body.append(image);
    }""")
    seen.page.wait_for_timeout(100)
    assert seen.page.evaluate("window.came") is None
    assert seen.page.locator("body").is_visible()
    assert len(seen.complaints) == 3
    assert all("Content Security Policy" in told for told in seen.complaints)


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "{{ 7*7 }}", "&lt;b&gt;"]
)
def test_hostile_text_is_shown(text: str, look: Open) -> None:
    for sample in (samples.hostile, incident_samples.hostile):
        seen = look(page.render(sample(), View()))
        assert text in seen.page.evaluate("document.body.textContent")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_keyboard_reaches_everything(sample_page: str, size: tuple[int, int], look: Open) -> None:
    page = look(sample_page, size).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the answer"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    within = "e => !e.closest('details:not([open]) > :not(summary)')"
    stops = len([one for one in page.locator("a[href], summary, [tabindex='0']").all() if one.evaluate(within)])
    page.goto(page.url.partition("#")[0])
    seen, opened = [], 0
    for _ in range(stops + 5):
        page.keyboard.press("Tab")
        at = page.evaluate("""() => {
            const e = document.activeElement, look = getComputedStyle(e);
            return [e.tagName, e.textContent.slice(0, 40), look.outlineStyle, e.getBoundingClientRect().height]
        }""")
        if at[0] in ("BODY", "HTML"):
            break
        assert at[2] != "none", f"nobody sees that this has the focus: {at}"
        assert at[3] > 0
        seen.append(at)
        if at[0] == "SUMMARY":
            page.keyboard.press("Enter")
            opened += page.evaluate("document.activeElement.parentElement.open")
            page.keyboard.press("Enter")
    assert len(seen) == stops
    assert opened == page.locator("summary").count() > 6


def test_paper_shows_what_is_folded(sample_page: str, look: Open) -> None:
    page = look(sample_page).page
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator("nav").is_visible()
    heights = page.evaluate("[...document.querySelectorAll('details > :not(summary)')].map(e => e.offsetHeight)")
    assert len(heights) > 6
    assert min(heights) > 0
    assert page.locator(".more .places").first.is_visible()
    assert len(page.pdf()) > 50_000


def test_charts_follow_the_theme(sample_page: str, look: Open) -> None:
    colours = []
    for scheme in ("light", "dark"):
        page = look(sample_page, DESK, scheme).page
        words = page.locator(".wide .chart text").first
        colours.append(words.evaluate("e => getComputedStyle(e).fill"))
    assert len(set(colours)) == 2
    page = look(sample_page, PHONE).page
    assert page.locator(".wide .chart").first.is_hidden()
    assert page.locator(".narrow .chart").first.is_visible()


def test_the_first_screen_answers(sample_page: str, look: Open) -> None:
    """Who, how sure, since when, how many, why, what next: without scrolling on a desk; who, on a phone too."""
    seen = look(sample_page, DESK)
    card = seen.page.locator(".card").first
    box = card.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= DESK[1]
    shown = card.inner_text()
    for words in ("VENDOR", "payments-api", "171 of 237", "09:14", "onset", "Holds in the worst case", "Next"):
        assert words in shown
    box = look(sample_page, PHONE).page.locator(".card h3").first.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= PHONE[1]
