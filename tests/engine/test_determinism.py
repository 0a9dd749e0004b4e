"""The same input gives the same output, in another process with another hash seed too."""

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import hashlib, json
from matching.engine import near_misses, rank, score
from tests.engine.strategies import TODAY, _Maker, together

maker = _Maker(7)
crowd = [maker.solution(f"s{number}") for number in range(60)]
lines = []
for seed in range(30):
    demand = _Maker(seed).demand()
    results = rank(demand, together(crowd), None, today=TODAY)
    results += [miss.result for miss in near_misses(demand, together(crowd), None, today=TODAY)]
    lines += [json.dumps(result.to_json(), sort_keys=True) for result in results]
print(len(lines), hashlib.sha256("\\n".join(lines).encode()).hexdigest())
"""


def _run(seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=root, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_two_processes_agree_on_every_result():
    first, second = _run("1"), _run("2")
    assert int(first.split()[0]) > 100
    assert first == second
