"""The kinds of ids in SQL and in Python are the same, for sound, cut, re-typed and random ids."""

from __future__ import annotations

import random

from attrib.engines.connect import Engine
from attrib.engines.id_kinds import kind_name, kind_sql
from attrib.invocations.ids import usable_id
from attrib.rules.load import load_rules
from attrib.survey.id_kinds import KINDS, id_kind
from tests.survey.test_id_kinds import EXAMPLES

WORDS = load_rules(("m1",), ()).words
ALPHABETS = ("0123456789", "0123456789abcdef", "0123456789ABCDEF", "0123456789ABCDEFGHJKMNPQRSTVWXYZ", "aZ09_-.;=\n é")


def mutated(text: str, rng: random.Random) -> str:
    """One or two small faults: cut, doubled, another letter, another case, something added."""
    for _ in range(rng.randint(1, 2)):
        at = rng.randrange(len(text) + 1)
        text = rng.choice(
            [
                text[:at],
                text[at:],
                text[:at] + text[at + 1 :],
                text[:at] + rng.choice(rng.choice(ALPHABETS)) + text[at + 1 :],
                text[:at] + rng.choice(rng.choice(ALPHABETS)) + text[at:],
                text.upper(),
                text.lower(),
            ]
        )
    return text


def texts() -> list[str]:
    rng = random.Random(7)
    found = list(EXAMPLES)
    found += [mutated(rng.choice(list(EXAMPLES)), rng) for _ in range(6000)]
    for _ in range(6000):
        letters = rng.choice(ALPHABETS)
        found.append("".join(rng.choice(letters) for _ in range(rng.choice([1, 4, 15, 16, 17, 19, 20, 26, 32, 36]))))
    return found


def test_sql_and_python_tell_the_same_kinds() -> None:
    # Which ids are any is another test's (tests/engines/test_exactness.py).
    ids = [one for one in dict.fromkeys(texts()) if usable_id(one, WORDS)]
    with Engine([]) as engine:
        engine.execute("CREATE TEMP TABLE ids AS SELECT unnest($1::VARCHAR[]) AS request_id", [ids])
        told = dict(engine.rows(f"SELECT request_id, {kind_sql('request_id', None)} FROM ids"))
    expected = {one: id_kind(one, WORDS) for one in ids}
    assert {one: kind_name(told[one]) for one in ids} == expected
    assert set(expected.values()) >= {kind for kind, _ in KINDS}, "some kind never occurred"
