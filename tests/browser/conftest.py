"""A browser for the page's tests: Debian's Chromium, driven by Playwright, with axe from npm.

`.ci/run` installs all three and names the folder of npm's packages in ATTRIB_NPM. Elsewhere what is missing skips the
test: `apt-get install chromium`, `pip install -e '.[browser]'`, `npm install axe-core` in a folder of your own.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from attrib.cli.app import run

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).resolve().parents[2]
PHONE, DESK = (360, 740), (1240, 900)


@dataclass
class Opened:
    """A page in the browser, and all that it asked for or complained of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


Open = Callable[..., Opened]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = os.environ.get("ATTRIB_CHROMIUM") or shutil.which("chromium")
    if program is None:
        pytest.skip("no chromium: apt-get install chromium, or name one in ATTRIB_CHROMIUM")
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright: pip install -e '.[browser]'")
    with playwright.sync_playwright() as driver:
        # No sandbox: it does not start as root, and what is opened here are pages of our own.
        chromium = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    source = Path(os.environ.get("ATTRIB_NPM", "")) / "node_modules/axe-core/axe.min.js"
    if not os.environ.get("ATTRIB_NPM") or not source.is_file():
        pytest.skip("no axe: npm install axe-core, and name the folder in ATTRIB_NPM")
    return source.read_text(encoding="utf-8")


@pytest.fixture
def look(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens a page from a file: `look(html, size=PHONE, scheme="dark")`."""
    contexts: list[BrowserContext] = []

    def opened(html: str, size: tuple[int, int] = DESK, scheme: str = "light") -> Opened:
        path = tmp_path / f"page{len(contexts)}.html"
        path.write_text(html, encoding="utf-8")
        options: dict[str, Any] = {"viewport": {"width": size[0], "height": size[1]}, "color_scheme": scheme}
        contexts.append(browser.new_context(**options))
        found = Opened(contexts[-1].new_page())
        found.page.on("request", lambda request: found.requests.append(request.url))
        found.page.on("console", lambda message: found.complaints.append(message.text))
        found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
        found.page.goto(path.as_uri())
        assert found.requests == [path.as_uri()]
        found.requests.clear()
        return found

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def sample_page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of the sample logs, with marks."""
    out = tmp_path_factory.mktemp("page") / "report.html"
    logs = [str(path) for path in sorted((ROOT / "sample_logs").glob("*.jsonl"))]
    assert run(["analyze", *logs, "--mark", "2026-11-20T09:13:43Z=deploy v42", "-o", str(out)]) == 0
    return out.read_text(encoding="utf-8")
