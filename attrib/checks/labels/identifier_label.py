"""A field or label whose values identify something: a request, a person, an object, an instant.

Told by the form of distinct values: UUIDs, e-mail addresses, URLs and paths with ids, hexadecimal ids of 16 digits and
more, numbers of a sequence, times, IP addresses, random tokens, free text. Left alone: names, versions, regions, hosts
and pods, error codes, sizes and round numbers, routes with placeholders; values that are too few to be more than a
coincidence; addresses as upstreams. The finding shows a template where several values share one, never a value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from attrib.checks.facts import Facts
from attrib.checks.labels._words import distinct_of, figure, subject_of, template_of, title_of
from attrib.checks.model import Finding, Place, Sample, Severity
from attrib.checks.samples import line, log
from attrib.survey.distinct import Name
from attrib.survey.sketch import Sketch, start_of
from attrib.survey.value_shapes import WORDS, Shape, shape_of

ID = "identifier-label"


def find(facts: Facts) -> Iterator[Finding]:
    """One finding per field or label."""
    for name, sketch in facts.survey.values:
        shapes = _shapes(facts, name, sketch)
        n = sum(shapes.values())
        if n and n >= facts.settings(ID, "share") * len(sketch.kept):
            yield _finding(facts, name, sketch, shapes)


def _shapes(facts: Facts, name: Name, sketch: Sketch) -> dict[Shape, int]:
    """Shape -> kept values that have it, most first; shapes of too few values are left out."""
    found: Counter[Shape] = Counter()
    for key in sketch.kept:
        shape = shape_of(start_of(key))
        if shape is not None:
            found[shape] += 1
    if name == Name("field", "upstream"):
        # A dependency may well be known by its address alone.
        found.pop("ip", None)
    least, texts = facts.settings(ID, "values"), facts.settings(ID, "texts")
    # A few messages are a fixed list, however they are worded.
    kept = {shape: n for shape, n in found.items() if n << sketch.level >= (texts if shape == "text" else least)}
    return dict(sorted(kept.items(), key=lambda item: (-item[1], item[0])))


def _finding(facts: Facts, name: Name, sketch: Sketch, shapes: dict[Shape, int]) -> Finding:
    n = min(sum(shapes.values()) << sketch.level, sketch.lines)
    of, others = distinct_of(sketch), [shape for shape in shapes if shape != next(iter(shapes))]
    first = next(iter(shapes))
    what = WORDS[first] + (f" (also {', '.join(WORDS[shape] for shape in others)})" if others else "")
    lines = sum(kept.n for key, kept in sketch.kept.items() if shape_of(start_of(key)) in shapes)
    on = f", on {lines:,} of {sketch.lines:,} lines" if sketch.exact else f", {sketch.lines:,} lines"
    template = template_of(sketch)
    severity: Severity | None = "info" if first == "ip" else None
    return Finding(
        subject_of(name),
        f"{title_of(name)}: {figure(n, sketch)} of {of:,} distinct values are {what}{on}.",
        f"{_instead(first, template)}; outcome: attrib check counts 0 values of this form.",
        n,
        of,
        [Place(*place) for place in facts.survey.values.places(name, lambda text: shape_of(text) in shapes)],
        severity=severity,
        data={
            "shapes": {shape: min(count << sketch.level, sketch.lines) for shape, count in shapes.items()},
            "exact": sketch.exact,
            "template": template,
        },
    )


def _instead(shape: Shape, template: str | None) -> str:
    if shape == "path":
        route = f" ({template})" if template else " (/users/:id)"
        return f"Label with the matched route{route}, as OpenTelemetry's http.route does, and keep the path in the line"
    if shape == "text":
        return "Label with a code from a fixed list, and keep the text in the line"
    if template and not template.startswith(":"):
        return f"Label with {template} or less, and keep the value in a field of the line"
    return "Take it out of the labels, and keep the value in a field of the line"


def _labelled(values: list[str]) -> str:
    return log(*(line(n, labels={"what": value}) for n, value in enumerate(values)))


SAMPLES = (
    Sample("paths with ids as functions", lambda: log(*(
        line(n, function=f"/users/{8800 + n}/orders/{n % 9}") for n in range(40)
    ))),
    Sample("e-mail addresses", lambda: _labelled([f"name{n}@example.org" for n in range(20)])),
    Sample("UUIDs among names", lambda: _labelled(
        ["guest", "robot", *(f"{n:08x}-7a1c-4e5b-9d3f-{n:012x}" for n in range(20))]
    )),
    Sample("numbers of a sequence in error codes", lambda: log(*(
        line(n, status=500, error_code=f"order-{512_345 + n}") for n in range(40)
    ))),
    Sample("times in a field named with --label", lambda: log(*(
        line(n, started=f"2026-11-20T14:00:{n:02}Z") for n in range(40)
    )), label=("started",)),
    Sample("sentences", lambda: _labelled([f"could not find the item number {n} in the store" for n in range(40)])),
    Sample("addresses of machines", lambda: _labelled([f"10.1.2.{n}:8080" for n in range(40)])),
    Sample("names, versions, regions and sizes", lambda: _labelled(
        ["checkout-v2", "eu-west-1", "http2", "v1.2.3", "api-6f7c9d", "EUR", "1048576", "100000", "fn-07", "/users/:id",
         "2026.11.2", "ERR-10452", "release-2026-11-20", "text/html", "Bad Gateway", "10.0.19041.1"]
    ), finds=0),
    Sample("two ids among many names", lambda: _labelled(
        [*(f"shop-{n}" for n in range(60)), "order-512345", "order-512346"]
    ), finds=0),
    Sample("a fixed list of messages", lambda: _labelled(
        [f"your card was declined for reason {n % 8}" for n in range(60)]
    ), finds=0),
    Sample("upstreams known by their address", lambda: log(*(
        line(n, upstream=f"10.1.2.{n}:8080") for n in range(40)
    )), finds=0),
)  # fmt: skip
