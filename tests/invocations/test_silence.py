from __future__ import annotations

from attrib.invocations.hosts import hosts_seen, several_hosts
from attrib.invocations.silence import functions_that_end, mark_unfinished, newest_plausible, p99, unfinished
from tests.invocations.making import T0, WORDS, Defaults, invocations, one, rec

MINUTE = 60_000_000


def test_unfinished_after_a_minute_of_silence() -> None:
    found = one(rec("start", at=0), rec("payment", 200, at=50))
    assert not unfinished(found, T0 + MINUTE, 10.0, Defaults())
    assert unfinished(found, T0 + MINUTE + 1, 10.0, Defaults())
    assert not unfinished(found, T0 + MINUTE + 1, 10.0, Defaults(), normally_ends=False)


def test_slow_functions_get_three_times_their_p99() -> None:
    found = one(rec("start", at=0))
    assert not unfinished(found, T0 + 3 * MINUTE, 60_000.0, Defaults())
    assert unfinished(found, T0 + 3 * MINUTE + 1, 60_000.0, Defaults())


def test_the_wait_is_a_parameter() -> None:
    assert not unfinished(one(rec("start", at=0)), T0 + 2 * MINUTE, None, Defaults(unfinished_after_s=180))


def test_what_ended_or_answered_is_finished() -> None:
    assert not unfinished(one(rec("end", at=0)), T0 + 9 * MINUTE, None, Defaults())
    assert not unfinished(one(rec("handler", status=200, at=0)), T0 + 9 * MINUTE, None, Defaults())


def test_no_id_or_no_time_is_never_unfinished() -> None:
    assert not unfinished(one(rec("start", request_id="-", at=0)), T0 + 9 * MINUTE, None, Defaults())
    assert not unfinished(one(rec("start")), T0 + 9 * MINUTE, None, Defaults())
    assert not unfinished(one(rec("start", at=0)), None, None, Defaults())


def test_functions_that_normally_end() -> None:
    records = [rec("end", request_id=f"r{n}") for n in range(3)] + [rec("start", request_id=f"s{n}") for n in range(2)]
    records += [rec("start", request_id=f"t{n}", function="worker") for n in range(4)]
    assert functions_that_end(invocations(records)) == {"checkout"}


def test_hosts_that_saw_dns_and_tls_failures() -> None:
    records = [
        rec(None, 0, upstream="pay", error_code="ENOTFOUND", extra={"host.name": "a"}),
        rec(None, 0, upstream="pay", error_code="CERT_BAD", extra={"k8s.pod.name": "b"}),
        rec(None, 0, upstream="pay", error_code="ENOTFOUND"),
        rec(None, "ECONNREFUSED", upstream="mail", extra={"host.name": "a"}),
        rec(None, 200, upstream="mail", extra={"host.name": "b"}),
    ]
    seen = hosts_seen(records, WORDS)
    assert seen == {"pay": {"a", "b"}}
    assert [several_hosts(seen)(name) for name in ("pay", "mail", None)] == [True, False, False]


def test_marking_gives_the_symptom_to_what_has_none() -> None:
    records = [rec("end", request_id=f"r{n}", status=200, at=n * 60_000) for n in range(5)]
    silent, slow = rec("start", request_id="s", at=0), rec("start", request_id="t", at=0, lat=900)
    found = invocations([*records, silent, slow])
    assert mark_unfinished(found, Defaults()) == 1
    assert {one.request_id: one.symptom for one in found if one.symptom} == {"s": "unfinished", "t": "slow"}
    assert mark_unfinished(invocations([*records[:1], silent]), Defaults()) == 0


def test_a_stray_clock_does_not_show_that_the_log_went_on() -> None:
    day = 86_400_000_000
    times = [T0 + n for n in range(100)]
    assert newest_plausible([*times, T0 + 4000 * day, T0 + 2 * day]) == times[-1]
    assert newest_plausible([*times, *(T0 + 2 * day + n for n in range(50))]) == T0 + 2 * day + 49
    assert newest_plausible([]) is None


def test_p99_is_the_nearest_rank() -> None:
    assert p99(float(n) for n in range(1, 201)) == 198.0
    assert (p99([7.0]), p99([])) == (7.0, None)
