"""LUT, FF and DSP of the 16x16 array with accumulators and overflow detection, by Yosys.

Hierarchical: every module is mapped once and counted as often as it occurs.
SPDX-License-Identifier: Apache-2.0
"""

import re
import subprocess
import tempfile
import time
from pathlib import Path

from table import print_table

MULTIPLIERS = 256
AIM_LUT_PER_MAC = 60.0
AIM_DSP_PER_MAC = 1.0
TIMEOUT_SECONDS = 1800
FLIP_FLOPS = ["FDRE", "FDSE", "FDCE", "FDPE"]
# LUTs as shift registers (SRL) and as RAM take the place of logic.
LOOK_UP_TABLES = ["LUT1", "LUT2", "LUT3", "LUT4", "LUT5", "LUT6", "SRL16E", "SRLC32E"]
OTHER_KNOWN = ["BUFG", "CARRY4", "DSP48E1", "IBUF", "INV", "MUXF7", "MUXF8", "OBUF"]


def sources(root: Path, wrapper: Path) -> list[Path]:
    """The wrapper and the templates it can reach."""
    templates = root / "rtl_templates"
    folders = [templates / "array", templates / "common"]
    found = [file for folder in folders for file in sorted(folder.glob("*.v"))]
    return [wrapper, templates / "control" / "aw_overflow_monitor.v", *found]


def cell_counts(report: str) -> dict[str, int]:
    """Cells of the whole design: the last section of Yosys' `stat`."""
    total = report[report.index("=== design hierarchy ==="):]
    cells = total[total.index("Number of cells:"):]
    return {name: int(count) for name, count in re.findall(r"^ +([A-Z]\w+) +(\d+)$", cells, re.M)}


def synthesise(root: Path, dataflow: str) -> dict:
    top = f"bench_{dataflow}"
    wrapper = root / "scripts" / "benchmarks" / "rtl" / f"{top}.v"
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "stat.txt"
        files = " ".join(str(file) for file in sources(root, wrapper))
        # Without pads: the ports are those of the block, not of a chip.
        script = (f"read_verilog {files}; synth_xilinx -family xc7 -noiopad -top {top}; "
                  f"tee -q -o {report} stat -top {top}")
        start = time.monotonic()
        subprocess.run(["yosys", "-q", "-p", script], check=True, timeout=TIMEOUT_SECONDS)
        seconds = time.monotonic() - start
        cells = cell_counts(report.read_text())
    unknown = set(cells) - set(LOOK_UP_TABLES + FLIP_FLOPS + OTHER_KNOWN)
    if unknown:
        raise RuntimeError(f"cells that are not counted: {', '.join(sorted(unknown))}")
    row = {"dataflow": dataflow, "seconds": seconds, "cells": cells,
           "lut": sum(cells.get(name, 0) for name in LOOK_UP_TABLES),
           "ff": sum(cells.get(name, 0) for name in FLIP_FLOPS), "dsp": cells.get("DSP48E1", 0)}
    row["ok"] = (row["lut"] <= AIM_LUT_PER_MAC * MULTIPLIERS
                 and row["dsp"] <= AIM_DSP_PER_MAC * MULTIPLIERS)
    return row


def run(root: Path, build: Path) -> dict:
    del build
    rows = [synthesise(root, dataflow) for dataflow in ["broadcast", "weight_stationary"]]
    print_table("Yosys synth_xilinx -family xc7: 16x16 array, accumulators, overflow detection",
                ["dataflow", "LUT", "FF", "DSP", "LUT/MAC", "FF/MAC", "DSP/MAC", "run time", ""],
                [[row["dataflow"], f"{row['lut']:,}", f"{row['ff']:,}", f"{row['dsp']:,}",
                  f"{row['lut'] / MULTIPLIERS:.1f}", f"{row['ff'] / MULTIPLIERS:.1f}",
                  f"{row['dsp'] / MULTIPLIERS:.2f}", f"{row['seconds']:.0f} s",
                  "ok" if row["ok"] else "over"] for row in rows])
    return {"passed": all(row["ok"] for row in rows), "rows": rows}
