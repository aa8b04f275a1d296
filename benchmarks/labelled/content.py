"""The labelled set for `secret-in-log` and `personal-data-in-log`.

Values, the fields they stand in, and the logger lines of real programs in `lines/` (all of them ordinary but one, which
holds an authorization header).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any, Final, Literal, NamedTuple

from benchmarks.labelled import content_held_out, content_ordinary, content_secrets

Class = Literal["secret", "personal", "ordinary"]
TUNING: Final = 1
"""The seed that patterns were tuned on."""
SCORED: Final = 2026
"""The seed of the published table: nothing was tuned on it, and it has sorts of its own."""
EACH: Final = 16
LINES: Final = Path(__file__).with_name("lines")
_TEXT_FIELDS: Final = ("msg", "error_code", "detail", "upstream", "url", "function", "note", "payload.info")


class Labelled(NamedTuple):
    """One line, its class and what sort of value is in it."""

    label: Class
    sort: str
    line: bytes


def labelled(seed: int) -> list[Labelled]:
    """The set of one seed, the same every time."""
    rng = Random(seed)
    held_out = _held_out(rng) if seed == SCORED else ()
    return [*_made(rng), *held_out, *_real()]


def _made(rng: Random) -> Iterator[Labelled]:
    for _ in range(EACH):
        for sort, make in {**content_secrets.TOKENS, **content_secrets.IN_TEXT}.items():
            yield Labelled("secret", sort, _line(rng, rng.choice(_TEXT_FIELDS), _within(rng, make(rng))))
    for _ in range(20 * EACH):
        yield Labelled("secret", "by name", _line(rng, *content_secrets.by_name(rng)))
    for _ in range(4 * EACH):
        for sort, make in content_secrets.PERSONAL.items():
            field = rng.choice(("msg", "user", "note", "customer.contact", "error_code", "account"))
            yield Labelled("personal", sort, _line(rng, field, make(rng)))
    for _ in range(4 * EACH):
        for sort, pair in content_ordinary.VALUES.items():
            yield Labelled("ordinary", sort, _line(rng, *pair(rng)))


def _held_out(rng: Random) -> Iterator[Labelled]:
    sorts: tuple[tuple[Class, dict[str, Callable[[Random], content_held_out.Pair]]], ...] = (
        ("secret", content_held_out.SECRETS),
        ("personal", content_held_out.PERSONAL),
        ("ordinary", content_held_out.ORDINARY),
    )
    for _ in range(2 * EACH):
        for label, makers in sorts:
            for sort, pair in makers.items():
                yield Labelled(label, f"held out: {sort}", _line(rng, *pair(rng)))


def _within(rng: Random, value: str) -> str:
    return rng.choice(("{}", "{}", "failed with {}", "({})", '"{}" was refused')).format(value)


def _line(rng: Random, field: str, value: Any) -> bytes:
    """A line with a value in a field, nested where the field's name says so, escaped in one of the usual ways."""
    record: dict[str, Any] = {"ts": "2026-11-20T14:00:00Z", "function": "checkout", "status": 500}
    inner = {field.rpartition(".")[2]: value}
    record |= {field.split(".", maxsplit=1)[0]: inner} if "." in field and field != "service.version" else inner
    text = json.dumps(record, ensure_ascii=rng.random() < 0.5)
    if rng.random() < 0.1:
        text = text.replace("/", "\\/")
    if rng.random() < 0.05:
        text = text.replace("&", "\\u0026").replace("=", "\\u003d")
    return text.encode()


def _real() -> Iterator[Labelled]:
    for path in sorted(LINES.iterdir()):
        for line in path.read_bytes().splitlines():
            secret = b'"authorization"' in line
            yield Labelled("secret" if secret else "ordinary", "real lines", line)
