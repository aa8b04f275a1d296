"""Writes made-up M1 logs with labels: what happened in them, who did it, and from when to when.

    python benchmarks/generate.py OUT_DIR --kind NAME|all [--seed N | --seeds A:B] [--lines N] [--files N] ...

One log: OUT_DIR/log.jsonl and OUT_DIR/labels.json. Several kinds or seeds: OUT_DIR/KIND-SEED/ each. With --files the
lines are spread over log-1.jsonl ... by function, as services write files of their own. Same call, same bytes.
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from contextlib import ExitStack
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.generator.make import KINDS, Log
from benchmarks.generator.plan import INCIDENTS

NUMBERS = {
    "minutes": "length of the log",
    "share": "share of requests that the fault hits, 0 to 1",
    "fault_minutes": "how long the fault lasts",
    "missing": "share of the failing lines without upstream_status, where the kind has one",
    "noise": "factor of the background noise (1: as usual)",
    "slow_tail": "share of naturally slow requests",
    "bad_ids": "share of requests without a usable id",
    "duplicates": "share of lines delivered twice",
    "disorder_s": "mean delay of a line in its writer, seconds",
    "junk": "share of added lines that are no M1",
}
WORDS = {
    "ids": ("hex", "uuid4", "uuid7", "order"),
    "times": ("iso", "none", "mixed"),
    "links": ("names", "spans"),
}


def write(folder: Path, kind: str, seed: int, files: int, params: dict[str, Any]) -> int:
    """Write one log and its labels; the number of lines."""
    folder.mkdir(parents=True, exist_ok=True)
    log = Log(kind, seed, **params)
    names = ["log.jsonl"] if files == 1 else [f"log-{number}.jsonl" for number in range(1, files + 1)]
    with ExitStack() as stack:
        outs = [stack.enter_context((folder / name).open("w", encoding="utf-8", newline="\n")) for name in names]
        for _, function, text in log.lines():
            outs[zlib.crc32(function.encode()) % files].write(text + "\n")
    labels = log.labels() | {"files": names}
    (folder / "labels.json").write_text(json.dumps(labels, indent=1) + "\n", encoding="utf-8")
    return log.count


def seeds(text: str) -> range:
    """`A:B` as range(A, B)."""
    first, _, last = text.partition(":")
    return range(int(first), int(last))


def parser() -> argparse.ArgumentParser:
    """The options."""
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("out", type=Path, nargs="?", metavar="OUT_DIR")
    made.add_argument("--kind", default="all", choices=("all", *KINDS), metavar="NAME", help="a kind, or all")
    made.add_argument("--seed", type=int, default=0)
    made.add_argument("--seeds", type=seeds, help="A:B, instead of --seed")
    made.add_argument("--files", type=int, default=1)
    made.add_argument("--list", action="store_true", help="print the kinds and stop")
    made.add_argument("--lines", type=int, help="about how many lines")
    made.add_argument("--hops", type=int, choices=range(2, 6), help="length of a chain of services")
    for name, meaning in NUMBERS.items():
        made.add_argument("--" + name.replace("_", "-"), type=float, help=meaning)
    for name, words in WORDS.items():
        made.add_argument(f"--{name}", choices=words)
    return made


def main() -> None:
    """Writes the logs."""
    made = parser()
    given = made.parse_args()
    if given.list:
        print("\n".join(f"{kind}  {'incidents' if kind in INCIDENTS else 'quiet'}" for kind in KINDS))
        return
    if given.out is None or given.files < 1:
        made.error("a folder to write to is needed" if given.out is None else "--files must be 1 or more")
    names = ("lines", "hops", *NUMBERS, *WORDS)
    params = {name: getattr(given, name) for name in names if getattr(given, name) is not None}
    kinds = KINDS if given.kind == "all" else (given.kind,)
    chosen = given.seeds or range(given.seed, given.seed + 1)
    alone = len(kinds) * len(chosen) == 1
    for kind in kinds:
        for seed in chosen:
            folder = given.out if alone else given.out / f"{kind}-{seed}"
            print(f"{folder}: {write(folder, kind, seed, given.files, params):,} lines")


if __name__ == "__main__":
    main()
