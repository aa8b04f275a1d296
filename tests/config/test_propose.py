"""`attrib init`: a file that parses, is safe whatever the names are, and changes no verdict."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attrib.config.build import make_options
from attrib.config.parse import parse_config
from attrib.config.propose import LONGEST_NAME, MOST_LISTED, propose
from attrib.options import ConfigUsed, Options
from attrib.parties import Parties
from attrib.pipeline import analyze, verdict_rows
from attrib.rules.load import load_rules
from attrib.safe.redact import redact

ROOT = Path(__file__).resolve().parents[2]
PARAMETERS = load_rules().parameters.all()
USED = ConfigUsed("attrib.toml", "sha256:0")

names = st.one_of(
    st.sampled_from(
        ["db1", "redis", "postgres://db1", "http://DB1/x", " db1 ", "a*", "[a]", "a]", "pay,mail", "", " "]
    ),
    st.from_regex(r"(https?://)?[a-c][1-2]?(:80)?(/[a-c*])?", fullmatch=True),
    st.text(max_size=8),
)


def report(upstreams: list[str], functions: list[str], fields: list[str] | None = None) -> dict[str, Any]:
    """A report with what `propose` reads."""
    parties = Parties(components=functions)
    return {
        "input": {
            "files": [{"zone_less_time": 2}, {}],
            "totals": {"lines_read": 1234},
            "unknown_fields": dict.fromkeys(fields or [], 3),
            "time_range": {"start": None, "end": None},
        },
        "rules": {"packs": ["m1", "extended"], "thresholds": load_rules().parameters.as_dict()},
        "parties": [
            {"upstream": name, "records": 7, "party": parties.of(name).party, "reason": parties.of(name).reason}
            for name in [None, *upstreams]
        ],
        "functions": [
            {"function": name, "invocations": 9, "ok": 6, "failed": 3, "slow": 1} for name in [None, *functions]
        ],
    }


def uncommented(text: str) -> str:
    """The file with every setting taken into use."""
    return re.sub(r"^#(?! )(?=\S|  \S)", "", re.sub(r"^#  (?=\")", "", text, flags=re.MULTILINE), flags=re.MULTILINE)


@given(st.lists(names, unique=True), st.lists(names, unique=True), st.lists(st.text(max_size=8), unique=True))
def test_any_names_are_safe_and_keep_their_party(upstreams: list[str], functions: list[str], fields: list[str]) -> None:
    text = propose(report(upstreams, functions, fields), PARAMETERS, redact)
    assert all(line.isprintable() for line in text.split("\n"))
    document = tomllib.loads(text)
    assert set(document) <= {"parties", "thresholds"}
    config, faults = parse_config(text, USED)
    assert not faults
    assert config.settings == ()
    guessed, configured = Parties(components=functions), Parties(config.vendors, config.own, functions)
    for name in upstreams:
        assert configured.of(name).party == guessed.of(name).party
    _, faults = parse_config(uncommented(text), USED)
    assert not faults


def test_what_is_offered() -> None:
    text = propose(
        report(["payments-api", "redis", "checkout"], ["checkout", "healthz"], ["region"]), PARAMETERS, redact
    )
    assert tomllib.loads(text)["parties"] == {"vendors": ["payments-api"], "own": ["redis", "checkout"]}
    assert '  "payments-api",  # 7 records; a guess, nothing says that it is ours: if it is, move it to own' in text
    assert '  "redis",  # 7 records; well-known datastore name' in text
    offered = tomllib.loads(uncommented(text))
    assert (offered["labels"], offered["probes"], offered["rules"]) == (["region"], ["healthz"], ["m1", "extended"])
    assert offered["thresholds"] == {p.name: p.default for p in PARAMETERS}
    assert offered["functions"] == {"checkout": {"latency_high_ms": 500}, "healthz": {"latency_high_ms": 500}}
    assert "# 9 invocations, 3 failed, 1 slow\n#[functions.checkout]\n" in text
    assert "(2 in these logs)" in text


def test_a_name_that_would_match_another_is_left_to_the_guess() -> None:
    # db1 in the list would stand for every address on that host, and postgres://db1 is a datastore: ours.
    text = propose(report(["db1", "postgres://db1", "x*"], []), PARAMETERS, redact)
    assert tomllib.loads(text)["parties"] == {"vendors": [], "own": ["postgres://db1"]}
    assert '# Not listed, for it could match others too: "db1"' in text
    assert '# Not listed, for it could match others too: "x*"' in text


def test_secrets_and_floods_stay_out() -> None:
    secret = "https://api.example/?token=s3cr3tS3cr3t"
    many = [f"up{n}" for n in range(MOST_LISTED + 5)]
    text = propose(
        report([secret, "y" * (LONGEST_NAME + 1), *many], [secret, *(f"f{n}" for n in range(MOST_LISTED + 5))], many),
        PARAMETERS,
        redact,
    )
    assert "s3cr3t" not in text
    assert len(tomllib.loads(text)["parties"]["vendors"]) == MOST_LISTED
    assert '# Not listed, for it could match others too: "https://api.example/?token=[redacted' in text
    assert "# and 6 more, too many or too odd to list" in text
    assert "# and 6 more functions" in text
    assert len(text) < 100_000


@pytest.mark.parametrize("folder", ["sample_logs"])
def test_it_changes_nothing(folder: str, tmp_path: Path) -> None:
    logs = [str(path) for path in sorted((ROOT / folder).glob("*.jsonl"))]
    plain = analyze(logs, Options()).report
    path = tmp_path / "attrib.toml"
    path.write_text(propose(plain, PARAMETERS, redact), encoding="utf-8")
    options = make_options(path)
    configured = analyze(logs, options).report
    for document in (plain, configured):
        document["rules"].pop("config", None)
        for row in document["parties"]:
            del row["reason"]  # the user's word now
    assert json.dumps(configured) == json.dumps(plain)
    assert verdict_rows(logs, options).rows == verdict_rows(logs, Options()).rows


@settings(max_examples=30)
@given(upstreams=st.lists(names, min_size=1, max_size=4), functions=st.lists(names, min_size=1, max_size=3))
def test_it_changes_no_verdict_of_hostile_logs(
    tmp_path_factory: pytest.TempPathFactory, upstreams: list[str], functions: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("hostile")
    lines = [
        {"request_id": f"r{n}", "function": function, "status": 502, "upstream": upstream, "upstream_status": 503}
        for n, (upstream, function) in enumerate((u, f) for u in upstreams for f in functions)
    ]
    log, path = folder / "a.jsonl", folder / "attrib.toml"
    log.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    path.write_text(propose(analyze([str(log)], Options()).report, PARAMETERS, redact), encoding="utf-8")
    assert verdict_rows([str(log)], make_options(path)).rows == verdict_rows([str(log)], Options()).rows
