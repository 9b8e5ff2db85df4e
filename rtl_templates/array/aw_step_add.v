// One step of an accumulation: accumulator + chunk, with overflow detection. Combinational.
//
// The exact sum is formed with one spare bit above both operands. overflow_o is high when it lies
// outside the signed range of ACC_BITS; then sum_o wraps, or saturates when SATURATE is 1.
//
//   ACC_BITS    20 to 32
//   CHUNK_BITS  1 to 32
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_step_add #(
    parameter ACC_BITS   = 32,
    parameter CHUNK_BITS = 20,
    parameter SATURATE   = 0
) (
    input  wire signed [ACC_BITS-1:0]   accumulator_i,
    input  wire signed [CHUNK_BITS-1:0] chunk_i,
    output wire signed [ACC_BITS-1:0]   sum_o,
    output wire                         overflow_o
);
    localparam WIDE = ((ACC_BITS > CHUNK_BITS) ? ACC_BITS : CHUNK_BITS) + 1;

    wire signed [WIDE-1:0] exact = {{(WIDE-ACC_BITS){accumulator_i[ACC_BITS-1]}}, accumulator_i}
                                   + {{(WIDE-CHUNK_BITS){chunk_i[CHUNK_BITS-1]}}, chunk_i};
    wire                   sign  = exact[WIDE-1];

    assign overflow_o = exact[WIDE-1:ACC_BITS-1] != {(WIDE-ACC_BITS+1){sign}};

    generate
        if (SATURATE != 0) begin : g_saturate
            assign sum_o = overflow_o ? {sign, {(ACC_BITS-1){~sign}}} : exact[ACC_BITS-1:0];
        end else begin : g_wrap
            assign sum_o = exact[ACC_BITS-1:0];
        end
    endgenerate
endmodule

`default_nettype wire
