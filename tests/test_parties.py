from __future__ import annotations

import pytest

from attrib.errors import UsageError
from attrib.parties import Parties, host_of


@pytest.mark.parametrize(
    "name",
    [
        "localhost", "localhost:8080", "127.0.0.1", "127.0.0.1:5432", "10.1.2.3", "http://192.168.0.7:80/x", "::1",
        "[::1]:80", "http://[fd00::1]:80/", "fe80::1%eth0", "::ffff:10.0.0.1", "172.31.255.255", "169.254.169.254",
        "printer.local", "db.internal", "pay.default.svc", "pay.default.svc.cluster.local", "PAY.SVC", "pay.svc:80.",
        "unix:/tmp/app.sock", "/var/run/pg.sock", "postgres", "Redis", "redis-1", "redis01", "orders-postgres",
        "redis:6379", "db", "database", "postgresql://user:pw@db.example.com:5432/x",
    ],
)  # fmt: skip
def test_own_by_name_or_address(name: str) -> None:
    assert Parties().of(name).party == "own"


@pytest.mark.parametrize(
    "name",
    [
        None, "payments-api", "api.stripe.com", "https://api.stripe.com:443/v1?x=1", "8.8.8.8", "203.0.113.5:443",
        "2001:4860:4860::8888", "172.32.0.1", "cluster0.mongodb.net", "db-ip", "mylocal", "dashboard", "",
    ],
)  # fmt: skip
def test_external_unless_something_says_otherwise(name: str | None) -> None:
    assert Parties().of(name).party == "external"


def test_the_reason_for_external_says_what_to_do_and_is_short() -> None:
    assert Parties().of("payments-api").reason == "not known as ours; --own NAME if it is"
    # No name, nothing to hand to --own.
    assert Parties().of(None).reason == "no name is logged, so not known as ours"
    reasons = [Parties().of(name).reason for name in (None, "payments-api", "redis", "10.0.0.1", "a.internal", "/x")]
    assert max(map(len, reasons)) <= 40


def test_what_appears_in_the_logs_is_own() -> None:
    parties = Parties(components=["Checkout", "inventory"])
    assert parties.of("inventory") == ("own", "a function or service in these logs")
    assert parties.of("http://checkout:8080/").party == "own"


def test_the_users_word_wins() -> None:
    parties = Parties(["redis", "*.corp.local"], ["payments-api", "*.stripe.com"], ["redis"])
    assert parties.of("redis") == ("external", "--vendors redis")
    assert parties.of("a.corp.local:80").party == "external"
    assert parties.of("https://API.stripe.com/v1") == ("own", "--own *.stripe.com")
    assert parties.of("Payments-API").party == "own"


def test_a_name_beats_a_glob_and_a_longer_glob_a_shorter() -> None:
    parties = Parties(["api.x.com", "*.eu.x.com"], ["*.x.com"])
    assert [parties.of(n).party for n in ("api.x.com", "a.eu.x.com", "b.x.com")] == ["external", "external", "own"]


def test_globs_that_are_equally_exact_leave_it_unknown() -> None:
    assert Parties(["pay-*"], ["*api"]).of("pay-api").party == "external"
    assert Parties(["pay*"], ["*api"]).of("payapi").party == "unknown"


def test_the_same_name_in_both_lists_is_a_wrong_call() -> None:
    with pytest.raises(UsageError, match="stripe: named in both --vendors and --own"):
        Parties(["Stripe"], ["stripe "])


def test_the_table_lists_what_was_asked() -> None:
    parties = Parties()
    for name in ("redis", None, "api.x.com", "redis"):
        parties.of(name)
    assert [(name, party) for name, party, _ in parties.table()] == [
        (None, "external"), ("api.x.com", "external"), ("redis", "own"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("x", "x"), ("x:80", "x"), ("https://u:p@x.y:1/z?q#f", "x.y"), ("[::1]:80", "::1"), ("::1", "::1"), ("x.", "x"),
        ("x?q=http://y", "x"),
    ],
)  # fmt: skip
def test_hosts(name: str, host: str) -> None:
    assert host_of(name) == host
