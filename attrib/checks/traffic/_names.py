"""How the traffic checks name who calls whom."""

from __future__ import annotations

from attrib.checks.model import Place
from attrib.survey.places import Examples, Worst


def calls_to(function: str | None, upstream: str | None) -> str:
    """`checkout to payments-api`."""
    return f"{function or 'no function'} to {upstream or 'an upstream without a name'}"


def first_of(examples: Examples) -> list[Place]:
    """The first places, as findings have them."""
    return [Place(*spot) for spot in examples.spots]


def worst_of(worst: Worst) -> Place | None:
    """The worst place, as findings have it."""
    return None if worst.spot is None else Place(*worst.spot)
