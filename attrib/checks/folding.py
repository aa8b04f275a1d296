"""Functions and upstreams whose names hold ids, told by their form: one finding on `/users/{id}`, not one per user."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from attrib.incidents.buckets import Buckets
from attrib.survey.names import at_level
from attrib.survey.survey import Survey

MANY: Final = 50
"""Names beyond which it is looked at whether they are few forms."""
PER_FORM: Final = 5
"""Names per form, on average, from which on the form is the name: numbered workers (fn-07) seldom come so many."""


def folded(buckets: Buckets, survey: Survey) -> tuple[Buckets, list[str]]:
    """The buckets with names as the traits are counted from now on, and a note on that. The traits are folded in place.

    Whether it is done follows from the set of names alone, so it is the same for every order and engine.
    """
    functions, upstreams = buckets.functions(), {kind.upstream for _, kind, _ in buckets}
    levels = (
        max(survey.traits.functions.level, _level(functions)),
        max(survey.traits.upstreams.level, _level(upstreams)),
    )
    if levels == (0, 0):
        return buckets, []
    survey.traits.fold(*levels)
    result = Buckets()
    for minute, kind, count in buckets:
        function, upstream = at_level(kind.function, levels[0]), at_level(kind.upstream, levels[1])
        result.add(minute, kind._replace(function=function, upstream=upstream), count)
    told = [
        f"{len(names):,} {what} are told by the form of their names; take the ids out of them."
        for names, what, level in ((functions, "functions", levels[0]), (upstreams, "upstreams", levels[1]))
        if level
    ]
    return result, told


def _level(names: Iterable[str | None]) -> int:
    known = {name for name in names if name is not None}
    if len(known) <= MANY:
        return 0
    return 1 if len({at_level(name, 1) for name in known}) * PER_FORM <= len(known) else 0
