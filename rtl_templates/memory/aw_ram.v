// Single-port RAM (1RW): the one wrapper behind every buffer, inferred as block RAM on FPGA and
// replaced by an SRAM macro in ASIC flows.
//
// Behaviour: with en_i, a cycle either writes (any bit of we_i) or reads; read data appears in the
// next cycle and holds until the next read. Contents are undefined at power-up.
//
//   LANES      write-enable lanes, 1 to 64 (tools unroll the loop over them)
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

    reg [LANES*LANE_BITS-1:0] mem_q [0:DEPTH-1];
    reg [LANES*LANE_BITS-1:0] rdata_q;

    integer lane;
    always @(posedge clk) begin
        if (en_i) begin
            for (lane = 0; lane < LANES; lane = lane + 1) begin
                if (we_i[lane]) begin
                    mem_q[index][lane*LANE_BITS +: LANE_BITS] <= wdata_i[lane*LANE_BITS +: LANE_BITS];
                end
            end
        end
    end

    always @(posedge clk) begin
        if (en_i && we_i == {LANES{1'b0}}) rdata_q <= mem_q[index];
    end

    assign rdata_o = rdata_q;

    wire unused_ok = &{1'b0, addr_i};
endmodule

`default_nettype wire
