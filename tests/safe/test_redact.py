"""Secrets and personal data do not reach an output; what an analysis needs does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrib.safe.display import Display, shown
from attrib.safe.redact import redact
from attrib.safe.shapes import TOKENS

HEX32 = "0123456789abcdef" * 2
BASE = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7" * 3
SAMPLES = {
    "aws-key": "AKIAIOSFODNN7EXAMPLE", "github-token": f"ghp_{BASE[:36]}", "gitlab-token": f"glpat-{BASE[:20]}",
    "slack-token": f"xoxb-1234567890-{BASE[:20]}", "stripe-key": f"sk_live_{BASE[:24]}",
    "google-key": f"AIza{BASE[:35]}", "anthropic-key": f"sk-ant-api03-{BASE[:40]}",
    "openai-key": f"sk-proj-{BASE[:40]}", "npm-token": f"npm_{BASE[:36]}",
    "pypi-token": f"pypi-AgEIcHlwaS5vcmc{BASE[:40]}",
    "sendgrid-key": f"SG.{BASE[:22]}.{BASE[:43]}", "twilio-key": f"SK{HEX32}",
    "digitalocean-token": f"dop_v1_{HEX32}{HEX32}", "huggingface-token": f"hf_{BASE[:34]}",
    "databricks-token": f"dapi{HEX32}", "shopify-token": f"shpat_{HEX32}", "square-token": f"sq0atp-{BASE[:22]}",
    "mailgun-key": f"key-{HEX32}", "mailchimp-key": f"{HEX32}-us12", "telegram-token": f"123456789:AA{BASE[:33]}",
    "vault-token": f"hvs.{BASE[:24]}", "grafana-token": f"glsa_{BASE[:32]}_0a1b2c3d",
    "atlassian-token": f"ATATT3{BASE[:60]}",
    "doppler-token": f"dp.pt.{BASE[:40]}", "linear-key": f"lin_api_{BASE[:40]}",
    "newrelic-key": "NRAK-ABCDEFGHIJ0123456789KLMNOPQ",
    "postman-key": f"PMAK-{BASE[:34]}", "age-key": "AGE-SECRET-KEY-1" + "Q3Z7" * 12,
    "discord-token": "MTE1" * 6 + "." + BASE[:6] + "." + BASE[:38],
    "docker-token": "dckr" + f"_pat_{BASE[:27]}", "heroku-key": "HRKU" + f"-{BASE[:60]}",
    "cloudflare-key": "v1.0-" + HEX32[:24] + "-" + HEX32 * 4, "azure-secret": "aB3" + f"8Q~{BASE[:34]}",
    "terraform-token": BASE[:14] + f".atlasv1.{BASE[:60]}", "supabase-key": "sbp" + f"_{HEX32}01234567",
    "sentry-token": "sntrys" + f"_{BASE}", "planetscale-token": "pscale" + f"_tkn_{BASE[:43]}",
    "rubygems-key": "rubygems" + f"_{HEX32}{HEX32[:16]}", "notion-token": "ntn" + f"_{BASE[:46]}",
    "figma-token": "figd" + f"_{BASE[:40]}", "dynatrace-token": "dt0c01." + "A2" * 12 + "." + "B7" * 32,
    "groq-key": "gsk" + f"_{BASE[:52]}", "perplexity-key": "pplx" + f"-{BASE[:48]}",
    "replicate-token": "r8" + f"_{BASE[:37]}", "xai-key": "xai" + f"-{BASE[:80]}",
    "brevo-key": "xkeysib" + f"-{HEX32}{HEX32}-{BASE[:16]}", "tailscale-key": "tskey" + f"-auth-{BASE[:30]}",
    "onepassword-token": "ops" + f"_eyJ{BASE}", "pulumi-token": "pul" + f"-{HEX32}01234567",
    "shippo-token": "shippo" + f"_live_{HEX32}01234567", "aws-bedrock-key": "ABSK" + BASE + "aB3dE6gH",
    "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9",
}  # fmt: skip


def test_every_known_shape_has_a_sample() -> None:
    assert set(SAMPLES) == set(TOKENS)


@pytest.mark.parametrize("kind", SAMPLES)
@pytest.mark.parametrize("around", ["{}", "failed with {}.", "x%3D{}", '"{}"', "a\\n{}", "({},)", "é{}"])
def test_a_known_token_is_replaced(kind: str, around: str) -> None:
    found = redact(around.format(SAMPLES[kind]))
    assert found.startswith(around.format(f"[redacted:{kind}]").rstrip(".)\",'"))
    assert SAMPLES[kind][-12:] not in found


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("password=hunter2 user=x", "password=[redacted:secret] user=x"),
        ('{"password":"hun\\"ter2","a":1}', '{"password":"[redacted:secret]","a":1}'),
        (r"{\"api_key\":\"hunter2\",\"a\":1}", r"{\"api_key\":\"[redacted:secret]\",\"a\":1}"),
        ("{'secret': 'abc'}", "{'secret': '[redacted:secret]'}"),
        ('"password": "cut off in the mid', '"password": "[redacted:secret]'),
        ("Server=x;Password=abc;Database=d", "Server=x;Password=[redacted:secret];Database=d"),
        ("AccountKey=ab+/==;Suffix=core", "AccountKey=[redacted:secret];Suffix=core"),
        ("userPassword=x1 dbpasswd: geheim", "userPassword=[redacted:secret] dbpasswd: [redacted:secret]"),
        ("AWS_SECRET_ACCESS_KEY=wJalr/K7", "AWS_SECRET_ACCESS_KEY=[redacted:secret]"),
        ("?token=abc&x=1", "?token=[redacted:secret]&x=1"),
        ("Authorization: Bearer abc foo", "Authorization: [redacted:secret]"),
        ("authorization=Bearer abc1 status=500", "authorization=[redacted:secret] status=500"),
        ("Cookie: a=b; c=d\nnext", "Cookie: [redacted:secret]\nnext"),
        ("got Bearer abc123def", "got Bearer [redacted:credentials]"),
        ("Basic dXNlcjpwYXNz", "Basic [redacted:credentials]"),
        ("postgres://user:p@ss@host/db", "postgres://[redacted:credentials]@host/db"),
        ("postgres://user:p/w@host/db", "postgres://[redacted:credentials]@host/db"),
        ("http://u:p@host/a?mail=joe@x.de", "http://[redacted:credentials]@host/a?mail=[redacted:email]"),
        ("redis://:geheim@host", "redis://[redacted:credentials]@host"),
        ("amqp://user:cut", "amqp://[redacted:credentials]"),
        ("mail to joe.doe+x@mail.example.com", "mail to [redacted:email]"),
        ("user%40example.com", "[redacted:email]"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY----- x", "[redacted:private-key] x"),
        ("a -----BEGIN PRIVATE KEY-----\\nMIIEv", "a [redacted:private-key]"),
    ],
)
def test_credentials_and_personal_data_are_replaced(text: str, redacted: str) -> None:
    assert redact(text) == redacted
    assert redact(redacted) == redacted


@pytest.mark.parametrize(
    "text",
    [
        "f47ac10b-58cc-4372-a567-0e02b2c3d479", "01ARZ3NDEKTSV4RRFFQ69G5FAV", HEX32, "0af7651916cd43dd8448eb211c80319c",
        "356a192b7913b04c54574d18c28d46e6395428ab", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "checkout.pay", "UPSTREAM_TIMEOUT", "payments-api answered 503 in 31 ms", "http://host:8080/a/b?x=1",
        "https://payments.example.com/v1", "ssh://git@github.com/x", "git@github.com:x/y", "package@1.2.3",
        "sk-learn-pipeline-preprocessing-steps", "task-sk_test", "basic authentication failed", "bearer of bad news",
        "Basic AuthenticationFilter", "invalid token: expected a string", "unexpected token } in JSON", "token_expired",
        "max_tokens=4096", "primary_key=5", "bypass=true", "pass=12 fail=3", "session: started", "password: required",
        "refreshToken", "validatePassword", "password=***", "com.acme.Order@1a2b3c", "@scope/name", "deploy@14:02",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "secret-service", "10.0.0.1:443",
    ],
)  # fmt: skip
def test_what_an_analysis_needs_stays(text: str) -> None:
    assert redact(text) == text


def test_a_secret_is_replaced_before_the_text_is_cut() -> None:
    text = "x" * 30 + f" ghp_{BASE[:36]}"
    assert shown(text, 50) == "x" * 30 + " [redacted:github-t…"
    assert "ghp_" in shown(text, 50, redact=False)


@pytest.mark.parametrize(
    "piece",
    [
        "a", "@", "a@", "a.", "a.b@", "x@y.", "%40", "eyJ", "eyJaaaaaaaaa.", "://", "://a:b", "password=", 'password="',
        'password:"\\', 'password=\\"', '\\"', "-----BEGIN PRIVATE KEY-----", "bearer ", "sk-", "key-", HEX32,
        "token token ",
        "cookie=a ", "authorization: ", "-----BEGIN A PRIVATE KEY-----" + "-----END ",
    ],
)  # fmt: skip
def test_a_megabyte_of_the_worst_is_done_in_one_pass(piece: str) -> None:
    """A pattern that backtracks over its own matches would not come back from this at all."""
    text = piece * (1_000_000 // len(piece))
    assert isinstance(redact(text), str)
    assert len(shown(text, 200)) <= 200


pieces = st.sampled_from([*SAMPLES.values(), "password=", "authorization: ", "a:b", "x.de", "é", "http://"])
gaps = st.sampled_from([" ", ",", '"', "=", ": ", "@", "\\", "/"])


@given(st.lists(st.tuples(pieces, gaps)))
def test_no_known_token_survives_among_others(parts: list[tuple[str, str]]) -> None:
    once = redact("".join(piece + gap for piece, gap in parts))
    assert not [sample for sample in SAMPLES.values() if sample in once]


@given(st.lists(pieces))
def test_redacting_twice_changes_nothing(parts: list[str]) -> None:
    once = redact(" ".join(parts))
    assert redact(once) == once


def test_json_is_redacted_in_depth_and_keeps_the_rest() -> None:
    value = {"a": ["joe@example.com", 1, None, True], "joe@example.com": 2, "ann@example.com": 3, "b": {"c": "\x1b[2J"}}
    assert Display(redact=True).json(value) == {
        "a": ["[redacted:email]", 1, None, True],
        "[redacted:email]": 5,
        "b": {"c": "\x1b[2J"},
    }
    assert Display(redact=False).json(value) is value


def test_every_output_redacts() -> None:
    display = Display()
    text = "joe@example.com"
    for way in (display.plain, display.terminal, display.markdown, display.prose, display.csv, display.json):
        assert "joe" not in way(text)


def test_the_name_of_an_input_file_leads_back_to_it() -> None:
    place = {"file": "logs/joe@example.com.jsonl", "line": 3, "request_id": "joe@example.com"}
    assert Display().json(place) == {**place, "request_id": "[redacted:email]"}
    assert Display().json({"path": "joe@example.com"}) == {"path": "[redacted:email]"}
