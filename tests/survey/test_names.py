"""Names stay few, and how they are counted follows from the set of them, not from its order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrib.incidents import series
from attrib.survey import names
from attrib.survey.names import HOLE, OTHERS, Names, at_level

NAMES = st.one_of(st.none(), st.text("abc/123-", max_size=8))


@given(st.lists(NAMES, max_size=30))
def test_the_level_does_not_depend_on_the_order(seen: list[str | None]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(names, "MOST_NAMES", 3)
        levels = set()
        for order in (seen, sorted(seen, key=str), seen[::-1]):
            one = Names()
            for name in order:
                one.see((name,))
            levels.add(one.level)
        whole = Names()
        whole.see(seen)
        assert levels == {whole.level}
        assert len({at_level(name, whole.level) for name in seen} - {None}) <= 3


@given(st.text(max_size=40))
def test_taking_ids_out_twice_is_taking_them_out_once(name: str) -> None:
    once = at_level(name, 1)
    assert at_level(once, 1) == once


def test_ids_are_those_of_incidents() -> None:
    assert series._ID.pattern == names.ID
    assert names.MOST_NAMES == series.MOST_FUNCTIONS
    assert at_level("/users/123/a", 1) == f"/users/{HOLE}/a"
    assert [at_level(None, level) for level in (0, 1, 2)] == [None] * 3
    assert at_level("x", 2) == OTHERS
