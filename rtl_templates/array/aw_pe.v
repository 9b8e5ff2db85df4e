// Processing element of the systolic array: p_out = p_in + activation * weight.
//
// The activation arrives from the left and leaves to the right one cycle later; the partial sum
// comes from above and leaves below two cycles after the activation arrived. next_weight_i is
// held by the column's weight register; an activation with swap_i makes it the active weight.
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_pe #(
    parameter SUM_BITS = 20
) (
    input  wire                       clk,
    input  wire                       swap_i,
    input  wire signed [7:0]          activation_i,
    input  wire signed [7:0]          next_weight_i,
    input  wire signed [SUM_BITS-1:0] sum_i,
    output wire                       swap_o,
    output wire signed [7:0]          activation_o,
    output wire signed [SUM_BITS-1:0] sum_o
);
    reg                       swap_q;
    reg signed [7:0]          activation_q, weight_q;
    reg signed [SUM_BITS-1:0] sum_q;

    wire signed [15:0] product = activation_q * weight_q;

    always @(posedge clk) begin
        swap_q       <= swap_i;
        activation_q <= activation_i;
        if (swap_i) weight_q <= next_weight_i;
        sum_q        <= sum_i + {{(SUM_BITS-15){product[15]}}, product[14:0]};
    end

    assign swap_o       = swap_q;
    assign activation_o = activation_q;
    assign sum_o        = sum_q;
endmodule

`default_nettype wire
