// Align stage: cuts the activation vector out of an even and an odd buffer word, either of which may
// come first, and puts the zero point where the window lies in the padding or beyond the run.
//
// Latency: two cycles (word register, vector register). Lane i of the vector is byte offset + i of
// the two words, the even one again behind the odd one, for first <= i < end; all other lanes are
// zero_point.
//
// A vector of structured weights has WIDE bytes in groups of GROUP_M: the first GROUP_N of each
// group, where other vectors have their ROWS lanes, are lanes 0 to ROWS - 1, the rest follows.
//
//   ROWS        lanes, 1 to 64
//   WIDE        ROWS / GROUP_N * GROUP_M
//   WORD_BYTES  power of two, >= WIDE
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_align #(
    parameter ROWS       = 16,
    parameter WIDE       = 16,
    parameter GROUP_N    = 1,
    parameter GROUP_M    = 1,
    parameter WORD_BYTES = 16,
    parameter LANE_BITS  = 5,         // counts 0 to WIDE
    parameter BITS       = 8          // of a lane; 9: its byte less the zero point
) (
    input  wire                          clk,
    input  wire [2*WORD_BYTES*8-1:0]     words_i,
    input  wire [$clog2(WORD_BYTES):0]   offset_i,
    input  wire [LANE_BITS-1:0]          first_i,
    input  wire [LANE_BITS-1:0]          end_i,
    input  wire [7:0]                    zero_point_i,
    input  wire                          structured_i,
    output wire [WIDE*BITS-1:0]          vector_o
);
    reg [2*WORD_BYTES*8-1:0]     words_q;
    reg [$clog2(WORD_BYTES):0]   offset_q;
    reg [LANE_BITS-1:0]          first_q, end_q;
    reg [7:0]                    zero_point_q;
    reg                          structured_q;
    reg [WIDE*BITS-1:0]          vector_q;

    wire [WIDE*8-1:0]         shifted;
    aw_rotate #(.IN(2 * WORD_BYTES), .OUT(WIDE), .BITS($clog2(WORD_BYTES) + 1)) u_rotate (
        .select_i(offset_q),
        .data_i  (words_q),
        .data_o  (shifted)
    );
    wire [WIDE-1:0]           ones    = {WIDE{1'b1}};
    wire [WIDE-1:0]           in_use  = (ones << first_q) & ~(ones << end_q);
    wire [WIDE*BITS-1:0]      window, vector;

    localparam REST = (GROUP_M > GROUP_N) ? GROUP_M - GROUP_N : 1;   // of a group
    genvar i;
    generate
        for (i = 0; i < WIDE; i = i + 1) begin : g_lane
            wire [7:0] value = in_use[i] ? shifted[i*8 +: 8] : zero_point_q;
            if (BITS > 8) begin : g_less_zero_point
                assign window[i*BITS +: BITS] = {value[7], value} - {zero_point_q[7], zero_point_q};
            end else begin : g_as_it_is
                assign window[i*BITS +: BITS] = value;
            end
            if (i < ROWS) begin : g_own
                assign vector[i*BITS +: BITS] = structured_q
                    ? window[(i / GROUP_N * GROUP_M + i % GROUP_N)*BITS +: BITS] : window[i*BITS +: BITS];
            end else begin : g_rest
                localparam GROUP = (i - ROWS) / REST;
                localparam PLACE = GROUP_N + (i - ROWS) % REST;
                assign vector[i*BITS +: BITS] = window[(GROUP*GROUP_M+PLACE)*BITS +: BITS];
            end
        end
    endgenerate

    always @(posedge clk) begin
        words_q      <= words_i;
        offset_q     <= offset_i;
        first_q      <= first_i;
        end_q        <= end_i;
        zero_point_q <= zero_point_i;
        structured_q <= structured_i;
        vector_q     <= vector;
    end

    assign vector_o = vector_q;
endmodule

`default_nettype wire
