// Single-port RAM (1RW): the one wrapper behind every buffer, inferred as block RAM on FPGA and
// replaced by an SRAM macro in ASIC flows.
//
// Behaviour: with en_i, a cycle either writes (any bit of we_i) or reads; read data appears in the
// next cycle and holds until the next read. Contents are undefined at power-up.
//
//   LANES      write-enable lanes, >= 1
//   LANE_BITS  bits of a lane
//   DEPTH      words, >= 1; ADDR_BITS may exceed what it needs, the rest is ignored
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_ram #(
    parameter LANES     = 4,
    parameter LANE_BITS = 8,
    parameter DEPTH     = 16,
    parameter ADDR_BITS = 4
) (
    input  wire                       clk,
    input  wire                       en_i,
    input  wire [LANES-1:0]           we_i,
    input  wire [ADDR_BITS-1:0]       addr_i,
    input  wire [LANES*LANE_BITS-1:0] wdata_i,
    output wire [LANES*LANE_BITS-1:0] rdata_o
);
    localparam INDEX_BITS = (DEPTH > 1) ? $clog2(DEPTH) : 1;
    wire [INDEX_BITS-1:0] index = addr_i[INDEX_BITS-1:0];

    // Block RAMs have up to 36 bits (Yosys 0.23 gives the parity bits of 72 the wrong data): a part is
    // as many lanes as fit, or a piece of one lane.
    localparam PART_LANES = (LANE_BITS < 36) ? 36 / LANE_BITS : 1;
    localparam PART_BITS  = (LANE_BITS < 36) ? PART_LANES * LANE_BITS : 36;
    genvar p, i;
    generate
        for (p = 0; p < LANES; p = p + PART_LANES) begin : g_lanes
            localparam PART  = (LANES - p < PART_LANES) ? LANES - p : PART_LANES;
            localparam WIDTH = PART * LANE_BITS;
            for (i = 0; i < WIDTH; i = i + PART_BITS) begin : g_part
                localparam BITS  = (WIDTH - i < PART_BITS) ? WIDTH - i : PART_BITS;
                localparam STEP  = BITS / PART;
                localparam FIRST = p * LANE_BITS + i;
                reg [BITS-1:0] rdata_q, mem_q [0:DEPTH-1];
                integer lane;
                always @(posedge clk) begin
                    for (lane = 0; lane < PART; lane = lane + 1)
                        if (en_i && we_i[p+lane])
                            mem_q[index][lane*STEP +: STEP] <= wdata_i[FIRST+lane*STEP +: STEP];
                    if (en_i && we_i == {LANES{1'b0}}) rdata_q <= mem_q[index];
                end
                assign rdata_o[FIRST +: BITS] = rdata_q;
            end
        end
    endgenerate

    wire unused_ok = &{1'b0, addr_i};
endmodule

`default_nettype wire
