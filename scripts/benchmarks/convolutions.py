"""How busy the convolutions of AlexNet and VGG-16 keep the array.

Busy: MACs / (multipliers * cycles). The array skips taps on padding, so only taps on the picture
count here; with all of them the share would exceed one. Cycles of a layer end with its last write
and may overlap the next; "whole run" is doorbell to interrupt, with the pooling between.
VGG-16 takes minutes. SPDX-License-Identifier: Apache-2.0
"""

import re
import tempfile
from pathlib import Path

from networks import MEMORY, MULTIPLIERS, run_json
from table import print_table

LEAST_BUSY = 0.88


def taps(size: int, kernel: int, stride: int, is_same: bool) -> tuple[int, int, int]:
    """Outputs of one axis, taps that fall on the picture, all taps."""
    outputs = -(-size // stride) if is_same else (size - kernel) // stride + 1
    before = max(0, (outputs - 1) * stride + kernel - size) // 2 if is_same else 0
    inside = sum(0 <= o * stride - before + t < size
                 for o in range(outputs) for t in range(kernel))
    return outputs, inside, outputs * kernel


def inside_shares(lines: list[str]) -> dict[str, float]:
    """Share of each convolution's taps on the picture. Pictures and kernels are square."""
    shares, size = {}, 0
    for line in lines:
        kernel = re.search(r"kernel: \[(\d+), \1\]", line)
        if not kernel:
            continue
        source = re.search(r"input: \[(\d+), \1,", line)
        stride = re.search(r"stride: \[(\d+), \1\]", line)
        name = re.search(r"name: (\w+)", line).group(1)
        size, inside, every = taps(int(source.group(1)) if source else size, int(kernel.group(1)),
                                   int(stride.group(1)) if stride else 1, "padding: same" in line)
        shares[name] = (inside / every) ** 2
    return shares


def measure(program: str, root: Path, name: str) -> dict:
    """The convolutions and pools alone, without what follows them."""
    text = (root / "examples" / "networks" / f"{name}.yaml").read_text()
    lines = [line for line in text.splitlines()
             if "fully_connected" not in line and "op: softmax" not in line]
    shares = inside_shares(lines)
    with tempfile.TemporaryDirectory() as folder:
        network = Path(folder) / f"{name}.yaml"
        network.write_text("\n".join(lines) + "\n")
        spec = root / "examples" / "bench" / "networks_16x16.yaml"
        result = run_json([program, "simulate", str(spec), str(network), "--memory", MEMORY])
    layers = [layer for layer in result["layers"] if layer["op"] == "conv2d"]
    inside = [layer["macs"] * shares[layer["name"]] for layer in layers]
    busy = {layer["name"]: macs / (MULTIPLIERS * layer["cycles"])
            for layer, macs in zip(layers, inside)}
    mean = sum(busy.values()) / len(busy)
    return {"network": name, "layers": busy, "mean": mean,
            "whole": sum(inside) / (MULTIPLIERS * result["latency_cycles"]),
            "computing": result["counters"]["compute"] / result["latency_cycles"],
            "ok": mean >= LEAST_BUSY and max(busy.values()) <= 1}


def run(root: Path, build: Path) -> dict:
    rows = [measure(str(build / "arraywright"), root, name) for name in ["alexnet", "vgg16"]]
    print_table("Multipliers busy in convolutions, 16x16, read latency 100",
                ["network", "mean of layers", "least", "", "lowest", "highest", "whole run",
                 "cycles computing"],
                [[row["network"], f"{row['mean']:.3f}", f"{LEAST_BUSY:.2f}",
                  "ok" if row["ok"] else "not met", f"{min(row['layers'].values()):.3f}",
                  f"{max(row['layers'].values()):.3f}", f"{row['whole']:.3f}",
                  f"{row['computing']:.3f}"] for row in rows])
    return {"passed": all(row["ok"] for row in rows), "rows": rows}
