"""Makes docs/pictures/*.png from the sample logs: the page by day, by night and on a phone, and the terminal.

python docs/pictures.py (with the extra `browser`, and a chromium in the path or in ATTRIB_CHROMIUM). The pictures are
committed, since fonts differ from machine to machine: run it after a change of what people see, and look at them.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

import attrib
from attrib.cli.app import run
from attrib.reports import text
from attrib.reports.view import View

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT: Final = Path(__file__).resolve().parents[1]
OUT: Final = ROOT / "docs" / "pictures"
LOGS: Final = "sample_logs"
MARK: Final = "09:13:43=deploy v42"
ROWS: Final = 36
"""Rows of the terminal."""
LARGEST: Final = 300_000
"""Bytes of one picture."""

_THEME: Final = TerminalTheme(
    (22, 25, 30),
    (215, 220, 226),
    [(22, 25, 30), (255, 138, 128), (120, 200, 130), (229, 180, 84), (127, 179, 255), (196, 161, 255), (98, 203, 223),
     (215, 220, 226)],
)  # fmt: skip
_TERMINAL: Final = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; padding: 20px; background: #e8ebef; width: max-content; }}
main {{ background: #16191e; color: #d7dce2; border-radius: 10px; padding: 14px 22px 20px; }}
p {{ margin: 0 0 12px; display: flex; gap: 7px; }}
i {{ width: 11px; height: 11px; border-radius: 50%; background: #3c434d; }}
pre {{ margin: 0; font: 13px/1.38 "DejaVu Sans Mono", Menlo, Consolas, monospace; }}
{stylesheet}
</style><main><p><i></i><i></i><i></i></p><pre>{code}</pre></main>
"""


def terminal() -> str:
    """The text report as a terminal shows it, as a page."""
    told = attrib.analyze(LOGS, mark=MARK)
    shown = text.render(told.report.model_dump(by_alias=True, mode="json"), View(width=88, color=True, logs=(LOGS,)))
    console = Console(record=True, width=88, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text(f"$ attrib analyze {LOGS} --mark '{MARK}'", style="bold"))
    for row in shown.splitlines()[:ROWS]:
        console.print(Text.from_ansi(row), soft_wrap=True)
    return console.export_html(theme=_THEME, code_format=_TERMINAL)


def main() -> int:
    """Writes the pictures; 1 where one is too large."""
    from playwright.sync_api import sync_playwright

    os.chdir(ROOT)
    OUT.mkdir(exist_ok=True)
    program = os.environ.get("ATTRIB_CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        page, screen = Path(folder) / "report.html", Path(folder) / "terminal.html"
        if run(["analyze", LOGS, "--mark", MARK, "-q", "-o", str(page)]) != 0:
            return 1
        screen.write_text(terminal(), encoding="utf-8")
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        _shot(browser, page, "page-light", (1240, 900))
        _shot(browser, page, "page-dark", (1240, 900), scheme="dark")
        _shot(browser, page, "page-phone", (360, 740), scale=2)
        _shot(browser, page, "incident-light", (1240, 1500), part="article.incident")
        _shot(browser, page, "incident-dark", (1240, 1500), scheme="dark", part="article.incident")
        _shot(browser, screen, "terminal", (900, 700), scale=1.4, part="body")
        browser.close()
    large = [path.name for path in OUT.glob("*.png") if path.stat().st_size > LARGEST]
    if large:
        sys.stderr.write(f"larger than {LARGEST:,} bytes: {', '.join(large)}\n")
    return 1 if large else 0


def _shot(
    browser: Browser, path: Path, name: str, size: tuple[int, int], *, scheme: str = "light", scale: float = 1,
    part: str | None = None,
) -> None:  # fmt: skip
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        device_scale_factor=scale,
    )
    page = context.new_page()
    page.goto(path.as_uri())
    target = str(OUT / f"{name}.png")
    if part is None:
        page.screenshot(path=target)
    else:
        # The links that stay at the top would lie over it.
        page.evaluate("document.querySelectorAll('nav').forEach(nav => nav.remove())")
        page.locator(part).first.screenshot(path=target)
    context.close()


if __name__ == "__main__":
    sys.exit(main())
