"""Secrets in a value. One source with redaction (attrib/safe): nothing is reported here that would not be replaced.

The other way round does not hold, because redaction may err on the safe side and a finding may not: a named value
counts only where its name says credential and the value looks like one, and in a field of ids only tokens with a form
of their own count.

No foreign detector is used. detect-secrets (1.5.0, May 2024) is the one on PyPI that is made to be called, but for
source code: by entropy it takes ids and hashes for secrets, without entropy it misses most of what logs hold, and it
replaces nothing (benchmarks/README.md has the comparison). gitleaks and trufflehog are no Python packages. The kinds in
safe/shapes.py follow their public rules.
"""

from __future__ import annotations

import re
from typing import Any, Final

from attrib.safe import names
from attrib.safe.redact import Hit, scan

PERSONAL: Final = frozenset({"email", "card", "iban"})
"""Kinds of redaction that are personal data."""
NAMED: Final = "named-secret"
"""A value whose name says credential, in the text (`password=...`) or as a field."""
_PASSWORD: Final = re.compile(r"pass|pwd")
_HEADER: Final = re.compile(r"authorization$|cookies?$")
_STRONG: Final = re.compile(
    r"pass(?:words?|wd|_?phrase|_?code)?$|pwd$|secret|(?:api|access|account|private|shared|signing|encryption)_?key$"
    r"|token$|authorization$|cookie$|credentials?$|sess?ionid$|phpsessid$|signature$|^sig$"
)
_LONE_WORD: Final = re.compile(r"[A-Za-z]+(?:[ _.-][A-Za-z]+)*[.,;:!?]?|[0-9]{1,3}")
_WORDS_END: Final = 16
"""Letters from which on a run of small and capital ones is no word."""
_AUTH: Final = re.compile(
    r"(?:bearer|basic|digest|token|negotiate|apikey|api-key|hawk|aws4-hmac-sha256|signature|oauth)\s+\S", re.IGNORECASE
)
_REFERENCE: Final = re.compile(
    r"arn:|projects/|vault:|ssm:|env:|file:|op://|secretsmanager:|k8s:|aws-sm:|gcp-sm:|https?://|(?:/[a-z0-9_.-]+){2,}$|\$[({]|\$[A-Z][A-Z0-9_]*$"
)
"""Where a secret is kept, or the name of a variable: not the secret."""
_SHORTEST: Final = 3


def kinds_of(name: str | None, value: Any, text: str) -> set[str]:
    """The kinds of secrets and personal data in a field's value. `text`: the value as text."""
    is_id = name is not None and names.is_id(name)
    found = {_kind(hit) for hit in scan(text) if not is_id or _has_form(hit)}
    found.discard(None)
    kinds = {kind for kind in found if kind is not None}
    if name is not None and not is_id and not kinds and names.is_secret(name) and is_credential(name, value):
        kinds.add(NAMED)
    return kinds


def _has_form(hit: Hit) -> bool:
    return hit.kind not in ("secret", "credentials", "card", "iban")


def _kind(hit: Hit) -> str | None:
    if hit.kind != "secret":
        return hit.kind
    name = names.fold(hit.name or "")
    if not _STRONG.search(name) or not is_credential(name, hit.value):
        return None
    return NAMED


def is_credential(name: str, value: Any) -> bool:
    """Whether a value behind a credential's name looks like one. An ordinary word may be a password, and no token."""
    if names.is_placeholder(value) or isinstance(value, float):
        return False
    text = str(value).strip().strip("\"'\\")
    if len(text) < _SHORTEST or names.is_placeholder(text) or _REFERENCE.match(text):
        return False
    folded = names.fold(name)
    if _PASSWORD.search(folded):
        return (" " not in text and not text.isdecimal()) or (len(text) >= 4 and text.isdecimal())
    if _HEADER.search(folded):
        return "=" in text or _AUTH.match(text) is not None or (" " not in text and not _is_word(text))
    return not isinstance(value, int) and " " not in text and not _is_word(text)


def _is_word(text: str) -> bool:
    if _LONE_WORD.fullmatch(text) is None:
        return False
    mixed = text[1:] != text[1:].lower() and text != text.upper()
    return not (mixed and text.isalpha() and len(text) >= _WORDS_END)
