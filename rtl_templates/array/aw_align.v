// Align stage: cuts the activation vector out of two neighbouring buffer words and puts the zero
// point where the window lies in the padding or beyond the run.
//
// Latency: two cycles (word register, vector register). Lane i of the vector is byte
// offset + i of the two words, for first <= i < end; all other lanes are zero_point.
//
//   ROWS        lanes, 1 to 64
//   WORD_BYTES  power of two, >= ROWS
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_align #(
    parameter ROWS       = 16,
    parameter WORD_BYTES = 16,
    parameter LANE_BITS  = 5          // counts 0 to ROWS
) (
    input  wire                          clk,
    input  wire [2*WORD_BYTES*8-1:0]     words_i,
    input  wire [$clog2(WORD_BYTES)-1:0] offset_i,
    input  wire [LANE_BITS-1:0]          first_i,
    input  wire [LANE_BITS-1:0]          end_i,
    input  wire [7:0]                    zero_point_i,
    output wire [ROWS*8-1:0]             vector_o
);
    reg [2*WORD_BYTES*8-1:0]     words_q;
    reg [$clog2(WORD_BYTES)-1:0] offset_q;
    reg [LANE_BITS-1:0]          first_q, end_q;
    reg [7:0]                    zero_point_q;
    reg [ROWS*8-1:0]             vector_q;

    wire [2*WORD_BYTES*8-1:0] shifted = words_q >> {offset_q, 3'b000};
    wire [ROWS-1:0]           ones    = {ROWS{1'b1}};
    wire [ROWS-1:0]           inside  = (ones << first_q) & ~(ones << end_q);

    integer lane;
    always @(posedge clk) begin
        words_q      <= words_i;
        offset_q     <= offset_i;
        first_q      <= first_i;
        end_q        <= end_i;
        zero_point_q <= zero_point_i;
        for (lane = 0; lane < ROWS; lane = lane + 1) begin
            vector_q[lane*8 +: 8] <= inside[lane] ? shifted[lane*8 +: 8] : zero_point_q;
        end
    end

    assign vector_o = vector_q;

    wire unused_ok = &{1'b0, shifted};
endmodule

`default_nettype wire
