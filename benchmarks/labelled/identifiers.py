"""Made-up values that identify something: classes of label values that the check has to find.

Every form is a function of a `random.Random` and words. The last form of each class is in the scored set only.
"""

from __future__ import annotations

import base64
import string
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

from benchmarks.labelled.words import FIRST, LAST, MAIL_HOSTS, SENTENCES, SERVICES, THINGS, VERBS

Form = Callable[[Random, "Words"], str]
_B62: Final = string.ascii_letters + string.digits
_B36: Final = string.ascii_lowercase + string.digits
_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Words:
    """One half of every list of words."""

    def __init__(self, half: int) -> None:
        self.half = half

    def of(self, r: Random, words: tuple[str, ...]) -> str:
        """One of this half of a list."""
        return r.choice(words[self.half :: 2])


def _uuid(r: Random, version: int = 4) -> str:
    return str(uuid.UUID(int=r.getrandbits(128), version=version))


def _hex(r: Random, n: int) -> str:
    return "".join(r.choice("0123456789abcdef") for _ in range(n))


def _chars(r: Random, alphabet: str, n: int) -> str:
    return "".join(r.choice(alphabet) for _ in range(n))


def _number(r: Random, low: int, high: int) -> str:
    return str(r.randint(10 ** (low - 1), 10**high - 1))


def _mail(r: Random, w: Words) -> str:
    first, last = w.of(r, FIRST), w.of(r, LAST)
    name = r.choice([f"{first}.{last}", f"{first[0]}{last}{r.randint(1, 99)}", f"{first}+{w.of(r, SERVICES)}", first])
    return f"{name}@{w.of(r, MAIL_HOSTS)}"


def _instant(r: Random) -> datetime:
    return datetime(2025, 1, 1, tzinfo=UTC) + timedelta(microseconds=r.randrange(2 * 365 * 86_400_000_000))


UUIDS: Final[tuple[Form, ...]] = (
    lambda r, _: _uuid(r),
    lambda r, _: _uuid(r).upper(),
    lambda r, w: f"{w.of(r, THINGS)}-{_uuid(r, r.choice([1, 4, 5]))}",
    lambda r, _: f"{{{_uuid(r)}}}",
    lambda r, w: f"{w.of(r, THINGS)}:{_uuid(r)}:{w.of(r, VERBS)}",
    lambda r, _: f"urn:uuid:{_uuid(r, 1)}",
)
MAILS: Final[tuple[Form, ...]] = (
    _mail,
    lambda r, w: _mail(r, w).upper(),
    lambda r, w: f"mailto:{_mail(r, w)}",
    lambda r, w: f"{w.of(r, FIRST).title()} {w.of(r, LAST).title()} <{_mail(r, w)}>",
    lambda r, w: f"user={_mail(r, w)}",
    lambda r, w: _mail(r, w).replace("@", "%40"),
)
PATHS: Final[tuple[Form, ...]] = (
    lambda r, w: f"/{w.of(r, THINGS)}s/{_number(r, 1, 7)}",
    lambda r, w: f"/{w.of(r, THINGS)}s/{_number(r, 3, 6)}/{w.of(r, THINGS)}s/{_number(r, 1, 3)}",
    lambda r, w: f"/api/v{r.randint(1, 3)}/{w.of(r, THINGS)}s/{_uuid(r)}/{w.of(r, VERBS)}",
    lambda r, w: f"GET /{w.of(r, SERVICES)}/{_number(r, 2, 8)} HTTP/1.1",
    lambda r, w: f"https://api.example.com/v2/{w.of(r, THINGS)}s/{_number(r, 4, 9)}?expand={w.of(r, THINGS)}",
    lambda r, w: f"/{w.of(r, SERVICES)}?{w.of(r, THINGS)}_id={_number(r, 1, 8)}&lang=en",
    lambda r, w: f"/{w.of(r, THINGS)}s/{_hex(r, 24)}",
    lambda r, w: f"/users/{_mail(r, w)}/settings",
    lambda r, w: f"/{w.of(r, THINGS)}s/{w.of(r, THINGS)[:3].upper()}-{_number(r, 4, 7)}/{w.of(r, VERBS)}",
    lambda r, w: f"/{w.of(r, SERVICES)}/search?q={w.of(r, THINGS)}+{w.of(r, FIRST)}",
    lambda r, _: f"/files/{_instant(r):%Y/%m/%d}/{_hex(r, 32)}.pdf",
    lambda r, _: f"/watch/{_chars(r, _B62, 11)}1aZ",
    lambda r, w: f"https://{w.of(r, SERVICES)}.example.com/{w.of(r, THINGS)}/{_number(r, 5, 10)}/{w.of(r, VERBS)}#top",
)
HEXES: Final[tuple[Form, ...]] = (
    lambda r, _: _hex(r, 32),
    lambda r, _: _hex(r, 16),
    lambda r, _: _hex(r, 40),
    lambda r, _: f"sha256:{_hex(r, 64)}",
    lambda r, _: f"0x{_hex(r, 12)}",
    lambda r, w: f"{w.of(r, THINGS)}-{_hex(r, 24)}",
    lambda r, _: f"00-{_hex(r, 32)}-{_hex(r, 16)}-01",
    lambda r, _: ":".join(_hex(r, 2) for _ in range(6)),
    lambda r, w: f"{w.of(r, SERVICES)}/{_hex(r, 20).upper()}",
)
NUMBERS: Final[tuple[Form, ...]] = (
    lambda r, _: _number(r, 6, 8),
    lambda r, _: _number(r, 9, 9),
    lambda r, _: _number(r, 11, 12),
    lambda r, w: f"{w.of(r, THINGS)}-{_number(r, 6, 9)}",
    lambda r, w: f"{w.of(r, THINGS)}_{_number(r, 5, 5)}",
    lambda r, w: f"{w.of(r, THINGS)[:3].upper()}-{r.randint(2020, 2026)}-{_number(r, 6, 6)}",
    lambda r, w: f"{w.of(r, THINGS)[:3].upper()}{_number(r, 7, 9)}",
    lambda r, w: f"{w.of(r, THINGS)}:{_number(r, 6, 9)}:{w.of(r, VERBS)}",
    lambda r, _: f"+49 170 {_number(r, 7, 7)}",
    lambda r, w: f"{w.of(r, THINGS)}#{_number(r, 6, 7)}",
    lambda r, _: f"{_number(r, 3, 3)}-{_number(r, 7, 7)}-{_number(r, 7, 7)}",
    lambda r, w: f"{w.of(r, THINGS)} {_number(r, 6, 8)}",
)
TIMES: Final[tuple[Form, ...]] = (
    lambda r, _: _instant(r).isoformat().replace("+00:00", "Z"),
    lambda r, _: f"{_instant(r):%Y-%m-%d %H:%M:%S}",
    lambda r, _: f"{_instant(r):%Y-%m-%d}",
    lambda r, _: str(int(_instant(r).timestamp())),
    lambda r, _: str(int(_instant(r).timestamp() * 1000)),
    lambda r, _: f"{_instant(r):%Y%m%dT%H%M%SZ}",
    lambda r, _: f"{_instant(r):%a, %d %b %Y %H:%M:%S} GMT",
    lambda r, _: f"{_instant(r):%d/%b/%Y:%H:%M:%S} +0000",
    lambda r, _: f"{_instant(r):%Y-%m-%dT%H:%M:%S}+02:00",
    lambda r, w: f"{w.of(r, THINGS)}-{_instant(r):%Y-%m-%dT%H:%M:%SZ}",
    lambda r, _: f"{_instant(r):%H:%M:%S.%f}",
    lambda r, _: f"{_instant(r):%d.%m.%Y %H:%M:%S}",
)
TOKENS: Final[tuple[Form, ...]] = (
    lambda r, _: _chars(r, _B62, 22),
    lambda r, _: _chars(r, _B36, 24),
    lambda r, _: r.choice("01234567") + _chars(r, _CROCKFORD, 25),
    lambda r, w: f"{w.of(r, THINGS)[:3]}_{_chars(r, _B62, 15)}7",
    lambda r, _: base64.b64encode(r.randbytes(16)).decode(),
    lambda r, _: base64.urlsafe_b64encode(r.randbytes(24)).decode(),
    lambda r, w: f"{w.of(r, THINGS)}:{_chars(r, _B62, 20)}",
    lambda r, _: _chars(r, _B62 + "_-", 21),
    lambda r, _: "eyJ" + _chars(r, _B62, 30) + "." + _chars(r, _B62, 40) + "." + _chars(r, _B62 + "-_", 43),
    lambda r, _: "c" + _chars(r, _B36, 24),
)


def _sentence(r: Random, w: Words, form: str) -> str:
    person = f"{w.of(r, FIRST).title()} {w.of(r, LAST).title()}"
    values = {"a": w.of(r, SERVICES), "t": w.of(r, THINGS), "v": w.of(r, VERBS), "n": r.randint(2, 900), "p": person}
    return form.format(**values)


TEXTS: Final[tuple[Form, ...]] = (
    lambda r, w: _sentence(r, w, w.of(r, SENTENCES)),
    lambda r, w: f"ERROR {_sentence(r, w, w.of(r, SENTENCES))}",
    lambda r, w: f"SELECT {w.of(r, THINGS)}_id, total FROM {w.of(r, THINGS)}s WHERE name = '{w.of(r, FIRST)}' LIMIT 5",
    lambda r, _: (
        f"Mozilla/5.0 (X11; Linux x86_64; rv:{r.randint(90, 130)}.0) Gecko/20100101 Firefox/{r.randint(90, 130)}.0"
    ),
)

CLASSES: Final = {
    "uuid": UUIDS, "e-mail": MAILS, "path": PATHS, "hex": HEXES, "number": NUMBERS, "timestamp": TIMES,
    "token": TOKENS, "text": TEXTS,
}  # fmt: skip
"""Shape (attrib.survey.value_shapes) -> the forms of its values."""
