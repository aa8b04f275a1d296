"""Times whole processes: what a user waits for, start of Python included.

    python benchmarks/startup.py [--runs N] [--attrib PROGRAM] [LOGS...]

Runs each command N times in turn (A B C A B C ..., so that a slow minute of the machine hits all alike), after one
run that is not counted, and prints a Markdown table: median and fastest wall time, and the median CPU time.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

SAMPLES = sorted((Path(__file__).resolve().parents[1] / "sample_logs").glob("*.jsonl"))


def timed(command: list[str]) -> tuple[float, float]:
    """Wall and CPU seconds of one process (CPU includes its children's)."""
    before = os.times()
    started = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True)
    wall = time.perf_counter() - started
    after = os.times()
    return wall, after.children_user + after.children_system - before.children_user - before.children_system


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("logs", nargs="*", type=Path, default=SAMPLES, metavar="LOGS")
    parser.add_argument("--runs", type=int, default=11)
    parser.add_argument("--attrib", default=shutil.which("attrib", path=Path(sys.executable).parent) or "attrib")
    given = parser.parse_args()
    logs = [str(path) for path in given.logs]
    commands = {
        "python -c pass (the floor)": [sys.executable, "-c", "pass"],
        "attrib --help": [given.attrib, "--help"],
        "attrib analyze LOGS": [given.attrib, "analyze", *logs],
        "attrib analyze LOGS --to json": [given.attrib, "analyze", *logs, "--to", "json"],
    }
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for turn in range(given.runs + 1):
        for name, command in commands.items():
            measured = timed(command)
            if turn:  # the first fills the caches
                times[name].append(measured)
    size = sum(path.stat().st_size for path in given.logs)
    print(f"{given.runs} runs, {os.cpu_count()} processors, LOGS: {len(logs)} files, {size / 1000:,.0f} kB\n")
    print("| command | median ms | fastest ms | CPU ms |\n| --- | --- | --- | --- |")
    for name, rows in times.items():
        wall = [1000 * row[0] for row in rows]
        cpu = statistics.median(1000 * row[1] for row in rows)
        print(f"| `{name}` | {statistics.median(wall):.0f} | {min(wall):.0f} | {cpu:.0f} |")


if __name__ == "__main__":
    main()
