"""A small set of words by hand, so that tests of single lines do not depend on the shipped rule packs."""

from __future__ import annotations

from attrib.rules.words import Words

WORDS = Words(
    timeout=frozenset({"timeout", "timed_out", "etimedout", "deadline_exceeded"}),
    no_response={"econnrefused": "connect", "econnreset": "read"},
    not_contacted=frozenset({"cache_hit"}),
    short_circuited=frozenset({"eopenbreaker"}),
    client_abort=frozenset({"client_closed_request"}),
    claims=("upstream_*",),
    phases={"cert_*": "tls"},
    placeholder_ids=frozenset({"null", "unknown"}),
    terminal_stages=frozenset({"response", "end"}),
)
