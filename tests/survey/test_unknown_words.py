"""Words that mean nothing to the packs: counted without their ids and secrets."""

from __future__ import annotations

from attrib.records.model import Record
from attrib.rules.load import load_rules
from attrib.survey.names import Names
from attrib.survey.unknown_words import SHOWN, UnknownWords, is_unknown

WORDS = load_rules(("m1", "extended"), ()).words


def test_what_is_known() -> None:
    assert [is_unknown(word, WORDS) for word in ("ETIMEDOUT", "econnrefused", "timeout", "kaputt")] == [False] * 3 + [
        True
    ]


def test_words_are_shown_by_their_form() -> None:
    words = UnknownWords(WORDS, Names())
    for line, word in enumerate(
        ["gone 17", "gone 18", "ask bob@example.com", "ETIMEDOUT", "very " * 30, "password=Tr0ub4dor&3x"], 1
    ):
        words.see(Record(0, line, function="f", upstream_word=word))
    found = {word: (said.n, said.spot) for (_, word), said in words}
    assert found["gone {id}"] == (2, (0, 1))
    assert len(found) == 4
    assert all(len(word) <= SHOWN and "bob" not in word and "Tr0ub" not in word for word in found)


def test_functions_are_counted_as_the_traits_count_them() -> None:
    functions = Names()
    words = UnknownWords(WORDS, functions)
    words.add("/a/1", "kaputt", 1, (0, 5))
    functions.level = 1
    words.add("/a/2", "kaputt", 2, (0, 3))
    assert [(key, said.n, said.spot) for key, said in words] == [(("/a/{id}", "kaputt"), 3, (0, 3))]
