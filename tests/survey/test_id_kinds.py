"""Kinds of request ids: examples of their specifications, near misses, and made-up ones."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrib.rules.load import load_rules
from attrib.survey.id_kinds import KINDS, family, id_kind

WORDS = load_rules(("m1",), ()).words
TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"

EXAMPLES = {
    # RFC 9562, appendix A and B.
    "c232ab00-9414-11ec-b3c8-9f6bdeced846": "uuid1",
    "000003e8-9414-21ec-8300-9f6bdeced846": "uuid2",
    "5df41881-3aed-3515-88a7-2f4a814cf09e": "uuid3",
    "919108f7-52d1-4320-9bac-f847db4148a8": "uuid4",
    "919108F7-52D1-4320-9BAC-F847DB4148A8": "uuid4",
    "2ed6657d-e927-568b-95e1-2665a8aea6a2": "uuid5",
    "1ec9414c-232a-6b00-b3c8-9f6bdeced846": "uuid6",
    "017f22e2-79b0-7cc3-98c4-dc0c0c07398f": "uuid7",
    "2489e9ad-2ee2-8e00-8ec9-32d5f69181c0": "uuid8",
    "00000000-0000-0000-0000-000000000000": "placeholder",
    "919108f7-52d1-4320-9bac-f847db4148a": "malformed-uuid",
    "919108f7-52d1-4320-9bac-f847db4148a8a": "malformed-uuid",
    "919108f7-52d1-4320-7bac-f847db4148a8": "malformed-uuid",
    "919108f7-52d1-0320-9bac-f847db4148a8": "malformed-uuid",
    "919108f7-52d1-4320-9bac": "malformed-uuid",
    "19108f7-52d1-4320-9bac-f847db4148a8": "malformed-uuid",
    "919108f7-52d1-4320-9bac-f847db4148a8-1": "other",
    "{919108f7-52d1-4320-9bac-f847db4148a8}": "other",
    "919108f7_52d1_4320_9bac_f847db4148a8": "other",
    "919108g7-52d1-4320-9bac-f847db4148a8": "other",
    # ULID specification.
    "01ARZ3NDEKTSV4RRFFQ69G5FAV": "ulid",
    "01arz3ndektsv4rrffq69g5fav": "ulid",
    "7ZZZZZZZZZZZZZZZZZZZZZZZZZ": "ulid",
    "8ZZZZZZZZZZZZZZZZZZZZZZZZZ": "malformed-ulid",
    "01ARZ3NDEKTSV4RRFFQ69G5FAU": "malformed-ulid",
    "01ARZ3NDEKTSV4RRFFQ69G5FA": "malformed-ulid",
    "01Arz3NDEKTSV4RRFFQ69G5FAV": "other",
    # W3C Trace Context.
    TRACE: "hex32",
    TRACE[1:]: "malformed-hex32",
    TRACE.upper(): "malformed-hex32",
    f"00-{TRACE}-{SPAN}-01": "traceparent",
    f"cc-{TRACE}-{SPAN}-01-what-the-future-will-be-like": "traceparent",
    f"00-{TRACE}-{SPAN}-01-what-the-future-will-be-like": "malformed-traceparent",
    f"ff-{TRACE}-{SPAN}-01": "malformed-traceparent",
    f"00-{TRACE.upper()}-{SPAN}-01": "malformed-traceparent",
    f"00-{'0' * 32}-{SPAN}-01": "malformed-traceparent",
    f"00-{TRACE}-{'0' * 16}-01": "malformed-traceparent",
    f"00-{TRACE}-{SPAN}": "malformed-traceparent",
    f"00-{TRACE}-{SPAN}-1": "malformed-traceparent",
    f"00-{TRACE[:16]}-{SPAN}-01": "malformed-traceparent",
    f"00_{TRACE}_{SPAN}_01": "other",
    # B3, 64 bits and the single header.
    SPAN: "hex16",
    SPAN[1:]: "malformed-hex16",
    SPAN.upper(): "malformed-hex16",
    "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1-05e3ac9a4f6e3b90": "b3",
    "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1": "b3",
    "64fe8b2a57d3eff7-e457b5a2e4d86bd1-d": "b3",
    "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-x": "malformed-b3",
    "80f198ee56343ba864fe8b2a57d3eff7-E457B5A2E4D86BD1": "malformed-b3",
    "80f198ee56343ba864fe8b2a57d3eff7-2": "other",
    # AWS X-Ray.
    "1-5759e988-bd862e3fe1be46a994272793": "xray",
    "Root=1-5759e988-bd862e3fe1be46a994272793": "xray",
    "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1": "xray",
    "Self=1-67891234-12456789abcdef0123456789;Root=1-67891233-abcdef012345678912345678": "xray",
    "1-5759E988-BD862E3FE1BE46A994272793": "malformed-xray",
    "1-5759e988-bd862e3fe1be46a99427279": "malformed-xray",
    "2-5759e988-bd862e3fe1be46a994272793": "other",
    "1-20261120-7": "other",
    # Decimal 64 bits (Datadog, Snowflake), and integers.
    "5208512171318403364": "decimal64",
    str(2**64 - 1): "decimal64",
    str(2**64): "integer",
    "20261120140000123456": "integer",
    "5.208512171318403e+18": "malformed-decimal64",
    "42": "integer",
    "-7": "other",
    "1e21": "other",
    # Tokens of no published form.
    "V1StGXR8_Z5jdHi6B-myT": "other",
    "checkout-6d4cf56db6-x7k2p": "other",
    "507f1f77bcf86cd799439011": "other",
    "req_7": "other",
    "é" * 32: "other",
    # None.
    "-": "placeholder",
    "  ": "placeholder",
    "0000000000000000": "placeholder",
}


@pytest.mark.parametrize(("request_id", "kind"), EXAMPLES.items())
def test_an_example_is_of_its_kind(request_id: str, kind: str) -> None:
    assert id_kind(request_id, WORDS) == kind


def test_no_id_is_missing() -> None:
    assert id_kind(None, WORDS) == "missing"


@given(st.uuids(), st.sampled_from([1, 3, 4, 5, 6, 7, 8]), st.booleans())
def test_every_uuid_is_of_its_version(one: uuid.UUID, version: int, upper: bool) -> None:
    value = one.int & ~(0xF << 76 | 0x3 << 62) | version << 76 | 0x2 << 62
    text = str(uuid.UUID(int=value))
    assert id_kind(text.upper() if upper else text, WORDS) == f"uuid{version}"


@given(st.uuids(version=4), st.integers(25, 35))
def test_a_cut_uuid_is_malformed(one: uuid.UUID, length: int) -> None:
    assert id_kind(str(one)[:length], WORDS) == "malformed-uuid"


@given(st.integers(0, 2**48 - 1), st.integers(1, 2**80 - 1), st.booleans())
def test_every_ulid_is_one(millis: int, rest: int, lower: bool) -> None:
    value, text = millis << 80 | rest, ""
    for _ in range(26):
        value, digit = divmod(value, 32)
        text = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[digit] + text
    assert id_kind(text.lower() if lower else text, WORDS) == "ulid"


@given(st.integers(0, 2**128))
def test_a_number_is_64_bits_or_not(number: int) -> None:
    kind = id_kind(f"{number}", WORDS)
    if number:
        long = kind in ("hex32", "ulid")  # digits that may be these as well
        assert long or kind == ("decimal64" if 10**16 <= number < 2**64 else "integer")


@given(st.text(max_size=60))
def test_any_text_has_a_kind(text: str) -> None:
    assert id_kind(text, WORDS) in {"placeholder", "other", *(kind for kind, _ in KINDS)}


def test_families_hold_a_kind_with_its_sister() -> None:
    sound = {family(kind) for kind, _ in KINDS if not kind.startswith("malformed-")}
    assert {family(kind) for kind, _ in KINDS if kind.startswith("malformed-")} <= sound
