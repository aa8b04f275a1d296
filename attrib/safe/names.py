"""Field names whose values are secret, or personal, by their name alone.

A name is compared in one form: `clientSecret`, `Client-Secret` and `client.secret` are all `client_secret`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BREAK: Final = re.compile(r"[^a-z0-9]+")
_SECRET: Final = re.compile(
    r"(?:^|_)(?:passwords?|passwd|passphrase|pass_phrase|passcode|pass_code|pwd"
    r"|secret|secret_(?:access_)?key|(?:api|access|account|private|shared|encryption|signing|master)_?key"
    r"|(?:access|refresh|id|auth|security|bearer|session|api|secret|oauth|jwt)?_?token|jwt"
    r"|authorization|(?:set_)?cookies?|credentials?|jsessionid|phpsessid|connect_sid|connection_string|conn_str)$"
    r"|(?:^|_)(?:user|db|root|admin|client|app)?(?:password|passwd|secret)$"
)
_NO_SECRET: Final = re.compile(
    r"(?:^|_)(?:public_key|(?:page|next|prev|continuation|sync|cursor|csrf|xsrf|idempotency|push|device|stop|eos|bos|pad"
    r"|start|end|first|last|resume|fencing|cancellation|max|min|num|n|prompt|completion|input|output)_token)$"
)
"""Tokens that open nothing."""
_ID: Final = re.compile(
    r"(?:^|_)(?:(?:request|trace|span|parent|correlation|transaction|message|event|invocation|execution|job|run|order"
    r"|session|user|tenant|account|customer|build|commit|process|thread|device|client|message|batch|idempotency|object"
    r"|row|record|item|product|invoice|payment|charge|shipment|ticket|sequence)_?(?:id|key|no|nr|number)|ids?|uuid|guid"
    r"|ulid|traceparent|tracestate|fingerprint|digest|checksum|hash|sha|sha1|sha256|md5|etag|commit|revision|rev|seq"
    r"|sequence|offset|nonce|ts|time|timestamp|date|epoch|pid|tid|version|at|ns|us|ms|nano|nanos|micros|millis|count"
    r"|total|size|bytes|length|duration|latency|line|port)$"
    r"|^b3$|request_id"
)
_FOR: Final = {
    "phone": re.compile(r"(?:^|_)(?:phone|mobile|tel|telephone|msisdn|cell_?phone|fax)(?:_(?:no|nr|number))?$"),
    "ssn": re.compile(r"(?:^|_)(?:ssn|social_security(?:_(?:no|nr|number))?)$"),
}
NOTHING: Final = frozenset({
    "", "-", "true", "false", "null", "none", "nil", "undefined", "yes", "no", "redacted", "hidden", "masked",
    "filtered", "removed", "omitted", "scrubbed", "sensitive", "secret", "password", "token", "bearer", "basic",
    "empty", "unset", "set", "n/a", "na", "present", "absent", "missing", "required", "invalid", "valid",
    "incorrect", "expired", "wrong", "changed", "unchanged", "reset", "unknown", "ok", "string", "string?",
    "failed", "revoked", "anonymous", "0", "1",
})  # fmt: skip
"""Values that say that there is nothing to see, in lower case."""
_MASK: Final = re.compile(
    # Words are masked where something opens before them, or a run of signs follows: `Summer#` is a password.
    r"[\[<({*#.•xX…_\-]*|[\[<({*#.•…][\[<({*#.•xX…_\-]*[a-zA-Z_ -]{0,24}[\])>}*#.•…]+"
    r"|[a-zA-Z_ -]{0,24}(?:[*#.•]{3,}|…+)|\$\{.*\}?|\{\{.*|%\(\w+\)s|%s|%\w+%|\[redacted:.*"
)
"""`***`, `xxxx`, `[hidden]`, `<redacted>`, `${PASSWORD}`, `{{ password }}`, `[redacted:jwt]`."""


@lru_cache(maxsize=4096)
def fold(name: str) -> str:
    """The form in which names are compared."""
    return _BREAK.sub("_", _CAMEL.sub("_", name[:200]).lower()).strip("_")


@lru_cache(maxsize=4096)
def is_secret(name: str) -> bool:
    """Whether a field of this name holds a credential."""
    folded = fold(name)
    return _SECRET.search(folded) is not None and _NO_SECRET.search(folded) is None


@lru_cache(maxsize=4096)
def is_id(name: str) -> bool:
    """Whether a field of this name holds an id, a digest, a time or a number of something."""
    return _ID.search(fold(name)) is not None


@lru_cache(maxsize=4096)
def personal(name: str) -> str | None:
    """The kind of personal data that a field of this name holds: `phone`, `ssn`, or None."""
    folded = fold(name)
    return next((kind for kind, pattern in _FOR.items() if pattern.search(folded)), None)


def is_placeholder(value: Any) -> bool:
    """Whether a value stands for one that is not there, or was masked."""
    if value is None or isinstance(value, bool):
        return True
    text = str(value).strip()
    return text.lower().strip("[]<>(){}*.") in NOTHING or _MASK.fullmatch(text) is not None
