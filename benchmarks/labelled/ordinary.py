"""Made-up values as good labels have them: the check must leave every sort alone.

Where a sort has few values of its own (currencies, states) they are joined and numbered as real ones are, so that a
set holds as many different values of it as the random numbers give.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from benchmarks.labelled.identifiers import Words
from benchmarks.labelled.words import (
    CODES,
    CURRENCIES,
    LANGUAGES,
    MACHINES,
    PHRASES,
    REGIONS,
    SERVICES,
    STATES,
    THINGS,
    TYPES,
    VERBS,
)

Form = Callable[[Random, Words], str]
_K8S: Final = "bcdfghjklmnpqrstvwxz2456789"


def _pod(r: Random, n: int) -> str:
    return "".join(r.choice(_K8S) for _ in range(n))


def _camel(*words: str) -> str:
    return words[0] + "".join(word.title() for word in words[1:])


def _version(r: Random) -> str:
    return f"{r.randint(0, 30)}.{r.randint(0, 40)}.{r.randint(0, 99)}"


FUNCTIONS: Final[tuple[Form, ...]] = (
    lambda r, _: f"fn-{r.randint(0, 99):02}",
    lambda r, w: f"{w.of(r, SERVICES)}-v{r.randint(1, 4)}",
    lambda r, w: f"{w.of(r, SERVICES)}.{w.of(r, VERBS)}_{w.of(r, THINGS)}",
    lambda r, w: _camel(w.of(r, VERBS), w.of(r, THINGS), "by", w.of(r, THINGS), "id"),
    lambda r, w: _camel(
        w.of(r, VERBS), "or", w.of(r, VERBS), w.of(r, THINGS), f"v{r.randint(1, 9)}", "handler"
    ).capitalize(),
    lambda r, w: f"com.example.{w.of(r, SERVICES)}.{w.of(r, THINGS).title()}Service2#{w.of(r, VERBS)}",
    lambda r, w: f"{w.of(r, SERVICES)}_{w.of(r, VERBS)}_{w.of(r, THINGS)}s_step_{r.randint(1, 12)}",
    lambda r, w: f"S3{w.of(r, THINGS).title()}To{w.of(r, SERVICES).title()}Sqs2",
)
ROUTES: Final[tuple[Form, ...]] = (
    lambda r, w: f"/{w.of(r, THINGS)}s/:id/{w.of(r, THINGS)}s",
    lambda r, w: f"/api/v{r.randint(1, 4)}/{w.of(r, THINGS)}s/{{{w.of(r, THINGS)}_id}}",
    lambda r, w: f"GET /{w.of(r, SERVICES)}/<int:{w.of(r, THINGS)}_id>",
    lambda r, w: f"/{w.of(r, SERVICES)}/{w.of(r, VERBS)}",
    lambda r, w: f"/rest/api/{r.randint(2, 3)}/{w.of(r, THINGS)}/*",
    lambda r, w: (
        f"POST /{w.of(r, SERVICES)}.v{r.randint(1, 3)}.{w.of(r, THINGS).title()}Service/{w.of(r, VERBS).title()}"
    ),
    lambda r, w: f"/{w.of(r, SERVICES)}/$id.json",
    lambda r, w: f"/{w.of(r, SERVICES)}/export?format={r.choice(['csv', 'json', 'pdf'])}",
    lambda r, w: f"/oauth2/{w.of(r, VERBS)}/{w.of(r, THINGS)}s",
    lambda r, w: f"https://{w.of(r, SERVICES)}.example.com/v{r.randint(1, 3)}/{w.of(r, THINGS)}s",
    lambda r, w: f"/errors/{r.choice([400, 403, 404, 429, 500, 502, 503])}/{w.of(r, THINGS)}",
)
PLACES: Final[tuple[Form, ...]] = (
    lambda r, w: w.of(r, REGIONS),
    lambda r, w: f"{w.of(r, REGIONS)}-{w.of(r, SERVICES)}",
    lambda r, w: f"{w.of(r, SERVICES)}-{w.of(r, REGIONS)}-{r.choice(['blue', 'green', 'canary', 'prod', 'stg'])}",
    lambda r, w: f"{w.of(r, REGIONS)}/{r.choice('abc')}{r.randint(1, 20)}",
)
VERSIONS: Final[tuple[Form, ...]] = (
    lambda r, _: _version(r),
    lambda r, _: f"v{_version(r)}",
    lambda r, _: f"{_version(r)}-rc.{r.randint(1, 9)}",
    lambda r, _: f"{_version(r)}+{r.randint(100, 99999)}",
    lambda r, _: f"{_version(r)}-SNAPSHOT",
    lambda r, _: f"20{r.randint(20, 26)}.{r.randint(1, 12)}.{r.randint(0, 30)}",
    lambda r, _: f"release-20{r.randint(20, 26)}-{r.randint(1, 12):02}-{r.randint(1, 28):02}",
    lambda r, w: f"{w.of(r, SERVICES)}:{_version(r)}-alpine3.{r.randint(10, 20)}",
    lambda r, _: f"10.0.{r.randint(10000, 26000)}.{r.randint(1, 4000)}",
    lambda r, _: f"{r.getrandbits(28):07x}",
    lambda r, _: f"build-{r.randint(1, 9999)}",
    lambda r, _: f"nightly-20{r.randint(24, 26)}{r.randint(1, 12):02}{r.randint(1, 28):02}",
)
HOSTS: Final[tuple[Form, ...]] = (
    lambda r, w: f"{w.of(r, SERVICES)}-{r.randint(1, 40)}",
    lambda r, w: f"{w.of(r, SERVICES)}-{_pod(r, 6)}",
    lambda r, w: f"{w.of(r, SERVICES)}-{_pod(r, 10)}-{_pod(r, 5)}",
    lambda r, _: f"ip-10-{r.randint(0, 255)}-{r.randint(0, 255)}-{r.randint(1, 254)}",
    lambda r, w: f"{w.of(r, SERVICES)}{r.randint(1, 30):02}.{w.of(r, REGIONS).replace('/', '-')}.example.internal",
    lambda r, w: f"{w.of(r, SERVICES)}-db-{r.randint(0, 9)}.{w.of(r, SERVICES)}.svc.cluster.local:5432",
    lambda r, _: f"i-0{r.getrandbits(64):016x}",
    lambda r, w: f"{w.of(r, SERVICES)}-api",
    lambda r, w: f"gke-{w.of(r, SERVICES)}-pool-{r.randint(1, 4)}-{r.getrandbits(32):08x}-{_pod(r, 4)}",
    lambda r, w: f"redis-{w.of(r, SERVICES)}:{r.choice([6379, 16379, 26379, 27017, 50051])}",
)
ERRORS: Final[tuple[Form, ...]] = (
    lambda r, w: w.of(r, CODES),
    lambda r, w: f"{w.of(r, SERVICES).upper()}_{w.of(r, VERBS).upper()}_{r.randint(100, 599)}",
    lambda r, w: f"{w.of(r, VERBS).title()}{w.of(r, THINGS).title()}Exception",
    lambda r, _: f"ERR-{r.randint(1000, 99999)}",
    lambda r, w: f"{w.of(r, THINGS)}_not_found",
    lambda r, w: f"{w.of(r, THINGS)[:3].upper()}{r.randint(100, 9999):04}",
)
STATUSES: Final[tuple[Form, ...]] = (
    lambda r, w: w.of(r, STATES),
    lambda r, w: f"{w.of(r, THINGS)}.{w.of(r, STATES)}",
    lambda r, w: f"{w.of(r, STATES)}-{w.of(r, STATES)}",
    lambda r, w: w.of(r, PHRASES),
    lambda r, w: f"{w.of(r, CURRENCIES)}/{w.of(r, CURRENCIES)}",
    lambda r, w: f"{w.of(r, LANGUAGES)}",
    lambda r, w: f"{w.of(r, THINGS)} {w.of(r, STATES)}",
)
FLAGS: Final[tuple[Form, ...]] = (
    lambda r, w: f"{w.of(r, SERVICES)}-{w.of(r, VERBS)}-{w.of(r, THINGS)}-v{r.randint(1, 5)}",
    lambda r, w: f"enable_{w.of(r, VERBS)}_{w.of(r, THINGS)}",
    lambda r, w: f"exp-{r.randint(1, 999)}-{w.of(r, THINGS)}-variant-{r.choice('abcd')}",
    lambda r, w: f"{w.of(r, SERVICES)}.{w.of(r, THINGS)}.rollout={r.choice([1, 5, 10, 25, 50, 100])}%",
    lambda r, w: f"{w.of(r, STATES)}:{w.of(r, SERVICES)}:{w.of(r, THINGS)}",
)
FIGURES: Final[tuple[Form, ...]] = (
    lambda r, _: str(r.choice([200, 201, 204, 301, 400, 404, 429, 500, 502, 503, 504])),
    lambda r, _: str(2 ** r.randint(0, 30)),
    lambda r, _: str(r.choice([1, 2, 5, 10, 25, 50]) * 10 ** r.randint(0, 6)),
    lambda r, _: f"{r.randint(1, 999)}{r.choice(['ms', 's', 'MB', 'KiB', 'm', '%', 'x'])}",
    lambda r, _: f"le={r.choice(['0.005', '0.25', '2.5', '10', '+Inf'])}",
    lambda r, _: f"{r.randint(0, 99)}.{r.randint(0, 99)}",
    lambda r, _: f"{r.randint(1, 64)}/64",
    lambda r, _: f"partition-{r.randint(0, 127)}",
    lambda r, _: str(r.randint(1, 65535)),
    lambda r, _: f"{r.randint(0, 23):02}:{r.choice(['00', '15', '30', '45'])}",
    lambda r, _: f"20{r.randint(20, 30)}-{r.choice(['Q1', 'Q2', 'W07', 'W31', '03', '11'])}",
)
PRODUCTS: Final[tuple[Form, ...]] = (
    lambda r, w: w.of(r, TYPES),
    lambda r, w: w.of(r, MACHINES),
    lambda r, w: f"{w.of(r, SERVICES)}.{w.of(r, THINGS)}.{w.of(r, STATES)}.v{r.randint(1, 3)}",
    lambda r, w: f"arn:aws:lambda:{w.of(r, REGIONS)}:123456789012:function:{w.of(r, SERVICES)}",
    lambda r, w: f"@{w.of(r, SERVICES)}/{w.of(r, THINGS)}-{w.of(r, VERBS)}@{_version(r)}",
    lambda r, w: f"registry.example.com/{w.of(r, SERVICES)}/{w.of(r, THINGS)}:{_version(r)}",
    lambda r, w: f"{w.of(r, THINGS).title()}s & {w.of(r, THINGS).title()}s",
)

SORTS: Final = {
    "function names": FUNCTIONS, "route templates": ROUTES, "regions and zones": PLACES, "versions": VERSIONS,
    "hosts and pods": HOSTS, "error codes": ERRORS, "status words, currencies": STATUSES, "flags": FLAGS,
    "sizes, ports, figures": FIGURES, "topics, types, images": PRODUCTS,
}  # fmt: skip
"""Sort of ordinary values -> their forms."""
