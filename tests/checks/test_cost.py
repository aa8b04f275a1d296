"""What faults cost: no more than there are unknowns, and exactly those that another value would have settled."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attrib import checking
from attrib.checking import check
from attrib.checks.cost import losses, unknown_for_want_of
from attrib.checks.facts import Facts
from attrib.checks.judge import Judged, judge_by
from attrib.checks.samples import line, log
from attrib.invocations.context import Context
from attrib.invocations.join import single
from attrib.options import Options
from attrib.parties import Parties
from attrib.pipeline import analyze
from attrib.records.model import Record
from attrib.records.parse import Parser
from attrib.rules.load import load_rules
from attrib.verdicts.decide import judge

RULES = load_rules()
CODES = (100, 200, 302, 401, 404, 429, 500, 0)
WORDS = ("ETIMEDOUT", "ECONNREFUSED", "ENOTFOUND", "EMFILE", "EOPENBREAKER", *sorted(RULES.words.not_contacted)[:1])
UPSTREAM = st.sampled_from([None, 200, 204, 404, 401, 503, 504, 0, 42, 999, "timeout", "strange", "ENOTFOUND", "-"])
LINES = st.lists(
    st.fixed_dictionaries(
        {
            "function": st.sampled_from(["checkout", "search"]),
            "status": st.sampled_from([200, 302, 404, 422, 499, 500, 502, "timeout"]),
            "latency_ms": st.sampled_from([None, 0, 40, 900]),
            "upstream": st.sampled_from([None, "payments-api", "redis"]),
            "upstream_status": UPSTREAM,
            "upstream_latency_ms": st.sampled_from([None, 0, 30, 450, 880, 2000]),
            "error_code": st.sampled_from([None, "TypeError", "UPSTREAM_ERROR"]),
        },
        optional={"request_id": st.sampled_from([None, "-"])},
    ),
    max_size=30,
)


def facts_of(text: str, folder: Path, fast: bool = False) -> Facts:
    """What the checks of a log were given."""
    found: list[Facts] = []
    path = folder / "a.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        usual = judge_by

        def spy(_: object, facts: Facts, known: Collection[str]) -> Judged:
            found.append(facts)
            return usual([], facts, known)

        patch.setattr(checking, "judge_by", spy)
        check([str(path)], Options(fast=fast))
    return found[0]


def without_survey(facts: Facts) -> Facts:
    return replace(facts, _survey=None)


def verdict(record: Record, parties: Parties) -> str:
    """The program's own, of a record that stands alone."""
    context = Context(RULES.words, RULES.parameters, lambda name: parties.of(name).party, None)
    found = judge(single(record, context), RULES)
    return found.rule if found.rule == "contradiction" else found.verdict


def fillings(record: Record) -> Iterator[Record]:
    """The record with every value of what it lacks."""
    code, word = record.upstream_status, record.upstream_word
    lacks = (code is None and word in (None, "strange")) or code in (42, 999)
    upstreams: list[tuple[int | None, str | None]] = [(code, word)]
    if lacks:
        upstreams = [*((one, None) for one in CODES), *((None, one) for one in WORDS)]
    for (status, said), latency in product(
        upstreams, (40, 900, 100_000) if record.latency_ms is None else (record.latency_ms,)
    ):
        share = record.upstream_latency_ms
        missing = not share or not latency or (share > latency + 1 and share > latency * 1.05)
        for spent in (latency * 0.1, latency * 0.5, latency * 0.9) if missing else (share,):
            # A time of 0 is no time; a tenth of it would not be one either.
            whole = latency or 40
            yield replace(
                record,
                upstream_status=status,
                upstream_word=said,
                latency_ms=whole,
                upstream_latency_ms=(spent or whole * 0.1),
            )


def wanted(text: str) -> Counter[str]:
    """What kind of fault each line's verdict is lost for, asked line by line of the program itself."""
    found: Counter[str] = Counter()
    parser, parties = Parser(RULES.words), Parties((), (), {"checkout", "search"})
    for one in text.splitlines():
        record = parser.parse(one.encode())
        assert isinstance(record, Record)
        said = verdict(record, parties)
        if said == "contradiction":
            found["contradiction"] += 1
        elif said == "unknown" and any(
            verdict(filled, parties) not in ("unknown", "contradiction") for filled in fillings(record)
        ):
            found["lost"] += 1
    return found


@settings(max_examples=60)
@given(lines=LINES)
def test_exactly_what_a_value_would_settle_is_lost(
    lines: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = log(*(line(number, **fields) for number, fields in enumerate(lines)))
    if not lines:
        return
    facts = facts_of(text, tmp_path_factory.mktemp("cost"))
    bare = losses(without_survey(facts))
    expected = wanted(text)
    assert sum(bare.values()) == sum(expected.values())
    assert sum(n for loss, n in bare.items() if loss.check == "contradiction") == expected["contradiction"]
    unknown = sum(count.n for _, kind, count in facts.buckets if kind.verdict == "unknown")
    for found in (bare, losses(facts)):
        assert sum(found.values()) == sum(bare.values()) <= unknown
        assert all(n > 0 for n in found.values())


@pytest.mark.parametrize("fast", [False, True], ids=["careful", "engine"])
def test_each_fault_has_its_own(fast: bool, tmp_path: Path) -> None:
    text = log(
        *(line(n) for n in range(50)),
        line(60, status=500, drop=["upstream_status"]),
        line(61, status=500, upstream_status="weird"),
        line(62, status=500, upstream_status=42),
        line(63, status=500, upstream_status=200, error_code="UPSTREAM_X"),
        line(64, status=500, request_id=None, upstream_status=None),
        line(65, status=500, request_id="-", upstream_status=None),
        line(66, latency_ms=900, upstream_latency_ms=None),
        line(67, latency_ms=900, upstream_latency_ms=1900),
        line(68, latency_ms=900, upstream_latency_ms=450),
        line(69, status=499, latency_ms=None),
        *(line(72, at=72 + n * 300, status=500, upstream_status=None) for n in range(5)),
        line(99, function="lonely", status=500, request_id=None, upstream_status=None),
    )
    facts = facts_of(text, tmp_path, fast)
    assert {(loss.check, loss.function, loss.field): n for loss, n in losses(facts).items()} == {
        ("missing-m1-field", "checkout", "upstream_status"): 1,
        ("missing-m1-field", "checkout", "upstream_latency_ms"): 1,
        ("missing-m1-field", "checkout", "latency_ms"): 1,
        # No line of it ever says what the upstream did: an id would join it to nothing.
        ("missing-m1-field", "lonely", "upstream_status"): 1,
        ("unknown-upstream-word", "checkout", "upstream_status"): 1,
        ("type-drift", "checkout", "upstream_status"): 1,
        ("contradiction", "checkout", "upstream_status"): 1,
        ("contradiction", "checkout", "upstream_latency_ms"): 1,
        ("missing-correlation-id", "checkout", "request_id"): 1,
        ("placeholder-correlation-id", "checkout", "request_id"): 1,
        ("reused-correlation-id", "checkout", "request_id"): 5,
    }
    assert unknown_for_want_of(without_survey(facts)) == {
        ("missing-m1-field", "checkout"): 4,
        ("missing-m1-field", "lonely"): 1,
        ("unknown-upstream-word", "checkout"): 1,
        ("type-drift", "checkout"): 1,
        ("contradiction", "checkout"): 1,
        ("missing-correlation-id", "checkout"): 7,
    }


def test_what_no_log_could_tell_costs_nothing(tmp_path: Path) -> None:
    text = log(
        *(line(n) for n in range(20)),
        line(30, latency_ms=900, upstream_latency_ms=450),
        line(31, status=503, upstream_status="EOPENBREAKER", upstream_latency_ms=None),
        line(32, status=401, upstream_status=401),
        line(33, status=502, upstream_status="ENOTFOUND"),
        *(line(34, at=34 + n, upstream=f"u{n}", stage=f"call{n}", status=None, upstream_status=503) for n in range(2)),
        line(34, at=37, status=502, upstream=None, upstream_status=None, error_code="E"),
    )
    facts = facts_of(text, tmp_path)
    assert sum(count.n for _, kind, count in facts.buckets if kind.verdict == "unknown") == 5
    assert losses(facts) == {}


def test_a_caller_pays_for_what_its_callee_does_not_log(tmp_path: Path) -> None:
    def hop(number: int, **fields: Any) -> str:
        return line(number, **fields)

    text = log(
        *(hop(n, function="checkout", upstream="billing") for n in range(20)),
        *(hop(n, function="billing", upstream="payments-api") for n in range(20)),
        hop(30, function="checkout", upstream="billing", status=502, upstream_status=502),
        hop(30, function="billing", status=502, upstream_status=None),
    )
    facts = facts_of(text, tmp_path)
    assert [kind.via for _, kind, _ in facts.buckets if len(kind.via) > 1] == [("checkout", "billing")]
    assert unknown_for_want_of(facts) == {("missing-m1-field", "billing"): 2}


def test_the_field_filled_in_the_verdict_is_there(tmp_path: Path) -> None:
    lines = [line(n) if n % 5 else line(n, status=500, upstream_status=None) for n in range(100)]
    facts = facts_of(log(*lines), tmp_path)
    assert unknown_for_want_of(facts) == {("missing-m1-field", "checkout"): 20}
    filled = [json.dumps({**json.loads(one), "upstream_status": 503}) for one in lines]
    (tmp_path / "b.jsonl").write_text(log(*filled), encoding="utf-8")
    summary = analyze([str(tmp_path / "b.jsonl")], Options(fast=False)).report["summary"]
    assert (summary["verdicts"]["unknown"], summary["verdicts"]["vendor"]) == (0, 20)
