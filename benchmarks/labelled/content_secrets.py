"""Made-up secrets and personal data, and where they stand in a log line. Made at run time: no scanner finds any here."""

# ruff: noqa: E501 - one sort a line is what this file is

from __future__ import annotations

import base64
import json
import string
from collections.abc import Callable
from random import Random
from typing import Final

ALNUM: Final = string.ascii_letters + string.digits
HEX: Final = "0123456789abcdef"
URL: Final = ALNUM + "_-"


def run(rng: Random, letters: str, n: int) -> str:
    """So many letters."""
    return "".join(rng.choice(letters) for _ in range(n))


def _b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def jwt(rng: Random) -> str:
    """A signed token with a usual header and payload."""
    header = {"alg": rng.choice(["HS256", "RS256", "ES256"]), "typ": "JWT"}
    payload = {"sub": str(rng.randrange(10**9)), "iat": 1_795_000_000 + rng.randrange(10**6)}
    parts = [_b64url(json.dumps(one, separators=(",", ":")).encode()) for one in (header, payload)]
    return ".".join([*parts, _b64url(rng.randbytes(32))])


def private_key(rng: Random) -> str:
    """A block of PEM."""
    kind = rng.choice(["RSA ", "EC ", "OPENSSH ", ""])
    body = "\n".join(base64.b64encode(rng.randbytes(48)).decode() for _ in range(6))
    return f"-----BEGIN {kind}PRIVATE KEY-----\n{body}\n-----END {kind}PRIVATE KEY-----"


def discord(rng: Random) -> str:
    """A bot's token: its number, a time, a digest."""
    number = str(rng.randrange(10**17, 10**18)).encode()
    return f"{_b64url(number)}.{run(rng, URL, 6)}.{run(rng, URL, 38)}"


def password(rng: Random) -> str:
    """As people and generators choose them."""
    sorts: list[Callable[[], str]] = [
        lambda: run(rng, ALNUM + "!$%+?", rng.randrange(8, 20)),
        lambda: rng.choice(["hunter", "Sommer", "letmein", "Tr0ub4dor", "qwertz"]) + str(rng.randrange(1, 9999)),
        lambda: "-".join(rng.choice(["correct", "horse", "battery", "staple", "cloud", "river"]) for _ in range(4)),
    ]
    return rng.choice(sorts)()


def opaque(rng: Random) -> str:
    """A token without a form of its own."""
    return rng.choice(
        [run(rng, HEX, 40), run(rng, ALNUM, 32), run(rng, URL, 43), base64.b64encode(rng.randbytes(30)).decode()]
    )


TOKENS: Final[dict[str, Callable[[Random], str]]] = {
    "aws": lambda r: r.choice(["AKIA", "ASIA"]) + run(r, string.ascii_uppercase + "234567", 16),
    "github": lambda r: r.choice(["ghp", "gho", "ghu", "ghs"]) + "_" + run(r, ALNUM, 36),
    "github fine": lambda r: "github" + "_pat_" + run(r, ALNUM, 22) + "_" + run(r, ALNUM, 59),
    "gitlab": lambda r: "glpat" + "-" + run(r, URL, 20),
    "slack": lambda r: "xox" + r.choice("bp") + f"-{r.randrange(10**11, 10**12)}-{run(r, ALNUM, 24)}",
    "slack hook": lambda r: (
        "https://hooks." + f"slack.com/services/T{run(r, ALNUM, 8)}/B{run(r, ALNUM, 8)}/{run(r, ALNUM, 24)}"
    ),
    "stripe": lambda r: r.choice(["sk", "rk"]) + "_" + r.choice(["live", "test"]) + "_" + run(r, ALNUM, 24),
    "google": lambda r: "AI" + "za" + run(r, URL, 35),
    "anthropic": lambda r: "sk-" + "ant-api03-" + run(r, URL, 80),
    "openai": lambda r: "sk-" + "proj-" + run(r, URL, 80),
    "npm": lambda r: "npm" + "_" + run(r, ALNUM, 36),
    "pypi": lambda r: "pypi" + "-AgEIcHlwaS5vcmc" + run(r, URL, 100),
    "sendgrid": lambda r: "S" + "G." + run(r, URL, 22) + "." + run(r, URL, 43),
    "twilio": lambda r: "S" + "K" + run(r, HEX, 32),
    "digitalocean": lambda r: "dop" + "_v1_" + run(r, HEX, 64),
    "huggingface": lambda r: "hf" + "_" + run(r, ALNUM, 34),
    "databricks": lambda r: "dap" + "i" + run(r, HEX, 32),
    "shopify": lambda r: "shp" + "at_" + run(r, HEX, 32),
    "telegram": lambda r: f"{r.randrange(10**8, 10**10)}:A" + "A" + run(r, URL, 33),
    "vault": lambda r: "hv" + "s." + run(r, URL, 90),
    "grafana": lambda r: "gl" + "sa_" + run(r, ALNUM, 32) + "_" + run(r, HEX, 8),
    "atlassian": lambda r: "ATA" + "TT3" + run(r, URL, 180) + "=" + run(r, HEX.upper(), 8),
    "linear": lambda r: "lin" + "_api_" + run(r, ALNUM, 40),
    "newrelic": lambda r: "NR" + "AK-" + run(r, string.ascii_uppercase + string.digits, 27),
    "docker": lambda r: "dckr" + "_pat_" + run(r, URL, 27),
    "azure": lambda r: run(r, ALNUM, 3) + "8Q" + "~" + run(r, ALNUM + "_.-", 34),
    "discord": discord,
    "sentry": lambda r: "sntr" + "ys_" + run(r, ALNUM, 100),
    "jwt": jwt,
    "private key": private_key,
}
"""Provider -> a maker of tokens with a form of their own."""


def _dsn(r: Random) -> str:
    scheme = r.choice(["postgres", "mysql", "redis", "amqp", "mongodb+srv", "https"])
    return f"{scheme}://{r.choice(['shop', 'app', 'svc-cart'])}:{run(r, ALNUM, 12)}@db{r.randrange(9)}.example.com/main"


IN_TEXT: Final[dict[str, Callable[[Random], str]]] = {
    "bearer": lambda r: f"Bearer {opaque(r)}",
    "basic": lambda r: "Basic " + base64.b64encode(f"user{r.randrange(99)}:{password(r)}".encode()).decode(),
    "dsn": _dsn,
    "query": lambda r: (
        f"GET /v1/items?page={r.randrange(99)}&{r.choice(['api_key', 'access_token', 'token'])}={opaque(r)}"
    ),
    "pair": lambda r: f"login failed user=joe {r.choice(['password', 'passwd', 'pwd'])}={password(r)} ip=10.0.0.1",
    "azure storage": lambda r: (
        f"DefaultEndpointsProtocol=https;AccountName=shop;AccountKey={opaque(r)}==;EndpointSuffix=x"
    ),
    "sas": lambda r: f"https://shop.blob.core.windows.net/c/f?sv=2024-01-01&se=2027-01-01&sig={run(r, ALNUM, 40)}%3D",
    "escaped json": lambda r: json.dumps({"user": "joe", "password": password(r)}),
    "cookie header": lambda r: f"Cookie: sid={run(r, ALNUM, 32)}; theme=dark",
}
"""Sort -> a text with a secret that its surroundings give away."""

BY_NAME: Final = (
    "password", "db_password", "userPassword", "client_secret", "clientSecret", "api_key", "apiKey", "X-Api-Key",
    "access_token", "refreshToken", "auth.token", "authorization", "Authorization", "cookie", "set-cookie", "secret_key",
    "AWS_SECRET_ACCESS_KEY", "private_key", "signing_key", "passphrase",
)  # fmt: skip


def by_name(rng: Random) -> tuple[str, str]:
    """(field, value) of a secret that its field's name gives away."""
    name = rng.choice(BY_NAME)
    if "pass" in name.lower():
        return name, password(rng)
    if "ookie" in name.lower():
        return name, f"sid={run(rng, ALNUM, 30)}; Path=/"
    return name, opaque(rng)


def _luhn(digits: str) -> str:
    total = sum(int(c) for c in digits[-2::-2]) + sum(int(c) * 2 - 9 * (c > "4") for c in digits[-1::-2])
    return digits + str(-total % 10)


def card(rng: Random) -> str:
    """A card number with a right check digit, in one of the usual forms."""
    start, n = rng.choice(
        [("4", 16), ("51", 16), ("55", 16), ("2223", 16), ("34", 15), ("37", 15), ("6011", 16), ("3530", 16)]
    )
    number = _luhn(start + run(rng, string.digits, n - 1 - len(start)))
    cuts = (4, 10) if n == 15 else (4, 8, 12)
    gap = rng.choice(["", "", " ", "-"])
    return gap.join([number[: cuts[0]], *(number[a:b] for a, b in zip(cuts, (*cuts[1:], n), strict=True))])


def iban(rng: Random) -> str:
    """An IBAN with right check digits."""
    country, n = rng.choice([("DE", 18), ("AT", 16), ("ES", 20), ("BE", 12), ("PL", 24)])
    account = run(rng, string.digits, n)
    check = 98 - int("".join(str(int(c, 36)) for c in account + country + "00")) % 97
    plain = f"{country}{check:02d}{account}"
    return " ".join(plain[at : at + 4] for at in range(0, len(plain), 4)) if rng.random() < 0.4 else plain


def mail(rng: Random) -> str:
    """An e-mail address."""
    name = rng.choice(["jane", "joe", "li.wei", "m.garcia", "anna-lena", "o_brien", "dev+tag", "jörg"])
    host = rng.choice(["example.com", "mail.example.org", "firma.example.de", "post.example.co.uk", "x-y.example.io"])
    return f"{name}{rng.randrange(9999)}@{host}"


PERSONAL: Final[dict[str, Callable[[Random], str]]] = {
    "email": mail,
    "email in text": lambda r: f"mail to {mail(r)} bounced: 550 no such user",
    "email in url": lambda r: f"/v1/users/{mail(r).replace('@', '%40')}/orders",
    "card": card,
    "card in text": lambda r: f"card {card(r)} was declined",
    "iban": iban,
    "iban in text": lambda r: f"payout to {iban(r)} failed",
}
