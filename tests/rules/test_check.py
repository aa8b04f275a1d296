"""`attrib rules check` and `attrib rules test`: the proofs, the truth table, and their text."""

from __future__ import annotations

from pathlib import Path

import pytest

from attrib.errors import UsageError
from attrib.rules import check, show
from attrib.rules.load import load_rules, read_rules
from attrib.rules.truth import truth_table

PACKS = [["m1"], ["extended"], ["m1", "extended"]]

ALL_SLOW = """\
[[rule]]
id = "all-slow"
rank = 20
verdict = "unknown"
when.latency = ["high"]
reason = "Slow."

[[rule]]
id = "slow-vendor"
rank = 30
verdict = "vendor"
when.upstream = ["5xx"]
when.latency = ["high"]
reason = "Slow vendor."

[[rule]]
id = "typo"
rank = 40
verdict = "unknown"
when.status = ["5XX"]
reason = "Typo."
"""


@pytest.mark.parametrize("packs", PACKS)
def test_the_shipped_packs_are_proven(packs: list[str]) -> None:
    ruleset = load_rules(packs)
    result = check.check(ruleset)
    assert result.faults == ()
    assert result.ok
    assert sum(rule.wins for rule in result.rules) + result.without_winner == result.cells
    assert [one.rule.id for one in result.rules] == [rule.id for rule in ruleset.rules]


@pytest.mark.parametrize("packs", PACKS)
def test_every_example_holds_and_every_shipped_rule_has_both_kinds(packs: list[str]) -> None:
    ruleset = load_rules(packs)
    results = check.test(ruleset)
    assert [result for result in results if not result.ok] == []
    assert check.without_proof(ruleset) == []
    assert show.examples_text(results).endswith("hold.")


def test_faults_of_text_and_table_in_one_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.toml").write_text(ALL_SLOW, encoding="utf-8")
    result = check.check_packs(["mine.toml"])
    # 1 upstream x 1 party x 8 statuses x 1 latency x 4 shares
    assert show.check_text(result).split("\n") == [
        (
            'mine.toml:8: rule "slow-vendor" can never win: rank 20 "all-slow" (line 1) takes all 32 of its cells. '
            'Move it before, or narrow "all-slow".'
        ),
        'mine.toml:20: unknown value "5XX" for facet status. Did you mean "5xx"?',
        "2 faults, 6,048 cells, 4,032 without a winner.",
    ]
    assert not result.ok


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ('when = { upstream = ["5xx"], upstream_code = [429] }', "upstream_code 429 is never 5xx"),
        ('when = { upstream = ["2xx"], upstream_phase = ["dns"] }', "only no_response has"),
        ("when = { upstream_code = [429], upstream_code_not = [429] }", "takes away every upstream_code"),
    ],
)
def test_dead_rules_say_why(tmp_path: Path, when: str, expected: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(f'[[rule]]\nid = "dead"\nrank = 1\nverdict = "unknown"\nreason = "r"\n{when}\n', encoding="utf-8")
    (fault,) = check.check_packs([str(path)]).faults
    assert f'rule "dead" matches no cell: {expected}' in fault.text or expected in fault.text
    assert fault.line == 1


def test_shadowed_by_several_and_ties(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    rules = [("a", 1, '["4xx"]'), ("b", 2, '["5xx"]'), ("c", 3, '["4xx", "5xx"]'), ("d", 3, '["4xx"]')]
    path.write_text(
        "".join(
            f'[[rule]]\nid = "{name}"\nrank = {rank}\nverdict = "unknown"\nreason = "r"\nwhen.status = {values}\n'
            for name, rank, values in rules
        ),
        encoding="utf-8",
    )
    texts = [fault.text for fault in check.check_packs([str(path)]).faults]
    cells = 21 * 3 * 3 * 4
    assert texts == [
        (
            f'rule "c" can never win: rank 1 "a" (line 1) takes {cells} of its {2 * cells} cells and '
            f'rank 2 "b" (line 7) takes {cells} of its {2 * cells} cells. Move it before, or narrow "a" or "b".'
        ),
        f'rule "d" can never win: rank 1 "a" (line 1) takes all {cells} of its cells. Move it before, or narrow "a".',
        (
            f'rule "d" ties with "c" ({path}:13): both have rank 3 and match {cells} same cells. '
            "Give one of them another rank."
        ),
    ]


def test_examples_that_do_not_hold_are_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        ALL_SLOW.split("\n[[rule]]", maxsplit=1)[0]
        + "[[rule.example]]\npasses = true\nrecord = { status = 200, latency_ms = 20, upstream_status = 200 }\n",
        encoding="utf-8",
    )
    ruleset = load_rules([str(path)])
    text = show.examples_text(check.test(ruleset), check.without_proof(ruleset))
    assert 'mine.toml:7: this example should win "all-slow"; "none" (unknown) wins it: upstream 2xx (200)' in text
    assert "lacks an example" in text
    assert text.endswith("0 of 1 example of 1 rule hold.")


@pytest.mark.parametrize("packs", PACKS)
def test_the_truth_table_is_all_cells_and_fits_80_columns(packs: list[str]) -> None:
    ruleset = load_rules(packs)
    rows = truth_table(ruleset)
    result = check.check(ruleset)
    assert sum(row.cells for row in rows) == result.cells
    for one in result.rules:
        assert sum(row.cells for row in rows if row.rule == one.rule.id) == one.wins
    text = show.check_text(result, rows)
    assert max(len(line) for line in text.split("\n")) <= 80
    assert show.truth_markdown(rows).count("\n") == len(rows) + 1


def test_the_truth_table_of_m1_reads_like_its_rules() -> None:
    rows = truth_table(load_rules(["m1"]))
    assert rows[:3] == [
        ("missing", "any", "any", "any", "any", "unknown", "m1-unknown", 288),
        ("5xx, timeout", "external", "5xx, timeout", "any", "any", "vendor", "m1-vendor", 48),
        ("2xx", "any", "4xx, 5xx", "any", "any", "application", "m1-application", 72),
    ]


def test_list_and_show() -> None:
    ruleset = load_rules(settings=["latency_high_ms@checkout=2000"])
    listed = show.list_text(ruleset)
    positions = [listed.index(f"  {rule.id} ") for rule in ruleset.rules]
    assert positions == sorted(positions)
    assert "latency_high_ms@checkout" in listed
    shown = show.show_text(ruleset, "ext-credentials-or-caller")
    assert "UNKNOWN, lean caller; names nobody" in shown
    assert "upstream_code: 401, 403, 407" in shown
    with pytest.raises(UsageError, match=r'no rule "m1-vendro" in m1, extended\. Did you mean "m1-vendor"\?'):
        show.show_text(ruleset, "m1-vendro")


def test_a_pack_of_words_only_has_nothing_to_prove(tmp_path: Path) -> None:
    path = tmp_path / "words.toml"
    path.write_text('[words]\ntimeout = ["gave up"]\n', encoding="utf-8")
    result = check.check(read_rules([str(path)]))
    assert (result.faults, result.without_winner) == ((), result.cells)
