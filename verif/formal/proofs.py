"""What is proven: (module, parameter sets, depth, kind, a mutant that must fail).

SPDX-License-Identifier: Apache-2.0
"""

from typing import NamedTuple


class Proof(NamedTuple):
    module: str                  # properties/<module>.v is put into it
    file: str                    # below rtl_templates/
    parameters: list[dict[str, int]]
    mutant: tuple[str, str]      # text that occurs once in the module, and what breaks it
    depth: int = 4               # cycles of the base case
    induction: int = 1           # cycles of the induction step; 0: bounded, `depth` cycles from reset
    more: tuple[str, ...] = ()   # files of the modules below it
    clocked: bool = True
    cover_depth: int = 20
    abc: bool = False            # bounded search by ABC instead of z3


PROOFS = [
    Proof("aw_step_add", "array/aw_step_add.v",
          [{"ACC_BITS": bits, "CHUNK_BITS": chunk, "SATURATE": saturate}
           for bits in (20, 24, 32) for chunk in (16, 20, 32) for saturate in (0, 1)],
          ("exact[WIDE-1:ACC_BITS-1] != {(WIDE-ACC_BITS+1){sign}}",
           "exact[WIDE-1:ACC_BITS] != {(WIDE-ACC_BITS){sign}}"),
          depth=1, induction=0, clocked=False, cover_depth=1),
    Proof("aw_overflow_monitor", "control/aw_overflow_monitor.v",
          [{"COLS": 3, "LANES": 2}, {"COLS": 1, "LANES": 1}],
          ("if (array_overflow_i[i]) column = i[15:0];",
           "if (array_overflow_i[i] && i != 1) column = i[15:0];")),
    Proof("aw_fifo", "common/aw_fifo.v",
          [{"WIDTH": 5, "DEPTH": depth} for depth in (3, 1, 2, 4, 7)],
          ("if (push && !pop) count_q", "if (push) count_q")),
    Proof("aw_tokens", "control/aw_tokens.v", [{"COUNT_BITS": 2}, {"COUNT_BITS": 4}],
          ("else if (take && !give)", "else if (take)")),
    Proof("aw_arbiter", "memory/aw_arbiter.v",
          [{"PORTS": 3, "BANKS": 2}, {"PORTS": 2, "BANKS": 1}, {"PORTS": 5, "BANKS": 2}],
          ("(|rest) ? rest : refused", "refused"), depth=12),
    Proof("aw_axi_read", "bus/aw_axi_read.v", [{"ADDRESS_BITS": 32}],
          ("locked_q <= m_axi_arvalid && !m_axi_arready", "locked_q <= 1'b0")),
    Proof("aw_axil", "bus/aw_axil.v", [{"ADDR_BITS": 12}],
          ("s_axil_wvalid && (!bvalid_q || s_axil_bready)", "s_axil_wvalid")),
    Proof("aw_gearbox", "dma/aw_gearbox.v",
          [{"IN_BYTES": 4, "UNIT_BYTES": 5, "OUT_UNITS": 2, "TAKE_BITS": 2},
           {"IN_BYTES": 8, "UNIT_BYTES": 3, "OUT_UNITS": 3, "TAKE_BITS": 2},
           {"IN_BYTES": 4, "UNIT_BYTES": 1, "OUT_UNITS": 1, "TAKE_BITS": 1}],
          ("kept      = pop ? count_q - take : count_q;", "kept      = count_q;")),
    Proof("aw_segments", "dma/aw_segments.v",
          [{"BUS_BYTES": 4, "BURST_BYTES": 32, "ADDRESS_BITS": 12, "BUFFER_BITS": 8, "RUN_BITS": 8},
           {"BUS_BYTES": 16, "BURST_BYTES": 4096, "ADDRESS_BITS": 32, "BUFFER_BITS": 14,
            "RUN_BITS": 24}],
          ("BURST_BYTES[BURST_BITS:0] - {1'b0, address_q[BURST_BITS-1:0]};",
           "BURST_BYTES[BURST_BITS:0];")),
    Proof("aw_run", "control/aw_run.v", [{"ADDRESS_BITS": 32, "INDEX_BITS": 8}],
          ("if (reset_q == 2'd2) state_q <= IDLE;", "if (reset_q == 2'd3) state_q <= IDLE;"),
          induction=4, depth=12),
    Proof("aw_fetch", "control/aw_fetch.v",
          [{"ADDRESS_BITS": 12, "BUS_BYTES": 32, "DEPTH": 4, "INDEX_BITS": 4},
           {"ADDRESS_BITS": 12, "BUS_BYTES": 64, "DEPTH": 8, "INDEX_BITS": 5}],
          ("room_q >= {{(ROOM_BITS-3){1'b0}}, burst}", "room_q != {ROOM_BITS{1'b0}}"),
          depth=16, induction=0, more=("common/aw_fifo.v",)),
    Proof("aw_command_beats", "control_block_ram/aw_command_beats.v",
          [{"BUS_BYTES": 32, "DEPTH": 4}, {"BUS_BYTES": 64, "DEPTH": 4}, {"BUS_BYTES": 16, "DEPTH": 3}],
          ("read || (word_q && !join_word)", "read"),
          depth=12, induction=0, abc=True, more=("memory_two_port/aw_ram_two_port.v",)),
    Proof("aw_store", "dma/aw_store.v",
          [{"ADDRESS_BITS": 5, "BUS_BYTES": 4, "OUTSTANDING": 2, "BUFFER_BITS": 4,
            "INDEX_BITS": 1}],
          ("last_beat = beat_q == beats_len", "last_beat = beat_q >= 8'd2 || beat_q == beats_len"),
          depth=14, induction=0, abc=True,
          more=("common/aw_fifo.v", "dma/aw_beat_mask.v")),
]
