"""The steps from buckets to judged incidents, in the order they are taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from attrib.incidents.baseline import UsualState, usual_state
from attrib.incidents.buckets import Buckets, Kind
from attrib.incidents.consequence import link
from attrib.incidents.detect import detect
from attrib.incidents.draft import Draft
from attrib.incidents.group import drafts, forced_draft
from attrib.incidents.merge import merged
from attrib.incidents.scene import Frame, Scene
from attrib.incidents.series import fold, folded, series_of
from attrib.incidents.spans import Settings, Span, UsualRates
from attrib.incidents.verdict import Claims, Demotions, incident_id, judge_draft
from attrib.rules.parameters import Parameters


@dataclass
class Found:
    """Incidents in the making, and the buckets they were found in."""

    drafts: list[Draft]
    buckets: Buckets
    """Function names taken together where there were too many."""
    settings: Settings
    spans: Sequence[Span] = ()
    """What detection found."""
    baseline: Buckets | None = None
    names_folded: int = 0
    """How many function names there were, where they were taken together by their form; else 0."""
    usual_state: UsualState | None = None
    """What was made of the baseline."""

    def folded(self, kind: Kind) -> Kind:
        """A kind as it stands in `buckets`."""
        return fold(kind) if self.names_folded else kind


def settings_of(parameters: Parameters) -> Settings:
    """The packs' parameters of detection."""
    return Settings(
        int(parameters.value("incident_min_failures")),
        parameters.value("incident_min_rate"),
        int(parameters.value("incident_gap_min")),
        parameters.value("usual_rate_max"),
    )


def find(
    buckets: Buckets,
    parameters: Parameters,
    window: tuple[int, int] | None = None,
    baseline: Buckets | None = None,
) -> Found:
    """Detect and group; with a window (first, last minute) there is exactly one incident, the window's."""
    buckets, names = folded(buckets)
    settings = settings_of(parameters)
    state = None
    if baseline is not None:
        state = usual_state(folded(baseline, always=names > 0)[0], settings)
        baseline = state.buckets
    found = series_of(buckets)
    usual = UsualRates(found, series_of(baseline) if baseline is not None else None, settings)
    spans = detect(found, usual, settings)
    if window is not None:
        made = [forced_draft(window, spans, buckets, usual, settings, baseline)]
    else:
        made = drafts(spans, buckets, usual, settings, baseline)
    for draft in made:
        draft.scene = Scene(frame_of(draft), folded=bool(names))
    return Found(made, buckets, settings, spans, baseline, names, state)


def frame_of(draft: Draft) -> Frame:
    """What to look at again for one incident."""
    upstream = draft.cause.responsible if draft.cause.verdict == "vendor" else None
    return Frame(draft.reach, draft.before, upstream, draft.whole)


def settle(found: Found, claims: Claims, demotions: Demotions) -> list[Draft]:
    """Judge every incident (their scenes must be filled), name and link them, largest first."""
    for draft in found.drafts:
        draft.judged = judge_draft(draft, claims, demotions)
    found.drafts = merged(found.drafts, found.spans, found.buckets, found.settings, found.baseline)
    for draft in found.drafts:
        if draft.judged is not None:
            draft.id = incident_id(draft, draft.judged)
    _tell_apart(found.drafts)
    link(found.drafts)
    return sorted(found.drafts, key=lambda d: (-d.symptomatic, d.whole.first or 0, d.id))


def _tell_apart(made: Sequence[Draft]) -> None:
    """Two incidents of one minute, functions and verdict: the second's id says its cause too."""
    seen: dict[str, int] = {}
    for draft in sorted(made, key=lambda d: (d.id, repr(d.cause), repr(sorted(map(repr, d.parts))))):
        seen[draft.id] = seen.get(draft.id, 0) + 1
        if seen[draft.id] > 1:
            draft.id = f"{draft.id}-{seen[draft.id]}"
