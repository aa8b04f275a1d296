"""Which lines are looked into at all: one cheap pattern for each class of content, that a line must match as it stands.

The patterns are of the dialect that Python, RE2 and Rust's regex crate share (no look-around, no `\\b`, no flags), and
look at the JSON text, escapes and all; what they let pass, content.py looks into. Only what they let pass counts, in
every engine: so all engines count the same, and tests hold that nothing which is found is lost by it. Names of
credentials are known as `password`, `Password` and `PASSWORD`; `pAssWord` is redacted and not counted.

They are written for speed: each branch begins with letters that ordinary lines do not have (the matcher then skips from
one such place to the next at memory's speed), those without such letters are together in one pattern, NUMBERS.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from attrib.fields import KEYS, Kind

_TAIL: Final = (
    r"s?(?:(?:\\{0,6}[\"']|\\u002[27]){0,2}(?:[^!-~]|\\[nrtf]){0,6}(?::|=|%3|\\u003)"
    r"|\\{0,6}\"[ \t]*,[ \t]*\\{0,6}\"value)"
)
"""From a name to its value: `password=`, `"password": `, `\\"password\\":`, `password%3D`, `password\\u003d`, and
`"name": "password", "value": `."""
_EDGE: Final = r"(?:^|[^A-Za-z0-9.+_-]|\\[nrtbf]|%[0-9A-Fa-f]{2}|\\u[0-9a-fA-F]{4})"
_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "password": (
        "assword",
        "ASSWORD",
        "assWord",
        "asswd",
        "ASSWD",
        "hrase",
        "HRASE",
        "asscode",
        "ass_code",
        "ass-code",
        "assCode",
        "ASSCODE",
        "ASS_CODE",
        "pwd",
        "PWD",
        "Pwd",
        "pass",
        "Pass",
        "PASS",
    ),
    "secret": (
        "ecret",
        "ECRET",
        "redential",
        "REDENTIAL",
        "sig",
        "Sig",
        "SIG",
        "ignature",
        "IGNATURE",
        "ction_string",
        "ctionString",
        "CTION_STRING",
        "onn_str",
        "connStr",
    ),
    "token name": ("oken", "OKEN", "jwt", "JWT"),
    "header": (
        "uthorization",
        "UTHORIZATION",
        "ookie",
        "OOKIE",
        "essionid",
        "essionId",
        "essionID",
        "ESSIONID",
        "essid",
        "ESSID",
        r"onnect\.sid",
    ),
    "key name": (
        "(?:pi|ss|nt|te|ret|ption|ing|ed|er)[_-]?[kK]ey",
        "(?:PI|SS|NT|TE|RET|PTION|ING|ED|ER)[_-]?KEY",
    ),
}
"""Class -> ends of credentials' names, each behind the letter that may be small or large."""
_TOKENS: Final = (
    "AKIA", "ASIA", "ABIA", "ACCA", "ABSK", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "gldt-",
    "glrt-", "glcbt-", "glptt-", "glft-", "gloas-", "glsoat-", "glagent-", "glimt-", "xox[abeoprs]-", "xapp-",
    r"slack\.com", "sk_live", "sk_test", "sk-", "rk_live", "rk_test", "whsec_", "AIza", r"ya29\.", "GOCSPX-", "npm_",
    "pypi-", r"SG\.", "SK[0-9a-f]{8}", "do[opr]_v1_", "hf_", "dapi[0-9a-f]", "shpat_", "shpca_", "shppa_", "shpss_",
    "sq0[a-z]{3}-", "key-[0-9a-f]{8}", "-us[0-9]", ":AA", "hv[sbr]\\.", "glsa_", "glc_", "ATATT3", r"dp\.[psc]",
    "lin_api_", "NRAK-", "PMAK-", "AGE-SECRET", "eyJ", "-----BEGIN", r"discord(?:app)?\.com", "dckr_", "HRKU-",
    r"v1\.0-[0-9a-f]", "[0-9]Q~", r"\.atlasv1\.", "sbp_", "sb_secret_", "sntry[su]_", "pscale_", "rubygems_", "ntn_",
    "fig[dor]_", "dt0[a-z]", "gsk_", "pplx-", "r8_", "xai-", "xkeysib-", "tskey-", "ops_eyJ", "pul-", "shippo_",
)  # fmt: skip
PATTERNS: Final[Mapping[str, str]] = {
    **{kind: f"(?:{'|'.join(names)}){_TAIL}" for kind, names in _NAMES.items()},
    "scheme": r"(?:earer|EARER|asic|ASIC)[^!-\[\]-~]",
    "token": "|".join(_TOKENS),
    "userinfo": r"://[^\s\"@]*[:@]|:\\/\\/[^\s\"@]*[:@]",
    "mail": r"(?:@|%40)[^\s\"@.:/]+\.",
    "named": r"(?:hone|HONE|obile|OBILE|tel|Tel|TEL|sisdn|SISDN|fax|Fax|FAX|ssn|SSN|ocial|OCIAL)"
    r"[A-Za-z_.-]*\\*\"[ \t]*:",
    "network": r"[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]",
    "payload": r"(?:ody|ODY|ayload|AYLOAD|_data|Data|_DATA|_request|_response|wRequest|wResponse)"
    r"\\*\"[ \t]*:[ \t]*[\"{\[]",
    "trace": r"Traceback \(|\\n[\\nrt ]*at |\"[\\nrt ]+at |goroutine [0-9]|\.rb:[0-9]|\.php\([0-9]",
    "escaped": r"\\u00(?:[013-7][0-9a-bA-B]|2[013-589a-fA-F]|[45-7][0-9a-fA-F]|3[df])",
    "numbers": _EDGE
    + r"(?:[2-6][0-9]{13,18}(?:[^0-9A-Za-z]|$)|[2-6][0-9]{3}[ -][0-9]{4}[ -][0-9]{4}[ -]|3[0-9]{3}[ -][0-9]{6}[ -]"
    r"|[A-Z]{2}[0-9]{2} ?[A-Z0-9]{4} ?[A-Z0-9]{4}|[23][0-9a-fA-F]{3}:[0-9a-fA-F]{1,4}:"
    r"|(?:[MNO][DTjz][AEIMQUYcgk][w-z0-5]){4})",
}
"""Class -> pattern. `escaped`: letters and signs that JSON need not escape and somebody did. `numbers`: what has no
letters of its own: cards, IBANs, IPv6, the tokens of Discord."""

_GAP: Final = r"[ \t\r]*"
_WRONG: Final[Mapping[str, str]] = {
    "text": r'[^"n \t\r]',
    "integer": r'(?:["tf\[{-]|[0-9]+[.eE])',
    "number": r'["tf\[{-]',
    "code": r'(?:"[ ]*[-.0-9]|[tf\[{-]|[0-9]+[.eE]|[6-9][0-9][0-9]|[0-9]{4}|[1-9][0-9]?[^0-9])',
    "object": r"[^{n \t\r]",
}
"""Type that is usual -> the beginning of any other value."""


def types_pattern(usual: Mapping[str, str]) -> str:
    """What a line with another type than the usual ones matches. `usual`: key -> INTEGER or NUMBER, where it is so and
    its kind is usually a text (times, ids)."""
    groups: dict[str, list[str]] = {}
    for key, field in KEYS.items():
        groups.setdefault(_usual_of(field.kind, usual.get(key)), []).append(_literal(key))
    parts = [f'"(?:{"|".join(keys)})"{_GAP}:{_GAP}{_WRONG[kind]}' for kind, keys in groups.items()]
    return "|".join([*parts, rf'"labels"{_GAP}:{_GAP}\{{[^{{}}]*[{{\[]'])


def value_pattern(key: str, kind: str) -> str:
    """What a line with a value of the usual type in a field matches: to find the first of them."""
    begin = {"text": '"[^"-]', "object": r"\{"}.get(kind, "[-0-9]")
    return f'"{_literal(key)}"{_GAP}:{_GAP}{begin}'


def _usual_of(kind: Kind, seen: str | None) -> str:
    if kind in ("id", "text", "hash", "time", "traceparent"):
        return "text" if seen is None else "number" if kind == "time" else "integer"
    if kind in ("status", "upstream_status"):
        return "code"
    return {"count": "integer", "labels": "object"}.get(kind, "number")


def _literal(key: str) -> str:
    return key.replace(".", r"\.")


@cache
def _compiled() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in PATTERNS.values())


def is_candidate(data: bytes, chars: float) -> bool:
    """Whether a line, its LF aside, is looked into. `chars`: longer lines always are."""
    if len(data) > chars:
        return True
    text = data.decode("utf-8", "backslashreplace")
    return any(pattern.search(text) for pattern in _compiled())
