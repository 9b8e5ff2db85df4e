"""LUT, FF and DSP of the 16x16 array with accumulators and overflow detection, by Yosys.

Hierarchical: every module is mapped once and counted as often as it occurs, so the blocks are
mapped one by one and added up, without a module around them.
SPDX-License-Identifier: Apache-2.0
"""

import re
import subprocess
import tempfile
import time
from collections import Counter
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


# A 16 x 16 design with the default buffers.
ARRAY = {"ROWS": 16, "COLS": 16, "SUM_BITS": 20}
ACCUMULATE = {"COLS": 16, "SUM_BITS": 20, "ACC_BITS": 32, "SATURATE": 0, "ADDR_BITS": 9,
              "COL_COUNT_BITS": 5, "TAG_BITS": 80}
MONITOR = {"COLS": 16, "LANES": 8, "TAG_BITS": 80}
BLOCKS = {
    "broadcast": {"aw_array_broadcast": ARRAY | {"LEVELS": 4},
                  "aw_accumulate_broadcast": ACCUMULATE, "aw_overflow_monitor": MONITOR},
    "weight_stationary": {"aw_array_weight_stationary": ARRAY,
                          "aw_accumulate_weight_stationary": ACCUMULATE,
                          "aw_overflow_monitor": MONITOR},
}


def sources(root: Path) -> list[Path]:
    """The templates that the blocks can reach."""
    templates = root / "rtl_templates"
    found = [file for family in ["array", "common"] for file in (templates / family).glob("*.v")]
    return sorted(found) + [templates / "control" / "aw_overflow_monitor.v"]


def cell_counts(report: str) -> Counter:
    """Cells of a block with all below it: the last section of Yosys' `stat`."""
    cells = report[report.rindex("Number of cells:"):]
    found = re.findall(r"^ +([A-Z]\w+) +(\d+)$", cells, re.M)
    return Counter({name: int(count) for name, count in found})


def map_block(root: Path, module: str, parameters: dict[str, int]) -> Counter:
    files = " ".join(str(file) for file in sources(root))
    settings = " ".join(f"-set {name} {value}" for name, value in parameters.items())
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "stat.txt"
        # Without pads: the ports are those of the block, not of a chip.
        script = (f"read_verilog {files}; chparam {settings} {module}; "
                  f"synth_xilinx -family xc7 -noiopad -top {module}; "
                  f"tee -q -o {report} stat -top {module}")
        subprocess.run(["yosys", "-q", "-p", script], check=True, timeout=TIMEOUT_SECONDS)
        return cell_counts(report.read_text())


def synthesise(root: Path, dataflow: str) -> dict:
    start = time.monotonic()
    cells = sum((map_block(root, *block) for block in BLOCKS[dataflow].items()), Counter())
    seconds = time.monotonic() - start
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
