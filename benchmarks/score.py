"""Scores attrib's incidents against made-up logs whose truth is known.

    python benchmarks/score.py [--kind NAME ...] [--seeds A:B] [--json] [--misses] [--cli]

Prints a table by kind and the bounds that the project set itself; ends with 1 when one is missed. Tune on seeds 0:4,
report on seeds 1000:1010: what was tuned on proves nothing. recall: labelled incidents that were found; precision:
found incidents that stand for a label; verdict, responsible: right among the found; false blames: incidents whose
verdict is not unknown and wrong, or which name somebody who did nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.generator.make import KINDS, make
from benchmarks.generator.plan import INCIDENTS, QUIET
from benchmarks.matching import Score, compare

BOUNDS: dict[str, tuple[str, float]] = {
    "recall": (">=", 0.98),
    "precision": (">=", 0.98),
    "verdict": (">=", 0.98),
    "responsible": (">=", 0.98),
    "false_blames": ("<=", 0),
    "quiet_incidents": ("<=", 0),
    "onset_median_s": ("<=", 15),
    "errors": ("<=", 0),
}
"""What all kinds together must reach."""
SUMS = (
    "labelled", "found", "matched", "verdict_right", "responsible_right", "lean_labelled", "lean_right",
    "false_positives", "tolerated", "fragments", "false_blames",
)  # fmt: skip


def analyzed(path: str, program: str | None) -> dict[str, Any]:
    """The report on one log: from this process, or from `program` as a user runs it."""
    if program is None:
        from attrib.options import Options
        from attrib.pipeline import analyze

        return analyze([path], Options(threads=1)).report
    run = subprocess.run([program, "analyze", path, "--to", "json"], capture_output=True, text=True, check=False)
    if run.returncode not in (0, 1, 3, 4) or not run.stdout:
        raise RuntimeError(run.stderr.strip() or f"exit code {run.returncode}")
    report: dict[str, Any] = json.loads(run.stdout)
    return report


def scored(job: tuple[str, int], params: dict[str, Any], program: str | None) -> Score:
    """Make, analyze and score one log; an analysis that fails is scored as an empty report with `error`."""
    kind, seed = job
    lines, labels = make(kind, seed, **params)
    report: dict[str, Any] = {}
    error = None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.jsonl"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        begun = time.perf_counter()
        try:
            report = analyzed(str(path), program)
        except Exception as caught:  # noqa: BLE001 - one log that breaks the program must not hide all others
            error = f"{type(caught).__name__}: {caught}"
        seconds = time.perf_counter() - begun
    score = compare(labels, report)
    if error is not None:
        score["misses"].insert(0, f"error: {error}")
    score |= {"kind": kind, "seed": seed, "lines": len(lines), "quiet": labels["quiet"], "error": error}
    return score | {"seconds": round(seconds, 3)}


def summed(scores: Sequence[Score]) -> dict[str, Any]:
    """The figures of many logs; a share is None where there is nothing to share, a median where nothing was timed."""
    total: dict[str, Any] = {name: sum(score[name] for score in scores) for name in SUMS}
    matched, counted = total["matched"], total["found"] - total["tolerated"]
    onsets = [error for score in scores for error in score["onset_errors"]]
    firsts = [error for score in scores for error in score["first_errors"]]
    return total | {
        "logs": len(scores),
        "lines": sum(score["lines"] for score in scores),
        "recall": _share(matched, total["labelled"]),
        "precision": _share(matched, counted),
        "verdict": _share(total["verdict_right"], matched),
        "responsible": _share(total["responsible_right"], matched),
        "quiet_incidents": sum(score["found"] for score in scores if score["quiet"]),
        "onset_median_s": round(statistics.median(onsets), 1) if onsets else None,
        "first_median_s": round(statistics.median(firsts), 1) if firsts else None,
        "errors": sum(score["error"] is not None for score in scores),
        "seconds": round(sum(score["seconds"] for score in scores), 1),
    }


def missed_bounds(total: dict[str, Any]) -> list[str]:
    """The bounds that the total misses, in words; shares and the median count only where something was labelled."""
    missed = []
    for name, (sign, bound) in BOUNDS.items():
        value = total[name]
        if value is None:
            if total["labelled"]:
                missed.append(f"{name}: nothing to measure, {sign} {bound} wanted")
        elif (value < bound) if sign == ">=" else (value > bound):
            missed.append(f"{name}: {value:.3g}, {sign} {bound} wanted")
    return missed


def table(scores: Sequence[Score]) -> str:
    """The Markdown table by kind."""
    head = (
        "kind", "logs", "labelled", "found", "recall", "precision", "verdict", "responsible", "lean", "false blames",
        "onset s", "first s",
    )  # fmt: skip
    lines = [f"| {' | '.join(head)} |", f"| --- |{' ---: |' * (len(head) - 1)}"]
    kinds = [kind for kind in KINDS if any(score["kind"] == kind for score in scores)]
    lines += [_row(kind, summed([score for score in scores if score["kind"] == kind])) for kind in kinds]
    return "\n".join([*lines, _row("**all**", summed(scores))])


def _row(name: str, figures: dict[str, Any]) -> str:
    shares = [figures[key] for key in ("recall", "precision", "verdict", "responsible")]
    cells = [name, str(figures["logs"]), str(figures["labelled"]), str(figures["found"])]
    cells += ["" if share is None else f"{share:.3f}" for share in shares]
    cells.append(f"{figures['lean_right']}/{figures['lean_labelled']}" if figures["lean_labelled"] else "")
    cells.append(str(figures["false_blames"]))
    medians = (figures["onset_median_s"], figures["first_median_s"])
    cells += ["" if median is None else f"{median:.1f}" for median in medians]
    return f"| {' | '.join(cells)} |"


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _seeds(text: str) -> range:
    first, _, last = text.partition(":")
    return range(int(first), int(last))


def _param(text: str) -> tuple[str, Any]:
    name, _, value = text.partition("=")
    with contextlib.suppress(json.JSONDecodeError):
        return name, json.loads(value)
    return name, value


def main() -> int:
    """Runs the logs, prints the table, and returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kind", action="append", metavar="NAME", help="a kind, `incidents`, `quiet` or `all`")
    parser.add_argument("--seeds", type=_seeds, default=range(4), metavar="A:B", help="from A up to, without, B")
    parser.add_argument(
        "--param", type=_param, action="append", default=[], metavar="NAME=VALUE", help="as generate.py"
    )
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--cli", action="store_true", help="run the program, not the library")
    parser.add_argument("--attrib", default=shutil.which("attrib", path=Path(sys.executable).parent) or "attrib")
    parser.add_argument("--json", action="store_true", help="print one JSON document instead of the table")
    parser.add_argument("--misses", action="store_true", help="say what is wrong, log by log")
    given = parser.parse_args()
    groups: dict[str, Sequence[str]] = {"all": KINDS, "incidents": tuple(INCIDENTS), "quiet": tuple(QUIET)}
    kinds = [kind for name in given.kind or ["all"] for kind in groups.get(name, (name,))]
    if unknown := sorted(set(kinds) - set(KINDS)):
        parser.error(f"no kind {', '.join(unknown)}; see benchmarks/generate.py --list")
    jobs = [(kind, seed) for kind in dict.fromkeys(kinds) for seed in given.seeds]
    work = partial(scored, params=dict(given.param), program=given.attrib if given.cli else None)
    with ProcessPoolExecutor(given.workers) as pool:
        scores = list(pool.map(work, jobs))
    total = summed(scores)
    missed = missed_bounds(total)
    if given.json:
        by_kind = {kind: summed([score for score in scores if score["kind"] == kind]) for kind in dict.fromkeys(kinds)}
        print(json.dumps({"total": total, "missed_bounds": missed, "kinds": by_kind, "logs": scores}, indent=1))
        return int(bool(missed))
    print(table(scores))
    print(
        f"\n{total['logs']} logs, {total['lines']:,} lines; {total['labelled']} incidents labelled, "
        f"{sum(score['quiet'] for score in scores)} quiet logs with {total['quiet_incidents']} incidents; "
        f"{total['seconds']} s of analysis"
    )
    if given.misses:
        print("\n".join(f"{score['kind']} {score['seed']}: {miss}" for score in scores for miss in score["misses"]))
    print("\n".join(f"missed: {line}" for line in missed) if missed else "all bounds hold")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
