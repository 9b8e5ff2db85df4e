"""Coded activations: bytes on the bus against the entropy of the tensor, at the bus's full rate.

AlexNet's convolutions 2 to 5 read maps with the share of zeros that Eyeriss's authors measured
(Y2 of their checks); a map of the same size is swept over densities. A layer in front stores the
map, so both directions are measured. SPDX-License-Identifier: Apache-2.0
"""

import math
import subprocess
import tempfile
from pathlib import Path

from networks import run_json
from table import print_table

MOST_OVER_ENTROPY = 1.12   # for densities of 0.1 to 0.62
MOST_OVER_RAW = 1.02       # at any density
MOST_CYCLES = 1.02         # of a layer that the array bounds, over the plain design
SPEC = ("name: {name}\narray: {{rows: 16, cols: 16}}\n"
        "buffers: {{activation_kib: 32, weight_kib: 24, accumulator_kib: 24}}\n{sparsity}")
LAYERS = {
    "conv2": (0.613, (27, 27, 96), "filters: 256, kernel: [5, 5], groups: 2"),
    "conv3": (0.275, (13, 13, 256), "filters: 384, kernel: [3, 3]"),
    "conv4": (0.207, (13, 13, 384), "filters: 384, kernel: [3, 3], groups: 2"),
    "conv5": (0.224, (13, 13, 384), "filters: 256, kernel: [3, 3], groups: 2")}
MEMORY = "latency=20"
HALVES = [0.5, 0.25]      # of the bus's beats
SWEEP = [0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.62, 0.8, 1.0]


def entropy(density: float) -> float:
    """Bits of a value that is zero or any of 256, each as likely."""
    bits = 8 * density
    for share in (density, 1 - density):
        if share > 0:
            bits -= share * math.log2(share)
    return bits


class Bench:
    """The same workload on a design with codecs and on one without."""

    def __init__(self, program: str, folder: Path):
        self.program, self.folder, self.specs = program, folder, {}
        for name, sparsity in [("plain", ""), ("coded", "sparsity: {codecs: true}\n")]:
            self.specs[name] = folder / f"{name}.yaml"
            self.specs[name].write_text(SPEC.format(name=name, sparsity=sparsity))

    def middle_layer(self, density: float, shape: tuple, layer: str, bandwidth: float) -> dict:
        """Cycles of the second of three layers: only the accelerator sees what it reads and writes."""
        workload = self.workload(density, shape, layer)
        workload.write_text(workload.read_text() + f"  - {{{layer.format(shape=list(shape))}}}\n")
        cycles = [run_json([self.program, "simulate", str(self.specs[name]), str(workload),
                            "--memory", f"latency=20,bandwidth={bandwidth}"])["layers"][1]["cycles"]
                  for name in ("plain", "coded")]
        return {"bandwidth": bandwidth, "density": density, "plain_cycles": cycles[0],
                "coded_cycles": cycles[1]}

    def workload(self, density: float, shape: tuple, second: str) -> Path:
        file = self.folder / "workload.yaml"
        shape = list(shape)
        file.write_text("name: maps\nseed: 1\nchain: true\nlayers:\n"
                        f"  - {{op: relu, input: {shape}, activation_density: {density}, "
                        "input_zero_point: -128}\n"
                        f"  - {{{second.format(shape=shape)}}}\n")
        return file

    def loaded(self, workload: Path) -> int:
        """Bytes of the map that the plain design loads, pieces that are loaded again included."""
        listing = subprocess.run([self.program, "compile", str(self.specs["plain"]), str(workload),
                                  "-o", str(self.folder / "out"), "--listing"], capture_output=True,
                                 text=True, check=True).stdout
        total = 0
        for line in listing.splitlines():
            fields = dict(part.split("=") for part in line.split() if "=" in part)
            if " load " in line and fields["layer"] == "1" and "target" not in fields:
                total += (int(fields["run_bytes"]) * int(fields["count_x"])
                          * int(fields["count_y"]))
        return total

    def measure(self, density: float, shape: tuple, second: str) -> dict:
        workload = self.workload(density, shape, second)
        plain, coded = (run_json([self.program, "simulate", str(self.specs[name]), str(workload),
                                  "--memory", MEMORY]) for name in ("plain", "coded"))
        elements = shape[0] * shape[1] * shape[2]
        loaded = self.loaded(workload)
        bits = entropy(density)
        # Weights are the same in both.
        saved = plain["layers"][1]["dram_read_bytes"] - coded["layers"][1]["dram_read_bytes"]
        written = coded["layers"][0]["dram_write_bytes"]
        return {"density": density, "elements": elements, "entropy_bits": bits,
                "written_bits": 8 * written / elements, "read_bits": 8 * (loaded - saved) / loaded,
                "loads": loaded / elements, "plain_cycles": plain["latency_cycles"],
                "coded_cycles": coded["latency_cycles"],
                "bytes": [sum(layer["dram_read_bytes"] + layer["dram_write_bytes"]
                              for layer in run["layers"]) for run in (plain, coded)]}


def judge(row: dict) -> bool:
    worst = max(row["written_bits"], row["read_bits"])
    row["over_entropy"] = worst / row["entropy_bits"] if row["entropy_bits"] > 0 else None
    row["over_raw"] = worst / 8
    row["ok"] = row["over_raw"] <= MOST_OVER_RAW
    if 0.1 <= row["density"] <= 0.62:
        row["ok"] = row["ok"] and row["over_entropy"] <= MOST_OVER_ENTROPY
    return row["ok"]


def print_rows(title: str, names: list[str], rows: list[dict]) -> None:
    print_table(title, ["map", "density", "entropy", "stored", "loaded", "over entropy", "over raw",
                        "cycles / plain", ""],
                [[name, f"{row['density']:.3f}", f"{row['entropy_bits']:.2f}",
                  f"{row['written_bits']:.2f}", f"{row['read_bits']:.2f}",
                  "-" if row["over_entropy"] is None else f"{row['over_entropy']:.3f}",
                  f"{row['over_raw']:.3f}", f"{row['coded_cycles'] / row['plain_cycles']:.3f}",
                  "ok" if row["ok"] else "over"] for name, row in zip(names, rows)])


def run(root: Path, build: Path) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(str(build / "arraywright"), Path(folder))
        layers = [bench.measure(density, shape, f"op: conv2d, input: {{shape}}, {more}, padding: same")
                  for density, shape, more in LAYERS.values()]
        pool = "op: max_pool2d, input: {shape}, kernel: [1, 1], padding: valid"
        sweep = [bench.measure(density, (13, 13, 384), pool) for density in SWEEP]
        slow = [bench.middle_layer(density, (13, 13, 384), pool, bandwidth)
                for bandwidth in HALVES for density in SWEEP[2::2]]
    passed = all([judge(row) for row in layers + sweep])
    print_rows("AlexNet's maps at the measured share of zeros, bits a value on the bus (Y2: 1.12 times "
               "the entropy, 1.02 times 8 bits)", list(LAYERS), layers)
    print_rows("13 x 13 x 384 at any density, stored and loaded by layers that the bus bounds",
               ["full bus"] * len(sweep), sweep)
    print_table("A layer whose input and output are coded, and that a slower memory bounds",
                ["bandwidth", "density", "plain cycles", "coded cycles", "times fewer"],
                [[f"{row['bandwidth']:.3f}", f"{row['density']:.2f}", f"{row['plain_cycles']:,}",
                  f"{row['coded_cycles']:,}",
                  f"{row['plain_cycles'] / row['coded_cycles']:.2f}"] for row in slow])
    return {"passed": passed, "layers": layers, "sweep": sweep, "slow_memory": slow}
