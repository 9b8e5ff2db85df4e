"""The guidelines of ShuffleNet V2 (arXiv 1807.11164) on this design: what width, groups, fragments
and element-wise layers cost.

All layers are 1 x 1 convolutions of 28 x 28 pictures with about 2^14 weights; input and output lie
in DRAM. Cycles are doorbell to interrupt. SPDX-License-Identifier: Apache-2.0
"""

import tempfile
from pathlib import Path

from networks import MEMORY, run_json
from table import print_table

PIXELS = 28 * 28
# input and output channels: constant work, ratio 1:1 to 1:12
WIDTHS = [(128, 128), (90, 182), (74, 221), (64, 256), (52, 315), (45, 364), (37, 443)]
GROUPS = [1, 2, 4, 8]
FRAGMENTS = 4
MOST_ERROR = 0.05
MOST_SLOWDOWN = 1.3


def conv(name: str, source: str, filters: int, groups: int = 1) -> str:
    return (f"  - {{op: conv2d, name: {name}, {source}, filters: {filters}, kernel: [1, 1], "
            f"groups: {groups}, padding: same, bias: true, per_channel: true}}\n")


def picture(channels: int) -> str:
    return f"input: [28, 28, {channels}]"


def simulate(program: str, spec: Path, layers: str) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        network = Path(folder) / "network.yaml"
        network.write_text(f"name: guidelines\nseed: 1\nchain: true\nlayers:\n{layers}")
        return run_json([program, "simulate", str(spec), str(network), "--memory", MEMORY])


def formula_row(program: str, spec: Path, c1: int, c2: int, groups: int) -> dict:
    """hw (c1 + c2) + c1 c2 / g bytes; bias and scales of 9 bytes a channel are not in it."""
    result = simulate(program, spec, conv("a", picture(c1), c2, groups))
    layer = result["layers"][0]
    moved = layer["dram_read_bytes"] + layer["dram_write_bytes"]
    formula = PIXELS * (c1 + c2) + c1 * c2 // groups
    return {"c1": c1, "c2": c2, "groups": groups, "macs": layer["macs"], "moved": moved,
            "formula": formula, "cycles": result["latency_cycles"],
            "ok": abs(moved / formula - 1) <= MOST_ERROR}


def fragment_row(program: str, spec: Path) -> dict:
    """Both behind the same pooling, so that the fragments can share their input."""
    source = f"  - {{op: max_pool2d, name: in, {picture(128)}, kernel: [2, 2], padding: valid}}\n"
    whole = simulate(program, spec, source + conv("a", "input: in", 128))
    parts = "".join(conv(f"p{i}", "input: in", 128 // FRAGMENTS) for i in range(FRAGMENTS))
    names = ", ".join(f"p{i}" for i in range(FRAGMENTS))
    split = simulate(program, spec,
                     source + parts + f"  - {{op: concatenation, name: all, inputs: [{names}]}}\n")
    slowdown = split["latency_cycles"] / whole["latency_cycles"]
    return {"whole": whole["latency_cycles"], "split": split["latency_cycles"],
            "slowdown": slowdown, "ok": slowdown <= MOST_SLOWDOWN}


def run(root: Path, build: Path) -> dict:
    program = str(build / "arraywright")
    spec = root / "examples" / "bench" / "networks_16x16.yaml"
    widths = [formula_row(program, spec, c1, c2, 1) for c1, c2 in WIDTHS]
    groups = [formula_row(program, spec, 128, 128, g) for g in GROUPS]
    print_table("Width and groups: 1 x 1 convolutions of 28 x 28 pictures, DRAM bytes",
                ["channels", "groups", "million MACs", "moved", "hw (c1 + c2) + c1 c2 / g", "ratio",
                 "within 5 %", "cycles"],
                [[f"{row['c1']} to {row['c2']}", str(row["groups"]), f"{row['macs'] / 1e6:.2f}",
                  f"{row['moved']:,}", f"{row['formula']:,}", f"{row['moved'] / row['formula']:.3f}",
                  "ok" if row["ok"] else "over", f"{row['cycles']:,}"] for row in widths + groups])
    fragments = fragment_row(program, spec)
    print_table(f"One convolution against {FRAGMENTS} fragments and their concatenation",
                ["cycles of one", "cycles of fragments", "slowdown", "limit", ""],
                [[f"{fragments['whole']:,}", f"{fragments['split']:,}",
                  f"{fragments['slowdown']:.2f}", f"{MOST_SLOWDOWN:.2f}",
                  "ok" if fragments["ok"] else "over"]])
    return {"passed": all(row["ok"] for row in widths + groups) and fragments["ok"],
            "widths": widths, "groups": groups, "fragments": fragments}
