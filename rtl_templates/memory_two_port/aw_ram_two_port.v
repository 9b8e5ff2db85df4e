// RAM with a read port and a write port (1R1W), for targets whose block RAMs have both.
//
// Read data appears in the cycle after re_i and holds until the next read; a word that is written in
// the cycle of its read is undefined: nobody does that, so no_rw_check lets synthesis build no logic
// for it. Contents are undefined at power-up.
//
//   BITS   of a word; a RAM has PART_BITS of them, as many as a small block RAM has
//   DEPTH  words, >= 1; ADDR_BITS may exceed what it needs, the rest is ignored
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_ram_two_port #(
    parameter BITS      = 32,
    parameter PART_BITS = 36,
    parameter DEPTH     = 16,
    parameter ADDR_BITS = 4
) (
    input  wire                 clk,
    input  wire                 re_i,
    input  wire [ADDR_BITS-1:0] raddr_i,
    output wire [BITS-1:0]      rdata_o,
    input  wire                 we_i,
    input  wire [ADDR_BITS-1:0] waddr_i,
    input  wire [BITS-1:0]      wdata_i
);
    localparam INDEX_BITS = (DEPTH > 1) ? $clog2(DEPTH) : 1;
    genvar p;
    generate
        for (p = 0; p < BITS; p = p + PART_BITS) begin : g_part
            localparam PART = (BITS - p < PART_BITS) ? BITS - p : PART_BITS;
            (* no_rw_check *) reg [PART-1:0] mem_q [0:DEPTH-1];
            reg [PART-1:0] rdata_q;
            always @(posedge clk) begin
                if (we_i) mem_q[waddr_i[INDEX_BITS-1:0]] <= wdata_i[p +: PART];
                if (re_i) rdata_q <= mem_q[raddr_i[INDEX_BITS-1:0]];
            end
            assign rdata_o[p +: PART] = rdata_q;
        end
    endgenerate

    wire unused_ok = &{1'b0, raddr_i, waddr_i};
endmodule

`default_nettype wire
