"""What each option of the spec costs: an 8x8 accelerator, whole, with and without it, by Yosys.

LUT, FF, DSP and RAM for Xilinx 7 (flat), um2 of standard cells without RAMs for an ASIC (by module; the Liberty
file is the slow corner of IHP's 130 nm in ARRAYWRIGHT_DATA, without it "not measured"). Two hours on a quiet core.
SPDX-License-Identifier: Apache-2.0
"""

import os
import re
import subprocess
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from synthesis import FLIP_FLOPS, LOOK_UP_TABLES, TIMEOUT_SECONDS
from table import print_table

CELLS = "pdk/ihp-sg13g2/lib/sg13g2_stdcell_slow_1p08V_125C.lib"
# LUTs as RAM, by the LUTs that one takes.
LUT_RAM = {"RAM32M": 4, "RAM64M": 4, "RAM32X1D": 2, "RAM64X1D": 2, "RAM64X1S": 1, "RAM32X1S": 1,
           "RAM128X1S": 2, "RAM128X1D": 4, "RAM256X1S": 4}

PLAIN = {"array": {"rows": 8, "cols": 8},
         "buffers": {"activation_kib": 16, "weight_kib": 16, "accumulator_kib": 4},
         "bus": {"data_bits": 64}, "vector": {"lanes": 2}}
SYSTOLIC = {"array": {"dataflow": "weight_stationary"}}
# What differs from which design, whose figures are taken off.
OPTIONS = {
    "plain: 8x8 broadcast, 64-bit bus, wrap": ({}, None),
    "on_overflow: saturate": ({"arithmetic": {"on_overflow": "saturate"}}, {}),
    "on_overflow: trap": ({"arithmetic": {"on_overflow": "trap"}}, {}),
    "accumulator_bits: 24, elementwise: false":
        ({"arithmetic": {"accumulator_bits": 24}, "vector": {"elementwise": False}},
         {"vector": {"elementwise": False}}),
    "depthwise: true (default)": ({}, {"array": {"depthwise": False}}),
    "tap_packing: true (default)": ({}, {"array": {"tap_packing": False}}),
    "elementwise: true (default)": ({}, {"vector": {"elementwise": False}}),
    "tables: true (default)": ({}, {"vector": {"tables": False}}),
    "lanes: 8": ({"vector": {"lanes": 8}}, {}),
    "structured: 2:4": ({"sparsity": {"structured": "2:4"}}, {}),
    "structured: 1:4": ({"sparsity": {"structured": "1:4"}}, {}),
    "structured: 4:8": ({"sparsity": {"structured": "4:8"}}, {}),
    "block: 8": ({"sparsity": {"block": 8}}, {}),
    "zero_gating: true": ({"sparsity": {"zero_gating": True}}, {}),
    "codebook: 16": ({"sparsity": {"codebook": 16}}, {}),
    "codebook: 256": ({"sparsity": {"codebook": 256}}, {}),
    "codecs: true": ({"sparsity": {"codecs": True}}, {}),
    "all five of sparsity": ({"sparsity": {"structured": "2:4", "block": 8, "zero_gating": True,
                                           "codebook": 16, "codecs": True}}, {}),
    "data_bits: 32": ({"bus": {"data_bits": 32}}, {}),
    "data_bits: 128": ({"bus": {"data_bits": 128}}, {}),
    "data_bits: 256": ({"bus": {"data_bits": 256}}, {}),
    "data_bits: 512": ({"bus": {"data_bits": 512}}, {}),
    "address_bits: 64": ({"bus": {"address_bits": 64}}, {}),
    "outstanding: 16": ({"bus": {"outstanding": 16}}, {}),
    "queue_depth: 2": ({"control": {"queue_depth": 2}}, {}),
    "dataflow: weight_stationary": (SYSTOLIC, {}),
    "product: true": (SYSTOLIC | {"pipeline": {"product": True}}, SYSTOLIC),
}


def spec_text(target: str, options: dict) -> str:
    sections = {name: dict(fields) for name, fields in PLAIN.items()}
    for name, fields in options.items():
        sections.setdefault(name, {}).update(fields)

    def flow(fields: dict) -> str:
        return ", ".join(f"{key}: " + (str(value).lower() if isinstance(value, (bool, int)) else f"'{value}'")
                         for key, value in fields.items())
    return f"name: cost\ntarget: {target}\n" + "".join(
        f"{name}: {{{flow(fields)}}}\n" for name, fields in sections.items())


def yosys_report(program: str, spec: str, script: str) -> str:
    """What Yosys' `stat` says of the design at the end of `script`."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "spec.yaml").write_text(spec)
        subprocess.run([program, "generate", "spec.yaml", "-o", "design"], cwd=folder, check=True,
                       stdout=subprocess.DEVNULL)
        subprocess.run(["yosys", "-q", "-p", f"read_verilog design/rtl/*.v; {script}"], cwd=folder, check=True,
                       timeout=TIMEOUT_SECONDS, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return (Path(folder) / "stat.txt").read_text()


def cells(program: str, options: dict) -> Counter:
    text = yosys_report(program, spec_text("xilinx7", options),
                        "synth_xilinx -family xc7 -flatten -nowidelut -noiopad -noclkbuf -top cost; "
                        "tee -q -o stat.txt stat")
    found = re.findall(r"^ +([A-Z]\w+) +(\d+)$", text[text.rindex("Number of cells:"):], re.M)
    return Counter({cell: int(count) for cell, count in found})


def square_microns(program: str, options: dict) -> float | None:
    library = Path(os.environ.get("ARRAYWRIGHT_DATA", "../shared")).resolve() / CELLS
    if not library.exists():
        return None
    text = yosys_report(program, spec_text("asic", options),
                        "hierarchy -check -top cost; proc; opt_clean; select *aw_ram*; "
                        "setattr -mod -set blackbox 1; select -clear; synth -top cost; "
                        f"dfflibmap -liberty {library}; abc -fast -liberty {library}; opt_clean -purge; "
                        f"tee -q -o stat.txt stat -top cost -liberty {library}")
    return float(re.findall(r"Chip area for top module .*: ([\d.]+)", text)[-1])


def measure(program: str, options: dict) -> dict:
    count = cells(program, options)
    return {"lut": sum(count[name] for name in LOOK_UP_TABLES)
            + sum(luts * count[name] for name, luts in LUT_RAM.items()),
            "ff": sum(count[name] for name in FLIP_FLOPS), "dsp": count["DSP48E1"],
            "ram": count["RAMB36E1"] + count["RAMB18E1"] / 2, "um2": square_microns(program, options),
            "cells": count}


def run(root: Path, build: Path) -> dict:
    program = str(build / "arraywright")
    designs: dict[str, dict] = {}        # each is measured once
    for options, base in OPTIONS.values():
        for one in (options, base or {}):
            designs[spec_text("", one)] = one
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        figures = dict(zip(designs, pool.map(lambda one: measure(program, one), designs.values())))
    rows, table = [], []
    for title, (options, base) in OPTIONS.items():
        have = figures[spec_text("", options)]
        less = figures[spec_text("", base)] if base is not None else None
        rows.append({"option": title, "with": have, "without": less})

        def cell(key: str, form: str) -> str:
            if have[key] is None:
                return "not measured"
            return format(have[key], form) if less is None else format(have[key] - less[key], "+" + form)
        table.append([title, cell("lut", ",d"), cell("ff", ",d"), cell("dsp", ",d"), cell("ram", ".1f"),
                      cell("um2", ",.0f")])
    print_table("What each option costs: Yosys, xc7 flat, and um2 of cells (IHP 130 nm, without RAMs)",
                ["option", "LUT", "FF", "DSP", "RAM36", "um2"], table)
    return {"passed": True, "rows": rows}
