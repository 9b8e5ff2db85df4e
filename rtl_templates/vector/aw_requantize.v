// One lane of the vector unit: bias, requantization and clamp, eight pipeline stages.
//
// With x the accumulator, b the bias, q the multiplier (0 or 2^30 .. 2^31-1), e the exponent:
//   y = x + b                                 (wraps or saturates in ACC_BITS; overflow_o)
//   h = (sat32(y * 2^max(e,0)) * q + 2^30) >> 31          (ties toward plus infinity)
//   r = h / 2^max(-e,0), ties away from zero
//   result = clamp(r + zero_point, minimum, maximum)
// This is the double rounding of TensorFlow Lite's reference kernels. sat32 is exact for the
// result: a saturated y gives |h| >= 2^30, far outside the clamp.
// In raw mode result_o is y, sign-extended to 32 bits; otherwise the byte in bits [7:0].
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_requantize #(
    parameter ACC_BITS = 32,
    parameter SATURATE = 0
) (
    input  wire                       clk,
    input  wire        [7:0]          raw_i,          // bit k: raw mode of the data in stage k + 1
    input  wire signed [ACC_BITS-1:0] accumulator_i,
    input  wire signed [31:0]         bias_i,
    input  wire        [30:0]         multiplier_i,
    input  wire signed [5:0]          exponent_i,     // -31 to 30
    input  wire signed [7:0]          zero_point_i,   // these three for the data in stage 8
    input  wire signed [7:0]          minimum_i,
    input  wire signed [7:0]          maximum_i,
    output wire        [31:0]         result_o,       // 8 cycles after the inputs
    output wire                       overflow_o      // 2 cycles after the inputs
);
    // ---- 1: inputs ----
    reg signed [ACC_BITS-1:0] accumulator_q;
    reg signed [31:0]         bias_q;
    reg        [30:0]         multiplier1_q;
    reg signed [5:0]          exponent1_q;
    always @(posedge clk) begin
        accumulator_q <= accumulator_i;
        bias_q        <= bias_i;
        multiplier1_q <= multiplier_i;
        exponent1_q   <= exponent_i;
    end

    // ---- 2: bias ----
    wire signed [ACC_BITS-1:0] biased;
    wire                       overflow;
    aw_step_add #(
        .ACC_BITS  (ACC_BITS),
        .CHUNK_BITS(32),
        .SATURATE  (SATURATE)
    ) u_bias (
        .accumulator_i(accumulator_q),
        .chunk_i      (bias_q),
        .sum_o        (biased),
        .overflow_o   (overflow)
    );
    reg signed [31:0] biased_q;
    reg               overflow_q;
    reg        [30:0] multiplier2_q;
    reg signed [5:0]  exponent2_q;
    wire signed [31:0] biased_wide;
    generate
        if (ACC_BITS < 32) begin : g_extend
            assign biased_wide = {{(32-ACC_BITS){biased[ACC_BITS-1]}}, biased};
        end else begin : g_whole
            assign biased_wide = biased;
        end
    endgenerate
    always @(posedge clk) begin
        biased_q      <= biased_wide;
        overflow_q    <= overflow;
        multiplier2_q <= multiplier1_q;
        exponent2_q   <= exponent1_q;
    end
    assign overflow_o = overflow_q;

    // ---- 3: left shift, saturated to 32 bits ----
    wire               shifts_left = !exponent2_q[5] && !raw_i[2];
    wire        [4:0]  left        = shifts_left ? exponent2_q[4:0] : 5'd0;
    wire signed [63:0] biased_long = {{32{biased_q[31]}}, biased_q};
    wire signed [63:0] shifted     = biased_long <<< left;
    wire               shifted_fits = shifted[63:31] == {33{shifted[31]}};
    reg signed [31:0]  shifted_q;
    reg        [30:0]  multiplier3_q;
    reg        [4:0]   right3_q;
    wire signed [5:0]  negated = -exponent2_q;
    always @(posedge clk) begin
        shifted_q     <= shifted_fits ? shifted[31:0] : {biased_q[31], {31{~biased_q[31]}}};
        multiplier3_q <= multiplier2_q;
        right3_q      <= exponent2_q[5] ? negated[4:0] : 5'd0;
    end

    // ---- 4, 5: multiply ----
    wire signed [31:0] multiplier_signed = {1'b0, multiplier3_q};
    reg  signed [63:0] product4_q, product5_q;
    reg  signed [31:0] raw4_q, raw5_q;
    reg         [4:0]  right4_q, right5_q;
    always @(posedge clk) begin
        product4_q <= shifted_q * multiplier_signed;
        product5_q <= product4_q;
        raw4_q     <= shifted_q;
        raw5_q     <= raw4_q;
        right4_q   <= right3_q;
        right5_q   <= right4_q;
    end

    // ---- 6: doubling high half, ties up; |h| < 2^31 since q < 2^31 ----
    wire signed [63:0] rounded = product5_q + 64'sd1073741824;
    reg  signed [31:0] high_q;
    reg         [4:0]  right6_q;
    always @(posedge clk) begin
        high_q   <= raw_i[5] ? raw5_q : rounded[62:31];
        right6_q <= right5_q;
    end

    // ---- 7: right shift, ties away from zero ----
    wire signed [31:0] floor_part = high_q >>> right6_q;
    wire        [31:0] low_mask   = ~(32'hffffffff << right6_q);
    wire        [31:0] remainder  = high_q & low_mask;
    wire        [31:0] threshold  = (low_mask >> 1) + {31'd0, high_q[31]};
    wire               round_up   = !raw_i[6] && remainder > threshold;
    reg  signed [31:0] scaled_q;
    always @(posedge clk) begin
        scaled_q <= (raw_i[6] ? high_q : floor_part) + $signed({31'd0, round_up});
    end

    // ---- 8: zero point and clamp ----
    wire signed [32:0] zero_point_wide = {{25{zero_point_i[7]}}, zero_point_i};
    wire signed [32:0] minimum_wide    = {{25{minimum_i[7]}}, minimum_i};
    wire signed [32:0] maximum_wide    = {{25{maximum_i[7]}}, maximum_i};
    wire signed [32:0] scaled_wide     = {scaled_q[31], scaled_q};
    wire signed [32:0] offset          = scaled_wide + zero_point_wide;
    wire signed [32:0] clamped         = (offset < minimum_wide) ? minimum_wide :
                                         (offset > maximum_wide) ? maximum_wide : offset;
    reg [31:0] result_q;
    always @(posedge clk) result_q <= raw_i[7] ? scaled_q : clamped[31:0];
    assign result_o = result_q;

    wire unused_ok = &{1'b0, rounded, clamped, negated, raw_i};
endmodule

`default_nettype wire
