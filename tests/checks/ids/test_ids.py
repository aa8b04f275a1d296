"""What the checks on request ids say: figures with their denominators, costs, severities, and the table of ids."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from attrib.checking import check
from attrib.checks.samples import line, log, quiet
from attrib.options import Options

IDS = {
    "missing-correlation-id",
    "placeholder-correlation-id",
    "malformed-correlation-id",
    "mixed-correlation-ids",
    "reused-correlation-id",
    "broken-propagation",
}
TRACE = "4bf92f3577b34da6a3ce929d0e0e47"


def report(folder: Path, *logs: str, **options: Any) -> dict[str, Any]:
    """What `attrib check` says of some files, the same from both engines."""
    paths = [folder / f"{number}.jsonl" for number in range(len(logs))]
    for path, text in zip(paths, logs, strict=True):
        path.write_text(text, encoding="utf-8")
    careful, fast = (
        check([str(path) for path in paths], Options(fast=fast, **options)).report for fast in (False, True)
    )
    assert [one for one in fast["findings"] if one["check"] in IDS] == [
        one for one in careful["findings"] if one["check"] in IDS
    ]
    assert fast["ids"] == careful["ids"]
    return careful


def findings(folder: Path, name: str, *logs: str, **options: Any) -> list[dict[str, Any]]:
    return [one for one in report(folder, *logs, **options)["findings"] if one["check"] == name]


def test_a_missing_id_costs_the_unknowns_that_another_line_could_have_told(tmp_path: Path) -> None:
    failed: dict[str, Any] = {"status": 500, "upstream_status": None, "upstream_latency_ms": None, "error_code": "X"}
    lost = [line(100 + n, request_id=None, **failed) for n in range(4)]
    fine = [line(200 + n, request_id=None) for n in range(3)]
    (one,) = findings(tmp_path, "missing-correlation-id", quiet(20), log(*lost, *fine))
    assert one["statement"] == "checkout: 7 of 27 records have no request_id."
    assert one["cost"] == {"symptomatic_unknown": 4}
    assert [row["count"] for row in one["data"]["files"]] == [7]
    assert one["examples"][0]["file"].endswith("1.jsonl")


def test_an_invocation_is_counted_under_one_check_only(tmp_path: Path) -> None:
    failed: dict[str, Any] = {"status": 500, "upstream_status": None, "upstream_latency_ms": None, "error_code": "X"}
    lines = [line(100 + n, request_id=("-", None, "shared-id")[n % 3], at=n * 120, **failed) for n in range(30)]
    found = report(tmp_path, quiet(20), log(*lines))
    costs = {one["check"]: one["cost"]["symptomatic_unknown"] for one in found["findings"] if one["cost"]}
    assert sum(costs.values()) == 30
    assert {name: cost for name, cost in costs.items() if name in IDS} == {
        "missing-correlation-id": 10,
        "placeholder-correlation-id": 10,
        "reused-correlation-id": 10,
    }


def test_a_form_that_its_maker_does_not_keep_is_info(tmp_path: Path) -> None:
    made_up = log(*(line(n, request_id=f"{n:08x}-aaaa-0bbb-0ccc-{n:012x}") for n in range(1, 40)))
    (one,) = findings(tmp_path, "malformed-correlation-id", made_up)
    assert (one["severity"], one["count"], one["rate"]) == ("info", 39, 1.0)
    (one,) = findings(tmp_path, "malformed-correlation-id", quiet(50, function="edge"), made_up)
    assert one["severity"] == "warning", "others make sound ones"


def test_trace_ids_are_broken_only_beside_sound_ones(tmp_path: Path) -> None:
    short = [line(n, request_id=f"{TRACE[:-1]}{n:02x}") for n in range(10)]
    sound = [line(n, request_id=f"{TRACE}{n:02x}") for n in range(40)]
    assert not findings(tmp_path, "malformed-correlation-id", log(*short))
    (one,) = findings(tmp_path, "malformed-correlation-id", log(*short, *sound))
    assert one["statement"] == "checkout: of 50 request ids, 10 are broken trace ids (length or letter case)."


def test_mixed_kinds_are_told_with_their_counts(tmp_path: Path) -> None:
    (one,) = findings(
        tmp_path,
        "mixed-correlation-ids",
        quiet(60),
        log(*(line(n, request_id=f"{TRACE}{n:02x}") for n in range(40))),
    )
    assert one["statement"] == "checkout: 100 request ids are of 2 kinds: 60 uuid4, 40 hex32."
    assert (one["count"], one["severity"]) == (40, "info")


def test_random_hex_in_the_shape_of_uuids_is_one_kind(tmp_path: Path) -> None:
    ids = [f"{n * 2654435761 % (1 << 32):08x}" for n in range(1, 400)]
    lines = [line(n, request_id=f"{one}-{one[:4]}-{one[2:6]}-{one[4:]}-{one}{one[:4]}") for n, one in enumerate(ids)]
    assert not findings(tmp_path, "mixed-correlation-ids", log(*lines))


def test_untimed_lines_of_several_files_prove_nothing(tmp_path: Path) -> None:
    calls = log(*(line(n, upstream="pay", drop=["ts"]) for n in range(20)))
    served = log(*(line(500 + n, function="pay", upstream="bank", drop=["ts"]) for n in range(20)))
    assert not findings(tmp_path, "broken-propagation", calls, served)
    (one,) = findings(tmp_path, "broken-propagation", calls + served)
    assert (one["count"], one["rate"], one["cost"]) == (20, 1.0, None)
    assert one["data"]["other_requests"] == 20


def test_a_sampled_log_proves_nothing(tmp_path: Path) -> None:
    both = log(*(one for n in range(20) for one in (line(n, upstream="pay"), line(n + 500, at=n, function="pay"))))
    assert findings(tmp_path, "broken-propagation", both)
    assert not findings(tmp_path, "broken-propagation", both, sampled=True)


def test_the_table_names_each_function_and_file(tmp_path: Path) -> None:
    second = log(line(1, function="search", request_id=None), line(2, request_id="-"), line(3, request_id="r3"))
    rows = report(tmp_path, quiet(5), second)["ids"]
    assert [(row["function"], row["file"][-7:], row["records"]) for row in rows] == [
        ("checkout", "0.jsonl", 5),
        ("checkout", "1.jsonl", 2),
        ("search", "1.jsonl", 1),
    ]
    assert (rows[0]["kinds"], rows[1]["kinds"], rows[1]["placeholder"], rows[2]["missing"]) == (
        {"uuid4": 5},
        {"other": 1},
        1,
        1,
    )
