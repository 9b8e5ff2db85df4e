// Bench top: the arithmetic modules side by side, in the parameter sets that are tested.
//
// Step adders: set s = 2 * shape + SATURATE, shapes (ACC_BITS, CHUNK_BITS) = (32,20), (32,32),
// (20,22), (24,16), (32,1). Operands are cut to the shape, sums are sign-extended to 32 bits.
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module arithmetic_tb (
    input  wire               clk,
    // aw_multiplier
    input  wire signed [7:0]  a_i,
    input  wire signed [7:0]  b_i,
    output wire signed [15:0] product_o,
    // aw_step_add
    input  wire [31:0]        accumulator_i,
    input  wire [31:0]        chunk_i,
    output wire [10*32-1:0]   sums_o,
    output wire [9:0]         overflows_o,
    // aw_requantize, SATURATE = 0 and 1
    input  wire               raw_i,
    input  wire signed [31:0] bias_i,
    input  wire [30:0]        multiplier_i,
    input  wire signed [5:0]  exponent_i,
    input  wire signed [7:0]  zero_point_i,
    input  wire signed [7:0]  minimum_i,
    input  wire signed [7:0]  maximum_i,
    output wire [2*32-1:0]    results_o,
    output wire [1:0]         result_overflows_o
);
    wire live;
    aw_multiplier u_multiplier (
        .clk      (clk),
        .valid_i  (1'b1),
        .a_i      (a_i),
        .b_i      (b_i),
        .product_o(product_o),
        .live_o   (live)
    );
    wire unused_live = &{1'b0, live};

    genvar s;
    generate
        for (s = 0; s < 10; s = s + 1) begin : g_step
            localparam ACC   = (s / 2 == 2) ? 20 : (s / 2 == 3) ? 24 : 32;
            localparam CHUNK = (s / 2 == 0) ? 20 : (s / 2 == 1) ? 32 : (s / 2 == 2) ? 22 :
                               (s / 2 == 3) ? 16 : 1;
            wire signed [ACC-1:0] sum;
            aw_step_add #(
                .ACC_BITS  (ACC),
                .CHUNK_BITS(CHUNK),
                .SATURATE  (s % 2)
            ) u_add (
                .accumulator_i(accumulator_i[ACC-1:0]),
                .chunk_i      (chunk_i[CHUNK-1:0]),
                .sum_o        (sum),
                .overflow_o   (overflows_o[s])
            );
            wire [63:0] wide = {{(64-ACC){sum[ACC-1]}}, sum};
            assign sums_o[32*s +: 32] = wide[31:0];
            wire unused_ok = &{1'b0, wide[63:32]};
        end
        for (s = 0; s < 2; s = s + 1) begin : g_requantize
            wire [7:0]  result;
            wire [31:0] raw;
            assign results_o[32*s +: 32] = raw_i ? raw : {24'd0, result};
            aw_requantize #(
                .ACC_BITS(32),
                .SATURATE(s)
            ) u_requantize (
                .clk          (clk),
                .accumulator_i(accumulator_i),
                .use_bias_i   (1'b1),
                .bias_i       (bias_i),
                .multiplier_i (multiplier_i),
                .exponent_i   (exponent_i),
                .zero_point_i (zero_point_i),
                .minimum_i    (minimum_i),
                .maximum_i    (maximum_i),
                .result_o     (result),
                .raw_o        (raw),
                .overflow_o   (result_overflows_o[s])
            );
        end
    endgenerate
endmodule

`default_nettype wire
