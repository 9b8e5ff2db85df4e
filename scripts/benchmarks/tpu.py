"""The systolic array alone: checks T1 to T8, with activations on chip and a bus for the weights.

Tiles are 16 x 16, so `ceil(k / 16) * ceil(n / 16)` of them, `m` rows each. What one more product
costs behind others is measured: the start of a program and its last store belong to the program.
SPDX-License-Identifier: Apache-2.0
"""

import random
import tempfile
from pathlib import Path

from networks import run_json
from table import print_table

SIDE = 16
BUS_BYTES = 32
MEMORY = "latency=20"
LEAST_BUSY = 0.95
ROWS = [16, 64, 256]
SIZES = [(64, 64), (256, 256), (200, 120)]
PRODUCTS = 200
# Bytes of weights a cycle at which the roofline's ridge lies at 1349 multiplications a byte.
RIDGE = 1349
ROOFLINE_MEMORY = f"{MEMORY},bandwidth={SIDE * SIDE / RIDGE / BUS_BYTES:.6f}"
# Share of the peak that the paper measured, percent, and the batch that gives it.
STAND_INS = {"MLP0": (200, 14.8), "MLP1": (168, 12.5), "LSTM0": (64, 4.7), "LSTM1": (96, 7.1)}
MOST_ROOFLINE_ERROR = 10
LEAST_CNN = 0.90
# 256 bytes of weights a tile of 64 cycles are needed; both memories bring 384 on average.
STEADY = f"{MEMORY},bandwidth=0.1875"
BURSTY = f"{MEMORY},bandwidth=0.427,gap=192"
LEAST_BURSTY = 0.95


def tiles(k: int, n: int) -> int:
    return -(-k // SIDE) * -(-n // SIDE)


class Bench:
    """Runs workloads on the design of the checks; a mismatch with the golden kernel raises."""

    def __init__(self, program: str, spec: str):
        self.program, self.spec = program, spec

    def run(self, header: str, layers: list[str], memory: str = MEMORY) -> dict:
        text = f"name: products\nseed: 1\n{header}layers:\n" + "".join(
            f"  - {{{layer}}}\n" for layer in layers)
        with tempfile.TemporaryDirectory() as folder:
            network, spec = Path(folder) / "products.yaml", Path(folder) / "spec.yaml"
            network.write_text(text)
            spec.write_text(self.spec)
            return run_json([self.program, "simulate", str(spec), str(network),
                             "--memory", memory])

    def one_more(self, header: str, layer: str, memory: str = MEMORY, few=2, many=6) -> dict:
        """Cycles and counters of one more layer behind others like it."""
        small = self.run(header, few * [layer], memory)
        large = self.run(header, many * [layer], memory)
        result = {name: (value - small["counters"][name]) / (many - few)
                  for name, value in large["counters"].items()}
        result["cycles"] = (large["latency_cycles"] - small["latency_cycles"]) / (many - few)
        return result


def product(m: int, k: int, n: int) -> str:
    return f"op: gemm, m: {m}, k: {k}, n: {n}"


def dense(batch: int, side: int) -> str:
    return f"op: fully_connected, batch: {batch}, inputs: {side}, outputs: {side}"


def exact_rows(bench: Bench) -> list[dict]:
    """T1: random sizes, ragged and whole, with random operands and with all -128."""
    draw = random.Random(1)
    layers = [product(*(draw.randint(1, 100) for _ in range(3))) for _ in range(PRODUCTS)]
    rows = []
    for values in ["random", "{activation: -128, weight: -128}"]:
        result = bench.run(f"values: {values}\n", layers)
        rows.append({"values": values, "products": len(result["layers"]),
                     "mismatches": result["mismatches"], "ok": result["mismatches"] == 0})
    return rows


def cycle_rows(bench: Bench) -> list[dict]:
    """T2: products of their own operands; the sum of T7 at each point."""
    rows = []
    for m in ROWS:
        for k, n in SIZES:
            one = bench.one_more("", product(m, k, n))
            limit = 1.05 * tiles(k, n) * max(m, SIDE) + 2 * SIDE + 64
            alone = bench.run("", [product(m, k, n)])
            parts = sum(alone["counters"][name] for name in
                        ["compute", "wait_load", "wait_store", "command", "other"])
            rows.append({"m": m, "k": k, "n": n, "cycles": one["cycles"], "limit": int(limit),
                         "ok": one["cycles"] <= limit, "alone": alone["latency_cycles"],
                         "sum_ok": parts == alone["cycles"]})
    return rows


def busy_rows(bench: Bench) -> list[dict]:
    """T3 and T6: each product reads the results of the one before, which stay on chip."""
    rows = []
    for m in ROWS:
        for side in [64, 256]:
            one = bench.one_more("chain: true\n", dense(m, side))
            busy = m * side * side / (SIDE * SIDE * one["cycles"])
            least = LEAST_BUSY if m >= 4 * SIDE else None
            rows.append({"m": m, "side": side, "cycles": one["cycles"], "busy": busy,
                         "least": least, "ok": busy >= least if least else None,
                         "tiles": tiles(side, side), "held": one["held"],
                         "weights": one["weight_wait"],
                         "inputs": one["wait_load"] - one["weight_wait"],
                         "results": one["result_wait"]})
    return rows


def roofline_rows(bench: Bench) -> list[dict]:
    """T4: weights arrive so slowly that the batch sets the pace."""
    rows = []
    for name, (batch, paper) in STAND_INS.items():
        one = bench.one_more("chain: true\n", dense(batch, 512), ROOFLINE_MEMORY, 2, 4)
        busy = 100 * batch * 512 * 512 / (SIDE * SIDE * one["cycles"])
        rows.append({"name": name, "batch": batch, "busy": busy, "paper": paper,
                     "waits_percent": 100 * one["weight_wait"] / (one["cycles"] - one["compute"]),
                     "ok": abs(busy / paper - 1) <= MOST_ROOFLINE_ERROR / 100})
    conv = "op: conv2d, input: [52, 52, 64], filters: 64, kernel: [3, 3], padding: same"
    one = bench.one_more("chain: true\n", conv, ROOFLINE_MEMORY, 2, 4)
    busy = one["compute"] / one["cycles"]
    rows.append({"name": "CNN0", "batch": 52 * 52, "busy": 100 * busy, "paper": 100 * LEAST_CNN,
                 "waits_percent": None, "ok": busy >= LEAST_CNN})
    return rows


def burst_rows(program: str, spec: str) -> list[dict]:
    """T5: how many tiles the weight buffer holds, with a steady and with a bursty memory."""
    rows = []
    for kib in [1, 2, 16]:
        bench = Bench(program, spec.replace("weight_kib: 128",
                                            f"weight_kib: {kib}, weight_banks: 2"))
        steady, bursty = (bench.one_more("chain: true\n", dense(64, 256), memory)["cycles"]
                          for memory in [STEADY, BURSTY])
        rows.append({"tiles": kib * 1024 // (SIDE * SIDE), "steady": steady, "bursty": bursty,
                     "ratio": steady / bursty})
    return rows


def ragged_row(bench: Bench) -> dict:
    """T8: useful share of the active multipliers at 600 x 600, which no power of two divides."""
    m, k = 64, 600
    compute = bench.run("", [product(m, k, k)])["counters"]["compute"]
    form = tiles(k, k) * m
    return {"compute": compute, "form": form, "useful": m * k * k / (compute * SIDE * SIDE),
            "ok": compute == form}


def verdict(passed) -> str:
    return {True: "ok", False: "over", None: ""}[passed]


def print_cycles(exact: list[dict], cycles: list[dict], busy: list[dict]) -> None:
    print_table("T1: random matrix products, weight_stationary 16x16",
                ["operands", "products", "mismatches", "limit", ""],
                [[row["values"], str(row["products"]), str(row["mismatches"]), "0",
                  verdict(row["ok"])] for row in exact])
    print_table("T2, T7: one more product behind others, and one alone from doorbell to interrupt",
                ["m x k x n", "cycles", "limit", "", "alone", "counters sum to the total"],
                [[f"{row['m']} x {row['k']} x {row['n']}", f"{row['cycles']:,.1f}",
                  f"{row['limit']:,}", verdict(row["ok"]), f"{row['alone']:,}",
                  "ok" if row["sum_ok"] else "wrong"] for row in cycles])
    print_table("T3, T6, T7: one more product that reads the results of the one before",
                ["m x k x n", "cycles", "busy", "least", "", "tiles", "held between tiles",
                 "waits for weights", "for inputs", "for results"],
                [[f"{row['m']} x {row['side']} x {row['side']}", f"{row['cycles']:,.1f}",
                  f"{row['busy']:.3f}", f"{row['least']:.2f}" if row["least"] else "",
                  {True: "ok", False: "below", None: ""}[row["ok"]], str(row["tiles"])]
                 + [f"{row[name]:,.1f}" for name in ["held", "weights", "inputs", "results"]]
                 for row in busy])


def run(root: Path, build: Path) -> dict:
    program = str(build / "arraywright")
    spec = (root / "examples" / "bench" / "spec_16x16_tpu.yaml").read_text()
    bench = Bench(program, spec)
    exact, cycles, busy = exact_rows(bench), cycle_rows(bench), busy_rows(bench)
    print_cycles(exact, cycles, busy)
    roofline = roofline_rows(bench)
    print_table(f"T4: share of the peak with {SIDE * SIDE / RIDGE:.3f} bytes of weights a cycle",
                ["stand-in", "batch", "busy %", "paper %", "", "idle cycles that wait for weights %"],
                [[row["name"], f"{row['batch']:,}", f"{row['busy']:.1f}",
                  f"{row['paper']:.1f}" if row["waits_percent"] is not None
                  else f"at least {row['paper']:.0f}", verdict(row["ok"]),
                  "" if row["waits_percent"] is None else f"{row['waits_percent']:.1f}"]
                 for row in roofline])
    bursts = burst_rows(program, spec)
    print_table("T5: weights from a bursty memory, 64 x 256 x 256",
                ["tiles in the weight buffer", "cycles, steady", "cycles, bursty", "ratio"],
                [[str(row["tiles"]), f"{row['steady']:,.1f}", f"{row['bursty']:,.1f}",
                  f"{row['ratio']:.3f}"] for row in bursts])
    ragged = ragged_row(bench)
    print_table("T8: 64 x 600 x 600 on 16x16",
                ["computing", "closed form", "useful MACs", ""],
                [[f"{ragged['compute']:,}", f"{ragged['form']:,}", f"{ragged['useful']:.3f}",
                  "ok" if ragged["ok"] else "differs"]])
    passed = (all(row["ok"] for row in exact + roofline) and ragged["ok"]
              and all(row["ok"] and row["sum_ok"] for row in cycles)
              and all(row["ok"] is not False and row["held"] == 0 for row in busy)
              and bursts[0]["ratio"] < LEAST_BURSTY <= min(row["ratio"] for row in bursts[1:]))
    return {"passed": passed, "exact": exact, "cycles": cycles, "busy": busy,
            "roofline": roofline, "bursts": bursts, "ragged": ragged}
