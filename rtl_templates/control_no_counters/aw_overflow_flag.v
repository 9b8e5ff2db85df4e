// Overflow flag of designs without counters: says that an accumulation left its range, not where.
// The first one is the bias addition's if no column reports in its cycle. Latency: one cycle.
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_overflow_flag #(
    parameter COLS  = 16,
    parameter LANES = 8
) (
    input  wire             clk,
    input  wire             rst_n,
    input  wire             clear_i,
    input  wire [COLS-1:0]  array_overflow_i,
    input  wire [LANES-1:0] bias_overflow_i,
    output wire             event_o,
    output wire             sticky_o,
    output wire             first_is_bias_o
);
    reg sticky_q, first_is_bias_q;
    assign event_o = (|array_overflow_i) || (|bias_overflow_i);
    always @(posedge clk) begin
        if (!rst_n || clear_i) begin
            sticky_q        <= 1'b0;
            first_is_bias_q <= 1'b0;
        end else if (event_o && !sticky_q) begin
            sticky_q        <= 1'b1;
            first_is_bias_q <= !(|array_overflow_i);
        end
    end
    assign sticky_o        = sticky_q;
    assign first_is_bias_o = first_is_bias_q;
endmodule

`default_nettype wire
