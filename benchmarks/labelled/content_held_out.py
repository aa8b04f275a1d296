"""Sorts of values that only the scored set has: written after the patterns were done, and nothing was tuned on them."""

from __future__ import annotations

import base64
import json
import string
from collections.abc import Callable
from random import Random
from typing import Any, Final

from benchmarks.labelled.content_secrets import ALNUM, HEX, URL, jwt, mail, opaque, password, run

# ruff: noqa: E501 - one sort a line is what this file is

Pair = tuple[str, Any]

SECRETS: Final[dict[str, Callable[[Random], Pair]]] = {
    "curl": lambda r: ("cmd", f"curl -H 'Authorization: Bearer {opaque(r)}' https://api.example.com/v1"),
    "curl -u": lambda r: ("cmd", f"curl -u admin:{password(r)} https://ci.example.com"),
    "flag": lambda r: ("argv", f"./migrate --db-password={password(r)} --dry-run"),
    "environment": lambda r: ("env", {"HOME": "/root", "STRIPE_API_KEY": opaque(r), "LANG": "C"}),
    "headers": lambda r: ("headers", [{"name": "X-Auth-Token", "value": opaque(r)}]),
    "python repr": lambda r: ("msg", f"config={{'user': 'joe', 'password': '{password(r)}', 'port': 5432}}"),
    "go struct": lambda r: ("msg", f"cfg: {{User:joe Password:{run(r, ALNUM, 14)} Port:5432}}"),
    "jdbc": lambda r: ("dsn", f"jdbc:postgresql://db.example.com/shop?user=joe&password={run(r, ALNUM, 12)}"),
    "ado": lambda r: ("dsn", f"Server=db;Database=shop;User Id=joe;Password={run(r, ALNUM, 12)};"),
    "jwt in a path": lambda r: ("path", f"/reset/{jwt(r)}/confirm"),
    "presigned": lambda r: (
        "url",
        f"https://s3.example.com/b/k?X-Amz-Credential=AK{run(r, string.ascii_uppercase, 18)}%2F20261120&X-Amz-Signature={run(r, HEX, 64)}",
    ),
    "service account": lambda r: (
        "key",
        json.dumps(
            {
                "type": "service_account",
                "private_key_id": run(r, HEX, 40),
                "private_key": f"-----BEGIN PRIVATE KEY-----\n{run(r, ALNUM, 64)}\n",
            }
        ),
    ),
}
PERSONAL: Final[dict[str, Callable[[Random], Pair]]] = {
    "display name": lambda r: ("from", f"Jane Doe <{mail(r)}>"),
    "mailto": lambda r: ("link", f"mailto:{mail(r)}?subject=hi"),
    "list of mails": lambda r: ("to", [mail(r), mail(r)]),
    "mail in sql": lambda r: ("query", f"SELECT * FROM users WHERE email = '{mail(r)}' LIMIT 1"),
    "mail in a key": lambda r: ("by_user", {mail(r): 3}),
    "phone": lambda r: (
        r.choice(["phone", "phoneNumber", "mobile", "customer_tel"]),
        f"+{r.choice([1, 44, 49, 91])}{r.randrange(10**9, 10**10)}",
    ),
}
ORDINARY: Final[dict[str, Callable[[Random], Pair]]] = {
    "name of a secret": lambda r: (
        r.choice(["secret_name", "secretRef", "secret_id", "token_id", "key_id", "api_key_id"]),
        f"shop-{r.choice(['db', 'smtp'])}-v{r.randrange(9)}",
    ),
    "reference": lambda r: (
        "secret",
        r.choice(
            [
                "db-credentials",
                "projects/shop/secrets/smtp/versions/3",
                "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db",
                "vault:kv/shop#smtp",
            ]
        ),
    ),
    "cursor": lambda r: ("cursor", base64.b64encode(json.dumps({"id": r.randrange(10**9)}).encode()).decode()),
    "user at host": lambda r: (
        "msg",
        f"{r.choice(['root', 'deploy'])}@{r.choice(['web-3', '10.1.2.3', 'localhost'])} connected",
    ),
    "digest at": lambda r: ("image", f"cart@sha256:{run(r, HEX, 64)}"),
    "mac": lambda r: ("nic", ":".join(run(r, HEX, 2) for _ in range(6))),
    "imei": lambda r: ("device", "35" + run(r, string.digits, 13)),
    "tracking": lambda r: ("parcel", "00340" + run(r, string.digits, 15)),
    "counts": lambda r: (
        "usage",
        {"prompt_tokens": r.randrange(9999), "total_tokens": r.randrange(9999), "token_count": 3},
    ),
    "flags": lambda _: (
        "auth",
        {"has_password": True, "token_valid": False, "password_changed_at": "2026-01-01", "cookie_consent": "all"},
    ),
    "tracer": lambda r: ("b3", f"{run(r, HEX, 32)}-{run(r, HEX, 16)}-1"),
    "nanoid": lambda r: (r.choice(["id", "ref", "cart"]), run(r, URL, 21)),
    "s3 id": lambda r: ("x-amz-id-2", base64.b64encode(r.randbytes(57)).decode()),
    "locale": lambda r: (
        "locale",
        r.choice(["sk-SK", "sk-learn-pipeline", "hf_transfer=1", "key-value-store", "pk_live"]),
    ),
    "sql": lambda _: ("query", "UPDATE users SET password_reset_at = now() WHERE token = $1"),
    "code": lambda r: (
        "msg",
        r.choice(
            [
                "if (token == null) throw",
                "Authorization: ${header}",
                "password: [hidden]",
                "no such cookie: sid",
                "token: string, secret: string",
                "api_key=<your key>",
            ]
        ),
    ),
    "grid": lambda r: ("at", f"{r.random() * 90:.6f},{r.random() * 180:.6f}"),
    "version quad": lambda r: (
        "msg",
        f"agent v{r.randrange(9)}.{r.randrange(99)}.{r.randrange(99)}.{r.randrange(99)} started",
    ),
}
