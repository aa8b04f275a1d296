"""Secrets in any line, whatever became of it: accepted, skipped, quarantined or no JSON at all.

Found are the tokens of some sixty providers by their form (cloud keys, GitHub, Slack, Stripe, JWT ...), private keys,
`Bearer` and `Basic` credentials, passwords in connection strings, and values whose name says credential (`password`,
`clientSecret`, `authorization`, `api_key=` in an URL), in whatever field they stand, nested ones and names of fields
included. Left alone: request and trace ids, hashes, UUIDs, ULIDs, masked values (`***`, `[redacted]`, `${TOKEN}`),
and tokens that open nothing (`next_token`, `csrf_token`). All that is found here is also replaced in every output; no
value is kept or shown. One finding per kind and field.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrib.checks.content._places import lines_read, of_lines, seen
from attrib.checks.facts import Facts
from attrib.checks.model import Finding, Sample
from attrib.checks.samples import line, log, quiet
from attrib.survey.content import BROKEN
from attrib.survey.secrets import NAMED

WORDS = {NAMED: "a named credential", "credentials": "credentials", "private-key": "a private key", "jwt": "a JWT"}


def find(facts: Facts) -> Iterator[Finding]:
    """One finding per kind of secret and field."""
    for kind, name, one in seen(facts, "secret"):
        yield Finding(
            {"kind": kind, "field": name},
            f"{name} holds {_one(kind)} in {of_lines(facts, one)}.",
            f"Revoke the {_thing(kind)} today; then {_mask(name)}. "
            "Outcome: attrib check finds 0 such lines in new logs.",
            one.lines,
            lines_read(facts),
            one.places,
            data={"kind": kind, "field": name, **one.data(facts)},
        )


def _one(kind: str) -> str:
    words = kind.replace("-", " ")
    return WORDS.get(kind) or f"{'an' if words[0] in 'aeio' else 'a'} {words}"


def _mask(name: str) -> str:
    if name == BROKEN:
        return "mask it where the line is written, and quote every value there"
    return f"drop or mask {name} in the logger (a filter on the field's name)"


def _thing(kind: str) -> str:
    return "credential" if kind in (NAMED, "credentials") else kind.replace("-", " ")


def _made(prefix: str, letters: int) -> str:
    """A value of a token's form that no scanner finds in this file."""
    return prefix + ("aB3dE6gH9jK2mN5pQ8sT1vW4yZ7" * 3)[:letters]


SAMPLES = (
    Sample("a GitHub token in an error code", lambda: log(line(), line(1, error_code="bad " + _made("ghp" + "_", 36)))),
    Sample("an authorization header", lambda: log(line(headers={"authorization": "Bearer " + _made("", 20)}))),
    Sample(
        "a password in a broken line, another program's line and a nested field",
        lambda: log(line(), '{"function":"f","password":"hunter2x', '{"msg":"login password=hunter2x"}'),
        finds=2,
    ),
    Sample("a connection string", lambda: log(line(dsn="postgres://shop:" + "s3cr3tpw" + "@db.example.com/shop"))),
    Sample(
        "ids, hashes and masked values",
        lambda: log(
            line(token="***", password="[redacted]", secret=None, authorization="<hidden>"),  # noqa: S106
            line(1, commit="356a192b7913b04c54574d18c28d46e6395428ab", etag="0af7651916cd43dd8448eb211c80319c"),
            line(2, error_code="INVALID_TOKEN", next_token="01ARZ3NDEKTSV4RRFFQ69G5FAV"),  # noqa: S106
        ),
        finds=0,
    ),
    Sample(
        "passwords of letters that end in a sign",
        lambda: log(*(line(n, password=text) for n, text in enumerate(("Summer#", "hunter.")))),
    ),
    Sample("an ordinary log", quiet, finds=0),
)
