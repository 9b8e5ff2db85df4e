"""What zeros save: structured weights, blocks, codebooks, gating, folded channels.

Every run is compared with the golden kernel. Ids are those of the checks that peers' papers suggest:
N1-N4 structured, K1-K4 blocks, Y3 gating, D1-D4 codebooks. SPDX-License-Identifier: Apache-2.0
"""

import os
import tempfile
from pathlib import Path

from networks import run_json
from table import print_table

MEMORY = "latency=20"
ARRAY = "array: {{rows: {rows}, cols: {cols}, dataflow: {dataflow}}}\n"
PATTERNS = ["1:4", "2:4", "2:8", "4:8"]
BLOCKS = [8, 16, 32]
DENSITIES = [0.05, 0.1, 0.25, 0.5]
EVERY_OPTION = "structured: '2:4', block: 16, codebook: 16, codecs: true, zero_gating: true"
MOST_DENSE = 1.01          # cycles of a dense network with every option on, over the plain design
MOST_STRUCTURED = 0.02     # off dense * n / m
MOST_BLOCKS = 1.05         # cycles over nonzero blocks
LANES = 16                 # of the vector unit
MOST_LAYOUT = 1.02         # bytes over those of the nonzero blocks
MOST_BESIDE_WEIGHTS = 1.1  # bytes read over stored weights, at batch 1: biases, commands, tables
LEAST_SPEEDUP, LEAST_BYTES = 1.8, 3.0


class Bench:
    """Writes specs and workloads into a folder and runs them."""

    def __init__(self, program: str, folder: Path):
        self.program, self.folder, self.count = program, folder, 0

    def spec(self, sparsity: str, dataflow: str = "broadcast", rows: int = 16, cols: int = 16) -> Path:
        self.count += 1
        file = self.folder / f"spec_{self.count}.yaml"
        more = f"sparsity: {{{sparsity}}}\n" if sparsity else ""
        file.write_text(f"name: sparse_{self.count}\n"
                        + ARRAY.format(rows=rows, cols=cols, dataflow=dataflow) + more)
        return file

    def workload(self, layer: str) -> Path:
        self.count += 1
        file = self.folder / f"workload_{self.count}.yaml"
        file.write_text(f"name: w{self.count}\nseed: 1\nlayers:\n  - {{{layer}}}\n")
        return file

    def network(self, name: str, layers: list[str]) -> Path:
        file = self.folder / f"{name}.yaml"
        file.write_text(f"name: {name}\nseed: 1\nchain: true\nlayers:\n"
                        + "".join(f"  - {{{layer}}}\n" for layer in layers))
        return file

    def simulate(self, spec: Path, network: Path, *more: str) -> dict:
        return run_json([self.program, "simulate", str(spec), str(network), "--memory", MEMORY, *more])


def structured(bench: Bench) -> list[dict]:
    """N1, N2, N3, N4: a layer that the array bounds, its tail, and one that is dense."""
    rows = []
    for dataflow in ["broadcast", "weight_stationary"]:
        plain = bench.spec("", dataflow)
        layer = "op: conv2d, input: [28, 28, 256], filters: 256, kernel: [3, 3], padding: valid"
        tail = "op: conv2d, input: [14, 14, 70], filters: 40, kernel: [3, 3], padding: same"
        dense = bench.simulate(plain, bench.workload(layer))["latency_cycles"]
        for pattern in PATTERNS:
            n, m = (int(part) for part in pattern.split(":"))
            spec = bench.spec(f"structured: '{pattern}'", dataflow)
            sparse = bench.simulate(spec, bench.workload(f"{layer}, weight_pattern: '{pattern}'"))
            as_dense = bench.simulate(spec, bench.workload(layer))["latency_cycles"]
            odd = bench.simulate(spec, bench.workload(f"{tail}, weight_pattern: '{pattern}'"))
            ratio = sparse["latency_cycles"] / (dense * n / m)
            rows.append({"dataflow": dataflow, "pattern": pattern, "dense": dense,
                         "cycles": sparse["latency_cycles"], "ratio": ratio,
                         "dense_ratio": as_dense / dense, "tail": odd["passed"],
                         "form": sparse["layers"][0]["weights"]["form"],
                         "bits": sparse["layers"][0]["weights"]["stored_bytes"] * 8 / (9 * 256 * 256),
                         "ok": abs(ratio - 1) <= MOST_STRUCTURED and as_dense <= dense * MOST_DENSE})
    print_table("Structured weights (N1-N4): convolution 28x28x256 -> 256, 3x3, 16x16",
                ["dataflow", "pattern", "dense cycles", "cycles", "of dense * N/M", "dense layer",
                 "bits a dense weight", ""],
                [[row["dataflow"], row["pattern"], f"{row['dense']:,}", f"{row['cycles']:,}",
                  f"{row['ratio']:.3f}", f"{row['dense_ratio']:.3f}", f"{row['bits']:.2f}",
                  "ok" if row["ok"] else "not met"] for row in rows])
    return rows


def blocks(bench: Bench) -> list[dict]:
    """K1, K2, K3: block-sparse gemm; a block of 8 takes a step, larger ones steps of tiles."""
    rows = []
    positions, k, n = 256, 512, 2048
    # The first pass over the input takes as long as its load.
    overhead = positions * k // 16 + 400
    for size in BLOCKS:
        spec = bench.spec(f"block: {size}")
        steps = max(1, size // 16) ** 2
        for layout in ["random", "banded"]:
            for density in DENSITIES:
                zeros = f"weight_blocks: {{size: {size}, density: {density}, layout: {layout}}}"
                result = bench.simulate(spec, bench.workload(
                    f"op: gemm, m: {positions}, k: {k}, n: {n}, {zeros}"))
                weights = result["layers"][0]["weights"]
                # Drawn weights are zero once in 256: a block that is there has hardly any.
                nonzero = round(weights["nonzero"] / (size * size) * 256 / 255)
                ideal = nonzero * steps * positions
                # Every result passes the vector unit, sixteen a cycle.
                results = positions * n // LANES
                bytes_ratio = weights["stored_bytes"] / (nonzero * size * size)
                row = {"size": size, "layout": layout, "density": density, "blocks": nonzero,
                       "cycles": result["latency_cycles"], "ideal": ideal,
                       "compute": result["counters"]["compute"], "bytes": bytes_ratio,
                       "results": results, "imbalance": weights["list_imbalance"]}
                row["ok"] = (row["compute"] <= MOST_BLOCKS * ideal and bytes_ratio <= MOST_LAYOUT
                             and row["cycles"] <= MOST_BLOCKS * max(ideal, results) + overhead)
                rows.append(row)
    print_table(f"Blocks (K1-K3): gemm {positions} x {k} x {n}, 16x16 broadcast",
                ["block", "layout", "density", "blocks", "steps / bound", "cycles",
                 "less input load / bound", "longest list / mean", "bytes / blocks", ""],
                [[str(row["size"]), row["layout"], f"{row['density']:.2f}", str(row["blocks"]),
                  f"{row['compute'] / row['ideal']:.3f}", f"{row['cycles']:,}",
                  f"{(row['cycles'] - overhead) / max(row['ideal'], row['results']):.3f}",
                  f"{row['imbalance']:.2f}", f"{row['bytes']:.3f}", "ok" if row["ok"] else "not met"] for row in rows])
    return rows


def bus_bound(bench: Bench, layer: str, sparsity: str, slack: int) -> dict:
    """A matrix-vector product, dense and as stored: no faster than its bytes over the bus."""
    plain = bench.simulate(bench.spec(""), bench.workload(layer))
    stored = bench.simulate(bench.spec(sparsity), bench.workload(layer))
    bound = stored["layers"][0]["weights"]["stored_bytes"] / 16
    return {"dense": plain["latency_cycles"], "cycles": stored["latency_cycles"], "bound": bound,
            "ok": stored["latency_cycles"] <= MOST_BLOCKS * bound + slack}


def print_bus_bound(title: str, kind: str, rows: list[dict]) -> None:
    print_table(title, [kind, "dense cycles", "cycles", "stored bytes / bus", "cycles / bound", ""],
                [[str(row[kind]), f"{row['dense']:,}", f"{row['cycles']:,}",
                  f"{row['bound']:,.0f}", f"{row['cycles'] / row['bound']:.3f}",
                  "ok" if row["ok"] else "not met"] for row in rows])


def lstm_products(bench: Bench) -> list[dict]:
    """K4: the gate products of one step of an LSTM of 1,024 at 10 % blocks, all in one."""
    rows = [{"block": size} | bus_bound(
        bench, "op: fully_connected, inputs: 2048, outputs: 4096, "
        f"weight_blocks: {{size: {size}, density: 0.1}}", f"block: {size}", 400)
            for size in BLOCKS]
    print_bus_bound("Gate products of an LSTM of 1,024, 10 % of the blocks (K4), batch 1", "block",
                    rows)
    return rows


LSTM_GATES = {"input": "logistic", "forget": "logistic", "new": "tanh", "output": "logistic"}


def lstm_step(step: int, hidden: int, size: int) -> list[str]:
    """Layers of one step; the first starts from a state and a hidden vector of zeros."""
    layers = []
    for gate, function in LSTM_GATES.items():
        if step == 1 and gate == "forget":
            continue                            # of a state of zeros
        for source in ["embedding"] if step == 1 else ["embedding", f"hidden{step - 1}"]:
            layers.append(f"op: fully_connected, name: {gate}{step}_{source}, input: {source}, "
                          f"outputs: {hidden}, bias: true, "
                          f"weight_blocks: {{size: {size}, density: 0.1}}")
        if step > 1:
            layers.append(f"op: add, inputs: [{gate}{step}_embedding, "
                          f"{gate}{step}_hidden{step - 1}]")
        layers.append(f"op: {function}, name: {gate}{step}")
    if step == 1:
        layers.append("op: mul, name: state1, inputs: [input1, new1]")
    else:
        layers += [f"op: mul, name: kept{step}, inputs: [forget{step}, state{step - 1}]",
                   f"op: mul, name: added{step}, inputs: [input{step}, new{step}]",
                   f"op: add, name: state{step}, inputs: [kept{step}, added{step}]"]
    return [*layers, f"op: tanh, name: squashed{step}, input: state{step}",
            f"op: mul, name: hidden{step}, inputs: [output{step}, squashed{step}]"]


def lstm(bench: Bench) -> list[dict]:
    """K4: two steps of an LSTM of 1,024 at 10 % blocks, of the operators that make its cell.

    States have 8 bits, and one input serves both steps. The cell is a chain of short operators; while
    they run the bus loads the weights of the next products, so that all it reads is the bound.
    """
    rows = []
    for size in BLOCKS:
        layers = ["op: reshape, name: embedding, input: [1024], shape: [1024]",
                  *lstm_step(1, 1024, size), *lstm_step(2, 1024, size)]
        network = bench.network(f"lstm_{size}", layers)
        dense = bench.simulate(bench.spec(""), network)
        result = bench.simulate(bench.spec(f"block: {size}"), network)
        stored = sum(layer["weights"]["stored_bytes"]
                     for layer in result["layers"] if layer["weights"]) / 16
        rows.append({"block": size, "dense": dense["latency_cycles"],
                     "cycles": result["latency_cycles"], "weights": stored,
                     "read": result["counters"]["read_beats"],
                     "ok": dense["passed"] and result["passed"]
                     and result["counters"]["read_beats"] <= MOST_BESIDE_WEIGHTS * stored
                     and result["latency_cycles"] <= MOST_BLOCKS * result["counters"]["read_beats"]})
    print_table("Two steps of an LSTM of 1,024, 10 % of the blocks (K4), batch 1",
                ["block", "dense cycles", "cycles", "weights / bus", "all bytes read / bus",
                 "cycles / all bytes", ""],
                [[str(row["block"]), f"{row['dense']:,}", f"{row['cycles']:,}",
                  f"{row['weights']:,.0f}", f"{row['read']:,}", f"{row['cycles'] / row['read']:.3f}",
                  "ok" if row["ok"] else "not met"] for row in rows])
    return rows


def codebooks(bench: Bench) -> list[dict]:
    """D1, D4: a matrix-vector product that the bus bounds, as codes of 4 and of 8 bits."""
    rows = [{"values": size} | bus_bound(
        bench, f"op: fully_connected, inputs: 2048, outputs: 1024, weight_values: {values}",
        f"codebook: {size}", 200)
            for size, values in [(16, 15), (256, 200)]]
    print_bus_bound("Codebooks (D1, D4): fully connected 2048 -> 1024, 128-bit bus", "values", rows)
    return rows


def gating(bench: Bench) -> list[dict]:
    """Y3: multiplications that took place are those without a zero, counted by the hardware."""
    rows = []
    for dataflow in ["broadcast", "weight_stationary"]:
        spec = bench.spec("zero_gating: true", dataflow)
        for density in [0.275, 0.613, 1.0]:
            result = bench.simulate(spec, bench.workload(
                "op: conv2d, input: [13, 13, 192], filters: 64, kernel: [3, 3], padding: same, "
                f"activation_density: {density}, weight_density: 0.9, input_zero_point: -5"))
            layer = result["layers"][0]
            rows.append({"dataflow": dataflow, "density": density, "macs": layer["macs"],
                         "nonzero": layer["nonzero_macs"], "live": result["counters"]["live_macs"],
                         "ok": layer["nonzero_macs"] == result["counters"]["live_macs"]})
    print_table("Zero gating (Y3): convolution 13x13x192 -> 64",
                ["dataflow", "activation density", "MACs", "without a zero", "counted", ""],
                [[row["dataflow"], f"{row['density']:.3f}", f"{row['macs']:,}",
                  f"{row['nonzero']:,}", f"{row['live']:,}", "ok" if row["ok"] else "not met"]
                 for row in rows])
    return rows


MECHANISMS = {"dense": "", "folded channels and blocks": "block: {block}",
              "4-bit codes": "codebook: 16", "bitmap": "codecs: true",
              "all": "structured: '2:4', block: {block}, codebook: 16, codecs: true, zero_gating: true"}


def pruned_network(bench: Bench, model: Path) -> list[dict]:
    """MobileNetV1 0.25 of the visual wake words, 83 % zeros: what each mechanism gives."""
    rows = []
    for side in [4, 8, 16]:
        dense = None
        for title, sparsity in MECHANISMS.items():
            spec = bench.spec(sparsity.format(block=max(8, side)), rows=side, cols=side)
            result = bench.simulate(spec, model / "model.tflite", "--input", str(model / "input_000.bin"))
            layers = [layer["weights"] for layer in result["layers"] if layer["weights"]]
            row = {"array": side, "mechanism": title, "cycles": result["latency_cycles"],
                   "bytes": sum(weights["stored_bytes"] for weights in layers),
                   "skipped": result["zeros"]["skipped"] / result["zeros"]["macs"]}
            dense = dense or row
            row["speedup"] = dense["cycles"] / row["cycles"]
            row["fewer"] = dense["bytes"] / row["bytes"]
            row["bound"] = 1 / (1 - row["skipped"])
            row["ok"] = title != "all" or (row["speedup"] >= LEAST_SPEEDUP
                                           and row["fewer"] >= LEAST_BYTES)
            rows.append(row)
    print_table("mobilenetv1_025_vww96, 83 % of its weights zero",
                ["array", "mechanism", "cycles", "times fewer", "MACs times fewer", "weight bytes",
                 "times fewer", ""],
                [[f"{row['array']}x{row['array']}", row["mechanism"], f"{row['cycles']:,}",
                  f"{row['speedup']:.2f}", f"{row['bound']:.2f}", f"{row['bytes']:,}",
                  f"{row['fewer']:.2f}", "ok" if row["ok"] else "not met"] for row in rows])
    return rows


def dense_network(bench: Bench, model: Path) -> list[dict]:
    """A network without zeros on a design with every option."""
    rows = []
    cycles = [bench.simulate(bench.spec(sparsity), model / "model.tflite", "--input",
                             str(model / "input_000.bin"))["latency_cycles"]
              for sparsity in ["", EVERY_OPTION]]
    rows.append({"network": model.name, "plain": cycles[0], "options": cycles[1],
                 "ok": cycles[1] <= MOST_DENSE * cycles[0]})
    print_table("A dense network on a design with every option on",
                ["network", "plain design", "every option", "ratio", ""],
                [[row["network"], f"{row['plain']:,}", f"{row['options']:,}",
                  f"{row['options'] / row['plain']:.4f}", "ok" if row["ok"] else "not met"]
                 for row in rows])
    return rows


def run(root: Path, build: Path) -> dict:
    data = Path(os.environ.get("ARRAYWRIGHT_DATA", root / ".." / "shared")) / "models"
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(str(build / "arraywright"), Path(folder))
        results = {"structured": structured(bench), "blocks": blocks(bench),
                   "lstm_products": lstm_products(bench), "lstm": lstm(bench),
                   "codebooks": codebooks(bench), "gating": gating(bench)}
        if (data / "mobilenetv1_025_vww96").exists():
            results["pruned"] = pruned_network(bench, data / "mobilenetv1_025_vww96")
            results["dense"] = dense_network(bench, data / "resnet8_cifar10")
        else:
            print(f"skipped: {data} is not there")
    passed = len(results) == 8 and all(row["ok"] for rows in results.values() for row in rows)
    return {"passed": passed, **results}
