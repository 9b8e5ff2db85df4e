// Delay line: out is in, CYCLES clock cycles later. No reset, so it maps to shift-register LUTs.
//
//   WIDTH   bits, >= 1
//   CYCLES  >= 0 (0 is a wire)
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_delay #(
    parameter WIDTH  = 8,
    parameter CYCLES = 1
) (
    input  wire             clk,
    input  wire [WIDTH-1:0] in_data,
    output wire [WIDTH-1:0] out_data
);
    generate
        if (CYCLES == 0) begin : g_wire
            wire unused_ok = &{1'b0, clk};
            assign out_data = in_data;
        end else if (CYCLES == 1) begin : g_register
            reg [WIDTH-1:0] stage_q;
            always @(posedge clk) stage_q <= in_data;
            assign out_data = stage_q;
        end else begin : g_line
            reg [WIDTH*CYCLES-1:0] line_q;
            always @(posedge clk) line_q <= {line_q[WIDTH*(CYCLES-1)-1:0], in_data};
            assign out_data = line_q[WIDTH*CYCLES-1 -: WIDTH];
        end
    endgenerate
endmodule

`default_nettype wire
