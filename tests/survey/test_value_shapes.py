"""Shapes of values: what identifies something, what is a name, and what may be shown in its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrib.survey.value_shapes import WORDS, shape_of, tell, templated

TOLD = [
    ("/users/8812/orders/7", "path", "/users/:id/orders/:id"),
    ("GET /users/8812 HTTP/1.1", "path", "GET /users/:id"),
    (
        "https://shop.example/v1/users/8812?page=2&limit=50",
        "path",
        "https://shop.example/v1/users/:id?page=:id&limit=50",
    ),
    ("/files/3f2a9c1b5d7e4a6f8b0c.pdf", "path", "/files/:id"),
    ("/users/maria@example.org/cart", "path", "/users/:id/cart"),
    ("api.example.com/orders/77", "path", "api.example.com/orders/:id"),
    ("order-512345", "number", "order-:n"),
    ("order_51234", "number", "order_:n"),
    ("12345678", "number", ":n"),
    ("cart:512345:lock", "number", "cart::n:lock"),
    ("+49 170 1234567", "number", ":n"),
    ("0b9c4a52-7a1c-4e5b-9d3f-0123456789ab", "uuid", ":uuid"),
    ("job-0b9c4a52-7a1c-4e5b-9d3f-0123456789ab", "uuid", "job-:uuid"),
    ("maria.schmidt@example.org", "e-mail", ":email"),
    ("sha256:" + "3f2a9c1b" * 8, "hex", "sha256::hex"),
    ("2026-11-20T14:00:00Z", "timestamp", ":time"),
    ("1795183200123", "timestamp", ":time"),
    ("backup-2026-11-20T14:00:00Z", "timestamp", "backup-:time"),
    ("10.1.2.3:8080", "ip", ":ip"),
    ("2001:db8::1", "ip", ":ip"),
    ("cus_Qx7TzLp2KvWm9R", "token", ":token"),
    ("V1StGXR8Z5jdHi6BmyTq", "token", ":token"),
    ("could not connect to the ledger after 3 tries", "text", ":text"),
]
NAMES = [
    "fn-07", "checkout-v2", "eu-west-1", "http2", "v1.2.3", "1.2.3-rc.1+4512", "api-6f7c9d",
    "checkout-6f7c9d8b5c-x2x9z", "i-0abc123def4567890", "EUR", "ok", "half_open", "/users/:id/orders/:id",
    "/users/{id}", "/api/v2/users", "/rest/api/3/issue", "/errors/404", "text/html", "Europe/Berlin",
    "Internal Server Error", "United States of America", "E1001", "ORA-12170", "AADSTS700016", "0x80070005",
    "-2147467259", "SQLSTATE[23505]", "release-2026-11-20", "2026.11.20", "nightly-20261120", "1048576",
    "100000", "65536", "8080", "404", "0.005", "1500ms", "10.0.19041.1", "redis:16379", "a1b2c3d",
    "2026-Q3", "14:30", "getUserByIdV2Handler", "OAuth2AuthorizationServerConfiguration",
    "ProvisionedThroughputExceededException", "get_UserByIdV2",
    "arn:aws:lambda:eu-west-1:123456789012:function:checkout", "@shop/cart@1.2.3", "gke-pool-1-161f7c20-x2vq",
    "",
]  # fmt: skip


@pytest.mark.parametrize(("value", "shape", "template"), TOLD)
def test_what_identifies(value: str, shape: str, template: str) -> None:
    assert tell(value) == (shape, template)
    assert shape in WORDS


@pytest.mark.parametrize("value", NAMES)
def test_what_is_a_name(value: str) -> None:
    assert shape_of(value) is None
    assert templated(value) == value


@given(st.text(max_size=200))
def test_any_text_has_an_answer(text: str) -> None:
    told = tell(text)
    assert (told.shape is None) <= (told.template == text or told.template == text.strip())


@given(st.from_regex(r"/[a-z]{3,8}/[0-9]{1,9}/[a-z]{3,8}/[0-9a-f]{32}", fullmatch=True))
def test_ids_never_stay_in_a_route(path: str) -> None:
    route = templated(path)
    assert not any(char.isdigit() for char in route)
    assert templated(route) == route
    assert shape_of(route) is None


@pytest.mark.parametrize(
    "value", ["a" * 200, "1" * 200, "/" * 200, "0-" * 100, "@" * 200, "a." * 100, "A1b" * 66, ": " * 100]
)
def test_hostile_text_takes_no_time(value: str) -> None:
    tell(value)
