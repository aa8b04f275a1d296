"""Personal data in a value, beside what redaction finds: by the field's name, and public addresses (info only)."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Final

from attrib.safe import names
from attrib.safe.personal import CARD, is_branded

_PHONE: Final = re.compile(r"(?:\+|00)[1-9][0-9 ().-]{6,20}")
_SSN: Final = re.compile(r"(?!000|666|9)[0-9]{3}-?(?!00)[0-9]{2}-?(?!0000)[0-9]{4}")
_V4: Final = re.compile(
    r"(?:(?<=[\s=\[(,\"'])|^)(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?=(?::[0-9]{1,5})?(?:[\s,;)\]\"']|:\s|$))"
)
_V6: Final = re.compile(r"(?:(?<=[\s=\[(,\"'])|^)[23][0-9a-fA-F]{3}:[0-9a-fA-F:]{2,36}(?=[\s,;)\]\"']|$)")
_OURS: Final = re.compile(
    r"(?:^|_)(?:host|hostname|host_name|upstream|upstream_name|upstream_addr|server|server_(?:address|ip|addr)|service"
    r"|peer|peer_service|service_peer_name|pod|pod_ip|node|node_ip|instance|local_(?:addr|address|ip)|version"
    r"|app_version|service_version|build|release|user_agent|ua|net_peer_ip|destination|dest_ip|backend)$"
)
"""Fields with addresses of machines, not of people, and of versions, which look like addresses."""


def kinds_of(name: str | None, text: str) -> set[str]:
    """`phone` and `ssn` by the field's name, `ip` for a public address."""
    kind = names.personal(name) if name is not None else None
    found: set[str] = set()
    if kind == "phone" and _is_phone(text):
        found.add("phone")
    elif kind == "ssn" and _SSN.fullmatch(text):
        found.add("ssn")
    ours = name is not None and _OURS.search(names.fold(name)) is not None
    if not ours and any(_is_public(match[0]) for pattern in (_V4, _V6) for match in pattern.finditer(text)):
        found.add("ip")
    return found


def like_card(text: str) -> bool:
    """Whether a text holds a number of a card brand's range and length, whatever its check digit."""
    return any(is_branded(match[0]) for match in CARD.finditer(text))


def _is_phone(text: str) -> bool:
    digits = sum(char.isdigit() for char in text)
    return _PHONE.fullmatch(text.strip()) is not None and 8 <= digits <= 15


def _is_public(text: str) -> bool:
    try:
        return ip_address(text).is_global
    except ValueError:
        return False
