"""A field or label whose number of values grows with the log, or is past what any metric can carry.

Looked at: `function`, `stage`, `error_code`, `upstream`, every key of `labels`, and fields named with --label. What
counts is growth, not a number: two hundred fixed values are left alone. A number grows where many lines bring a value
that no other line has, and so many more must be expected; both follow from how often each value occurs, so the order of
lines does not matter. A short log must show it more clearly. Beside growth: values so many and so thin that each has a
few lines only, a fixed number beyond the series that one metric should have, and labels that are small by themselves
and together make too many series.

Counts are exact up to 10,000 values; above, they are estimated from a sample by hash, with the error stated.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import Any

from attrib.checks.facts import Facts
from attrib.checks.labels._words import distinct_of, number_of, subject_of, template_of, title_of
from attrib.checks.model import Finding, Place, Sample
from attrib.checks.samples import line, log
from attrib.survey.distinct import MOST_LABELS, Name
from attrib.survey.sketch import Sketch

ID = "high-cardinality-label"
_MANY = 10
"""Values are many, without a look at growth, from ten times `values` on."""


def find(facts: Facts) -> Iterator[Finding]:
    """One finding per field or label, and one for all labels together where none of them is at fault."""
    values = facts.survey.values
    wrong = False
    for name, sketch in values:
        reason = _reason(facts, sketch)
        if reason is not None:
            wrong |= name in values.labels
            yield _finding(facts, name, sketch, reason)
    if values.more_labels:
        yield Finding(
            {"labels": "names"},
            f"More than {MOST_LABELS} different keys in labels; only the first {MOST_LABELS} by name were looked at.",
            f"Move what varies from the key into the line's own fields; outcome: {MOST_LABELS} keys or fewer.",
            MOST_LABELS + 1,
        )
    elif not wrong:
        yield from _series(facts)


def _reason(facts: Facts, sketch: Sketch) -> str | None:
    """Why a metric should not have it; None: it may."""
    distinct, lines = distinct_of(sketch), sketch.lines
    least = facts.settings(ID, "values")
    if distinct <= least:
        return None
    growth = facts.settings(ID, "growth") if lines >= facts.settings(ID, "lines") else 0.5
    if sketch.new_per_line > growth and sketch.unseen >= facts.settings(ID, "unseen") * distinct:
        once = min(sketch.times(1), lines)
        return f"{once:,} values are on one line only, so the number grows with the log"
    if distinct >= _MANY * least and lines < facts.settings(ID, "lines_per_value") * distinct:
        return f"each is on {lines / distinct:.1f} lines on average"
    most = facts.settings(ID, "series")
    return f"more than the {most:,.0f} series that one metric should have" if distinct > most else None


def _finding(facts: Facts, name: Name, sketch: Sketch, reason: str) -> Finding:
    distinct = distinct_of(sketch)
    template = template_of(sketch)
    least = facts.settings(ID, "values")
    data: dict[str, Any] = {
        "distinct": distinct,
        "exact": sketch.exact,
        "standard_error": round(sketch.error, 4),
        "lines": sketch.lines,
        "new_values_per_line": round(min(sketch.new_per_line, 1.0), 4),
        "distinct_in_half": round(min(sketch.in_half / sketch.distinct, 1.0), 4),
        "most_frequent_share": round(max(kept.n for kept in sketch.kept.values()) / sketch.lines, 4),
    }
    statement = f"{title_of(name)}: {number_of(sketch)} distinct values on {sketch.lines:,} lines; {reason}."
    values = facts.survey.values
    if name in values.labels and len(values.labels) > 1:
        product, observed = _product(facts), distinct_of(values.series)
        data["series"] = {"observed": observed, "product": product, "exact": values.series.exact}
        statement += f" With all labels a metric has {observed:,} series in these lines, {product:,} possible."
    instead = "Keep it in the line"
    if template and not template.startswith(":"):
        instead = f"Replace the varying part before it becomes a label ({template})"
    return Finding(
        subject_of(name),
        statement,
        f"{instead}, and drop the raw value from metrics (Prometheus: metric_relabel_configs with labeldrop; "
        f"OpenTelemetry: a View); outcome: attrib check counts {least:.0f} values or fewer, however long the log.",
        distinct,
        sketch.lines,
        [Place(*place) for place in values.places(name)],
        data=data,
    )


def _product(facts: Facts) -> int:
    return prod(distinct_of(sketch) for sketch in facts.survey.values.labels.values())


def _series(facts: Facts) -> Iterator[Finding]:
    values = facts.survey.values
    observed, most = distinct_of(values.series), facts.settings(ID, "series")
    if observed <= most:
        return
    worst = sorted(((distinct_of(sketch), name.name) for name, sketch in values.labels.items()), reverse=True)
    told = ", ".join(f"{name} ({n:,})" for n, name in worst[:3])
    without = worst[0][1]
    yield Finding(
        {"labels": "together"},
        f"{len(worst)} labels together make {number_of(values.series)} series on {values.series.lines:,} lines, "
        f"{_product(facts):,} possible; most values: {told}.",
        f"Leave {without} out of metrics that carry the others, or give it fewer values; outcome: {most:,.0f} series "
        "or fewer (Prometheus: count by (__name__)).",
        observed,
        values.series.lines,
        data={"labels": {name: n for n, name in worst}, "series": {"observed": observed, "product": _product(facts)}},
    )


def _fixed(values: int, lines: int) -> str:
    # 7919 is prime: each value comes as often as any other, in no order.
    return log(*(line(n, labels={"shop": f"shop-{n * 7919 % values}"}) for n in range(lines)))


SAMPLES = (
    Sample("a label with a value of its own on every line", lambda: log(*(
        line(n, labels={"user": f"u{n:x}", "region": "eu"}) for n in range(400)
    ))),
    Sample("functions named by the path asked for", lambda: log(*(
        line(n, function=f"/users/{n % 1500}/cart") for n in range(2000)
    ))),
    Sample("a field named with --label, each value on three lines", lambda: log(*(
        line(n, basket=f"b{n // 3}") for n in range(3600)
    )), label=("basket",)),
    Sample("labels that are small alone and large together", lambda: log(*(
        line(n, labels={"a": f"a{n % 31}", "b": f"b{n % 29}", "c": f"c{n % 23}"}) for n in range(12_000)
    ))),
    Sample("more keys than a metric can have", lambda: log(*(line(n, labels={f"key-{n}": "x"}) for n in range(80)))),
    Sample("two hundred fixed values", lambda: _fixed(200, 2000), finds=0),
    Sample("two hundred fixed values in a short log", lambda: _fixed(200, 400), finds=0),
    Sample("the same field where nobody called it a label", lambda: log(*(
        line(n, basket=f"b{n}") for n in range(400)
    )), finds=0),
    Sample("a short log in which nothing comes twice", lambda: log(*(
        line(n, function=f"fn-{n}", labels={"shop": f"s{n}"}) for n in range(60)
    )), finds=0),
)  # fmt: skip
