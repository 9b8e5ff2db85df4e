"""The systolic array alone: random products, cycles against the closed form, ragged sizes.

Tiles are 16 x 16, so `ceil(k / 16) * ceil(n / 16)` of them, `m` rows each; the bus brings 16 bytes
of weights a cycle. Cycles are doorbell to interrupt. SPDX-License-Identifier: Apache-2.0
"""

import random
import tempfile
from pathlib import Path

from networks import run_json
from table import print_table

SIDE = 16
MEMORY = "latency=20"
LEAST_BUSY = 0.95
ROWS = [16, 64, 256]
SIZES = [(64, 64), (256, 256), (200, 120)]
PRODUCTS = 200
NOT_MEASURED = {
    "T4": "the bus carries activations and weights; no port of weights alone can be slowed",
    "T5": "the spec has no depth of the weight FIFO",
    "T6": "no counter of cycles between two tiles",
    "T7, stalls broken out": "counters do not tell weights from inputs, no shift or hazard counter",
}


def tiles(k: int, n: int) -> int:
    return -(-k // SIDE) * -(-n // SIDE)


def simulate(program: str, spec: Path, layers: list[tuple[int, int, int]], values: str) -> dict:
    """One workload of matrix products m x k x n; a mismatch with the golden kernel raises."""
    text = f"name: products\nseed: 1\nvalues: {values}\nlayers:\n" + "".join(
        f"  - {{op: gemm, m: {m}, k: {k}, n: {n}}}\n" for m, k, n in layers)
    with tempfile.TemporaryDirectory() as folder:
        network = Path(folder) / "products.yaml"
        network.write_text(text)
        return run_json([program, "simulate", str(spec), str(network), "--memory", MEMORY])


def exact_rows(program: str, spec: Path) -> list[dict]:
    """T1: random sizes, ragged and whole, with random operands and with all -128."""
    draw = random.Random(1)
    layers = [tuple(draw.randint(1, 100) for _ in range(3)) for _ in range(PRODUCTS)]
    rows = []
    for values in ["random", "{activation: -128, weight: -128}"]:
        result = simulate(program, spec, layers, values)
        rows.append({"values": values, "products": len(result["layers"]),
                     "mismatches": result["mismatches"], "ok": result["mismatches"] == 0})
    return rows


def chain_cycles(program: str, spec: Path, m: int, side: int) -> float:
    """What one more product m x side x side costs behind others, which it reads: six less two."""
    def run_chain(count: int) -> int:
        text = "name: chain\nseed: 1\nchain: true\nlayers:\n" + count * (
            f"  - {{op: fully_connected, batch: {m}, inputs: {side}, outputs: {side}}}\n")
        with tempfile.TemporaryDirectory() as folder:
            network = Path(folder) / "chain.yaml"
            network.write_text(text)
            return run_json([program, "simulate", str(spec), str(network),
                             "--memory", MEMORY])["latency_cycles"]

    return (run_chain(6) - run_chain(2)) / 4


def chain_rows(program: str, spec: Path) -> list[dict]:
    """T2 and T3 without the first load, the last store and the program's start."""
    rows = []
    for m in ROWS:
        for side in [64, 256]:
            cycles = chain_cycles(program, spec, m, side)
            limit = 1.05 * tiles(side, side) * max(m, SIDE) + 2 * SIDE + 64
            busy = m * side * side / (SIDE * SIDE * cycles)
            rows.append({"m": m, "side": side, "cycles": cycles, "limit": int(limit),
                         "ok": cycles <= limit, "busy": busy,
                         "busy_ok": busy >= LEAST_BUSY if m >= 4 * SIDE else None})
    return rows


def cycle_rows(program: str, spec: Path) -> list[dict]:
    """T2, T3 and the sum of T7 at each point of the sweep, doorbell to interrupt."""
    rows = []
    for m in ROWS:
        for k, n in SIZES:
            result = simulate(program, spec, [(m, k, n)], "random")
            limit = 1.05 * tiles(k, n) * max(m, SIDE) + 2 * SIDE + 64
            counters = result["counters"]
            parts = sum(counters[name] for name in
                        ["compute", "wait_load", "wait_store", "command", "other"])
            cycles = result["latency_cycles"]
            busy = m * k * n / (SIDE * SIDE * cycles)
            whole = m >= 4 * SIDE and k % SIDE == 0 and n % SIDE == 0
            rows.append({"m": m, "k": k, "n": n, "cycles": cycles, "limit": int(limit),
                         "ok": cycles <= limit, "compute": counters["compute"], "busy": busy,
                         "busy_ok": busy >= LEAST_BUSY if whole else None,
                         "sum_ok": parts == result["cycles"]})
    return rows


def ragged_row(program: str, spec: Path) -> dict:
    """T8: useful share of the active multipliers at 600 x 600, which no power of two divides."""
    m, k = 64, 600
    compute = simulate(program, spec, [(m, k, k)], "random")["counters"]["compute"]
    form = tiles(k, k) * m
    return {"compute": compute, "form": form, "useful": m * k * k / (compute * SIDE * SIDE),
            "ok": compute == form}


def verdict(passed) -> str:
    return {True: "ok", False: "over", None: ""}[passed]


def run(root: Path, build: Path) -> dict:
    program = str(build / "arraywright")
    spec = root / "examples" / "bench" / "spec_16x16_weight_stationary.yaml"
    exact = exact_rows(program, spec)
    print_table("T1: random matrix products, weight_stationary 16x16",
                ["operands", "products", "mismatches", "limit", ""],
                [[row["values"], str(row["products"]), str(row["mismatches"]), "0",
                  verdict(row["ok"])] for row in exact])
    sweep = cycle_rows(program, spec)
    print_table("T2, T3, T7: weight_stationary 16x16, read latency 20, doorbell to interrupt",
                ["m x k x n", "cycles", "limit", "", "computing", "busy", "least", "", "sum exact"],
                [[f"{row['m']} x {row['k']} x {row['n']}", f"{row['cycles']:,}",
                  f"{row['limit']:,}", verdict(row["ok"]), f"{row['compute']:,}",
                  f"{row['busy']:.3f}",
                  "" if row["busy_ok"] is None else f"{LEAST_BUSY:.2f}",
                  {True: "ok", False: "below", None: ""}[row["busy_ok"]],
                  "ok" if row["sum_ok"] else "wrong"] for row in sweep])
    chain = chain_rows(program, spec)
    print_table("T2, T3 for one more product behind others",
                ["m x k x n", "cycles", "limit", "", "busy", "least", ""],
                [[f"{row['m']} x {row['side']} x {row['side']}", f"{row['cycles']:,.1f}",
                  f"{row['limit']:,}", verdict(row["ok"]), f"{row['busy']:.3f}",
                  "" if row["busy_ok"] is None else f"{LEAST_BUSY:.2f}",
                  {True: "ok", False: "below", None: ""}[row["busy_ok"]]] for row in chain])
    ragged = ragged_row(program, spec)
    print_table("T8: 64 x 600 x 600 on 16x16",
                ["computing", "closed form", "useful MACs", ""],
                [[f"{ragged['compute']:,}", f"{ragged['form']:,}", f"{ragged['useful']:.3f}",
                  "ok" if ragged["ok"] else "differs"]])
    print_table("Not measured", ["check", "why"], [list(item) for item in NOT_MEASURED.items()])
    passed = (all(row["ok"] for row in exact) and ragged["ok"]
              and all(row["ok"] and row["busy_ok"] is not False and row["sum_ok"]
                      for row in sweep))
    return {"passed": passed, "exact": exact, "sweep": sweep, "chain": chain, "ragged": ragged}
