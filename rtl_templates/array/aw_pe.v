// Processing element of the systolic array: p_out = p_in + activation * weight.
//
// The activation arrives from the left and leaves to the right one cycle later; the partial sum
// comes from above and leaves below two cycles after the activation arrived. next_weight_i is
// held by the column's weight register; an activation with swap_i makes it the active weight.
// With structured weights a group of activations passes, and index_i chooses one of them. GATED: the
// operands of the multiplier hold where one of them is zero or no vector passes, and the sum
// leaves one cycle later. PRODUCT_REGISTER: between multiplier and adder, the sum leaves one cycle
// later, too.
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_pe #(
    parameter SUM_BITS   = 20,
    parameter GROUP      = 1,         // activations of a group
    parameter INDEX_BITS = 1,
    parameter BITS       = 8,         // of an activation
    parameter GATED      = 0,
    parameter PRODUCT_REGISTER = 0
) (
    input  wire                       clk,
    input  wire                       swap_i,
    input  wire                       valid_i,       // of the activation; only a gated PE asks
    input  wire [GROUP*BITS-1:0]      activation_i,
    input  wire signed [7:0]          next_weight_i,
    input  wire [INDEX_BITS-1:0]      next_index_i,
    input  wire signed [SUM_BITS-1:0] sum_i,
    output wire                       swap_o,
    output wire                       valid_o,
    output wire [GROUP*BITS-1:0]      activation_o,
    output wire signed [SUM_BITS-1:0] sum_o,
    output wire                       live_o         // the multiplier works; of a gated PE
);
    reg                       swap_q;
    reg [GROUP*BITS-1:0]      activation_q;
    reg signed [7:0]          weight_q;
    reg signed [SUM_BITS-1:0] sum_q;

    wire signed [BITS-1:0] activation;
    generate
        if (GROUP > 1) begin : g_group
            reg [INDEX_BITS-1:0] index_q;
            always @(posedge clk) if (swap_i) index_q <= next_index_i;
            aw_mux #(.WIDTH(BITS), .INPUTS(GROUP), .STRIDE(BITS)) u_choice (
                .select_i(index_q),
                .data_i  (activation_q),
                .data_o  (activation)
            );
        end else begin : g_single
            assign activation = activation_q;
            wire unused_ok = &{1'b0, next_index_i};
        end
    endgenerate

    wire signed [15:0] product;
    generate
        if (GATED != 0) begin : g_gated
            reg signed [BITS-1:0] a_q;
            reg signed [7:0]      b_q;
            reg                   live_q, valid_q;
            wire live = valid_q && activation != {BITS{1'b0}} && weight_q != 8'd0;
            wire signed [BITS+7:0] all = a_q * b_q;
            always @(posedge clk) begin
                valid_q <= valid_i;
                live_q  <= live;
                if (live) begin
                    a_q <= activation;
                    b_q <= weight_q;
                end
            end
            assign product = live_q ? all[15:0] : 16'd0;
            assign live_o  = live_q;
            assign valid_o = valid_q;
            wire unused_all = &{1'b0, all};
        end else begin : g_plain
            wire signed [15:0] at_once = activation * weight_q;
            aw_delay #(.WIDTH(16), .CYCLES(PRODUCT_REGISTER)) u_product (
                .clk(clk), .in_data(at_once), .out_data(product)
            );
            assign live_o  = 1'b0;
            assign valid_o = 1'b0;
            wire unused_valid = &{1'b0, valid_i};
        end
    endgenerate

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
