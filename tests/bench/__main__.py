"""`python -m tests.bench`, behind bootstrap.py bench: every part in a process of its own, one after the other.

    --only speed-1000x10000,latency   parts by name or by how their names begin
    --list                            their names; those marked long run by name only
    SCALE=1m in the environment       adds a million solutions

Prints each row as it comes, the table at the end, and writes bench.json beside the portal's other state.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from portal.embedded.home import CHECKOUT
from tests.bench import rows
from tests.bench.parts import PARTS, Part
from tests.bench.rows import Row
from tests.bench.stage import Stage

OUT = Path(os.environ.get("URBANLINK_HOME") or CHECKOUT / "var") / "bench.json"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--only", default="", help="names of parts, separated by commas")
    parser.add_argument("--list", action="store_true", help="name the parts and end")
    options = parser.parse_args(arguments)
    wanted = [name for name in options.only.split(",") if name]
    chosen = [part for part in PARTS if part.is_wanted(wanted)]
    if options.list or not chosen:
        print("\n".join(f"{part.name:<20}{part.about}{' (long)' * part.is_long}" for part in PARTS))
        return 0 if options.list else 2
    found: list[Row] = []
    began = time.monotonic()
    with Stage() as stage:
        for part in chosen:
            found += run(part, stage)
    print(f"\n{machine()}\n\n{rows.table(found)}\n\n{time.monotonic() - began:.0f} s")
    rows.write(found, OUT)
    print(f"written to {OUT}")
    return 0


def run(part: Part, stage: Stage) -> list[Row]:
    """The rows of a part; one that fails or takes too long is a row that says so."""
    print(f"{part.name}: {part.about}", flush=True)
    file = stage.home.folder / f"{part.name}.json"
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.parts", part.name, str(file)]
    process = subprocess.Popen(command, cwd=CHECKOUT, env=stage.environment, stderr=subprocess.PIPE, text=True)
    try:
        said = process.communicate(timeout=part.patience)[1]
        why = [line for line in said.splitlines() if line.strip(" ^~")] or [f"ended with {process.returncode}"]
    except subprocess.TimeoutExpired:
        why = [f"not done after {part.patience} s"]
    finally:
        process.terminate()  # it may have servers of its own to end
        process.communicate()
    found = rows.read(file) if file.exists() else []
    if not found or not file.with_suffix(".done").exists():
        found.append(rows.missing(part.name, why[-1]))
    print(rows.table(found), flush=True)
    return found


def machine() -> str:
    """What the figures were measured on; without it they mean nothing."""
    model = ""
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if sys.platform == "linux" else ():
        model = line.partition(":")[2].strip() if line.startswith("model name") else model
    return f"{os.cpu_count()} cores {model}, Python {sys.version.split()[0]}, NumPy with OpenBLAS on one thread"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
