"""`attrib report lint`: the stop rule as a gate, action items that can be done, on documents as people edit them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrib.errors import InputError
from attrib.reports.lint.document import lint, read
from attrib.reports.lint.story import told
from attrib.reports.lint.words import measurable, no_change, says_nothing

GATE = "## Changes to data, schema or meaning\n\n| Change | Replay plan | Rollback |\n| --- | --- | --- |\n"
ACTIONS = "\n## Action items\n\n| Number | Action | Tool | Measurable outcome |\n| --- | --- | --- | --- |\n"
DONE = "| 1 | Add an alert | alerting | fires within 5 min |\n"


def faults(text: str) -> list[str]:
    return [f"{one.line}: {one.text}" for one in lint(text, "f.md") if one.fails]


def change(row: str) -> list[str]:
    return faults(f"{GATE}{row}\n{ACTIONS}{DONE}")


def action(row: str) -> list[str]:
    return faults(f"{GATE}{ACTIONS}{row}\n")


def test_an_empty_gate_and_a_whole_action_pass() -> None:
    assert faults(GATE + ACTIONS + DONE) == []
    assert (
        change("| Rewrote `a|b` | replay topic from offset 9 | restore backup of 09:00 |") != []
    )  # a bar splits a cell
    assert change("| Rewrote `a\\|b` | replay topic from offset 9 | restore backup of 09:00 |") == []


@pytest.mark.parametrize(
    "nothing",
    ["", " ", "-", "–", "TBD", "tbd.", "T.B.D.", "todo", "TODO!", "n/a", "N/A", "none", "**None**", "`tbd`", "?", "...",
     "…", "_[to be filled in: plan]_", "*[to be filled in: how]*", "[TO BE FILLED IN]", "&nbsp;", "<br>", "xxx",
     "offen",
     "Noch offen", "folgt", "später", "keine", "<!-- later -->", "~~tbd~~", "to be decided"],
)  # fmt: skip
def test_what_counts_as_empty(nothing: str) -> None:
    assert [text[:3] for text in change(f"| Rewrote orders | {nothing} | restore backup |")] == ["5: "]
    assert "has no replay plan" in change(f"| Rewrote orders | {nothing} | restore backup |")[0]
    assert "has no rollback" in change(f"| Rewrote orders | replay from offset 7 | {nothing} |")[0]
    assert len(change(f"| Rewrote orders | {nothing} | {nothing} |")) == 2
    for name, row in (
        ("number", f"| {nothing} | Add an alert | alerting | under 1 % |"),
        ("tool", f"| 1 | Add an alert | {nothing} | under 1 % |"),
        ("measurable outcome", f"| 1 | Add an alert | alerting | {nothing} |"),
    ):
        if name == "measurable outcome" and nothing.lower().strip("*_~`") in ("none", "keine"):
            continue
        assert [f"has no {name}" in text for text in action(row)] == [True], action(row)


@pytest.mark.parametrize("row", ["| | | |", "| none | | |", "| - | - | - |", "| None | n/a | n/a |", "| Keine |  |  |"])
def test_no_change_is_no_fault(row: str) -> None:
    assert change(row) == []


def test_a_change_without_a_name_is_one() -> None:
    assert "a change has no rollback" in change("| | replay from offset 7 | |")[0]
    assert "“none” has no rollback" in change("| none | replay from offset 7 | |")[0]


def test_a_short_row_lacks_its_last_cells_and_a_long_one_says_why() -> None:
    assert "has no rollback" in change("| Rewrote orders | replay |")[0]
    found = change("| Set `a` | `b` or | | restore backup of 09:00 | x |")
    assert (
        "the row of “Set a” has 5 cells for 3 columns. A bar inside of a cell is written \\|, in code too." in found[0]
    )


@pytest.mark.parametrize(
    "text",
    [
        GATE.replace("##", "#") + "| Rewrote orders | | |\n",
        GATE.replace("##", "####").replace("Changes", "CHANGES") + "Rewrote orders | |\n",
        GATE.replace("| Change | Replay plan | Rollback |", "| Rollback | Change | Replay-Plan |")
        + "| | Rewrote orders | |\n",
        GATE.replace("Rollback |", "Roll back | Owner |").replace("| --- |\n", "| --- | --- |\n")
        + "| Rewrote orders | | | Jörg Müller |\n",
        (GATE + "| Rewrote orders | | |\n").replace("\n", "\r\n"),
        "> " + (GATE + "| Rewrote orders | | |").replace("\n", "\n> ") + "\n",
        "- kept:\n\n  " + (GATE + "| Rewrote orders | | |").replace("\n", "\n  ") + "\n",
        "| Änderung | Change | Replay plan | Rollback |\n|:--|:-:|--:|-|\n| Größe in Straße | Rewrote orders | | |\n",
    ],
)
def test_documents_as_people_edit_them(text: str) -> None:
    found = [one for one in lint(text, "f.md") if one.fails]
    assert ["has no replay plan" in found[0].text, "has no rollback" in found[1].text] == [True, True], found
    lines = text.split("\n")
    assert all("Rewrote orders" in lines[one.line - 1] for one in found[:2])


def test_changes_listed_as_text_belong_into_the_table() -> None:
    text = GATE + "\n- Rewrote 300 rows of orders\n- none\n* [to be filled in: more]\n" + ACTIONS + DONE
    [found] = faults(text)
    assert found == (
        "6: “Rewrote 300 rows of orders” is listed as text. Write it as a row of the table of changes: "
        "| Change | Replay plan | Rollback |"
    )


def test_the_gate_cannot_be_taken_away() -> None:
    assert "the table of changes is gone" in faults("# Post-mortem\n\nAll is well.\n")[0]
    assert "the table of changes is gone" in faults(f"```\n{GATE}```\n")[0]
    assert "the table of changes is gone" in faults(f"<!--\n{GATE}-->\n")[0]
    without = GATE.replace(" | Rollback |\n| --- |", " |\n|")
    assert "no column “rollback”" in faults(without + "| Rewrote orders | replay |\n")[0]


def test_an_action_table_without_a_column() -> None:
    text = GATE + "\n## Actions\n\n| Action item | Owner |\n| --- | --- |\n| Add an alert | Zoë |\n"
    assert faults(text) == [
        "8: the table of action items has no column “number”, “tool”, “measurable outcome”. Add it, fill it for each."
    ]
    assert faults(text.replace("| Add an alert | Zoë |\n", "")) == []
    assert (
        faults(GATE + "\n## Actions\n\n| # | Action | Tool | Outcome |\n|--|--|--|--|\n| 1 | a | b | < 1 % |\n") == []
    )


def test_an_outcome_names_what_can_be_counted() -> None:
    assert "cannot be measured" in action("| 1 | Improve alerts | alerting | alerts are better |")[0]
    for outcome in (
        "p99 below 300 ms",
        "no timeouts for a week",
        "all hosts run it",
        "keine Fehler",
        "Fehler unter ½ %",
    ):
        assert measurable(outcome)


def test_all_at_once_in_order_and_notes() -> None:
    rows = "| | a | | |\n| 1 | b | c | 1 % |\n| 1 | d | e | _[to be filled in: f]_ 2 % |\n"
    text = f"{GATE}| Rewrote orders | | |\n{ACTIONS}{rows}"
    found = lint(text, "f.md")
    assert [one.line for one in found] == sorted(one.line for one in found)
    assert [one.fails for one in found] == [True] * 5 + [False] * 2
    shown = told(found)
    assert shown.splitlines()[-1] == "5 faults, 2 notes (--strict makes them faults)."
    assert "f.md:13: note: still open: f" in shown
    assert "f.md:13: note: “d” has the number of line 12. Give each its own." in shown
    assert told(found, quiet=True).count("\n") == 6
    assert told(found, strict=True).splitlines()[-1] == "7 faults."


def test_terminal_text_is_safe() -> None:
    assert "\x1b" not in told(lint(f"{GATE}| Rewrote \x1b[2J | | |\n", "f\x1b.md"))


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00", exclude_categories=["Cs"]), max_size=30)


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("`", "'").replace("<", "(").replace("[", "(")


@given(name=WORDS, plan=WORDS, back=WORDS, end=st.sampled_from(["\n", "\r\n"]))
def test_a_filled_row_passes_and_an_unfilled_one_fails(name: str, plan: str, back: str, end: str) -> None:
    """Whatever people write around it: the word that fills a cell counts, and a cell without any never passes."""
    row = f"| Changed {_cell(name)} | replay offset 7 {_cell(plan)} | restore backup {_cell(back)} |"
    text = f"{GATE}{row}\n{ACTIONS}{DONE}".replace("\n", end)
    assert faults(text) == []
    empty = f"{GATE}| Changed {_cell(name)} | | restore backup {_cell(back)} |\n{ACTIONS}{DONE}".replace("\n", end)
    assert [found.split(":")[0] for found in faults(empty)] == ["5"]


@given(text=st.text(alphabet="|-#` \\\n*_[]<>!:abc1.\t", max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    assert all(1 <= one.line <= text.count("\n") + 1 for one in lint(text, "f.md"))


@given(text=st.text(max_size=12))
def test_words_agree(text: str) -> None:
    if no_change(text):
        assert says_nothing(text)


def test_reading(tmp_path: Path) -> None:
    text = "# Überblick\n" + GATE
    for name, data in (("a", text.encode()), ("b", text.encode("utf-8-sig")), ("c", text.encode("utf-16"))):
        (tmp_path / name).write_bytes(data)
        assert read(str(tmp_path / name), io.BytesIO()) == text
    (tmp_path / "d").write_bytes(text.encode("latin-1"))
    assert "berblick" in read(str(tmp_path / "d"), io.BytesIO())
    assert read("-", io.BytesIO(text.encode())) == text
    for name in ("gone", "", "\0"):
        with pytest.raises(InputError):
            read(str(tmp_path / name), io.BytesIO())
