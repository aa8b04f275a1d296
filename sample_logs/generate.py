"""Writes the sample logs: one made-up day of a shop, 2026-11-20, always the same bytes.

    python sample_logs/generate.py [--into FOLDER]

README.md beside this file tells each story; tests/test_sample_logs.py holds the files, the stories and this script
together. Nothing in here is real: companies, hosts, ids and faults are invented.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sample_logs.writer import Log, Service, clock, within

CHECKOUT = Service("shop-api", "checkout", "payments-api", tuple(f"api-{n}" for n in range(1, 6)), 85, 14)
PROFILE = Service("shop-web", "profile", "avatar-api", ("web-1", "web-2", "web-3"), 32, 18)
SEARCH = Service("shop-search", "search", "geo-api", ("search-1", "search-2"), 38, 24, version="v17")
NOTIFY = Service("shop-notify", "notify", "sms-api", ("notify-1", "notify-2"), 110, 9, version="v8")
ORDERS = Service("shop-orders", "orders", "stock-api", ("orders-1", "orders-2"), 45, 16, version="v23")
SLOTS = Service("shop-delivery", "slots", "courier-api", ("delivery-1", "delivery-2"), 180, 11, version="v12")
CATALOG = Service("shop-catalog", "catalog", "images-api", ("catalog-1", "catalog-2"), 28, 9, version="v30")
PRICES = Service("shop-catalog", "prices", "rates-api", ("catalog-1", "catalog-2"), 60, 7, version="v30")
MAIL = Service("shop-worker", "send-receipt", "mail-api", ("worker-1",), 120, 6, version="v5")
BACKOFF_MS = (50, 100)
"""What checkout and prices wait before their second and their third attempt."""


def busy(first: str, last: str, quiet: float, most: float) -> Callable[[float], float]:
    """Requests per minute: few, but many in some hours, and a ramp of half an hour between them."""
    begin, end = clock(first), clock(last)

    def rate(at: float) -> float:
        away = max(begin - at, at - end, 0.0)
        return quiet + (most - quiet) * max(0.0, 1 - away / 1800)

    return rate


def checkout() -> Log:
    """A vendor outage with retries. One host of five runs an old logger that forgets what the vendor answered."""
    log = Log("checkout")
    for at in log.arrivals("07:30", "11:30", busy("09:00", "09:45", 1.2, 12)):
        base = log.request(CHECKOUT, cart_items=1 + int(log.rnd.random() ** 2 * 9))
        base["service.version"] = "v42" if base["host.name"] in ("api-1", "api-2") else "v41"
        fails = 0.9 if within(at, "09:14:20", "09:33") else 0.002
        payment(log, CHECKOUT, at, base, fails, forgets=base["host.name"] == "api-5")
    log.cut("09:21", 141, 63)
    log.twice("10:02", 5)
    return log


def payment(log: Log, service: Service, at: float, base: dict[str, Any], fails: float, forgets: bool = False) -> None:
    """A request with up to three attempts: each failed one that is tried again has a line of its own."""
    own = log.around(service.own_ms)
    elapsed = own / 2
    for attempt in (1, 2, 3):
        failed = log.chance(fails)
        code: int | str = 200
        took = log.around(service.upstream_ms, service.spread)
        if failed:
            code, took = ("ECONNREFUSED", log.around(3)) if log.chance(0.08) else (503, log.around(24))
        elapsed += took
        told: dict[str, Any] = {"attempt": attempt, "upstream": service.upstream}
        if failed:
            told["error_code"] = "PAYMENT_FAILED" if service is CHECKOUT else "RATES_FAILED"
        if not (failed and forgets):
            told |= {"upstream_status": code, "upstream_latency_ms": took}
        if failed and attempt < 3:
            log.line(at + elapsed / 1000, base, "call", latency_ms=elapsed, **told)
            elapsed += BACKOFF_MS[attempt - 1]
            continue
        stage, status = ("exception", 502) if failed else ("response", 200)
        elapsed += own / 2
        log.line(at + elapsed / 1000, base, stage, status=status, latency_ms=elapsed, **told)
        return


def profile() -> Log:
    """An application bug: v42 came at 14:01 to two hosts of three and went at 14:23; the vendor was well throughout."""
    log = Log("profile")
    first = True
    for at in log.arrivals("12:00", "16:30", busy("13:30", "14:45", 1.5, 9)):
        base = log.request(PROFILE)
        if base["host.name"] != "web-3" and within(at, "14:01", "14:23"):
            base["service.version"] = "v42"
            if log.chance(0.9):
                log.simple(PROFILE, at, base, status=500, error_code="TypeError")
                if first:
                    traceback(log, at + 1)
                first = False
                continue
        log.simple(PROFILE, at, base)
    return log


def traceback(log: Log, at: float) -> None:
    """The first TypeError also went to stderr, and both streams end in this file."""
    log.raw(
        at,
        "Traceback (most recent call last):",
        '  File "/srv/shop/web/profile.py", line 88, in profile',
        '    return {**card, "badges": len(card["badges"])}',
        "TypeError: object of type 'NoneType' has no len()",
    )


def search() -> Log:
    """A bottleneck: an index is rebuilt beside the searches, and four of five wait for it, not for the vendor."""
    log = Log("search")
    for at in log.arrivals("17:00", "21:30", busy("18:45", "19:30", 1.5, 9)):
        slow = within(at, "19:05", "19:26") and log.chance(0.8)
        log.simple(SEARCH, at, log.request(SEARCH), own=log.around(1400, 0.3) if slow else None)
    log.raw(clock("19:40"), '{"ts":"2026-11-20T19:40:00.000Z","function":"search","status":200,"latency_ms":NaN}')
    return log


def notify() -> Log:
    """An expired credential: sms-api refuses everything from 06:00 sharp until the key is replaced at 06:38."""
    log = Log("notify")
    for at in log.arrivals("03:30", "08:30", busy("05:45", "06:45", 1.5, 3)):
        told: dict[str, Any] = {}
        if within(at, "06:00", "06:38"):
            told = {"status": 401, "error_code": "SMS_REFUSED", "upstream_status": 401}
            told["upstream_latency_ms"] = log.around(18)
        elif log.chance(0.02):
            told = {"status": 422, "error_code": "BAD_NUMBER", "upstream_status": 422}
        log.simple(NOTIFY, at, log.request(NOTIFY), **told)
    return log


def orders() -> Log:
    """An outage that nobody can attribute: the logger of the failing path forgets what stock-api answered."""
    log = Log("orders")
    for at in log.arrivals("10:00", "13:30", busy("11:20", "12:00", 1.5, 8)):
        told: dict[str, Any] = {}
        if within(at, "11:40:30", "11:53") and log.chance(0.85):
            told = {"status": 500, "error_code": "ORDER_FAILED", "upstream_status": None, "upstream_latency_ms": None}
        log.simple(ORDERS, at, log.request(ORDERS), **told)
    return log


def slots() -> Log:
    """Our own deadline: at 16:30 a change of configuration lowers it from 2,000 to 200 ms, until 16:52."""
    log = Log("slots")
    for at in log.arrivals("14:30", "18:30", busy("16:10", "17:00", 1.5, 8)):
        took = log.around(SLOTS.upstream_ms)
        told: dict[str, Any] = {"upstream_latency_ms": took}
        if within(at, "16:30", "16:52") and took > 200:
            told = {"status": 504, "error_code": "UPSTREAM_TIMEOUT", "upstream_status": "timeout"}
            told["upstream_latency_ms"] = round(200 + log.rnd.uniform(0, 1.5), 1)
        log.simple(SLOTS, at, log.request(SLOTS), **told)
    return log


def quiet() -> Log:
    """A day without an incident, and all that is no incident; the worker logs local time with its offset."""
    log = Log("quiet", timezone(timedelta(hours=1)))
    daily = busy("10:00", "20:00", 0.3, 0.8)
    single = {40: "TypeError", 210: "TypeError", 425: "timeout", 530: 429}
    for n, at in enumerate(log.arrivals("00:30", "22:30", daily)):
        told: dict[str, Any] = {}
        if single.get(n) == "TypeError":
            told = {"status": 500, "error_code": "TypeError"}
        elif single.get(n) == "timeout":
            told = {"status": 504, "error_code": "UPSTREAM_TIMEOUT", "upstream_status": "timeout"}
            told["upstream_latency_ms"] = 2000.0
        elif single.get(n) == 429:
            told = {"status": 500, "error_code": "IMAGES_LIMITED", "upstream_status": 429}
        elif log.chance(0.12):
            told = {"status": 404, "error_code": "NO_SUCH_ARTICLE", "upstream_status": 404}
        log.simple(CATALOG, at, log.request(CATALOG), **told)
    for at in log.arrivals("00:30", "22:30", lambda _: 0.25):
        payment(log, PRICES, at, log.request(PRICES), 0.03)
    for n, at in enumerate(log.arrivals("06:00", "22:00", lambda _: 0.12)):
        job(log, at, killed=n == 61)
    dirt(log)
    return log


def job(log: Log, at: float, killed: bool) -> None:
    """The worker logs a job's start, its call and its end; one was killed before it came to the last."""
    base = log.request(MAIL)
    took = log.around(MAIL.upstream_ms)
    log.line(at, base, "start", latency_ms=0)
    called = {"upstream": MAIL.upstream, "upstream_status": 202, "upstream_latency_ms": took}
    log.line(at + (took + 5) / 1000, base, "call", latency_ms=took + 5, **called)
    total = took + log.around(MAIL.own_ms) + 5
    if not killed:
        log.line(at + total / 1000, base, "response", status=200, latency_ms=total)


def dirt(log: Log) -> None:
    """What real files hold beside good lines: cut lines, other programs, copies, requests without an id."""
    # The scheduler beside the shop writes JSON too, and nothing of it is a request.
    for hour in range(1, 22, 3):
        tick = {"ts": log.stamp(hour * 3600.0), "level": "info", "logger": "scheduler", "msg": "tick"}
        log.raw(hour * 3600.0, json.dumps(tick, separators=(",", ":")))
    # Blank lines of a log shipper that restarted.
    log.raw(clock("15:25"), "", "", "  ")
    # A health probe and an old client send no usable id; a customer went away.
    for text, request_id in (("09:10", "-"), ("13:20", "null"), ("17:40", "-")):
        log.simple(CATALOG, clock(text), log.request(CATALOG, request_id=request_id))
    log.simple(PRICES, clock("18:12"), log.request(PRICES), status=499, error_code="CLIENT_CLOSED_REQUEST")
    log.twice("16:20", 5)
    log.cut("14:05", 141, 63)


STORIES = (checkout, notify, orders, profile, quiet, search, slots)


def main() -> None:
    """Writes a file for each story."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, default=Path(__file__).parent, help="folder (default: this one)")
    into: Path = parser.parse_args().into
    into.mkdir(parents=True, exist_ok=True)
    for story in STORIES:
        # The copy of the quiet log was taken while the programs wrote: its last line is not whole.
        story().write(into, drop=97 if story is quiet else 0)


if __name__ == "__main__":
    main()
