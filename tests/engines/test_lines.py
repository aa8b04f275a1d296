"""Lines that match: the same that Python finds one by one, with the numbers that this program gives lines."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attrib.engines import lines
from attrib.engines.lines import Found, matching
from attrib.sources.lines import iter_lines
from attrib.survey.candidates import PATTERNS, is_candidate, types_pattern
from benchmarks.labelled.content import TUNING, labelled


def expected(data: bytes, classes: dict[str, str], longer: float | None) -> list[Found]:
    found = []
    for line in iter_lines([data]):
        text = line.data.decode()
        bits = sum(1 << at for at, pattern in enumerate(classes.values()) if re.search(pattern, text))
        bits |= (longer is not None and len(line.data) > longer) << len(classes)
        if bits:
            found.append(Found(line.number, text, bits))
    return found


SAMPLE = "a\n\nx@y\r\nb\rx\u2028x\x0b\x0c\x85x\nx\x00\n  \nlong" + "g" * 40 + "\nx"


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
def test_lines_end_at_lf_only(bom: bytes, end: str, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(bom + (SAMPLE + end).encode())
    found = list(matching(str(path), {"x": "x", "b": "^b"}, longer=30))
    assert found == expected(path.read_bytes(), {"x": "x", "b": "^b"}, 30)
    assert [one.line for one in found] == [3, 4, 5, 7, 8]


@given(st.text(alphabet="ax\n\r\u2028é\x00", max_size=200), st.integers(1, 40), st.integers(0, 20), st.integers(1, 3))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_blocks_and_chunks_do_not_matter(tmp_path: Path, text: str, size: int, longer: int, threads: int) -> None:
    path = tmp_path / "a"
    path.write_text(text, encoding="utf-8", newline="")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "BLOCK", size)
        patch.setattr(lines, "CHUNK", size * 2)
        found = list(matching(str(path), {"x": "x", "a": "a$"}, longer=longer, threads=threads))
    assert found == expected(text.encode(), {"x": "x", "a": "a$"}, longer)


def test_both_matchers_know_the_same_candidates(tmp_path: Path) -> None:
    """The patterns mean the same to Python and to Rust's crate, on every line of the labelled set."""
    path = tmp_path / "a"
    rows = [one.line for one in labelled(TUNING)]
    path.write_bytes(b"\n".join(rows) + b"\n")
    classes = {**PATTERNS, "types": types_pattern({"ts": "number", "request_id": "integer"})}
    found = list(matching(str(path), classes, longer=1024))
    assert found == expected(path.read_bytes(), classes, 1024)
    texts = {one.line for one in found if one.bits != 1 << len(PATTERNS)}
    assert texts == {number for number, row in enumerate(rows, 1) if is_candidate(row, 1024)}
