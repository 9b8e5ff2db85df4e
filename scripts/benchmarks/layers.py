"""Single layers that are hard to keep busy.

SPDX-License-Identifier: Apache-2.0
"""

from pathlib import Path

from networks import MEMORY, MULTIPLIERS, run_json
from table import print_table

# name: least share of the multipliers that must be busy, percent
BUSY = {"depthwise_112x112x32": 45, "first_layer_7x7x3": 55}

def busy_rows(program: str, bench: Path) -> list[dict]:
    rows = []
    for name, least in BUSY.items():
        result = run_json([program, "simulate", str(bench / "networks_16x16.yaml"),
                           str(bench / f"{name}.yaml"), "--memory", MEMORY])
        cycles = result["latency_cycles"]
        macs = sum(layer["macs"] for layer in result["layers"])
        busy = 100 * macs / (cycles * MULTIPLIERS)
        rows.append({"layer": name, "macs": macs, "cycles": cycles, "busy_percent": busy,
                     "least": least, "ok": busy >= least})
    return rows


def run(root: Path, build: Path) -> dict:
    program, bench = str(build / "arraywright"), root / "examples" / "bench"
    busy = busy_rows(program, bench)
    print_table("Multipliers busy, 16x16, 256 KiB of activations, read latency 100",
                ["layer", "million MACs", "cycles", "busy %", "least", ""],
                [[row["layer"], f"{row['macs'] / 1e6:.1f}", f"{row['cycles']:,}",
                  f"{row['busy_percent']:.1f}", str(row["least"]), "ok" if row["ok"] else "below"]
                 for row in busy])
    return {"passed": all(row["ok"] for row in busy), "busy": busy}
