"""The pictures of the documents: there, small, and shown somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PICTURES = sorted((ROOT / "docs" / "pictures").glob("*"))
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
SHOWN = {
    (page.parent / name).resolve()
    for page in PAGES
    for name in re.findall(r"[(\"]([\w/.-]+\.png)[)\"]", page.read_text(encoding="utf-8"))
}


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.name)
def test_a_picture_is_small_and_shown(path: Path) -> None:
    assert path.read_bytes().startswith(b"\x89PNG")
    assert path.stat().st_size <= 300_000
    assert path in SHOWN


def test_every_picture_shown_is_there() -> None:
    assert {ROOT / "docs" / "pictures" / f"{name}.png" for name in ("page-light", "page-dark", "terminal")} <= SHOWN
    assert set(PICTURES) >= SHOWN


@pytest.mark.parametrize("page", [page for page in PAGES if "<img" in page.read_text(encoding="utf-8")], ids=str)
def test_every_picture_has_words(page: Path) -> None:
    for found in re.findall(r"<img [^>]*>", page.read_text(encoding="utf-8")):
        assert re.search(r'alt="[^"]{20,}"', found)
