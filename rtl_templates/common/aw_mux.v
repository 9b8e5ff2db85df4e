// Multiplexer: data_o is input select_i; input i starts at bit i * STRIDE of data_i.
// Written as AND-OR so that every index is a constant.
//
//   INPUTS  >= 2; select values from INPUTS on give 0
//   STRIDE  >= WIDTH
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_mux #(
    parameter WIDTH  = 8,
    parameter INPUTS = 2,
    parameter STRIDE = 8
) (
    input  wire [$clog2(INPUTS)-1:0]              select_i,
    input  wire [(INPUTS-1)*STRIDE+WIDTH-1:0]     data_i,
    output reg  [WIDTH-1:0]                       data_o
);
    integer i;
    always @* begin
        data_o = {WIDTH{1'b0}};
        for (i = 0; i < INPUTS; i = i + 1) begin
            if (select_i == i[$clog2(INPUTS)-1:0]) data_o = data_o | data_i[i*STRIDE +: WIDTH];
        end
    end

    wire unused_ok = &{1'b0, data_i};
endmodule

`default_nettype wire
