// Operand stage of one lane: scales the taps of a COMBINE result and combines them.
//
// With x a tap, z, m and s the zero point, multiplier and shift of its set (a, or b for odd taps of
// two operands):
//   v = ((x - z) * m + 2^10) >> 11, then divided by 2^s, ties away from zero
//   sum_o = sum of v (op 0), even minus odd taps (op 1), largest v (op 3)
//   sum_o = (x0 - z_a) * (x1 - z_b)                             (op 2)
// in 32 bits, wrapping. Latency: sum_o is there 7 cycles after the last byte.
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_operand (
    input  wire               clk,
    input  wire signed [7:0]  byte_i,
    input  wire               first_i,        // with byte_i
    input  wire               odd_i,
    input  wire        [1:0]  op_i,           // these hold for a whole command
    input  wire               two_operands_i,
    input  wire signed [7:0]  zero_a_i,
    input  wire signed [7:0]  zero_b_i,
    input  wire        [30:0] multiplier_a_i,
    input  wire        [30:0] multiplier_b_i,
    input  wire        [4:0]  shift_a_i,
    input  wire        [4:0]  shift_b_i,
    input  wire               valid_i,        // the byte six cycles ago was a tap, it was
    input  wire               last_first_i,   // ... the first tap of its result
    input  wire               last_odd_i,     // ... an odd one
    output wire signed [31:0] sum_o
);
    wire is_product = op_i == 2'd2;

    // ---- 1: byte ----
    reg signed [7:0] byte_q;
    reg              first1_q, odd1_q;
    always @(posedge clk) begin
        byte_q   <= byte_i;
        first1_q <= first_i;
        odd1_q   <= odd_i && two_operands_i;
    end

    // ---- 2: zero point ----
    wire signed [8:0] byte_wide = {byte_q[7], byte_q};
    wire signed [8:0] zero_a    = {zero_a_i[7], zero_a_i};
    wire signed [8:0] zero_b    = {zero_b_i[7], zero_b_i};
    reg  signed [8:0] centred_q;
    reg               first2_q, odd2_q;
    always @(posedge clk) begin
        centred_q <= byte_wide - (odd1_q ? zero_b : zero_a);
        first2_q  <= first1_q;
        odd2_q    <= odd1_q;
    end

    // ---- 3, 4: multiply, by the constant or by the first operand ----
    reg  signed [8:0]  first_operand_q;
    reg  signed [40:0] product3_q, product4_q;
    reg                odd3_q, odd4_q;
    wire signed [31:0] constant = {1'b0, odd2_q ? multiplier_b_i : multiplier_a_i};
    wire signed [31:0] operand  = {{23{first_operand_q[8]}}, first_operand_q};
    wire signed [31:0] factor   = is_product ? operand : constant;
    always @(posedge clk) begin
        if (first2_q) first_operand_q <= centred_q;
        product3_q <= centred_q * factor;
        product4_q <= product3_q;
        odd3_q     <= odd2_q;
        odd4_q     <= odd3_q;
    end

    // ---- 5: high part, ties up ----
    wire signed [40:0] rounded = product4_q + 41'sd1024;
    reg  signed [31:0] high_q;
    reg         [4:0]  shift5_q;
    always @(posedge clk) begin
        high_q   <= is_product ? product4_q[31:0] : {{2{rounded[40]}}, rounded[40:11]};
        shift5_q <= is_product ? 5'd0 : odd4_q ? shift_b_i : shift_a_i;
    end

    // ---- 6: right shift, ties away from zero ----
    wire signed [31:0] floor_part = high_q >>> shift5_q;
    wire        [31:0] low_mask   = ~(32'hffffffff << shift5_q);
    wire        [31:0] remainder  = high_q & low_mask;
    wire        [31:0] threshold  = (low_mask >> 1) + {31'd0, high_q[31]};
    reg  signed [31:0] value_q;
    always @(posedge clk) value_q <= floor_part + $signed({31'd0, remainder > threshold});

    // ---- 7: combine ----
    reg  signed [31:0] sum_q;
    wire signed [31:0] total    = (op_i == 2'd1 && last_odd_i) ? sum_q - value_q : sum_q + value_q;
    wire signed [31:0] largest  = (value_q > sum_q) ? value_q : sum_q;
    wire signed [31:0] combined = (op_i == 2'd3) ? largest : total;
    always @(posedge clk) begin
        if (valid_i) sum_q <= (last_first_i || is_product) ? value_q : combined;
    end
    assign sum_o = sum_q;

    wire unused_ok = &{1'b0, rounded[10:0]};
endmodule

`default_nettype wire
