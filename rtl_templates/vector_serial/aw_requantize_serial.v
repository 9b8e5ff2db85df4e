// Requantizer that takes one bit of the product a cycle: an adder of one sum and a few bits of state.
//
// With y the sum, q the multiplier (0 to 2^31-1), e the exponent, as aw_requantize bit by bit:
//   h = (y * q * 2^max(e,0) + 2^30) >> 31                 (ties toward plus infinity)
//   r = h / 2^max(-e,0), ties away from zero
//   result = clamp(r + zero_point, minimum, maximum)
//
//   high_q + y where the bit of q is 1 --> low bit: product --> + 2^30 --> h --> half, then r
//      ^-- the rest, one place lower                                              |
//   result_q, below and above the ends of the clamp <---- + zero point, round <---+
//
// The product leaves the adder from its lowest bit on: bit k in step k - 31, as for negative e bit k
// of h does behind the carry of 2^30. Step + e is the place of that bit within r: at -1 it is the
// half, which carries into r, except that it is a tie of a negative h, rounded away from zero, when
// e < 0 and the bits of h below it are zero. Behind the product come copies of its sign.
//
// Latency: 71 steps (step_i) behind start_i, whatever the exponent: the shortest r has one bit, and
// with the zero point it takes nine. All other inputs hold from start_i on; result_o holds until the
// next start. One result at a time.
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_requantize_serial #(
    parameter SUM_BITS = 32
) (
    input  wire                       clk,
    input  wire                       start_i,
    input  wire                       step_i,
    output wire                       last_o,             // step_i is the last one
    output wire        [4:0]          multiplier_bit_o,   // 1 to 31: bits 0 to 30
    input  wire                       multiplier_i,       // ... that bit of it
    input  wire signed [SUM_BITS-1:0] sum_i,
    input  wire signed [5:0]          exponent_i,         // -31 to 30
    input  wire        [7:0]          zero_point_i, minimum_i, maximum_i,
    input  wire                       raw_i,              // result_o is the low byte of the sum
    output wire        [7:0]          result_o
);
    localparam [6:0] FIRST_STEP = -7'sd31, LAST_STEP = 7'd39;

    reg [6:0] step_q;
    wire      multiplies   = step_q[6];                   // steps -31 to -1
    assign last_o           = step_q == LAST_STEP;
    assign multiplier_bit_o = step_q[4:0];
    always @(posedge clk) begin
        if (start_i) step_q <= FIRST_STEP;
        else if (step_i) step_q <= step_q + 7'd1;
    end

    // ---- product ----
    reg  signed [SUM_BITS-1:0] high_q;
    wire signed [SUM_BITS:0]   total   = {high_q[SUM_BITS-1], high_q} + {sum_i[SUM_BITS-1], sum_i};
    wire                       adds    = multiplies && multiplier_i;
    wire        [SUM_BITS:0]   product = adds ? total : {high_q[SUM_BITS-1], high_q};
    always @(posedge clk) begin
        if (start_i) high_q <= {SUM_BITS{1'b0}};
        else if (step_i) high_q <= product[SUM_BITS:1];
    end

    // ---- first rounding: from bit 30 on, and only of h the rest counts ----
    wire twice = exponent_i[5];
    reg  carry_q, rest_q;
    wire bit_of_h = product[0] ^ carry_q;
    always @(posedge clk) begin
        if (start_i) carry_q <= 1'b0;
        else if (step_i) carry_q <= product[0] && (carry_q || (multiplies && twice));
        if (step_i) rest_q <= !multiplies && (rest_q || bit_of_h);
    end

    // ---- second rounding and zero point: the half carries into the lowest bit of r ----
    wire [7:0] place    = {step_q[6], step_q} + {{2{exponent_i[5]}}, exponent_i};
    wire       before_r = place[7];
    wire       beyond   = |place[6:3];                    // of the byte: its sign goes on
    wire [2:0] index    = place[2:0] | {3{beyond}};
    wire       tie_down = twice && sum_i[SUM_BITS-1] && !rest_q;
    wire       addend   = before_r ? !tie_down : zero_point_i[index];
    reg        add_q;
    wire       offset   = bit_of_h ^ addend ^ add_q;
    always @(posedge clk) begin
        if (step_i) add_q <= (bit_of_h && addend) || (!before_r && add_q && (bit_of_h || addend));
    end

    // ---- clamp: compared from the lowest bit on, as if without a sign ----
    reg  [7:0] byte_q;
    reg        sign_q, below_q, above_q;
    wire       minimum = minimum_i[index];
    wire       maximum = maximum_i[index];
    always @(posedge clk) begin
        if (step_i) begin
            sign_q <= offset;
            if (!before_r && !beyond) byte_q <= {offset, byte_q[7:1]};
            if (before_r) {below_q, above_q} <= 2'b00;
            else begin
                below_q <= (offset == minimum) ? below_q : minimum;
                above_q <= (offset == maximum) ? above_q : offset;
            end
        end
    end
    wire too_low  = below_q ^ sign_q ^ minimum_i[7];
    wire too_high = above_q ^ sign_q ^ maximum_i[7];
    wire [1:0] choice = too_low ? 2'd2 : {2{too_high}};
    genvar i;
    generate
        for (i = 0; i < 8; i = i + 1) begin : g_byte
            wire [3:0] choices = {maximum_i[i], minimum_i[i], sum_i[i], byte_q[i]};
            assign result_o[i] = choices[raw_i ? 2'd1 : choice];
        end
    endgenerate
endmodule

`default_nettype wire
