// Bench top: the serial requantizer for sums of 32 and of 20 bits, steps one after the other.
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module serial_tb (
    input  wire               clk,
    input  wire               start_i,
    input  wire               step_i,
    output wire [1:0]         last_o,
    input  wire signed [31:0] sum_i,
    input  wire [30:0]        multiplier_i,
    input  wire signed [5:0]  exponent_i,
    input  wire [7:0]         zero_point_i,
    input  wire [7:0]         minimum_i,
    input  wire [7:0]         maximum_i,
    input  wire               raw_i,
    output wire [2*8-1:0]     results_o
);
    wire [31:0] multiplier = {multiplier_i, 1'b0};
    genvar s;
    generate
        for (s = 0; s < 2; s = s + 1) begin : g_requantize
            localparam SUM_BITS = (s == 0) ? 32 : 20;
            wire [4:0] place;
            aw_requantize_serial #(.SUM_BITS(SUM_BITS)) u_requantize (
                .clk             (clk),
                .start_i         (start_i),
                .step_i          (step_i),
                .last_o          (last_o[s]),
                .multiplier_bit_o(place),
                .multiplier_i    (multiplier[place]),
                .sum_i           (sum_i[SUM_BITS-1:0]),
                .exponent_i      (exponent_i),
                .zero_point_i    (zero_point_i),
                .minimum_i       (minimum_i),
                .maximum_i       (maximum_i),
                .raw_i           (raw_i),
                .result_o        (results_o[8*s +: 8])
            );
        end
    endgenerate
endmodule

`default_nettype wire
