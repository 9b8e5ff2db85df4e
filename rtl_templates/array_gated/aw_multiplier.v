// Multiplier that rests where an operand is zero: its input registers hold, the product is zero.
//
// The activation comes less its zero point, in 9 bits: 255 * 128 fits 16. Latency: two cycles.
// live_o: the inputs took part in the cycle before.
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_multiplier (
    input  wire               clk,
    input  wire               valid_i,
    input  wire signed [8:0]  a_i,
    input  wire signed [7:0]  b_i,
    output wire signed [15:0] product_o,
    output wire               live_o
);
    reg signed [8:0]  a_q;
    reg signed [7:0]  b_q;
    reg               live_q;
    reg signed [15:0] product_q;

    wire live = valid_i && a_i != 9'd0 && b_i != 8'd0;
    wire signed [16:0] product = a_q * b_q;

    always @(posedge clk) begin
        live_q <= live;
        if (live) begin
            a_q <= a_i;
            b_q <= b_i;
        end
        product_q <= live_q ? product[15:0] : 16'd0;
    end

    assign product_o = product_q;
    assign live_o    = live_q;

    wire unused_ok = &{1'b0, product[16]};
endmodule

`default_nettype wire
