"""Bodies of requests or responses in any line.

A text longer than `chars` counts when it is a document: JSON, XML or HTML, a form or base64. In a field named as a body
(`body`, `payload`, `request_body`, `response_data` ...) every document counts, nested objects included; under `request`
and `response` a nested object counts when it is longer than `chars`. One finding per kind and field.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from attrib.checks.content._places import lines_read, of_lines, seen
from attrib.checks.facts import Facts
from attrib.checks.model import Finding, Sample
from attrib.checks.samples import line, log, quiet

WORDS = {"object": "a nested object", "JSON": "JSON as text", "XML or HTML": "XML or HTML", "form": "a form",
         "base64": "a block of base64"}  # fmt: skip


def find(facts: Facts) -> Iterator[Finding]:
    """One finding per kind of document and field."""
    for kind, name, one in seen(facts, "payload"):
        yield Finding(
            {"kind": kind, "field": name},
            f"{name} holds {WORDS[kind]} in {of_lines(facts, one)}.",
            f"Log the size and a digest (SHA-256) of {name} instead of the body. Outcome: attrib check finds 0 such "
            "lines, and the log shrinks by what they hold.",
            one.lines,
            lines_read(facts),
            one.places,
            data={"kind": kind, "field": name, **one.data(facts)},
        )


SAMPLES = (
    Sample("a nested body", lambda: log(line(), line(1, body={"items": [{"sku": "a", "n": 2}]}))),
    Sample("a body as text", lambda: log(line(response_body='{"error": "no such item", "code": 7}'))),
    Sample("a long document in any field", lambda: log(line(detail=json.dumps([{"sku": n} for n in range(199)])))),
    Sample("a page", lambda: log(line(upstream_text="<html><body>" + "<p>unavailable</p>" * 80 + "</body></html>"))),
    Sample(
        "short notes, long prose and what describes a request",
        lambda: log(line(body="ok", request={"method": "GET", "path": "/cart"}), line(1, detail="it failed. " * 99)),
        finds=0,
    ),
    Sample("an ordinary log", quiet, finds=0),
)
