"""Builds the notebooks from `source/*.md`, runs them, and writes them with their outputs.

    python notebooks/make.py [--to FOLDER]

A source is Markdown; a block of ```python is a cell of code, the rest are cells of text. Needs the `notebook` extra.
The same program writes the same bytes: no ids, no times, no machine's paths (tests/test_notebooks.py).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SAMPLES = HERE.parent / "sample_logs"
CODE = re.compile(r"^```python\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
SECONDS = 120
"""For one cell."""


def sources() -> list[Path]:
    """What is built, by name."""
    return sorted((HERE / "source").glob("*.md"))


def cells(text: str) -> list[dict[str, Any]]:
    """The cells of a source, not run yet."""
    found: list[dict[str, Any]] = []
    for position, part in enumerate(CODE.split(text)):
        body = part.strip("\n")
        if not body:
            continue
        if position % 2:
            found.append({"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": body})
        else:
            found.append({"cell_type": "markdown", "metadata": {}, "source": body})
    return found


def executed(source: Path) -> str:
    """The notebook of a source as JSON, run from top to bottom. Raises nbclient's error of a cell that fails."""
    import nbformat
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient

    # 4.4 is the last minor version whose cells need no ids.
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    notebook = nbformat.from_dict(  # type: ignore[no-untyped-call]
        {"cells": cells(source.read_text(encoding="utf-8")), "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}
    )
    with tempfile.TemporaryDirectory(prefix="attrib-") as folder:
        # What a notebook writes stays out of the repository; `../sample_logs` is there all the same.
        place = Path(folder, "notebooks")
        place.mkdir()
        Path(folder, "sample_logs").symlink_to(SAMPLES)
        # Over files and not over a port, which everybody on the machine could speak to.
        manager = AsyncKernelManager(kernel_name="python3", transport="ipc", ip=str(Path(folder, "kernel")))
        client = NotebookClient(
            notebook, km=manager, timeout=SECONDS, record_timing=False, resources={"metadata": {"path": str(place)}}
        )
        client.owns_km = True  # it ends the kernel
        client.execute()
    done = json.loads(nbformat.writes(notebook))  # type: ignore[no-untyped-call]
    done["metadata"] = metadata  # the kernel has added its version
    return json.dumps(_joined(done), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _joined(notebook: dict[str, Any]) -> dict[str, Any]:
    """Outputs of one stream as one: in how many pieces they arrive is a matter of time."""
    for cell in notebook["cells"]:
        outputs: list[dict[str, Any]] = []
        for output in cell.get("outputs", ()):
            last = outputs[-1] if outputs else {}
            if output["output_type"] == "stream" and last.get("name") == output["name"]:
                last["text"] = "".join([*last["text"], *output["text"]]).splitlines(keepends=True)
            else:
                outputs.append(output)
        if "outputs" in cell:
            cell["outputs"] = outputs
    return notebook


def main() -> None:
    """Writes every notebook."""
    parser = argparse.ArgumentParser(description="Builds, runs and writes the notebooks.")
    parser.add_argument("--to", type=Path, default=HERE, metavar="FOLDER", help="default: beside this script")
    folder = parser.parse_args().to
    # `!attrib` in a cell is the program of this very environment; its words are as wide everywhere.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    os.environ |= {"COLUMNS": "100", "NO_COLOR": "1", "TZ": "UTC", "JUPYTER_PLATFORM_DIRS": "1"}
    os.environ.pop("ATTRIB_CONFIG", None)
    for source in sources():
        target = folder / f"{source.stem}.ipynb"
        target.write_text(executed(source), encoding="utf-8")
        print(target)


if __name__ == "__main__":
    main()
