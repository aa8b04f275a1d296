"""What sets the failing apart, and what does not."""

from __future__ import annotations

from attrib.incidents.contrast import Contrast, Feature
from attrib.incidents.contrast import contrast as contrasted
from attrib.incidents.evidence.case import Case, Evidence
from attrib.incidents.phrases import listed, number, percent


def contrast(case: Case) -> Evidence | None:
    """Grain of `features`: one per field=value that is more frequent among the failing than by chance."""
    found = contrasted(case.draft)
    if found.apart:
        first = found.apart[0]
        rest = percent(first.rest or 0, first.rest_of or 0)
        text = (
            f"{first.field} {first.value} is on {number(first.failing)} of {number(first.failing_of)} failing "
            f"({percent(first.failing, first.failing_of)}) and on {rest} of the rest"
        )
        if first.lift is not None:
            text += f" (lift {first.lift:.1f})"
        more = listed(f"{feature.field} {feature.value}" for feature in found.apart[1:])
        return Evidence("contrast", f"{text}{f'; then {more}' if more else ''}.", _data(found))
    if not found.common:
        return None
    told = listed(f"{f.field} {f.value} is on {number(f.failing)} of {number(f.failing_of)}" for f in found.common)
    rest = "No field sets the failing apart from the rest" if found.rest else "There is no rest to compare with"
    return Evidence("contrast", f"{rest}; {told}.", _data(found))


def alike(case: Case) -> Evidence | None:
    """In favour of a vendor: versions, hosts or regions of ours that fail alike have nothing to do with it."""
    found = contrasted(case.draft).alike
    if not found or case.points_to != "vendor" or case.judged.demotions:
        return None
    told = listed(f"{field.field} {listed(value for value, _, _ in field.values)}" for field in found)
    rows = [
        {"field": f.field, "values": [{"value": v, "failing": k, "calls": n} for v, k, n in f.values]} for f in found
    ]
    first = found[0]
    rates = listed(f"{percent(k, n)} of {number(n)}" for _, k, n in first.values)
    return Evidence("alike", f"{told} fail alike ({rates}).", {"fields": rows})


def _data(found: Contrast) -> dict[str, object]:
    return {
        "failing": found.failing,
        "rest": found.rest,
        "features": [_feature(feature) for feature in found.apart],
        "common": [_feature(feature) for feature in found.common],
        "alike": [field.field for field in found.alike],
    }


def _feature(feature: Feature) -> dict[str, object]:
    return feature._asdict()
