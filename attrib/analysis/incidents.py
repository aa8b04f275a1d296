"""Incidents of one run: found in its buckets, looked at again in its lines, judged, and written down."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from attrib.analysis.baseline import baseline_notes
from attrib.analysis.incident_document import Telling, incident
from attrib.analysis.leftover import Leftover, Single
from attrib.analysis.run import Run
from attrib.incidents.actions import actions
from attrib.incidents.buckets import MINUTE_US, Buckets
from attrib.incidents.compare import demotions
from attrib.incidents.draft import Draft
from attrib.incidents.evidence.case import Case
from attrib.incidents.evidence.claims import claims
from attrib.incidents.find import Found, find, settle
from attrib.incidents.index import Index
from attrib.incidents.scene import Example, Scene
from attrib.parties import Parties

TELLINGS: Final = 5
"""Times that incidents are told: what is found of several at one instant may bring others of that instant up."""


@dataclass
class Look:
    """How an engine looks at its input again."""

    fill: Callable[[Sequence[Scene]], None]
    """Fills scenes."""
    place: Callable[[Sequence[Example]], Mapping[Example, Example]]
    """Finds where examples stand; those whose place is known already need not be in the answer."""
    singles: Callable[[Leftover], list[Single]]
    """The isolated failures, with their places."""


def window_of(limits: tuple[int | None, int | None]) -> tuple[int, int] | None:
    """The minutes (first, last; both included) that a window touches; limits in epoch microseconds."""
    since, until = limits
    if since is None or until is None:
        return None
    return since // MINUTE_US, (until - 1) // MINUTE_US


def incidents(
    run: Run,
    buckets: Buckets,
    parties: Parties,
    look: Look,
    window: tuple[int, int] | None = None,
    baseline: Buckets | None = None,
) -> tuple[Found, list[dict[str, Any]]]:
    """What was found, and the entries of the report, largest first."""
    words = run.ruleset.words
    found = find(buckets, run.ruleset.parameters, window, baseline)
    if found.usual_state is not None:
        run.notes += baseline_notes(found.usual_state)
    look.fill([draft.scene for draft in found.drafts if draft.scene is not None])
    index = Index(found.buckets)
    drafts = settle(found, lambda draft: claims(draft, words), lambda draft: demotions(draft, index, parties))
    tellings = [Telling(Case(draft, index, words, run.paths), draft) for draft in drafts]
    for _ in range(TELLINGS):
        cited = {example for telling in tellings for example in telling.examples() if example.file < 0}
        if not cited:
            break
        # Sentences name places too: told again, with what was found.
        _put(drafts, look.place(_alike(drafts, cited)))
        tellings = [Telling(telling.case, telling.draft) for telling in tellings]
    if thinned := [draft.id for draft in drafts if draft.scene is not None and draft.scene.sampled]:
        run.notes.append(
            f"Of {', '.join(thinned)} only part of the lines was read again: what sets the failing apart and where the "
            "time went are from a sample; counts are not."
        )
    follow: dict[str, list[str]] = {}
    for draft in drafts:
        if draft.consequence_of is not None:
            follow.setdefault(draft.consequence_of, []).append(draft.id)
    entries = [
        incident(
            telling,
            index,
            parties,
            run.paths,
            [{"kind": action.kind, "text": action.text} for action in actions(telling.draft, run.paths)],
            sampled=run.sampled,
            consequences=sorted(follow.get(telling.draft.id, ())),
        )
        for telling in tellings
    ]
    return found, entries


def _alike(drafts: Sequence[Draft], cited: set[Example]) -> list[Example]:
    """What is cited, with all that is kept beside it: which of several at one instant is the first, its place tells."""
    sights = (sight for draft in drafts if draft.scene is not None for sight in draft.scene.sights.values())
    return sorted({example for sight in sights if cited & set(sight.examples) for example in sight.examples})


def _put(drafts: Sequence[Draft], places: Mapping[Example, Example]) -> None:
    for draft in drafts:
        for sight in draft.scene.sights.values() if draft.scene is not None else ():
            sight.examples = sorted(places.get(example, example) for example in sight.examples)
