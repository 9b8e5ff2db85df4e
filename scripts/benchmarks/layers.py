"""Single layers that are hard to keep busy, and the DRAM bytes of AlexNet's convolutions.

SPDX-License-Identifier: Apache-2.0
"""

import tempfile
from pathlib import Path

from networks import BUS_BYTES, MEMORY, MULTIPLIERS, run_json
from table import print_table

# name: least share of the multipliers that must be busy, percent
BUSY = {"depthwise_112x112x32": 45, "first_layer_7x7x3": 55}
ALEXNET_RATIO = 1.10
ALEXNET_SPEC = """name: alexnet_128k
array: {rows: 16, cols: 16}
buffers: {activation_kib: 80, weight_kib: 24, accumulator_kib: 24}
bus: {data_bits: 128}
"""


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


def alexnet_rows(program: str, bench: Path) -> list[dict]:
    """Each convolution alone: its input, weights, parameters and output must cross the bus once."""
    with tempfile.TemporaryDirectory() as folder:
        spec = Path(folder) / "spec.yaml"
        spec.write_text(ALEXNET_SPEC)
        result = run_json([program, "simulate", str(spec), str(bench / "alexnet_conv.yaml"),
                           "--memory", MEMORY])
    rows = []
    for layer in result["layers"]:
        moved = layer["dram_read_bytes"] + layer["dram_write_bytes"]
        rows.append({"layer": layer["name"], "moved": moved,
                     "compulsory": layer["compulsory_bytes"]})
    # Commands belong to no layer, but they cross the bus.
    counters = result["counters"]
    moved = (counters["read_beats"] + counters["write_beats"]) * BUS_BYTES
    rows.append({"layer": "all, with commands", "moved": moved,
                 "compulsory": sum(row["compulsory"] for row in rows)})
    for row in rows:
        row["ratio"] = row["moved"] / row["compulsory"]
    rows[-1]["ok"] = rows[-1]["ratio"] <= ALEXNET_RATIO
    return rows


def run(root: Path, build: Path) -> dict:
    program, bench = str(build / "arraywright"), root / "examples" / "bench"
    busy = busy_rows(program, bench)
    print_table("Multipliers busy, 16x16, 256 KiB of activations, read latency 100",
                ["layer", "million MACs", "cycles", "busy %", "least", ""],
                [[row["layer"], f"{row['macs'] / 1e6:.1f}", f"{row['cycles']:,}",
                  f"{row['busy_percent']:.1f}", str(row["least"]), "ok" if row["ok"] else "below"]
                 for row in busy])
    alexnet = alexnet_rows(program, bench)
    print_table("DRAM bytes of AlexNet's convolutions, batch 1: 80 + 24 + 24 KiB of activations, weights, sums",
                ["layer", "moved", "compulsory", "ratio", "limit", ""],
                [[row["layer"], f"{row['moved']:,}", f"{row['compulsory']:,}",
                  f"{row['ratio']:.3f}",
                  f"{ALEXNET_RATIO:.2f}" if "ok" in row else "",
                  {True: "ok", False: "over", None: ""}[row.get("ok")]] for row in alexnet])
    return {"passed": all(row["ok"] for row in busy) and alexnet[-1]["ok"], "busy": busy,
            "alexnet": alexnet}
