"""LUT, FF and RAM of a 16x16 accelerator, whole, with each option that saves zeros, by Yosys.

A quarter of an hour. SPDX-License-Identifier: Apache-2.0
"""

import re
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

from synthesis import FLIP_FLOPS, LOOK_UP_TABLES, TIMEOUT_SECONDS
from table import print_table

OPTIONS = {"none": "", "structured 2:4": "structured: '2:4'", "structured 1:4": "structured: '1:4'",
           "structured 4:8": "structured: '4:8'", "block 16": "block: 16", "block 8": "block: 8",
           "zero gating": "zero_gating: true", "codebook 16": "codebook: 16",
           "codebook 256": "codebook: 256", "codecs": "codecs: true",
           "all (2:4, 16, 16)": "structured: '2:4', block: 16, codebook: 16, codecs: true, "
                                "zero_gating: true"}
# LUTs as RAM, by the LUTs that one takes.
LUT_RAM = {"RAM32M": 4, "RAM64M": 4, "RAM32X1D": 2, "RAM64X1D": 2, "RAM64X1S": 1, "RAM32X1S": 1,
           "RAM128X1S": 2, "RAM128X1D": 4, "RAM256X1S": 4}


def cells(program: str, name: str, sparsity: str) -> Counter:
    with tempfile.TemporaryDirectory() as folder:
        spec = Path(folder) / "spec.yaml"
        more = f"sparsity: {{{sparsity}}}\n" if sparsity else ""
        spec.write_text(f"name: {name}\narray: {{rows: 16, cols: 16}}\n{more}")
        design, report = Path(folder) / "design", Path(folder) / "stat.txt"
        subprocess.run([program, "generate", str(spec), "-o", str(design)], check=True,
                       stdout=subprocess.DEVNULL)
        script = (f"read_verilog {design}/rtl/*.v; synth_xilinx -family xc7 -noiopad -top {name}; "
                  f"tee -q -o {report} stat")
        subprocess.run(["yosys", "-q", "-p", script], check=True, timeout=TIMEOUT_SECONDS,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        text = report.read_text()
    found = re.findall(r"^ +([A-Z]\w+) +(\d+)$", text[text.rindex("Number of cells:"):], re.M)
    return Counter({cell: int(count) for cell, count in found})


def run(root: Path, build: Path) -> dict:
    rows = []
    for title, sparsity in OPTIONS.items():
        count = cells(str(build / "arraywright"), f"area_{len(rows)}", sparsity)
        rows.append({"option": title,
                     "lut": sum(count[name] for name in LOOK_UP_TABLES)
                     + sum(luts * count[name] for name, luts in LUT_RAM.items()),
                     "ff": sum(count[name] for name in FLIP_FLOPS),
                     "dsp": count["DSP48E1"], "ram": count["RAMB36E1"] + count["RAMB18E1"] / 2,
                     "cells": count})
    plain = rows[0]
    print_table("Yosys synth_xilinx -family xc7: a 16x16 broadcast accelerator, whole",
                ["option", "LUT", "more", "FF", "more", "DSP", "RAM36"],
                [[row["option"], f"{row['lut']:,}", f"{row['lut'] - plain['lut']:+,}",
                  f"{row['ff']:,}", f"{row['ff'] - plain['ff']:+,}", f"{row['dsp']:,}",
                  f"{row['ram']:.1f}"] for row in rows])
    return {"passed": True, "rows": rows}
