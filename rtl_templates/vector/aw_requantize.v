// One lane of the vector unit: bias, requantization and clamp, eight pipeline stages.
//
// With x the accumulator, b the bias, q the multiplier (0 or 2^30 .. 2^31-1), e the exponent:
//   y = x + b                                 (wraps or saturates in ACC_BITS; overflow_o)
//   h = (y * q * 2^max(e,0) + 2^30) >> 31                 (ties toward plus infinity)
//   r = h / 2^max(-e,0), ties away from zero
//   result = clamp(r + zero_point, minimum, maximum)
// This is the double rounding of TensorFlow Lite's reference kernels, which saturate y * 2^e: where
// they do, |h| >= 2^30 is far outside the clamp, as here.
//
// Both roundings in one shift: of t = y * q, plus 2^30 when e < 0, the bits from 30 - e on are a half
// and then r rounded down. The half counts always, except that it is a tie of a negative h, rounded
// away from zero, when e < 0 and the bits of h below it are zero. Ten bits of r are enough for the clamp.
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_requantize #(
    parameter ACC_BITS = 32,
    parameter SATURATE = 0,
    parameter RAW      = 1            // 1: raw_o is y
) (
    input  wire                       clk,
    input  wire signed [ACC_BITS-1:0] accumulator_i,
    input  wire                       use_bias_i,
    input  wire signed [31:0]         bias_i,
    input  wire        [30:0]         multiplier_i,
    input  wire signed [5:0]          exponent_i,     // -31 to 30
    input  wire signed [7:0]          zero_point_i,   // these three for the data in stage 8
    input  wire signed [7:0]          minimum_i,
    input  wire signed [7:0]          maximum_i,
    output wire        [7:0]          result_o,       // 8 cycles after the inputs
    output wire        [31:0]         raw_o,          // likewise
    output wire                       overflow_o      // 2 cycles after the inputs
);
    // ---- 1: inputs ----
    reg signed [ACC_BITS-1:0] accumulator_q;
    reg signed [31:0]         bias_q;
    reg        [30:0]         multiplier1_q;
    reg signed [5:0]          exponent1_q;
    always @(posedge clk) begin
        accumulator_q <= accumulator_i;
        bias_q        <= use_bias_i ? bias_i : 32'sd0;
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
    reg signed [ACC_BITS-1:0] biased2_q;
    reg                       overflow_q;
    reg        [30:0]         multiplier2_q;
    reg signed [5:0]          exponent2_q;
    always @(posedge clk) begin
        biased2_q     <= biased;
        overflow_q    <= overflow;
        multiplier2_q <= multiplier1_q;
        exponent2_q   <= exponent1_q;
    end
    assign overflow_o = overflow_q;

    // ---- 3, 4, 5: multiply ----
    reg signed [ACC_BITS-1:0] biased3_q;
    reg signed [31:0]         multiplier3_q;
    reg signed [62:0]         product4_q, product5_q;   // |y * q| <= 2^31 * (2^31 - 1)
    reg        [5:0]          half3_q, half4_q, half5_q;    // place of the half bit, 0 to 61
    always @(posedge clk) begin
        biased3_q     <= biased2_q;
        multiplier3_q <= {1'b0, multiplier2_q};
        half3_q       <= 6'd30 - exponent2_q;
        product4_q    <= biased3_q * multiplier3_q;
        half4_q       <= half3_q;
        product5_q    <= product4_q;
        half5_q       <= half4_q;
    end

    // ---- 6: first rounding; what lies below bit 31 is then not of h ----
    wire        twice = half5_q > 6'd30;                // e < 0
    wire signed [63:0] rounded = {product5_q[62], product5_q} + $signed({33'd0, twice, 30'd0});
    reg  signed [63:0] rounded_q;
    reg         [5:0]  half_q;
    reg                twice_q;
    always @(posedge clk) begin
        rounded_q[63:31] <= rounded[63:31];
        rounded_q[30:0]  <= twice ? 31'd0 : rounded[30:0];
        half_q           <= half5_q;
        twice_q          <= twice;
    end

    // ---- 7: shift ----
    wire [10:0] scaled;                                 // half, then r
    wire        rest, beyond;
    aw_round_shift #(.IN(64), .OUT(11), .BITS(6)) u_shift (
        .value_i(rounded_q), .shift_i(half_q), .value_o(scaled), .rest_o(rest), .beyond_o(beyond)
    );
    reg signed [10:0] scaled_q;
    reg               beyond_q, sign_q, tie_down_q;
    always @(posedge clk) begin
        scaled_q   <= scaled;
        beyond_q   <= beyond;
        sign_q     <= rounded_q[63];
        tie_down_q <= twice_q && rounded_q[63] && !rest;
    end

    // ---- 8: second rounding, zero point and clamp ----
    wire signed [11:0] floor_part = {{2{scaled_q[10]}}, scaled_q[10:1]};
    wire               round_up   = scaled_q[0] && !tie_down_q;
    wire signed [11:0] offset     = floor_part + {{4{zero_point_i[7]}}, zero_point_i}
                                    + $signed({11'd0, round_up});
    wire signed [11:0] minimum    = {{4{minimum_i[7]}}, minimum_i};
    wire signed [11:0] maximum    = {{4{maximum_i[7]}}, maximum_i};
    wire               too_low    = beyond_q ? sign_q : offset < minimum;
    wire               too_high   = beyond_q ? !sign_q : offset > maximum;
    reg [7:0] result_q;
    always @(posedge clk) result_q <= too_low ? minimum_i : too_high ? maximum_i : offset[7:0];
    assign result_o = result_q;

    generate
        if (RAW != 0) begin : g_raw
            wire [ACC_BITS-1:0] raw;
            aw_delay #(.WIDTH(ACC_BITS), .CYCLES(6)) u_raw (.clk(clk), .in_data(biased2_q), .out_data(raw));
            if (ACC_BITS < 32) begin : g_extend
                assign raw_o = {{(32-ACC_BITS){raw[ACC_BITS-1]}}, raw};
            end else begin : g_whole
                assign raw_o = raw;
            end
        end else begin : g_no_raw
            assign raw_o = 32'd0;
        end
    endgenerate

    wire unused_ok = &{1'b0, offset, rounded};
endmodule

`default_nettype wire
