"""Packs from names and files: every fault at once, with its line and its remedy."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrib.errors import UsageError
from attrib.rules.facets import Facets
from attrib.rules.load import load_rules, pack_folder, pack_names, read_rules
from attrib.rules.model import RulePackError
from attrib.rules.parse import parse_pack

GOOD = """\
[[rule]]
id = "mine"
title = "Mine"
rank = 50
verdict = "caller"
when.status = ["4xx"]
reason = "We say so."
"""


def pack(folder: Path, text: str, name: str = "mine.toml") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def faults(folder: Path, text: str) -> list[str]:
    """The faults of one pack, without its path."""
    path = pack(folder, text)
    with pytest.raises(RulePackError) as caught:
        load_rules([path])
    assert str(caught.value).split("\n") == [str(fault) for fault in caught.value.faults]
    return [str(fault).removeprefix(str(folder) + "/") for fault in caught.value.faults]


def test_shipped_packs_are_found() -> None:
    assert pack_names()[:2] == ["m1", "extended"]
    assert (pack_folder() / "m1.toml").is_file()
    rules = load_rules()
    assert rules.packs == ("m1", "extended")
    assert [rule.id for rule in load_rules(["m1"]).rules] == [
        "m1-unknown",
        "m1-vendor",
        "m1-application",
        "m1-bottleneck",
    ]


def test_a_pack_of_ones_own_beside_m1(tmp_path: Path) -> None:
    rules = load_rules(["m1", pack(tmp_path, GOOD)])
    assert rules.packs == ("m1", "mine.toml")
    decision = rules.decide(Facets("missing", "external", "4xx", "normal", "missing"))
    assert (decision.rule, decision.also_matched) == ("mine", ("m1-unknown",))


def test_a_pack_without_words_and_parameters_has_those_of_m1(tmp_path: Path) -> None:
    mine, m1 = load_rules([pack(tmp_path, GOOD)]), load_rules(["m1"])
    assert mine.words == m1.words
    assert mine.parameters.as_dict() == m1.parameters.as_dict()


def test_words_are_the_union_of_the_packs(tmp_path: Path) -> None:
    path = pack(tmp_path, GOOD + '[words]\ntimeout = ["Gave-Up"]\n[words.no_response]\ndns = ["NO NAME"]\n')
    words = load_rules(["m1", path]).words
    assert {"gave_up", "etimedout"} <= words.timeout
    assert words.no_response["no_name"] == "dns"
    alone = load_rules([path]).words
    assert alone.timeout == {"gave_up"}
    assert alone.short_circuited == words.short_circuited


def test_a_pack_sets_defaults(tmp_path: Path) -> None:
    path = pack(tmp_path, GOOD + "[parameters]\nlatency_high_ms = 800\n[parameters.reuse_gap_s]\ndefault = 30\n")
    parameters = load_rules(["m1", path]).parameters
    assert (parameters.value("latency_high_ms"), parameters.value("reuse_gap_s")) == (800, 30)


def test_a_vendor_rule_without_a_party_means_external(tmp_path: Path) -> None:
    rules = load_rules([pack(tmp_path, GOOD.replace("caller", "vendor"))])
    for party, rule in (("external", "mine"), ("own", "none"), ("unknown", "none")):
        assert rules.decide(Facets("5xx", party, "4xx", "normal", "low")).rule == rule


BROKEN = """\
titel = "x"

[[rule]]
id = "one"
rank = "10"
verdict = "vendr"
when.status = ["5XX", 503]
when.upstrem = ["5xx"]

[[rule]]
id = "two"
rank = 20
verdict = "unknown"
responsible = "function"
lean = "nobody"
reasn = "typo"
when = { upstream = ["2xx"], upstream_code = [42] }

[[rule]]
id = "three"
rank = 30
verdict = "vendor"
reason = "r"
when.upstream_party = ["own"]
when.upstream = [
  "5xx",
  "timout",
]
  [[rule.example]]
  passes = "yes"
  record = { statsu = 500, latency_ms = "fast" }

[parameters.latency_high_ms]
defalt = 5
[words]
timeouts = ["x"]
timeout = ["same"]
client_abort = ["same"]
"""


def test_every_fault_at_once_with_line_and_remedy(tmp_path: Path) -> None:
    assert faults(tmp_path, BROKEN) == [
        'mine.toml:1: unknown key "titel" in a rule pack. Did you mean "title"?',
        'mine.toml:3: rule "one" has no reason. Add one sentence that a user reads as the reason of the verdict.',
        'mine.toml:5: rank must be a whole number from 0 to 1000000, not "10". Lower wins first.',
        'mine.toml:6: unknown verdict "vendr". Did you mean "vendor"?',
        'mine.toml:7: unknown value "5XX" for facet status. Did you mean "5xx"?',
        'mine.toml:7: unknown value 503 for facet status. Did you mean "5xx"?',
        'mine.toml:8: unknown facet "upstrem" in rule "one". Did you mean "upstream"?',
        'mine.toml:10: rule "two" has no reason. Add one sentence that a user reads as the reason of the verdict.',
        'mine.toml:14: unknown names nobody. Take "responsible" out of rule "two".',
        'mine.toml:15: unknown lean "nobody". Allowed: vendor, application, app_bottleneck, caller.',
        'mine.toml:16: unknown key "reasn" in rule "two". Did you mean "reason"?',
        "mine.toml:17: upstream_code takes whole numbers from 100 to 599, not 42.",
        'mine.toml:24: vendor is only said of an external upstream: write upstream_party = ["external"].',
        'mine.toml:27: unknown value "timout" for facet upstream. Did you mean "timeout"?',
        "mine.toml:29: an example says passes = true or passes = false.",
        'mine.toml:31: latency_ms cannot be "fast" in an M1 record.',
        'mine.toml:31: unknown field "statsu" in an example. Did you mean "status"?',
        'mine.toml:33: parameter "latency_high_ms" has no default. Add default = a number.',
        'mine.toml:34: unknown key "defalt" in parameter "latency_high_ms". Did you mean "default"?',
        'mine.toml:36: unknown word list "timeouts". Did you mean "timeout"?',
        'mine.toml:38: word "same" is both timeout and client_abort. Leave it in one list.',
    ]


def test_faults_of_all_packs_in_one_error(tmp_path: Path) -> None:
    first = pack(tmp_path, GOOD.replace("4xx", "4XX"), "a.toml")
    second = pack(tmp_path, GOOD.replace("caller", "client"), "b.toml")
    with pytest.raises(RulePackError) as caught:
        load_rules([first, second])
    assert [Path(fault.file).name for fault in caught.value.faults] == ["a.toml", "b.toml"]
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (GOOD + GOOD.replace("50", "60"), 'mine.toml:8: rule id "mine" is used already'),
        (GOOD + GOOD.replace('"mine"', '"other"'), 'mine.toml:8: rule "other" ties with "mine"'),
        (GOOD.replace('"mine"', '"none"'), 'mine.toml:2: id "none" is taken'),
        (GOOD.replace('"mine"', '"a b"'), "mine.toml:2: id must be letters"),
        (GOOD.replace("50", "true"), "mine.toml:4: rank must be a whole number from 0 to 1000000, not true."),
        (GOOD.replace('["4xx"]', "[]"), "mine.toml:6: status allows no value"),
        (GOOD.replace("We say so.", " "), "mine.toml:7: reason of rule"),
        (GOOD.replace('when.status = ["4xx"]', "when = 3"), "mine.toml:6: when is a table of facets"),
        (GOOD.replace('"4xx"]', '"4xx'), "mine.toml:6: this is no TOML"),
        (GOOD + "rank = 3\n", "mine.toml:8: this is no TOML: Cannot overwrite a value"),
        ("x = " + "[" * 5000, "mine.toml:1: this TOML is nested too deeply"),
        ("", "mine.toml:1: this pack has no [[rule]]"),
        ('rule = "x"', "mine.toml:1: rules are tables"),
        (
            GOOD + "[parameters]\nlatency_hihg_ms = 3\n",
            'mine.toml:9: unknown parameter "latency_hihg_ms". Did you mean',
        ),
        (GOOD + "[parameters]\nlatency_high_ms = -3\n", "mine.toml:9: latency_high_ms must be from 1 to 86400000 (ms)"),
        (GOOD + "[parameters]\nlatency_high_ms = nan\n", "mine.toml:9: default of parameter"),
        (GOOD + "[parameters]\nupstream_latency_low = 0.9\n", "mine.toml:9: the defaults contradict each other"),
        (GOOD + '[words]\ntimeout = "word"\n', "mine.toml:9: words.timeout is a list of words"),
        (
            GOOD + '[words.phases]\ndsn = ["word"]\n',
            'mine.toml:9: unknown phase "dsn" in words.phases. Did you mean "dns"?',
        ),
    ],
)
def test_single_faults(tmp_path: Path, text: str, expected: str) -> None:
    found = faults(tmp_path, text)
    assert len(found) == 1, found
    assert found[0].startswith(expected)


def test_rules_of_one_rank_that_never_meet_do_not_tie(tmp_path: Path) -> None:
    other = GOOD.replace('"mine"', '"other"').replace("4xx", "5xx")
    assert len(load_rules([pack(tmp_path, GOOD + other)]).rules) == 2


def test_a_tie_with_a_shipped_rule(tmp_path: Path) -> None:
    with pytest.raises(RulePackError, match=r'"m1-unknown" ties with "mine"|"mine" ties with "m1-unknown"'):
        load_rules(["m1", pack(tmp_path, GOOD.replace("50", "100"))])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("extendde", 'no rule pack "extendde". Did you mean "extended"?'),
        ("nowhere/mine.toml", "no such file: nowhere/mine.toml. Shipped packs: m1, extended"),
        (".", "cannot read the rule pack ."),
    ],
)
def test_packs_that_are_not_there(name: str, expected: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_rules([name])
    assert str(caught.value).startswith(expected)
    assert "\n" not in str(caught.value)


def test_no_pack_at_all() -> None:
    with pytest.raises(UsageError, match="no rule pack given"):
        load_rules([])


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "bin.toml"
    path.write_bytes(b"# fine\n\xff\xfe\n")
    with pytest.raises(RulePackError, match=r"bin\.toml:2: this is not UTF-8"):
        load_rules([str(path)])


def test_a_byte_order_mark_and_crlf_are_fine(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load_rules([str(path)]).rule("mine") is not None


def test_the_digest_is_of_content_not_of_places(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    first = load_rules([pack(tmp_path, GOOD)])
    moved = load_rules([pack(tmp_path / "elsewhere", "# a comment\n\n" + GOOD, "renamed.toml")])
    assert first.digest == moved.digest
    assert first.digest.startswith("sha256:")
    changed = load_rules([pack(tmp_path, GOOD.replace("4xx", "5xx"))])
    set_otherwise = load_rules([str(tmp_path / "mine.toml")], ["latency_high_ms=800"])
    assert len({first.digest, changed.digest, set_otherwise.digest}) == 3


def test_reading_for_a_check_keeps_the_sound_rules(tmp_path: Path) -> None:
    rules = read_rules([pack(tmp_path, GOOD + GOOD.replace('"mine"', '"bad"').replace("4xx", "4XX"))])
    assert [rule.id for rule in rules.rules] == ["mine"]
    assert len(rules.faults) == 1


@given(st.text(alphabet="[]{}\"'=.#\n rulewhenx53\\", max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    for content in (text, GOOD + text):
        result = parse_pack("x", "x.toml", content)
        assert all(1 <= fault.line <= content.count("\n") + 1 for fault in result.faults)


def test_lines_of_values_in_long_arrays_inline_tables_and_behind_long_strings() -> None:
    text = (
        '[[rule]]\nid = "a"\nrank = 1\nverdict = "unknown"\nreason = """\n[[rule]]\nid = "not a key"\n"""\n'
        'when = { status = ["4XX"], upstream = [\n  "2xx", # ] "\n  "3XX",\n] }\n'
        '[[rule]]\nid = "b"\nrank = 2\nverdict = "unknown"\nreason = "r"\n[rule.when]\n"status" = "5XX"\n'
    )
    found = parse_pack("x", "x.toml", text).faults
    assert [(fault.line, fault.text.split(" for")[0]) for fault in found] == [
        (9, 'unknown value "4XX"'),
        (11, 'unknown value "3XX"'),
        (19, 'unknown value "5XX"'),
    ]


def test_a_used_id_is_told_together_with_other_faults(tmp_path: Path) -> None:
    """Every fault of a pack in one answer, also where the second rule of that id has one of its own."""
    pack = tmp_path / "mine.toml"
    pack.write_text(GOOD + GOOD.replace('verdict = "', 'verdict = "x'), encoding="utf-8")
    with pytest.raises(RulePackError) as caught:
        load_rules([str(pack)])
    told = str(caught.value)
    assert "is used already" in told
    assert "unknown verdict" in told
