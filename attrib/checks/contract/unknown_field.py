"""Top-level fields outside of the record: they are counted by name, and neither stored nor used.

One finding per name; where it is close to the name of a field, that is said, for it may be that one misspelt. Fields
named with --label are known, and so is what stands inside of `labels`. Names only, never values.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attrib.checks.facts import Facts
from attrib.checks.model import Finding, Needs, Place, Sample
from attrib.checks.samples import line, log, quiet
from attrib.fields import KEYS

NEEDS = Needs.BUCKETS
_NEAR: Final = 0.8
"""difflib's ratio from which a name counts as misspelt: one wrong letter in five."""


def find(facts: Facts) -> Iterator[Finding]:
    """One finding per name."""
    names, sampled = facts.account.unknown_fields()
    total = facts.account.totals()["records"]
    for name, n in sorted(names.items()):
        near = near_field(name)
        spot = facts.survey.unknown_fields.get(name) if facts.surveyed else None
        told = f"at least {n:,} records have" if sampled else f"{n:,} of {total:,} records have"
        yield Finding(
            {"field": name},
            f'{told} a field "{name}", which is not used{f": {near} misspelt?" if near else "."}',
            f"Write {near} in its place; done when attrib check no longer names {name}."
            if near
            else f"Give --label {name} if its values matter, or leave it out; done when attrib check no longer "
            "names it.",
            n,
            None if sampled else total,
            [] if spot is None else [Place(*spot)],
            data={"field": name, "near": near, "sampled": sampled},
        )


def near_field(name: str) -> str | None:
    """The field that a name was probably meant to be; None: none is near enough."""
    import difflib

    plain = {_plain(key): key for key in reversed(list(KEYS))}
    found = difflib.get_close_matches(_plain(name), plain, n=1, cutoff=_NEAR)
    return plain[found[0]] if found else None


def _plain(name: str) -> str:
    """A name without case and signs: upstreamStatus is upstream_status."""
    return "".join(char for char in name.lower() if char.isalnum())


SAMPLES = (
    Sample("a misspelt field", lambda: quiet(3, upstream_staus=200)),
    Sample("two that nobody knows", lambda: quiet(3, colour="red", shoe_size=44), finds=2),
    Sample("named as a label", lambda: quiet(3, colour="red"), finds=0, label=("colour",)),
    Sample("labels of their own", lambda: quiet(3, labels={"colour": "red"}), finds=0),
    Sample("on another program's line", lambda: quiet(3) + '{"colour": "red"}\n', finds=0),
    Sample("aliases and optional fields", lambda: log(line(1, service__name="shop", host="a", region="eu")), finds=0),
)
