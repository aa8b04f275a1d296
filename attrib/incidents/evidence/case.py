"""What every kind of evidence is made from, and what it gives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from attrib.incidents.buckets import Kind
from attrib.incidents.draft import MEMBERS, OWN, Draft, Judged
from attrib.incidents.index import Index
from attrib.incidents.phrases import place
from attrib.incidents.scene import BEFORE, DURING, Example, Sight
from attrib.rules.words import Words

BLAME: Final = frozenset({"vendor", "application", "app_bottleneck"})
"""Verdicts that name a component."""
SHOWN: Final = 3
"""Example lines per finding (design section 7: "up to three")."""


@dataclass
class Evidence:
    """One statement with the figures behind it and places to look. Grain: one per incident, kind and finding."""

    kind: str
    statement: str
    """One sentence; log text in it is raw: it is made safe where it is shown."""
    data: dict[str, Any]
    """JSON-ready. Shares 6 decimals, milliseconds 3; null: not known."""
    examples: list[Example] = field(default_factory=list)
    """Up to three, the earliest."""


@dataclass(frozen=True)
class Case:
    """One incident, judged (`draft.judged`) and looked at (`draft.scene`)."""

    draft: Draft
    index: Index
    words: Words
    files: Sequence[str] = ()
    """Paths by `Example.file`; used only where a sentence names a place."""

    @property
    def judged(self) -> Judged:
        """Its verdict."""
        if self.draft.judged is None:
            raise ValueError("evidence is of a judged incident")
        return self.draft.judged

    @cached_property
    def members(self) -> list[Kind]:
        """Kinds that `symptomatic` counts, most frequent first."""
        return self.draft.kinds(*sorted(MEMBERS))

    @cached_property
    def own(self) -> list[Kind]:
        """Kinds of the incident's own cause."""
        return self.draft.kinds(OWN)

    @property
    def points_to(self) -> str:
        """The verdict, or of an unknown one the cause that its known part says."""
        return self.draft.cause.verdict if self.judged.verdict == "unknown" else self.judged.verdict

    @property
    def upstream(self) -> str | None:
        """The upstream spoken of: the component of a vendor incident; else the one most members called."""
        if self.draft.cause.verdict == "vendor":
            return self.draft.cause.responsible
        return next((kind.upstream for kind in self.members if kind.upstream is not None), None)

    def around(self) -> list[Kind]:
        """Every kind seen in the incident's minutes, those of other functions that call its upstream as well."""
        sights = self.draft.scene.sights if self.draft.scene is not None else {}
        return sorted((kind for zone, kind in sights if zone == DURING), key=repr)

    def n(self, kinds: Iterable[Kind]) -> int:
        """Invocations of these kinds in the incident's minutes."""
        return sum(self.draft.counts[kind].n for kind in kinds)

    def seen(self, kinds: Iterable[Kind]) -> list[tuple[Kind, Sight]]:
        """What the lines of these kinds say, in the incident's minutes."""
        sights = self.draft.scene.sights if self.draft.scene is not None else {}
        return [(kind, sights[DURING, kind]) for kind in kinds if (DURING, kind) in sights]

    def before(self) -> list[tuple[Kind, Sight]]:
        """What the incident's functions did in unaffected minutes, in a fixed order."""
        sights = self.draft.scene.sights if self.draft.scene is not None else {}
        found = [(kind, sight) for (zone, kind), sight in sights.items() if zone == BEFORE]
        return sorted(
            ((kind, sight) for kind, sight in found if kind.function in self.draft.reach),
            key=lambda pair: (-pair[1].n, repr(pair[0])),
        )

    def examples(self, kinds: Iterable[Kind]) -> list[Example]:
        """Up to three examples of these kinds, the earliest."""
        return sorted(example for _, sight in self.seen(kinds) for example in sight.examples)[:SHOWN]

    def where(self, examples: Sequence[Example]) -> str:
        """` (logs/a.jsonl:411)` of the first example whose place is known, else nothing."""
        for example in examples:
            if text := place(self.files, example.file, example.line):
                return f" ({text})"
        return ""
