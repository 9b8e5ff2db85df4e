// Processing element of the systolic array: p_out = p_in + activation * weight.
//
// The activation arrives from the left and leaves to the right one cycle later; the partial sum
// comes from above and leaves below two cycles after the activation arrived. next_weight_i is
// held by the column's weight register; an activation with swap_i makes it the active weight.
// With structured weights a group of activations passes, and index_i chooses one of them.
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_pe #(
    parameter SUM_BITS   = 20,
    parameter GROUP      = 1,         // activations of a group
    parameter INDEX_BITS = 1
) (
    input  wire                       clk,
    input  wire                       swap_i,
    input  wire [GROUP*8-1:0]         activation_i,
    input  wire signed [7:0]          next_weight_i,
    input  wire [INDEX_BITS-1:0]      next_index_i,
    input  wire signed [SUM_BITS-1:0] sum_i,
    output wire                       swap_o,
    output wire [GROUP*8-1:0]         activation_o,
    output wire signed [SUM_BITS-1:0] sum_o
);
    reg                       swap_q;
    reg [GROUP*8-1:0]         activation_q;
    reg signed [7:0]          weight_q;
    reg signed [SUM_BITS-1:0] sum_q;

    wire signed [7:0] activation;
    generate
        if (GROUP > 1) begin : g_group
            reg [INDEX_BITS-1:0] index_q;
            always @(posedge clk) if (swap_i) index_q <= next_index_i;
            aw_mux #(.WIDTH(8), .INPUTS(GROUP), .STRIDE(8)) u_choice (
                .select_i(index_q),
                .data_i  (activation_q),
                .data_o  (activation)
            );
        end else begin : g_single
            assign activation = activation_q;
            wire unused_ok = &{1'b0, next_index_i};
        end
    endgenerate

    wire signed [15:0] product = activation * weight_q;

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
