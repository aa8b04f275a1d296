"""Draws the start of a notebook as a person sees it: the picture in README.

    python notebooks/picture.py docs/pictures/notebook.png

Needs Chromium (`ATTRIB_CHROMIUM` names it, else what is installed) and the committed notebook; nothing is run.
"""

from __future__ import annotations

import html
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
NAME = "incident_review"
FROM, TO = "## The incident of this morning", "**What did payments-api say"
"""The cells drawn: from the one that begins so to the last one before the other."""
WIDTH, HEIGHT = 1000, 1600
STYLE = """
body { margin: 24px 32px; font: 15px/1.45 system-ui, sans-serif; color: #1f2329; background: #fff; width: 900px }
.code { font: 13px/1.5 ui-monospace, "DejaVu Sans Mono", monospace; background: #f5f6f8; border: 1px solid #dfe3e8;
  border-radius: 3px; padding: 7px 10px; margin: 14px 0 6px 58px; white-space: pre-wrap; position: relative }
.code::before { content: attr(data-n); position: absolute; left: -58px; color: #33598f }
.out { margin: 4px 0 14px 58px; font-size: 13px } .text { margin: 14px 0 6px 58px }
.out h3 { font-size: 17px; margin: 6px 0 } .out h4 { font-size: 14px; margin: 10px 0 3px } .out ul { margin: 3px 0 }
.out pre { margin: 3px 0; white-space: pre-wrap } .out p { margin: 5px 0 }
.out svg, .out img { max-width: 100%; height: auto }
table { border-collapse: collapse; font-size: 12.5px } th, td { padding: 3px 9px; border: 0 }
thead th { border-bottom: 1px solid #c9cfd6 } tbody tr:nth-child(odd) { background: #f5f6f8 }
"""


def page() -> str:
    """The cells as one page of HTML, without script or outside address."""
    from markdown_it import MarkdownIt

    notebook = json.loads((HERE / f"{NAME}.ipynb").read_text(encoding="utf-8"))
    parts = []
    starts = ["".join(cell["source"]) for cell in notebook["cells"]]
    first, last = (next(at for at, text in enumerate(starts) if text.startswith(words)) for words in (FROM, TO))
    for cell in notebook["cells"][first:last]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(f'<div class="text">{MarkdownIt("commonmark").enable("table").render(source)}</div>')
            continue
        parts.append(f'<div class="code" data-n="[{cell["execution_count"]}]:">{html.escape(source)}</div>')
        parts += [f'<div class="out">{_shown(output)}</div>' for output in cell["outputs"]]
    return f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style>{"".join(parts)}'


def _shown(output: dict[str, Any]) -> str:
    data = output.get("data", {})
    for kind in ("text/html", "image/svg+xml"):
        if kind in data:
            return "".join(data[kind])
    return f"<pre>{html.escape(''.join(data.get('text/plain', output.get('text', ''))))}</pre>"


def draw(target: Path) -> None:
    """Writes the picture. Raises CalledProcessError where Chromium fails."""
    chromium = os.environ.get("ATTRIB_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("no chromium: apt-get install chromium, or name one with ATTRIB_CHROMIUM=...")
    with tempfile.TemporaryDirectory(prefix="attrib-") as folder:
        source = Path(folder, "notebook.html")
        source.write_text(page(), encoding="utf-8")
        command = [
            chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            f"--user-data-dir={folder}/profile", f"--window-size={WIDTH},{HEIGHT}", f"--screenshot={target.resolve()}",
            source.as_uri(),
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=120)  # noqa: S603 - our own words


if __name__ == "__main__":
    draw(Path(sys.argv[1] if len(sys.argv) > 1 else HERE.parent / "docs" / "pictures" / "notebook.png"))
