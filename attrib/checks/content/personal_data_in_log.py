"""Personal data in any line, whatever became of it: e-mail addresses, payment cards, IBANs, phone and social security
numbers; public IP addresses as info.

A card has the number range and length of a brand and a right check digit; a field in which most such numbers have a
wrong one holds ids, and is left alone, as are fields named as ids or times. An IBAN has its country's length and right
check digits. Phone and social security numbers count only in fields named so. IP addresses count only when they are
public ones, and not in fields about machines (host, upstream, server). One finding per kind and field.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrib.checks.content._places import lines_read, of_lines, seen
from attrib.checks.facts import Facts
from attrib.checks.model import Finding, Sample
from attrib.checks.samples import line, log, quiet

WORDS = {
    "email": "an e-mail address",
    "card": "a payment card number",
    "iban": "an IBAN",
    "phone": "a phone number",
    "ssn": "a social security number",
    "ip": "a public IP address",
}


def find(facts: Facts) -> Iterator[Finding]:
    """One finding per kind of data and field."""
    unlike = {name: one.lines for _, name, one in seen(facts, "unlike")}
    for kind, name, one in seen(facts, "personal"):
        if kind == "card" and unlike.get(name, 0) >= one.lines:
            continue  # one in ten numbers has a right check digit by chance
        yield Finding(
            {"kind": kind, "field": name},
            f"{name} holds {WORDS[kind]} in {of_lines(facts, one)}.",
            _remedy(kind, name),
            one.lines,
            lines_read(facts),
            one.places,
            severity="info" if kind == "ip" else None,
            data={"kind": kind, "field": name, **one.data(facts)},
        )


def _remedy(kind: str, name: str) -> str:
    if kind == "ip":
        return (
            f"Cut the last octet of {name} (IPv6: the last 80 bits) in the logger, or let these logs expire after "
            "30 days. Outcome: attrib check finds 0 such lines in new logs."
        )
    if kind == "card":
        return (
            f"Take {name} out of the log and log the last 4 digits at most (PCI DSS 3.4). "
            "Outcome: attrib check finds 0 such lines in new logs."
        )
    return (
        f"Log a keyed hash (HMAC-SHA-256) instead of {name}, and let logs that hold it expire after 30 days. "
        "Outcome: attrib check finds 0 such lines in new logs."
    )


SAMPLES = (
    Sample("an e-mail address in an unknown field", lambda: log(line(), line(1, user="jane.doe@mail.example.com"))),
    Sample("a payment card with a right check digit", lambda: log(line(pan="4111" + "1111" + "4555" + "1142"))),
    Sample(
        "an IBAN and a phone number",
        lambda: log(line(iban="DE89 3704 0044" + " 0532 0130 00", phone="+49 30 901820")),
        finds=2,
    ),
    Sample("a public address of a client", lambda: log(line(client_ip="8.8.8.8"))),
    Sample(
        "ids of sixteen digits, private addresses and machines",
        lambda: log(
            *(line(n, ref=str(4_812_345_678_901_234 + 7919 * n)) for n in range(50)),
            line(50, order_id="4111111145551142", client_ip="10.0.0.1", host__name="8.8.4.4"),
            line(51, error_code="package@1.2.3", ts_ns=1795246011710866754),
        ),
        finds=0,
    ),
    Sample("an ordinary log", quiet, finds=0),
)
