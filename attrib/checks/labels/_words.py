"""How labels are named and what to put in their place, for the checks of this folder."""

from __future__ import annotations

from collections import Counter

from attrib.survey.distinct import Name
from attrib.survey.sketch import Sketch, start_of
from attrib.survey.value_shapes import tell

SHARED_BY: int = 3
"""Values that must have a template before it is shown: what fewer have in common may name somebody."""


def subject_of(name: Name) -> dict[str, str | None]:
    """The subject of a finding about a field or label."""
    return {name.kind: name.name}


def title_of(name: Name) -> str:
    """A field or label in a sentence."""
    return f"{name.kind} {name.name}"


def number_of(sketch: Sketch) -> str:
    """How many distinct values, with the error where it is an estimate."""
    return figure(distinct_of(sketch), sketch)


def distinct_of(sketch: Sketch) -> int:
    """Distinct values: never more than lines, which an estimate does not know."""
    return min(sketch.distinct, sketch.lines)


def figure(count: int, sketch: Sketch) -> str:
    """A count of a sketch's values."""
    return f"{count:,}" if sketch.exact else f"about {count:,} (standard error {sketch.error:.1%})"


def template_of(sketch: Sketch) -> str | None:
    """The template that most values share; None: too few share one, or it says nothing but the shape."""
    templates: Counter[str] = Counter()
    for key in sketch.kept:
        told = tell(start_of(key))
        if told.shape is not None:
            templates[told.template] += 1
    common = sorted(templates.items(), key=lambda item: (-item[1], item[0]))
    return common[0][0] if common and common[0][1] >= SHARED_BY else None
