"""What lines hold as text: kinds, fields and places, never a value."""

from __future__ import annotations

import json
import time
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attrib.safe.redact import redact
from attrib.survey import content as content_module
from attrib.survey.candidates import is_candidate
from attrib.survey.content import BROKEN, MAX_FIELDS, OTHER_FIELDS, Content
from attrib.survey.types import Seen
from benchmarks.labelled import content_secrets as made
from benchmarks.labelled.content import TUNING, labelled
from tests.safe.test_redact import SAMPLES

RNG = Random(5)


def hits(*lines: bytes | dict[str, Any], chars: float = 1024) -> dict[tuple[str, str, str], tuple[int, list[int]]]:
    """(class, kind, field) -> (lines, first lines)."""
    content = Content((), chars)
    for number, line in enumerate(lines, 1):
        content.see(line if isinstance(line, bytes) else json.dumps(line).encode(), 0, number)
    return {(where.group, where.kind, where.field): (one.n, one.lines) for where, one in content.hits.items()}


def test_a_hit_has_its_field_and_places_and_no_value() -> None:
    token = made.TOKENS["github"](RNG)
    found = hits(*({"function": "f", "req": {"headers": [{"x": token}]}} for _ in range(5)), {"function": "g"})
    assert found == {("secret", "github-token", "req.headers.x"): (5, [1, 2, 3])}
    assert token not in repr(found)


@pytest.mark.parametrize(
    ("line", "where"),
    [
        (b'{"password":"hunter2x', ("secret", "named-secret", BROKEN)),
        (b'{"a":"\xff","msg":"joe@example.com"}', ("personal", "email", BROKEN)),
        (b'["joe@example.com"]', ("personal", "email", "[]")),
        (b'"joe@example.com"', ("personal", "email", BROKEN)),
        (b'{"joe@example.com":1}', ("personal", "email", "[redacted:email]")),
        (b'{"attributes":[{"key":"http.authorization","value":"Bearer q8sT1vW4yZ7"}]}',
         ("secret", "credentials", "attributes.value")),
        (b'{"attributes":[{"key":"x-auth-token","value":{"stringValue":"q8sT1vW4yZ7"}}]}',
         ("secret", "named-secret", "attributes.value.stringValue")),
        (b'{"h":[{"name":"X-Auth-Token","value":"q8sT1vW4yZ7"}]}', ("secret", "named-secret", "h.value")),
        (b'{"headers":{"x-api-key":"q8sT1vW4yZ7"}}', ("secret", "named-secret", "headers.x-api-key")),
        (b'{"pin":1,"password":482913}', ("secret", "named-secret", "password")),
        (b'{"p\\u0061ssword":"hunter2x"}', ("secret", "named-secret", "password")),
        (b'{"url":"https:\\/\\/joe:hunter2x@example.com\\/x"}', ("secret", "credentials", "url")),
        (b'{"user":{"phone":"+49 30 901820"}}', ("personal", "phone", "user.phone")),
        (b'{"ssn":"123-45-6789"}', ("personal", "ssn", "ssn")),
        (b'{"xff":"8.8.8.8, 10.0.0.1"}', ("personal", "ip", "xff")),
        (b'{"ip":"2a00:1450:4001:81b::200e"}', ("personal", "ip", "ip")),
        (b'{"users":{"7f3c91d2-aaaa-4bbb-8ccc-000000000000":{"mail":"a@example.com"}}}',
         ("personal", "email", "users.*.mail")),
    ],
)  # fmt: skip
def test_where_a_hit_stands(line: bytes, where: tuple[str, str, str]) -> None:
    assert list(hits(line)) == [where]


@pytest.mark.parametrize(
    "line",
    [
        {"request_id": "4111111145551142", "order_id": "4111111145551142"},
        {"host.name": "8.8.8.8", "upstream": "8.8.8.8:443", "version": "8.8.8.8", "ua": "Chrome/120.0.6045.105"},
        {"client": "10.0.0.1", "peer_ip": "203.0.113.9", "port": "127.0.0.1:80"},
        {"n": 4111111145551143, "t": 1795246011710866754, "f": 4111111145551142.5},
        {"secret": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db", "token": "$TOKEN", "password": "-"},
        {"phone": "unknown", "tel": 7, "ref": "+4930901820"},
    ],
)
def test_what_is_left_alone(line: dict[str, Any]) -> None:
    assert {key for key in hits(line) if key[0] != "unlike"} == set()


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ({"body": {"a": 1}}, "object"),
        ({"req": {"body": [1, 2]}}, "object"),
        ({"response": {"a": "x y" * 700}}, "object"),
        ({"payload": '{"a": 1, "b": [2, 3]}'}, "JSON"),
        ({"x": "<root>" + "<a>b</a>" * 200 + "</root>"}, "XML or HTML"),
        ({"x": "&".join(f"a{n}=b" for n in range(400))}, "form"),
        ({"x": "QUJD" * 400}, "base64"),
    ],
)
def test_documents(line: dict[str, Any], kind: str) -> None:
    assert {key[:2] for key in hits(line)} == {("payload", kind)}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("boom\n    at Object.<anonymous> (js/a.js:2:65)\n    at node:internal/main:28:49", "Node"),
        ('Traceback (most recent call last):\n  File "a.py", line 3', "Python"),
        ("x.E: m\n\tat com.shop.Cart$1.add(Cart.java:41)", "Java"),
        ("panic: x\n\ngoroutine 1 [running]:\nmain.main()", "Go"),
        ("System.E: m\n   at Shop.Cart.Add(Int32 n) in /src/Cart.cs:line 41", ".NET"),
        ("cart.rb:12:in `add': boom (RuntimeError)", "Ruby"),
        ("#0 /srv/cart.php(12): add(1)\n#1 {main}", "PHP"),
    ],
)
def test_traces(text: str, language: str) -> None:
    assert list(hits({"stack": text})) == [("trace", language, "stack")]


def test_types_by_file_with_the_first_line_of_each() -> None:
    content = Content(())
    lines = [{"status": 200, "latency_ms": 3}, {"status": "500", "latency_ms": 2.5}, {"status": "timeout"},
             {"status": 200, "ts": 17, "labels": {"a": [1]}}, {"msg": "x"}, {"status": "500"}]  # fmt: skip
    for number, line in enumerate(lines, 1):
        content.see(json.dumps(line).encode(), 0, number)
    assert content.types.of("status", 0) == {"integer": Seen(2, 1), "digits in a text": Seen(2, 2)}
    assert content.types.of("latency_ms", 0) == {"number": Seen(2, 1)}
    assert content.types.of("ts", 0) == {"number": Seen(1, 4)}
    assert content.types.of("labels values", 0) == {"object": Seen(1, 4)}


def test_names_of_fields_are_bounded() -> None:
    content = Content(())
    for n in range(MAX_FIELDS + 50):
        name = "k" + "".join(chr(97 + int(digit)) for digit in str(n))
        content.see(json.dumps({name: "joe@example.com"}).encode(), 0, n)
    assert len({where.field for where in content.hits}) == MAX_FIELDS + 1
    assert sum(one.n for where, one in content.hits.items() if where.field == OTHER_FIELDS) == 50


def test_deep_and_long_lines_take_time_in_proportion() -> None:
    begun = time.process_time()
    assert hits(b'{"a":' * 900 + b'"joe@example.com"' + b"}" * 900)
    for text in ("a@", "at ", "4111 ", "<a ", "password=", "at (", "\\n at x(", "://a:", "1.1.", "AB12 ", "a=b&"):
        for form in ('{"body":"%s"}', "%s"):
            hits((form % (text * (300_000 // len(text)))).encode())
    assert time.process_time() - begun < 30


@pytest.mark.parametrize("kind", SAMPLES)
def test_every_known_shape_is_looked_for(kind: str) -> None:
    """A shape that is added to redaction and not to candidates.py would never be found in a large log."""
    line = json.dumps({"function": "f", "x": SAMPLES[kind]}).encode()
    assert is_candidate(line, 1e9)
    assert ("secret", kind) in {key[:2] for key in hits(line)}


def test_candidates_lose_nothing_of_the_labelled_set(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [one.line for one in labelled(TUNING)]
    gated = hits(*lines)
    monkeypatch.setattr(content_module, "is_candidate", lambda data, chars: True)
    assert hits(*lines) == gated


_values = st.one_of(
    st.sampled_from([make for makes in (made.TOKENS, made.IN_TEXT, made.PERSONAL) for make in makes.values()]).flatmap(
        lambda make: st.randoms(use_true_random=False).map(make)
    ),
    st.text(max_size=20),
)


@given(st.lists(_values, min_size=1, max_size=3), st.sampled_from(["x", "note", "body", "Api-Key", "x-amz"]), st.data())
@settings(max_examples=300, deadline=None)
def test_candidates_lose_nothing_however_json_is_escaped(values: list[str], name: str, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([" ", "; ", "\n", "\t", '"', "/", "\u00a0"])).join(values)
    line = json.dumps({"function": "f", name: text}, ensure_ascii=data.draw(st.booleans()))
    if data.draw(st.booleans()):
        line = line.replace("/", "\\/")
    if data.draw(st.booleans()):
        sign = data.draw(st.sampled_from("=@:&<>-_ '."))
        line = line.replace(sign, f"\\u{ord(sign):04x}") if sign not in '": ' else line
    with pytest.MonkeyPatch.context() as patch:
        gated = hits(line.encode())
        patch.setattr(content_module, "is_candidate", lambda data, chars: True)
        assert hits(line.encode()) == gated


@given(_values)
@settings(max_examples=300, deadline=None)
def test_what_is_found_is_redacted(value: str) -> None:
    found = [key for key in hits({"x": value}) if key[0] == "secret" or key[1] in ("email", "card", "iban")]
    assert not found or redact(value) != value


def test_a_broken_line_is_no_document() -> None:
    assert hits(b'{"a":"' + b"x y " * 500) == {}
