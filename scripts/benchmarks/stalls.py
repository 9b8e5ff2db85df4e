"""The benchmark shapes with half the bandwidth and random stalls.

Every run compares every tensor with the golden kernel and raises on a difference, so each row that
is printed gave the same results. SPDX-License-Identifier: Apache-2.0
"""

from pathlib import Path

from cycles import SHAPES, run_simulate_memory
from table import print_table

MEMORIES = {"half bandwidth": "latency=100,bandwidth=0.5",
            "half, stalls": "latency=100,bandwidth=0.5,stall=0.2,seed=1",
            "half, stalls, other seed": "latency=100,bandwidth=0.5,stall=0.2,seed=2"}


def run(root: Path, build: Path) -> dict:
    bench = root / "examples" / "bench"
    rows = []
    for shape, (array, _) in SHAPES.items():
        spec, network = bench / f"spec_{array}x{array}_broadcast.yaml", bench / f"{shape}.yaml"

        def measure(memory: str, spec=spec, network=network) -> int:
            return run_simulate_memory(build, spec, network, memory)["latency_cycles"]

        rows.append({"shape": shape, "full": measure("latency=100"),
                     **{title: measure(memory) for title, memory in MEMORIES.items()}})
    print_table("Slower memories, broadcast, read latency 100, stalls 20 %: results identical",
                ["shape", "cycles", *MEMORIES],
                [[row["shape"], f"{row['full']:,}",
                  *[f"{row[title] / row['full']:.2f} x" for title in MEMORIES]] for row in rows])
    return {"passed": True, "rows": rows}
