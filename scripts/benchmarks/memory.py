"""Latency of one inference, cycles of sixteen in a row, and both with a slower memory.

Inferences of a model run one after the other; the MLP also as one batch, whose weights are loaded once.
SPDX-License-Identifier: Apache-2.0
"""

import os
import re
import tempfile
from pathlib import Path

from networks import run_json
from table import print_table

MODELS = {"MLP": "fc_autoencoder_toycar", "ResNet-8": "resnet8_cifar10",
          "MobileNet": "mobilenetv1_025_vww96"}
MEMORIES = {"full": "latency=100", "half bandwidth": "latency=100,bandwidth=0.5",
            "half, stalls 20 %": "latency=100,bandwidth=0.5,stall=0.2"}
BATCHES = [1, 4, 16]
MLP_BATCHES = [1, 2, 4, 8, 16]


def measure(program: str, spec: Path, folder: Path, memory: str) -> dict:
    """All runs must pass: simulate compares each with the golden kernel, whatever the memory."""
    inputs = sorted(folder.glob("input_*.bin"))
    files = [str(inputs[i % len(inputs)]) for i in range(max(BATCHES))]
    result = run_json([program, "simulate", str(spec), str(folder / "model.tflite"),
                       *[part for file in files for part in ("--input", file)],
                       "--memory", memory])
    cycles = [run["latency_cycles"] for run in result["runs"]]
    return {"latency": cycles[0], "batches": {str(n): sum(cycles[:n]) for n in BATCHES}}


def batch_rows(program: str, spec: Path, network: Path) -> list[dict]:
    """The MLP of the examples with synthetic weights, a batch at a time."""
    rows = []
    for batch in MLP_BATCHES:
        text = re.sub(r"op: fully_connected", f"op: fully_connected, batch: {batch}",
                      network.read_text())
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "batch.yaml"
            file.write_text(text)
            cycles = run_json([program, "simulate", str(spec), str(file),
                               "--memory", MEMORIES["full"]])["latency_cycles"]
        rows.append({"batch": batch, "cycles": cycles, "each": cycles / batch})
    return rows


def run(root: Path, build: Path) -> dict:
    data = Path(os.environ.get("ARRAYWRIGHT_DATA", root / ".." / "shared")) / "models"
    spec = root / "examples" / "bench" / "networks_16x16.yaml"
    rows = []
    for title, name in MODELS.items():
        if not (data / name).exists():
            print(f"skipped: {data / name} is not there")
            continue
        full = None
        for memory, setting in MEMORIES.items():
            row = {"network": title, "memory": memory,
                   **measure(str(build / "arraywright"), spec, data / name, setting)}
            full = full or row
            row["slowdown"] = row["latency"] / full["latency"]
            rows.append(row)
    print_table("Latency at batch 1 and inferences in a row, 16x16, read latency 100",
                ["network", "memory", "latency", "slowdown",
                 *[f"cycles each, {n} in a row" for n in BATCHES]],
                [[row["network"], row["memory"], f"{row['latency']:,}", f"{row['slowdown']:.2f}",
                  *[f"{row['batches'][str(n)] / n:,.0f}" for n in BATCHES]] for row in rows])
    batches = batch_rows(str(build / "arraywright"), spec,
                         root / "examples" / "networks" / "autoencoder.yaml")
    print_table("MLP (autoencoder) as one batch, full memory",
                ["batch", "cycles", "cycles each", "of batch 1"],
                [[str(row["batch"]), f"{row['cycles']:,}", f"{row['each']:,.0f}",
                  f"{row['each'] / batches[0]['each']:.2f}"] for row in batches])
    # A model that is not there was not measured: that is no pass.
    return {"passed": len(rows) == len(MODELS) * len(MEMORIES), "rows": rows,
            "batches": batches}
