"""Stack traces in any text: of Java, Python, Node, Go, .NET, Ruby and PHP, told by their frames.

A name of an exception alone is none, nor is a single place in the code. One finding per language and field.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrib.checks.content._places import lines_read, of_lines, seen
from attrib.checks.facts import Facts
from attrib.checks.model import Finding, Sample
from attrib.checks.samples import line, log, quiet


def find(facts: Facts) -> Iterator[Finding]:
    """One finding per language and field."""
    for language, name, one in seen(facts, "trace"):
        yield Finding(
            {"kind": language, "field": name},
            f"{name} holds a {language} stack trace in {of_lines(facts, one)}.",
            f"Log the exception's type as error_code and send {name} to an error tracker (Sentry, an OpenTelemetry "
            "exception event). Outcome: attrib check finds 0 such lines.",
            one.lines,
            lines_read(facts),
            one.places,
            data={"kind": language, "field": name, **one.data(facts)},
        )


SAMPLES = (
    Sample(
        "a Python traceback",
        lambda: log(line(exc_info='Traceback (most recent call last):\n  File "a.py", line 3, in f\nKeyError: 1')),
    ),
    Sample(
        "traces of Java and Node",
        lambda: log(
            line(stack="java.lang.NullPointerException\n\tat com.shop.Cart.add(Cart.java:41)\n\tat com.shop.Main.run"),
            line(1, stack="Error: boom\n    at Object.<anonymous> (js/a.js:2:65)\n    at node:internal/main:28:49"),
        ),
        finds=2,
    ),
    Sample(
        "an exception's name, a place in the code, prose",
        lambda: log(
            line(error_code="java.lang.NullPointerException", caller="cart.py:41"),
            line(1, msg="the meeting is at ten (room 4), look at it"),
        ),
        finds=0,
    ),
    Sample("an ordinary log", quiet, finds=0),
)
