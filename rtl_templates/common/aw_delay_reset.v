// Delay line with reset, for valid flags: out is in, CYCLES clock cycles later, 0 after reset.
//
//   CYCLES  >= 1
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_delay_reset #(
    parameter CYCLES = 1
) (
    input  wire clk,
    input  wire rst_n,
    input  wire in_data,
    output wire out_data
);
    reg  [CYCLES-1:0] line_q;
    wire [CYCLES:0]   line_d = {line_q, in_data};

    always @(posedge clk) begin
        if (!rst_n) line_q <= {CYCLES{1'b0}};
        else        line_q <= line_d[CYCLES-1:0];
    end

    assign out_data = line_q[CYCLES-1];

    wire unused_ok = &{1'b0, line_d};
endmodule

`default_nettype wire
