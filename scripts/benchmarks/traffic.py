"""AlexNet's DRAM bytes with 128 KiB for activations, weights and sums together.

SPDX-License-Identifier: Apache-2.0
"""

import tempfile
from pathlib import Path

from networks import BUS_BYTES, MEMORY, run_json
from table import print_table

MOST_RATIO = 1.10
# KiB of activations, weights and sums; each row is 128 in all
SPLITS = [(80, 24, 24), (72, 32, 24), (72, 40, 16), (64, 32, 32), (64, 40, 24)]


def spec_text(split: tuple[int, int, int]) -> str:
    return ("name: alexnet_128k\narray: {rows: 16, cols: 16}\nbus: {data_bits: 128}\n"
            f"buffers: {{activation_kib: {split[0]}, weight_kib: {split[1]}, "
            f"accumulator_kib: {split[2]}}}\n")


def traffic_rows(program: str, bench: Path) -> list[dict]:
    """Each layer, with its input and output in DRAM, and the whole with its commands."""
    rows = []
    for split in SPLITS:
        with tempfile.TemporaryDirectory() as folder:
            spec = Path(folder) / "spec.yaml"
            spec.write_text(spec_text(split))
            result = run_json([program, "simulate", str(spec), str(bench / "alexnet_conv.yaml"),
                               "--memory", MEMORY])
        ratios = {layer["name"]: (layer["dram_read_bytes"] + layer["dram_write_bytes"])
                  / layer["compulsory_bytes"] for layer in result["layers"]}
        counters = result["counters"]
        ratios["all"] = ((counters["read_beats"] + counters["write_beats"]) * BUS_BYTES
                         / sum(layer["compulsory_bytes"] for layer in result["layers"]))
        rows.append({"split": split, "ratios": ratios,
                     "ok": ratios["all"] <= MOST_RATIO})
    return rows


def run(root: Path, build: Path) -> dict:
    program = str(build / "arraywright")
    traffic = traffic_rows(program, root / "examples" / "bench")
    names = list(traffic[0]["ratios"])
    print_table("DRAM bytes over compulsory bytes, AlexNet's convolutions, batch 1, 128 KiB in all",
                ["KiB activations + weights + sums", *names, "limit of all", ""],
                [[" + ".join(str(part) for part in row["split"]),
                  *[f"{row['ratios'][name]:.3f}" for name in names], f"{MOST_RATIO:.2f}",
                  "ok" if row["ok"] else "over"] for row in traffic])
    return {"passed": any(row["ok"] for row in traffic), "rows": traffic}
