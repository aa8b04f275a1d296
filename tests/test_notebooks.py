"""The notebooks: they run, and what is committed is what they say when they run.

Of a drawing its words and shapes are held; where each stands follows from the fonts and the version of the library that
draws it.
"""

from __future__ import annotations

import base64
import importlib.util
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "notebooks"
NAMES = sorted(path.stem for path in (FOLDER / "source").glob("*.md"))
IMAGE = re.compile(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)")
MOST_BYTES = 200_000

pytestmark = pytest.mark.xdist_group("notebooks")


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the notebooks, built and run now."""
    for library in ("nbclient", "nbformat", "ipykernel"):
        pytest.importorskip(library, reason=f"{library}: pip install 'attrib[notebook]'")
    folder = tmp_path_factory.mktemp("notebooks")
    done = subprocess.run(
        [sys.executable, FOLDER / "make.py", "--to", folder], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return folder


def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("notebooks_make", FOLDER / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def notebook(folder: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / f"{name}.ipynb").read_text(encoding="utf-8"))
    return found


def told(drawing: str) -> dict[str, Any]:
    """The words of an SVG and how many of each shape it has."""
    return {
        "words": re.findall(r"<text[^>]*>([^<]*)</text>", drawing),
        "shapes": dict(Counter(re.findall(r"<(path|line|rect|circle|text)\b", drawing))),
    }


def steady(value: Any) -> Any:
    """An output without what fonts and the drawing library decide."""
    if isinstance(value, dict):
        return {key: told("".join(one)) if key == "image/svg+xml" else steady(one) for key, one in value.items()}
    if isinstance(value, list):
        return [steady(one) for one in value]
    if isinstance(value, str):
        return IMAGE.sub(lambda found: str(told(base64.b64decode(found[1]).decode())), value)
    return value


def test_there_are_notebooks() -> None:
    assert NAMES == ["incident_review", "rules_lab"]
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_is_what_it_says_when_it_runs(run: Path, name: str) -> None:
    committed, now = notebook(FOLDER, name), notebook(run, name)
    for old, new in zip(committed["cells"], now["cells"], strict=False):
        assert steady(old) == steady(new), "run: python notebooks/make.py"
    assert steady(committed) == steady(now)


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_is_made_from_its_source(name: str) -> None:
    source = (FOLDER / "source" / f"{name}.md").read_text(encoding="utf-8")
    wanted = [cell["source"] for cell in maker().cells(source)]
    assert ["".join(cell["source"]) for cell in notebook(FOLDER, name)["cells"]] == wanted


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_was_run_in_order_and_none_failed(name: str) -> None:
    cells = [cell for cell in notebook(FOLDER, name)["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    for cell in cells:
        for output in cell["outputs"]:
            assert output["output_type"] in ("stream", "execute_result", "display_data")
            assert output.get("name") != "stderr", output


@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_a_machine_is_in_it(name: str) -> None:
    text = (FOLDER / f"{name}.ipynb").read_text(encoding="utf-8")
    assert len(text) < MOST_BYTES
    for trace in (str(ROOT), "/tmp/", "/home/", "/root", "ipykernel_", '"id":'):
        assert trace not in text
    found = notebook(FOLDER, name)
    assert found["metadata"] == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    assert all(cell["metadata"] == {} for cell in found["cells"])


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_uses_what_attrib_exports(name: str) -> None:
    code = "\n".join("".join(cell["source"]) for cell in notebook(FOLDER, name)["cells"] if cell["cell_type"] == "code")
    assert "import attrib" in code
    assert not re.search(r"(from|import) attrib\.|attrib\.[a-z_]+\.|\._", code)


def test_the_review_has_pictures_and_a_ticket() -> None:
    text = (FOLDER / "incident_review.ipynb").read_text(encoding="utf-8")
    assert text.count('"image/svg+xml"') == 3
    assert "Failing calls: a request to your support" in text


def test_the_lab_shows_what_moved() -> None:
    outputs = [
        "".join(output.get("data", {}).get("text/plain", output.get("text", "")))
        for cell in notebook(FOLDER, "rules_lab")["cells"]
        for output in cell.get("outputs", ())
    ]
    rows = [line for output in outputs for line in output.splitlines() if "unknown" in line and "137" in line]
    assert any("notify" in row and "application" in row for row in rows)
    assert any("0 faults" in output for output in outputs)


def test_nothing_is_left_behind(run: Path) -> None:
    left = {path.name for path in FOLDER.iterdir() if path.suffix in (".toml", ".json")}
    assert left == set()
