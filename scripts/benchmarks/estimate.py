"""The cost model against RTL cycles: benchmark shapes, example networks, random layers.

SPDX-License-Identifier: Apache-2.0
"""

import json
import subprocess
import tempfile
from pathlib import Path

import cycles
from table import print_table

MOST_NETWORK_PERCENT = 5
MOST_LAYER_PERCENT = 10
NETWORKS = ["autoencoder", "cifar_cnn", "lenet", "mlp"]
SEED = 1
RANDOM_SPECS = 8
RANDOM_LAYERS = 14


def error_percent(measured: int, estimated: int) -> float:
    return 100 * (estimated - measured) / measured


def compare(name: str, dataflow: str, latency: int, result: dict) -> dict:
    """One row of a result.json."""
    layers = [error_percent(layer["cycles"], layer["estimated_cycles"])
              for layer in result["layers"]
              if isinstance(layer["cycles"], int) and isinstance(layer["estimated_cycles"], int)]
    row = {"name": name, "dataflow": dataflow, "latency": latency, "cycles": result["cycles"],
           "estimated_cycles": result["estimated_cycles"],
           "error_percent": error_percent(result["cycles"], result["estimated_cycles"]),
           "worst_layer_percent": max(layers, key=abs, default=0.0)}
    row["ok"] = (abs(row["error_percent"]) <= MOST_NETWORK_PERCENT
                 and abs(row["worst_layer_percent"]) <= MOST_LAYER_PERCENT)
    return row


def fixed_rows(root: Path, build: Path) -> list[dict]:
    rows = []
    for latency in [20, 100]:
        for shape in cycles.SHAPES:
            rows.append(compare(shape, "broadcast", latency,
                                cycles.simulate(root, build, "broadcast", shape, latency)))
        for shape in cycles.GEMM:
            result = cycles.simulate(root, build, "weight_stationary", shape, latency)
            rows.append(compare(shape, "weight_stationary", latency, result))
        for network in NETWORKS:
            result = cycles.run_simulate(build, root / "examples" / "edge16" / "spec.yaml",
                                         root / "examples" / "networks" / f"{network}.yaml",
                                         latency)
            rows.append(compare(network, "broadcast", latency, result))
    return rows


def random_pairs(build: Path) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "pairs.json"
        # Its exit code says what "passed" says; a crash leaves no report.
        subprocess.run([str(build / "estimate_pairs"), "--seed", str(SEED), "--specs",
                        str(RANDOM_SPECS), "--layers", str(RANDOM_LAYERS), "--json", str(report)],
                       stdout=subprocess.PIPE, check=False)
        return json.loads(report.read_text())


def run(root: Path, build: Path) -> dict:
    rows = fixed_rows(root, build)
    print_table("Estimate and RTL cycles",
                ["network", "dataflow", "latency", "RTL cycles", "estimate", "error %",
                 "worst layer %", ""],
                [[row["name"], row["dataflow"], str(row["latency"]), f"{row['cycles']:,}",
                  f"{row['estimated_cycles']:,}", f"{row['error_percent']:.2f}",
                  f"{row['worst_layer_percent']:.2f}", "ok" if row["ok"] else "over"]
                 for row in rows])
    pairs = random_pairs(build)
    errors = sorted(abs(row["error_percent"]) for row in pairs["rows"])
    print_table(f"Random layers on random designs, seed {SEED}",
                ["layers", "exact", "median error %", "largest error %", "of a layer %", ""],
                [[str(len(errors)), str(sum(error == 0 for error in errors)),
                  f"{errors[len(errors) // 2]:.2f}", f"{errors[-1]:.2f}",
                  f"{pairs['worst_layer_percent']:.2f}", "ok" if pairs["passed"] else "over"]])
    return {"passed": all(row["ok"] for row in rows) and pairs["passed"], "rows": rows,
            "random": pairs}
