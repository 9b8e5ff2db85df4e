"""Cycles of the benchmark shapes, doorbell to interrupt, against bound and limit.

Bound: max(MACs / multipliers, bytes / bytes of the bus), every byte moved once.
SPDX-License-Identifier: Apache-2.0
"""

import json
import subprocess
import tempfile
from pathlib import Path

from table import print_table

# name: (array, most cycles allowed for `broadcast` at read latency 20)
SHAPES = {
    "gemm_16": (16, 180),
    "gemm_64": (16, 1_300),
    "gemm_128": (16, 8_700),
    "gemm_256": (16, 66_500),
    "gemm_512": (16, 528_000),
    "gemv_256": (16, 4_350),
    "gemv_1024": (16, 66_300),
    "conv_13x15x64": (8, 42_000),
    "conv_8x16x128": (8, 70_600),
    "conv_6x8x192": (8, 8_500),
    "conv_24x33x55": (8, 60_500),
    "conv_4x1x8192": (8, 5_400),
}
GEMM = ["gemm_16", "gemm_64", "gemm_128", "gemm_256", "gemm_512"]
LARGE_GEMM = ["gemm_128", "gemm_256", "gemm_512"]
BUS_BYTES = {16: 16, 8: 8}


def run_simulate(build: Path, spec: Path, network: Path, latency: int) -> dict:
    return run_simulate_memory(build, spec, network, f"latency={latency}")


def run_simulate_memory(build: Path, spec: Path, network: Path, memory: str) -> dict:
    """result.json of one run. A run that fails raises with its message."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "result.json"
        command = [str(build / "arraywright"), "simulate", str(spec), str(network), "--memory",
                   memory, "--json", str(report)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(
                f"{' '.join(command)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return json.loads(report.read_text())


def simulate(root: Path, build: Path, dataflow: str, shape: str, latency: int) -> dict:
    array = SHAPES[shape][0]
    bench = root / "examples" / "bench"
    return run_simulate(build, bench / f"spec_{array}x{array}_{dataflow}.yaml",
                        bench / f"{shape}.yaml", latency)


def measure(root: Path, build: Path, dataflow: str, shape: str, latency: int, limit) -> dict:
    """One row; `limit` is None where none is set."""
    result = simulate(root, build, dataflow, shape, latency)
    array = SHAPES[shape][0]
    macs = sum(layer["macs"] for layer in result["layers"])
    moved = sum(layer["compulsory_bytes"] for layer in result["layers"])
    bound = max(-(-macs // (array * array)), -(-moved // BUS_BYTES[array]))
    cycles = result["latency_cycles"]
    return {"shape": shape, "array": f"{array}x{array}", "dataflow": dataflow, "latency": latency,
            "cycles": cycles, "bound": bound, "ratio": cycles / bound, "limit": limit,
            "counters": result["counters"],
            "ok": limit is None or cycles <= limit}


def row_cells(row: dict) -> list[str]:
    limit = "" if row["limit"] is None else f"{row['limit']:,}"
    verdict = "" if row["limit"] is None else ("ok" if row["ok"] else "over")
    return [row["shape"], row["array"], row["dataflow"], str(row["latency"]), f"{row['cycles']:,}",
            f"{row['bound']:,}", f"{row['ratio']:.3f}", limit, verdict]


def run(root: Path, build: Path) -> dict:
    rows = []
    for shape, (_, limit) in SHAPES.items():
        rows.append(measure(root, build, "broadcast", shape, 20, limit))
    for shape in GEMM:
        # Within 10 % of the limits of `broadcast`, from 64 up.
        limit = None if shape == "gemm_16" else SHAPES[shape][1] * 110 // 100
        rows.append(measure(root, build, "weight_stationary", shape, 20, limit))
    at_20 = {(row["dataflow"], row["shape"]): row["cycles"] for row in rows}
    for dataflow in ["broadcast", "weight_stationary"]:
        for shape in LARGE_GEMM:
            # At most 5 % more than at latency 20.
            limit = at_20[dataflow, shape] * 105 // 100
            rows.append(measure(root, build, dataflow, shape, 100, limit))
    print_table("Cycles, doorbell to interrupt",
                ["shape", "array", "dataflow", "latency", "cycles", "bound", "ratio", "limit", ""],
                [row_cells(row) for row in rows])
    return {"passed": all(row["ok"] for row in rows), "rows": rows}
