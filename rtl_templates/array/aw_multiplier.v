// INT8 multiplier with a product register: product_o = a * b, one cycle later.
//
// -128 * -128 is an ordinary product: 16 bits hold it.
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_multiplier (
    input  wire               clk,
    input  wire               valid_i,
    input  wire signed [7:0]  a_i,
    input  wire signed [7:0]  b_i,
    output wire signed [15:0] product_o,
    output wire               live_o         // never asked of a multiplier that is not gated
);
    reg signed [15:0] product_q;

    always @(posedge clk) product_q <= a_i * b_i;

    assign product_o = product_q;
    assign live_o    = 1'b0;
    wire unused_ok = &{1'b0, valid_i};
endmodule

`default_nettype wire
