"""Run the fault harness in a process of its own."""

import json
import subprocess
import sys
from typing import Any

KILLS = ["--kills", "10"]
RACE = ["--two-tabs", "20", "--statements", "100"]
LATE = ["--late", "0.06", "--retries", "0"]
BAD_NETWORK = ["--lose-reply", "0.03", "--cut-request", "0.02", "--late", "0.05"]
CRASHES = ["--postgresql", "--faults", "crash"]


def harness(*options: str, seed: int = 1) -> dict[str, Any]:
    """Run one seed in a process of its own and return its report."""
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "tests.faults.fault_harness",
        "--seeds",
        str(seed),
        *options,
    ]
    ended = subprocess.run(command, check=False, capture_output=True, text=True)
    assert ended.stdout, ended.stderr
    report: dict[str, Any] = json.loads(ended.stdout)
    assert ended.returncode == bool(report["violations"]), ended.stderr
    assert report["acked"] > 30, f"too few votes to judge: {report}"
    return report
