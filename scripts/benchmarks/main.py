"""Runs the benchmarks named on the command line, or all. SPDX-License-Identifier: Apache-2.0"""

import argparse
import json
import sys
from pathlib import Path

import activations
import area
import convolutions
import cycles
import estimate
import guidelines
import layers
import memory
import networks
import sparsity
import speed
import stalls
import synthesis
import tpu
import traffic

BENCHMARKS = {"cycles": cycles, "layers": layers, "traffic": traffic,
              "convolutions": convolutions, "tpu": tpu, "guidelines": guidelines,
              "networks": networks, "memory": memory, "stalls": stalls, "estimate": estimate,
              "sparsity": sparsity, "activations": activations, "speed": speed, "synthesis": synthesis, "area": area}


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/bench")
    parser.add_argument("benchmarks", nargs="*", metavar="benchmark",
                        help=f"any of {', '.join(BENCHMARKS)}; default: all")
    parser.add_argument("--build", type=Path, required=True, help="build folder")
    options = parser.parse_args()
    unknown = [name for name in options.benchmarks if name not in BENCHMARKS]
    if unknown:
        parser.error(f"unknown benchmark {unknown[0]!r}, allowed: {', '.join(BENCHMARKS)}")

    root = Path(__file__).resolve().parents[2]
    target = options.build / "bench.json"
    # A part that is not run again keeps its figures.
    results = json.loads(target.read_text()) if target.exists() else {}
    all_passed = True
    for name in options.benchmarks or BENCHMARKS:
        results[name] = BENCHMARKS[name].run(root, options.build)
        all_passed = all_passed and results[name]["passed"]
        target.write_text(json.dumps(results, indent=2) + "\n")
    print(f"written: {target}", file=sys.stderr)
    return 0 if all_passed else 1


if __name__ == "__main__":
    sys.exit(main())
