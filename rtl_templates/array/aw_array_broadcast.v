// Broadcast array: every column is a dot product of ROWS multipliers on one activation vector, or
// on one of its own behind a depthwise window.
//
//              activation vector (ROWS bytes), to every column
//                 |            |                  |
//   weights -> [x + x + ..] [x + x + ..]  ...  [x + x + ..]
//                 |            |                  |
//              sum 0        sum 1             sum COLS-1
//
// A new weight tile may come every cycle; it comes from the weight buffer one cycle before its
// vector and is registered here. Latency from the vector to the sums: that of aw_dot_product.
//
//   ROWS, COLS  1 to 64
//   VECTORS     1, or COLS: a vector for each column
//   GROUP_M     above 1: structured weights, GROUP_N of GROUP_M; the weight of lane r carries the
//               index of its activation in group r / GROUP_N: below GROUP_N a lane of the vector,
//               else one of rest_i, whose groups have GROUP_M - GROUP_N bytes
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_array_broadcast #(
    parameter ROWS     = 16,
    parameter COLS     = 16,
    parameter LEVELS   = 4,           // ceil(log2 ROWS)
    parameter SUM_BITS = 20,          // 16 + LEVELS
    parameter VECTORS  = 1,
    parameter GROUP_N  = 1,
    parameter GROUP_M  = 1,
    parameter COL_BITS = 128,         // ROWS weights, then ROWS indices
    parameter REST_BITS = 8,          // of rest_i
    parameter BITS      = 8           // of a lane
) (
    input  wire                     clk,
    input  wire [COLS-1:0]          valid_i,     // columns that want the vector; a gated array asks
    input  wire [VECTORS*ROWS*BITS-1:0] vector_i,
    input  wire [REST_BITS-1:0]     rest_i,
    input  wire [COLS*COL_BITS-1:0] weights_i,
    output wire [COLS*SUM_BITS-1:0] sums_o,
    output wire [ROWS*COLS-1:0]     live_o       // multipliers that work; of a gated array
);
    generate
        if (ROWS < 1 || ROWS > 64) begin : g_rows_error
            aw_ERROR_ROWS_must_be_1_to_64 u_error ();
        end
        if (COLS < 1 || COLS > 64) begin : g_cols_error
            aw_ERROR_COLS_must_be_1_to_64 u_error ();
        end
    endgenerate

    wire unused_ok = &{1'b0, rest_i};
    genvar c, r;
    generate
        for (c = 0; c < COLS; c = c + 1) begin : g_column
            wire [ROWS*BITS-1:0] activations;
            localparam VECTOR = (VECTORS > 1) ? c : 0;
            reg  [COL_BITS-1:0] weights_q;
            always @(posedge clk) weights_q <= weights_i[c*COL_BITS +: COL_BITS];
            for (r = 0; r < ROWS; r = r + 1) begin : g_row
                if (GROUP_M > 1) begin : g_group
                    localparam REST  = GROUP_M - GROUP_N;
                    localparam INDEX = (GROUP_M > 4) ? 3 : 2;
                    localparam GROUP = r / GROUP_N;
                    wire [GROUP_M*BITS-1:0] group = {rest_i[GROUP*REST*BITS +: REST*BITS],
                        vector_i[(VECTOR*ROWS+GROUP*GROUP_N)*BITS +: GROUP_N*BITS]};
                    aw_mux #(.WIDTH(BITS), .INPUTS(GROUP_M), .STRIDE(BITS)) u_choice (
                        .select_i(weights_q[ROWS*8+r*INDEX +: INDEX]),
                        .data_i  (group),
                        .data_o  (activations[r*BITS +: BITS])
                    );
                end else begin : g_lane
                    assign activations[r*BITS +: BITS] = vector_i[(VECTOR*ROWS+r)*BITS +: BITS];
                end
            end
            aw_dot_product #(.ROWS(ROWS), .LEVELS(LEVELS), .BITS(BITS), .SUM_BITS(SUM_BITS)) u_dot_product (
                .clk          (clk),
                .valid_i      (valid_i[c]),
                .activations_i(activations),
                .weights_i    (weights_q[ROWS*8-1:0]),
                .sum_o        (sums_o[c*SUM_BITS +: SUM_BITS]),
                .live_o       (live_o[c*ROWS +: ROWS])
            );
        end
    endgenerate
endmodule

`default_nettype wire
