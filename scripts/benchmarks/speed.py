"""Simulated cycles a second on one thread, with and without SystemC.

SPDX-License-Identifier: Apache-2.0
"""

import json
import subprocess
from pathlib import Path

from table import print_table

LEAST_CYCLES_PER_SECOND = 250_000
MOST_COST = 1.5


def run(root: Path, build: Path) -> dict:
    bench = root / "examples" / "bench"
    rows = []
    for dataflow in ["broadcast", "weight_stationary"]:
        command = [str(build / "sim_speed"), str(bench / f"spec_16x16_{dataflow}.yaml"),
                   str(bench / "gemm_256.yaml")]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        # The last line: the model builder may have logged before it.
        row = json.loads(done.stdout.splitlines()[-1])
        row["dataflow"] = dataflow
        row["ok"] = (row["systemc_cycles_per_second"] >= LEAST_CYCLES_PER_SECOND
                     and row["cost"] <= MOST_COST)
        rows.append(row)
    print_table("Simulation speed, gemm_256 on 16x16, one thread, best of 3",
                ["dataflow", "cycles", "SystemC cycles/s", "bare loop cycles/s", "time ratio", ""],
                [[row["dataflow"], f"{row['cycles']:,}", f"{row['systemc_cycles_per_second']:,.0f}",
                  f"{row['bare_cycles_per_second']:,.0f}", f"{row['cost']:.2f}",
                  "ok" if row["ok"] else "over"] for row in rows])
    return {"passed": all(row["ok"] for row in rows), "rows": rows}
