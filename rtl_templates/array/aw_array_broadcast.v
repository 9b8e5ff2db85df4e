// Broadcast array: every column is a dot product of ROWS multipliers on one activation vector, or
// on one of its own behind a depthwise window.
//
//              activation vector (ROWS bytes), to every column
//                 |            |                  |
//   weights -> [x + x + ..] [x + x + ..]  ...  [x + x + ..]
//                 |            |                  |
//              sum 0        sum 1             sum COLS-1
//
// A new weight tile may come every cycle; it comes from the weight buffer one cycle before its
// vector and is registered here. Latency from the vector to the sums: 1 + ceil(LEVELS / 2)
// cycles. Sums are exact (16 + log2(ROWS) bits).
//
//   ROWS, COLS  1 to 64
//   VECTORS     1, or COLS: a vector for each column
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_array_broadcast #(
    parameter ROWS     = 16,
    parameter COLS     = 16,
    parameter LEVELS   = 4,           // ceil(log2 ROWS)
    parameter SUM_BITS = 20,          // 16 + LEVELS
    parameter VECTORS  = 1
) (
    input  wire                     clk,
    input  wire [VECTORS*ROWS*8-1:0] vector_i,
    input  wire [ROWS*COLS*8-1:0]   weights_i,   // column c: bytes c*ROWS to c*ROWS + ROWS - 1
    output wire [COLS*SUM_BITS-1:0] sums_o
);
    generate
        if (ROWS < 1 || ROWS > 64) begin : g_rows_error
            aw_ERROR_ROWS_must_be_1_to_64 u_error ();
        end
        if (COLS < 1 || COLS > 64) begin : g_cols_error
            aw_ERROR_COLS_must_be_1_to_64 u_error ();
        end
    endgenerate

    genvar c, r;
    generate
        for (c = 0; c < COLS; c = c + 1) begin : g_column
            wire [ROWS*16-1:0] products;
            localparam VECTOR = (VECTORS > 1) ? c : 0;
            reg  [ROWS*8-1:0]  weights_q;
            always @(posedge clk) weights_q <= weights_i[c*ROWS*8 +: ROWS*8];
            for (r = 0; r < ROWS; r = r + 1) begin : g_row
                wire signed [7:0] activation = vector_i[(VECTOR*ROWS+r)*8 +: 8];
                wire signed [7:0] weight     = weights_q[r*8 +: 8];
                aw_multiplier u_multiplier (
                    .clk      (clk),
                    .a_i      (activation),
                    .b_i      (weight),
                    .product_o(products[r*16 +: 16])
                );
            end
            aw_adder_tree #(
                .N     (ROWS),
                .LEVELS(LEVELS)
            ) u_tree (
                .clk       (clk),
                .products_i(products),
                .sum_o     (sums_o[c*SUM_BITS +: SUM_BITS])
            );
        end
    endgenerate
endmodule

`default_nettype wire
