"""The shapes of personal data that a checksum or a form proves: payment cards and bank accounts (IBAN).

Source: ISO/IEC 7812-1 (Luhn) with the number ranges and lengths that the card brands publish; ISO 13616 and the SWIFT
registry of IBANs (length by country). E-mail addresses are in shapes.py.
"""

from __future__ import annotations

import re
from typing import Final

EDGE: Final = r"(?:(?<![A-Za-z0-9.+_-])|(?<=%[0-9A-Fa-f]{2})|(?<=\\[nrt]))"
"""A number begins at none of these: `-` and `.` would make it a part of an id or of a decimal number."""
CARD: Final = re.compile(
    EDGE + r"(?:(?P<solid>[2-6][0-9]{13,18})|[2-6][0-9]{3}(?P<gap>[ -])[0-9]{4}(?P=gap)[0-9]{4}(?P=gap)[0-9]{4}"
    r"|3[0-9]{3}(?P<other>[ -])[0-9]{6}(?P=other)[0-9]{4,5})(?![A-Za-z0-9_-]|\.[0-9])"
)
"""Something with the length and first digit of a card number; `is_card` tells."""
IBAN: Final = re.compile(
    EDGE + r"[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9_-])"
)  # fmt: skip
_BRANDS: Final = re.compile(
    r"4[0-9]{15}"  # Visa; the lengths 13 and 19 are rare, and ids of these lengths are not
    r"|5[1-5][0-9]{14}|2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720)[0-9]{12}"  # Mastercard
    r"|3[47][0-9]{13}"  # American Express
    r"|3(?:0[0-5]|[689][0-9])[0-9]{11}"  # Diners Club
    r"|6(?:011|4[4-9][0-9]|5[0-9]{2})[0-9]{12}"  # Discover
    r"|35(?:2[89]|[3-8][0-9])[0-9]{12}"  # JCB
    r"|62[0-9]{14}"  # UnionPay
)
_LENGTHS: Final = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "BY": 28,
    "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18,
    "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22,
    "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20,
    "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18,
    "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "SA": 24, "SC": 31, "SE": 24,
    "SI": 19, "SK": 24, "SM": 27, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24,
    "XK": 20,
}  # fmt: skip


def is_card(text: str) -> bool:
    """Whether a match of CARD is a number of a known brand with a right check digit."""
    digits = text.replace(" ", "").replace("-", "")
    return is_branded(text) and _luhn(digits)


def is_branded(text: str) -> bool:
    """Whether a match of CARD has a known brand's range and length: one in ten of such numbers is a card by chance."""
    digits = text.replace(" ", "").replace("-", "")
    return _BRANDS.fullmatch(digits) is not None and len(set(digits)) > 1


def _luhn(digits: str) -> bool:
    odd = sum(int(c) for c in digits[-1::-2])
    even = sum(int(c) * 2 - 9 * (c > "4") for c in digits[-2::-2])
    return (odd + even) % 10 == 0


def iban_in(text: str) -> str | None:
    """The IBAN at the beginning of a match of IBAN, blanks included; None where there is none."""
    want = _LENGTHS.get(text[:2])
    if want is None:
        return None
    taken = ""
    for at, char in enumerate(text):
        taken += char.strip()
        if len(taken) == want:
            rest = text[at + 1 :]
            whole = not rest or rest.startswith(" ")
            return text[: at + 1] if whole and _mod97(taken) else None
    return None


def _mod97(iban: str) -> bool:
    return int("".join(str(int(char, 36)) for char in iban[4:] + iban[:4])) % 97 == 1
