// Dot product of ROWS lanes: multipliers and an adder tree. Exact: 16 + ceil(log2 ROWS) bits.
//
// Latency: 1 + ceil(LEVELS / 2) cycles, gated one more.
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_dot_product #(
    parameter ROWS     = 16,
    parameter LEVELS   = 4,           // ceil(log2 ROWS)
    parameter BITS     = 8,           // of an activation
    parameter SUM_BITS = 20
) (
    input  wire                       clk,
    input  wire                       valid_i,
    input  wire        [ROWS*BITS-1:0] activations_i,
    input  wire        [ROWS*8-1:0]   weights_i,
    output wire signed [SUM_BITS-1:0] sum_o,
    output wire        [ROWS-1:0]     live_o
);
    wire [ROWS*16-1:0] products;
    genvar r;
    generate
        for (r = 0; r < ROWS; r = r + 1) begin : g_row
            aw_multiplier u_multiplier (
                .clk      (clk),
                .valid_i  (valid_i),
                .a_i      (activations_i[r*BITS +: BITS]),
                .b_i      (weights_i[r*8 +: 8]),
                .product_o(products[r*16 +: 16]),
                .live_o   (live_o[r])
            );
        end
    endgenerate
    aw_adder_tree #(.N(ROWS), .LEVELS(LEVELS)) u_tree (
        .clk(clk), .products_i(products), .sum_o(sum_o)
    );
endmodule

`default_nettype wire
