// Operand stage of one lane: scales the taps of a COMBINE result and combines them.
//
// With x a tap, z, m and s the zero point, multiplier and shift of its set:
//   v = ((x - z) * m + 2^10) >> 11, then divided by 2^s, ties away from zero
//   sum_o = sum of v (op 0), even minus odd taps (op 1), largest v (op 3)
//   sum_o = (x0 - z_a) * (x1 - z_b)                             (op 2)
// in 32 bits, wrapping. A product takes the first operand, times 2^11, for m, and 0 for s.
// Latency: sum_o is there 7 cycles after the last byte.
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_operand (
    input  wire               clk,
    input  wire signed [7:0]  byte_i,
    input  wire               is_product_i,   // these two hold for a whole command
    input  wire               is_largest_i,
    input  wire signed [7:0]  zero_point_i,   // of the byte one cycle ago
    input  wire               first_i,        // the byte two cycles ago was the first tap
    input  wire        [30:0] multiplier_i,   // of the byte two cycles ago
    input  wire        [4:0]  shift_i,        // of the byte five cycles ago
    input  wire               valid_i,        // the byte six cycles ago was a tap, it was
    input  wire               last_first_i,   // ... the first tap of its result
    input  wire               subtract_i,     // ... one to be subtracted
    output wire signed [31:0] sum_o
);
    // ---- 1, 2: byte, zero point ----
    reg signed [7:0] byte_q;
    reg signed [8:0] centred_q;
    always @(posedge clk) begin
        byte_q    <= byte_i;
        centred_q <= {byte_q[7], byte_q} - {zero_point_i[7], zero_point_i};
    end

    // ---- 3, 4: multiply ----
    reg  signed [8:0]  first_q;
    reg  signed [40:0] product3_q, product4_q;
    wire signed [31:0] factor = is_product_i ? {{12{first_q[8]}}, first_q, 11'd0} : {1'b0, multiplier_i};
    always @(posedge clk) begin
        if (first_i) first_q <= centred_q;
        product3_q <= centred_q * factor;
        product4_q <= product3_q;
    end

    // ---- 5: high part, ties up ----
    wire signed [30:0] rounded = $signed(product4_q[40:10]) + 31'sd1;
    reg  signed [29:0] high_q;
    always @(posedge clk) high_q <= rounded[30:1];

    // ---- 6: right shift; a bit below for the half ----
    wire [30:0] shifted;
    wire        rest, beyond;
    aw_round_shift #(.IN(31), .OUT(31), .BITS(5)) u_shift (
        .value_i({high_q, 1'b0}), .shift_i(shift_i), .value_o(shifted), .rest_o(rest),
        .beyond_o(beyond)
    );
    reg signed [29:0] value_q;                 // rounded down; round_q: the tap is one more
    reg               round_q;
    always @(posedge clk) begin
        value_q <= shifted[30:1];
        round_q <= shifted[0] && !(high_q[29] && !rest);
    end

    // ---- 7: combine ----
    reg  signed [31:0] sum_q;
    wire        starts   = last_first_i || is_product_i || is_largest_i;
    wire        inverts  = subtract_i && !last_first_i;
    wire [31:0] base     = starts ? 32'd0 : sum_q;
    wire [31:0] term     = {{2{value_q[29]}}, value_q} ^ {32{inverts}};
    wire [32:0] total    = {base, 1'b1} + {term, inverts ^ round_q};
    // Sum - tap: negative where the tap is larger.
    wire [33:0] less     = {sum_q[31], sum_q, 1'b1} + {~{{3{value_q[29]}}, value_q}, !round_q};
    wire        is_more  = less[33];
    always @(posedge clk) if (valid_i && (!is_largest_i || last_first_i || is_more)) sum_q <= total[32:1];
    assign sum_o = sum_q;

    wire unused_ok = &{1'b0, product4_q, rounded, beyond, total, less};
endmodule

`default_nettype wire
