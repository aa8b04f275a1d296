"""Made-up values of logs that are neither secret nor personal, and look as if they might be."""

# ruff: noqa: E501 - one sort a line is what this file is

from __future__ import annotations

import base64
import string
import uuid
from collections.abc import Callable
from random import Random
from typing import Any, Final

from benchmarks.labelled.content_secrets import ALNUM, HEX, run

_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PROSE: Final = (
    "invalid token: expected a string", "unexpected token } in JSON at position {n}", "password: required",
    "password must have at least {n} characters", "the secret of {n} pods was rotated", "token expired {n} s ago",
    "authorization failed for role reader", "basic authentication failed", "bearer of bad news", "cookie banner shown",
    "missing credentials: provide an api key", "session: started", "no route to host, retry {n}", "pass={n} fail=3",
    "max_tokens={n}", "primary_key={n}", "cache key: cart:{n}", "access key not configured", "at {n} of the clock",
    "signature mismatch: expected v4", "key=cart:{n}", "keys: {n}", "authorization: denied", "token=null", "secret=***",
    "password=[redacted]", "token: ${TOKEN}", "Authorization: <hidden>", "passed {n} of 12 checks", "bypass=true",
)  # fmt: skip


def _uuid(r: Random) -> str:
    return str(uuid.UUID(int=r.getrandbits(128), version=r.choice([1, 3, 4, 5])))


VALUES: Final[dict[str, Callable[[Random], tuple[str, Any]]]] = {
    "uuid": lambda r: (r.choice(["request_id", "session_id", "ref", "order", "msg"]), _uuid(r)),
    "hex": lambda r: (r.choice(["trace_id", "span_id", "id", "blob"]), run(r, HEX, r.choice([8, 16, 32]))),
    "hash": lambda r: (r.choice(["etag", "commit", "sha256", "digest"]), run(r, HEX, r.choice([32, 40, 64, 128]))),
    "image": lambda r: ("image", f"registry.example.com/shop/cart@sha256:{run(r, HEX, 64)}"),
    "ulid": lambda r: (r.choice(["id", "event", "ref"]), "01" + run(r, _CROCKFORD, 24)),
    "ksuid": lambda r: ("id", "2" + run(r, ALNUM, 26)),
    "base64": lambda r: (r.choice(["span", "thumb", "cursor", "payload_hash"]), base64.b64encode(r.randbytes(r.choice([8, 16, 20, 32]))).decode()),
    "traceparent": lambda r: ("traceparent", f"00-{run(r, HEX, 32)}-{run(r, HEX, 16)}-01"),
    "xray": lambda r: ("trace", f"Root=1-{run(r, HEX, 8)}-{run(r, HEX, 24)};Sampled=1"),
    "number": lambda r: (r.choice(["n", "bytes", "ref", "count", "rows"]), r.randrange(10 ** r.randrange(1, 13))),
    "epoch": lambda r: (r.choice(["ts", "time_ns", "start_time", "updated_at"]), 1_795_246_011 * 10 ** r.choice([0, 3, 6, 9]) + r.randrange(1000)),
    "snowflake": lambda r: (r.choice(["order_id", "message_id", "user_id"]), str(r.randrange(4 * 10**15, 7 * 10**18))),
    "decimal": lambda r: ("took", f"{r.random() * 10**r.randrange(6):.{r.randrange(1, 17)}f}"),
    "date": lambda r: (r.choice(["ts", "day", "msg"]), f"2026-{r.randrange(1, 13):02d}-{r.randrange(1, 29):02d}T14:02:{r.randrange(60):02d}.{r.randrange(1000):03d}Z"),
    "version": lambda r: (r.choice(["version", "app", "service.version"]), f"{r.randrange(30)}.{r.randrange(20)}.{r.randrange(999)}" + r.choice(["", "-rc.1", "+build.77"])),
    "path": lambda r: (r.choice(["path", "url", "msg"]), f"/v{r.randrange(4)}/users/{r.randrange(99999)}/orders/{_uuid(r)}?page={r.randrange(9)}&token_type=bearer"),
    "url": lambda r: ("url", f"https://api{r.randrange(9)}.example.com:8443/v1/items/{r.randrange(9999)}?q=shoes#top"),
    "package": lambda r: ("caller", r.choice(["left-pad@1.3.0", "@scope/pkg@2.0.1", "git@github.com:shop/cart.git", "com.shop.Order@1a2b3c", "deploy@14:02"])),
    "class": lambda r: ("error_code", r.choice(["java.lang.IllegalStateException", "TokenExpiredError", "SECRET_NOT_FOUND", "PASSWORD_RESET_REQUIRED", "InvalidApiKey", "BadCredentialsException", "SigV4Mismatch"])),
    "pod": lambda r: ("k8s.pod.name", f"checkout-{run(r, HEX, 10)}-{run(r, string.ascii_lowercase + string.digits, 5)}"),
    "agent": lambda r: ("user_agent", f"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/1{r.randrange(10, 40)}.0.{r.randrange(9999)}.{r.randrange(255)} Safari/537.36"),
    "arn": lambda r: ("resource", f"arn:aws:iam::{r.randrange(10**11, 10**12)}:role/checkout-{r.randrange(99)}"),
    "prose": lambda r: (r.choice(["msg", "error", "detail"]), r.choice(_PROSE).replace("{n}", str(r.randrange(1, 99)))),
    "masked": lambda r: (r.choice(["password", "api_key", "authorization", "token", "client_secret"]), r.choice(["***", "[redacted]", "<hidden>", "xxxxxxxx", "REDACTED", "", None, "${SECRET}", True, "[Filtered]", "********"])),
    "state": lambda r: (r.choice(["token", "authorization", "credential", "secret", "token_type"]), r.choice(["expired", "missing", "valid", "invalid", "none", "bearer", "refreshed", "not configured"])),
    "benign token": lambda r: (r.choice(["next_token", "page_token", "csrf_token", "max_token", "public_key", "idempotency_key", "partition_key", "cache_key"]), run(r, ALNUM, r.choice([12, 24, 40]))),
    "phone-like": lambda r: (r.choice(["ref", "sku", "n"]), f"{r.randrange(100, 999)}-{r.randrange(100, 999)}-{r.randrange(1000, 9999)}"),
    "address": lambda r: (r.choice(["upstream_addr", "msg", "peer"]), f"10.{r.randrange(255)}.{r.randrange(255)}.{r.randrange(255)}:{r.randrange(1024, 65535)}"),
    "code": lambda r: (r.choice(["sku", "flight", "ticket"]), run(r, string.ascii_uppercase, 2) + run(r, string.digits, 2) + run(r, string.ascii_uppercase + string.digits, r.choice([4, 8, 14, 18]))),
}  # fmt: skip
"""Sort -> a maker of (field, value)."""
