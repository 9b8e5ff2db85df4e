"""Whole networks in RTL at batch 1: cycles against the bound, bytes moved, what limits.

Bound: sum over the layers of max(MACs / multipliers, weight bytes / bytes of the bus); activations
that fit stay on chip. SPDX-License-Identifier: Apache-2.0
"""

import json
import os
import subprocess
import tempfile
from pathlib import Path

from table import print_table

MULTIPLIERS = 256
BUS_BYTES = 16
MEMORY = "latency=100"
# name: most cycles over the bound; None where no limit is set
LISTS = {"alexnet": 1.10, "vgg16": 1.06, "resnet50": 1.10, "squeezenet1_0": 1.25,
         "mobilenetv1": 1.25}
MODELS = {"resnet8_cifar10": 1.25, "mobilenetv1_025_vww96": 1.5, "dscnn_kws": 1.6,
          "dscnn1d_streaming_wakeword": None, "mobilenetv2_035_person160": None,
          "mobilenetv2_100_imagenet224": None, "fc_autoencoder_toycar": None}


def run_json(command: list[str]) -> dict:
    """A command's --json result; a run that fails raises with its message."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "result.json"
        done = subprocess.run([*command, "--json", str(report)], capture_output=True, text=True,
                              check=False)
        if done.returncode != 0:
            raise RuntimeError(
                f"{' '.join(command)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return json.loads(report.read_text())


def measure(root: Path, build: Path, name: str, network: Path, limit, inputs: list[str]) -> dict:
    program = str(build / "arraywright")
    spec = str(root / "examples" / "bench" / "networks_16x16.yaml")
    with tempfile.TemporaryDirectory() as folder:
        compiled = run_json([program, "compile", spec, str(network), "-o", f"{folder}/out"])
    result = run_json([program, "simulate", spec, str(network), *inputs, "--memory", MEMORY])
    bound = sum(max(layer["macs"] / MULTIPLIERS, layer["weight_bytes"] / BUS_BYTES)
                for layer in compiled["layers"])
    counters = result["counters"]
    cycles = result["latency_cycles"]
    moved = (counters["read_beats"] + counters["write_beats"]) * BUS_BYTES
    compulsory = sum(layer["compulsory_bytes"] for layer in compiled["layers"])
    ratio = cycles / bound
    # What the cost model said: of the whole, and the worst layer.
    errors = [100 * (layer["estimated_cycles"] / layer["cycles"] - 1)
              for layer in result["layers"]
              if isinstance(layer["cycles"], int) and isinstance(layer["estimated_cycles"], int)
              and layer["cycles"] > 0]
    estimate = 100 * (result["estimated_cycles"] / result["cycles"] - 1)
    return {"network": name, "macs": sum(layer["macs"] for layer in compiled["layers"]),
            "cycles": cycles, "bound": round(bound), "ratio": ratio, "limit": limit,
            "dram_bytes": moved, "layer_bytes": compulsory, "counters": counters,
            "estimate_percent": estimate, "layer_percent": max(errors, key=abs),
            "ok": limit is None or ratio <= limit}


def row_cells(row: dict) -> list[str]:
    limit = "" if row["limit"] is None else f"{row['limit']:.2f}"
    verdict = "" if row["limit"] is None else ("ok" if row["ok"] else "over")
    return [row["network"], f"{row['macs'] / 1e6:,.1f}", f"{row['cycles']:,}", f"{row['bound']:,}",
            f"{row['ratio']:.3f}", limit, verdict, f"{row['dram_bytes'] / 1e6:,.2f}",
            f"{row['layer_bytes'] / 1e6:,.2f}", f"{row['estimate_percent']:+.2f}",
            f"{row['layer_percent']:+.2f}"]


def run(root: Path, build: Path) -> dict:
    rows = []
    for name, limit in LISTS.items():
        rows.append(measure(root, build, name, root / "examples" / "networks" / f"{name}.yaml",
                            limit, []))
    data = Path(os.environ.get("ARRAYWRIGHT_DATA", root / ".." / "shared")) / "models"
    for name, limit in MODELS.items():
        folder = data / name
        if not folder.exists():
            print(f"skipped: {folder} is not there")
            continue
        rows.append(measure(root, build, name, folder / "model.tflite", limit,
                            ["--input", str(folder / "input_000.bin")]))
    print_table("Whole networks, batch 1, 16x16, 128-bit bus, read latency 100",
                ["network", "million MACs", "cycles", "bound", "ratio", "limit", "", "DRAM MB",
                 "MB of all layers", "estimate off by %", "worst layer %"], [row_cells(row) for row in rows])
    return {"passed": all(row["ok"] for row in rows), "rows": rows}
