"""Templates of users: every name is documented, what could run on or undo escapes is refused with file and line."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrib.errors import UsageError
from attrib.reports.postmortem import template
from attrib.reports.postmortem.context import NAMES, context
from attrib.reports.postmortem.template_rules import FILTERS
from attrib.reports.view import View
from tests.reports import incident_samples, samples

ROOT = Path(__file__).resolve().parents[3]


def names() -> dict[str, Any]:
    report = {**samples.with_incident(), "incidents": [incident_samples.vendor()]}
    return context(report, report["incidents"][0], View())


NAMED = names()


def fill(text: str) -> str:
    return template.fill(text, NAMED, "mine.md.j2")


def test_a_template_prints_chooses_and_loops() -> None:
    text = "# {{ title }}\n{% for row in timeline[:1] %}\n- {{ loop.index }}: {{ row.what }}\n{% endfor %}\n"
    assert fill(text).startswith("# `checkout` failed for 17 min\n- 1: ")
    assert fill("{{ numbers.failure_rate | percent }} of {{ numbers.invocations | number }}") == "36 % of 3,310\n"
    assert fill("{{ numbers.symptomatic * 100 // numbers.invocations }}") == "36\n"
    assert fill("{{ todo('who') }}") == "_[to be filled in: who]_\n"
    assert fill("{% set n = timeline | length %}{{ n > 0 }}{{ zone }}|{{ zone or 'UTC' }}") == "True|UTC\n"
    assert fill("{% if verdict in ('vendor', 'caller') %}theirs{% else %}ours{% endif %}") == "theirs\n"


REFUSED = {
    "{{ nobody }}": "mine.md.j2:1: 'nobody' is undefined.",
    "a\n{{ timelin }}": 'mine.md.j2:2: \'timelin\' is undefined. Did you mean "timeline"?',
    "{{ title.upper() }}": "a template calls todo(...) and nothing else",
    "{{ title.__class__ }}": "mine.md.j2:1: ",
    "{{ ''.__class__.__mro__ }}": "mine.md.j2:1: ",
    "{{ title[0] }}": "a text is printed whole",
    "a\n{{ title[:3] }}": "mine.md.j2:2: a loop or a slice takes a list; this is none",
    "{{ title | first }}": "first and last take a list",
    "{{ title | replace('a', 'b') }}": "there is no filter replace; there are default,",
    "{{ title ~ title }}": "texts are not joined with ~",
    "{{ title + title }}": "+ takes two numbers; this is none: str",
    "{{ title * 9 }}": "* takes two numbers",
    "{{ '%09999999999d' % 1 }}": "% takes two numbers",
    "{{ 9 ** 9 ** 9 }}": "there are no powers",
    "{{ 999999999 * 999999999 }}": "larger than any that a document needs",
    "{{ 1 / 0 }}": "mine.md.j2:1: division by zero.",
    "x\n\n{% for c in title %}{{ c }}{% endfor %}": "mine.md.j2:3: a loop or a slice takes a list; this is none",
    "{% for x in range(9) %}{% endfor %}": "a template calls todo(...) and nothing else",
    "{% macro m(x) %}{{ m(x) }}{% endmacro %}": "there are no macros",
    "{% set x %}{{ title }}{% endset %}": "set takes an expression here",
    "{% set title = 'x' %}": "title is a name of the document",
    "{% include 'etc/passwd' %}": "nothing is included",
    "{% extends 'x' %}": "it extends none",
    "{% import 'x' as y %}": "nothing is imported",
    "{% filter upper %}x{% endfilter %}": "a filter takes a value here",
    "{{ [1, 2] }}": "no lists of one's own",
    "{{ {'a': 1} }}": "no tables of one's own",
    "{{ (title, title) }}": "no lists of one's own",
    "{% for x in timeline recursive %}{% endfor %}": "a loop is not recursive",
    "a\nb\n{% for x in timeline %}": "mine.md.j2:3: Unexpected end of template",
    "{{ title": "mine.md.j2:1: unexpected end of template",
    "{% bogus %}": "Encountered unknown tag 'bogus'",
    "{{ numbers.items }}": "mine.md.j2:1: ",
    "{{ timeline.append(1) }}": "a template calls todo(...) and nothing else",
    "{{ self }}": "mine.md.j2:1: 'self' is",
    "{{ attrib_each }}": "'attrib_each' is undefined",
    "{{ todo }}": "todo needs its text: todo(...)",
    "{{ timeline }}": "a list or a row is not printed",
    "{{ timeline[0] }}": "a list or a row is not printed",
    "{% for x in timeline %}{{ loop }}{% endfor %}": "mine.md.j2:1: ",
    "{{ todo(title, title) }}": "mine.md.j2:1: ",
}  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_what_a_template_may_not_do(text: str) -> None:
    with pytest.raises(UsageError) as error:
        fill(text)
    assert REFUSED[text] in str(error.value)
    assert str(error.value).startswith("mine.md.j2:")
    assert "\n" not in str(error.value)


def test_work_is_bounded() -> None:
    """Five loops within one another would print for hours."""
    rows = {**NAMED, "timeline": [*NAMED["timeline"]] * 40}
    nested = "{% for a in timeline %}" * 5 + "x" + "{% endfor %}" * 5
    begun = time.monotonic()
    with pytest.raises(UsageError, match="take more steps than any document needs"):
        template.fill(nested, rows, "mine.md.j2")
    assert time.monotonic() - begun < 20
    with pytest.raises(UsageError, match="over 8 MiB"):
        template.fill("{% for a in timeline %}" * 2 + "x" * 100_000 + "{% endfor %}" * 2, rows, "mine.md.j2")
    for deep in ("(" * 5000 + "1" + ")" * 5000, "not " * 20_000 + "1"):
        with pytest.raises(UsageError, match=r"nested too deeply|mine"):
            fill("{{ " + deep + " }}")
    with pytest.raises(UsageError, match="mine"):
        fill("{% for a in timeline %}" * 30 + "{% endfor %}" * 30)


@given(text=st.text(alphabet="{}%#-'\"()[]|.~+*/ \nabctitle0123forinendfset", max_size=60))
def test_any_text_is_a_template_or_a_sentence(text: str) -> None:
    try:
        said = fill(text)
    except UsageError as error:
        said = f"{error}\n" if str(error).startswith("mine.md.j2:") else ""
    assert said.endswith("\n")


def test_reading_one(tmp_path: Path) -> None:
    good = tmp_path / "good.j2"
    good.write_bytes("\ufeff# {{ title }}\r\nÜber\r\n".encode())
    assert fill(template.read(good)) == f"# {NAMED['title']}\nÜber\n"
    (tmp_path / "latin.j2").write_bytes(b"\xfcber")
    (tmp_path / "large.j2").write_bytes(b"x" * (template.LARGEST + 1))
    for name, said in (("gone.j2", "cannot be read"), ("latin.j2", "not UTF-8"), ("large.j2", "over 128 KiB")):
        with pytest.raises(UsageError, match=said):
            template.read(tmp_path / name)
    with pytest.raises(UsageError, match="cannot be read"):
        template.read(tmp_path)


def test_every_name_is_documented() -> None:
    """docs/postmortem.md lists each name with its meaning, and each filter."""
    page = (ROOT / "docs" / "postmortem.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", page, re.MULTILINE))
    assert listed == NAMES
    assert set(NAMED) == set(NAMES)
    assert all(f"`{name}`" in page for name in FILTERS)


def test_the_example_of_the_docs_works() -> None:
    page = (ROOT / "docs" / "postmortem.md").read_text(encoding="utf-8")
    [example] = re.findall(r"^```jinja\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert "`checkout` failed" in fill(example)
