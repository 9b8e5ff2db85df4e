// Weight-stationary systolic array, as in the TPU: weights stay, activations move right, partial
// sums move down, skewed at the edges.
//
//   vector lane 0 -------------> [PE][PE][PE]
//   vector lane 1 -> 1 cycle --> [PE][PE][PE]
//   vector lane 2 -> 2 cycles -> [PE][PE][PE]
//                                 |   |   |
//                  deskew:        2   1   0 cycles, then all sums leave together
//
// Double-buffered weights: load_i with the weights of column 0 comes first, column c follows c
// cycles later (the weight buffer reads skewed) into the column's register; swap_i with the first
// vector of the tile switches each PE as the vector passes. A new tile may be loaded ROWS cycles
// after the previous one and swapped in with the vector two cycles after its read.
//
// Latency from the vector to the sums: ROWS + COLS cycles.
//
// GROUP_M above 1: structured weights, GROUP_N of GROUP_M. Row r then passes the whole group
// r / GROUP_N of activations: GROUP_N lanes of vector_i and GROUP_M - GROUP_N of what lies behind
// the ROWS lanes; every weight carries the index of its activation.
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_array_weight_stationary #(
    parameter ROWS     = 16,
    parameter COLS     = 16,
    parameter SUM_BITS = 20,
    parameter WIDE     = 16,          // ROWS / GROUP_N * GROUP_M
    parameter GROUP_N  = 1,
    parameter GROUP_M  = 1,
    parameter COL_BITS = 128,         // ROWS weights, then ROWS indices
    parameter BITS     = 8,           // of a lane
    parameter GATED    = 0,           // 1: multipliers hold where an operand is zero; a cycle more
    parameter PRODUCT_REGISTER = 0    // 1: likewise a cycle more
) (
    input  wire                     clk,
    input  wire                     rst_n,
    input  wire                     load_i,      // column 0 of weights_i is valid in this cycle
    input  wire [COLS*COL_BITS-1:0] weights_i,
    input  wire                     swap_i,
    input  wire [COLS-1:0]          valid_i,     // columns that want the vector; a gated array asks
    input  wire [WIDE*BITS-1:0]     vector_i,
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

    // ---- weight registers, loaded column after column ----
    wire [COLS-1:0]        load;
    wire [COLS*COL_BITS-1:0] next_weights;
    genvar r, c;
    generate
        for (c = 0; c < COLS; c = c + 1) begin : g_weights
            if (c == 0) begin : g_first
                assign load[c] = load_i;
                wire unused_ok = &{1'b0, rst_n};       // unused with a single column
            end else begin : g_later
                reg load_q;
                always @(posedge clk) load_q <= rst_n && load[c-1];
                assign load[c] = load_q;
            end
            reg [COL_BITS-1:0] next_q;
            always @(posedge clk) if (load[c]) next_q <= weights_i[c*COL_BITS +: COL_BITS];
            assign next_weights[c*COL_BITS +: COL_BITS] = next_q;
        end
    endgenerate

    // ---- skewed vector ----
    localparam GROUP = GROUP_M * BITS;
    localparam REST  = GROUP_M - GROUP_N;
    localparam INDEX_BITS = (GROUP_M > 4) ? 3 : (GROUP_M > 1) ? 2 : 1;
    wire [ROWS*(GROUP+1)-1:0] skewed;        // {swap, activations}
    wire [COLS-1:0]           valid;         // at the top of the columns
    generate
        for (r = 0; r < ROWS; r = r + 1) begin : g_skew
            wire [GROUP-1:0] group;
            if (GROUP_M > 1) begin : g_group
                assign group = {vector_i[(ROWS+r/GROUP_N*REST)*BITS +: REST*BITS],
                                vector_i[r/GROUP_N*GROUP_N*BITS +: GROUP_N*BITS]};
            end else begin : g_single
                assign group = vector_i[r*BITS +: BITS];
            end
            aw_delay #(.WIDTH(GROUP + 1), .CYCLES(r)) u_delay (
                .clk     (clk),
                .in_data ({swap_i, group}),
                .out_data(skewed[r*(GROUP+1) +: GROUP+1])
            );
        end
        for (c = 0; c < COLS; c = c + 1) begin : g_valid
            aw_delay #(.WIDTH(1), .CYCLES(c)) u_delay (.clk(clk), .in_data(valid_i[c]), .out_data(valid[c]));
        end
    endgenerate

    // ---- PEs ----
    generate
        for (r = 0; r < ROWS; r = r + 1) begin : g_row
            for (c = 0; c < COLS; c = c + 1) begin : g_pe
                wire                       swap_in, swap_out, valid_in, valid_out;
                wire [GROUP-1:0]           activation_in, activation_out;
                wire signed [7:0]          weight = next_weights[c*COL_BITS+r*8 +: 8];
                wire [INDEX_BITS-1:0]      index;
                if (GROUP_M > 1) begin : g_index
                    assign index = next_weights[c*COL_BITS+ROWS*8+r*INDEX_BITS +: INDEX_BITS];
                end else begin : g_no_index
                    assign index = 1'b0;
                end
                wire signed [SUM_BITS-1:0] sum_in, sum_out;
                if (c == 0) begin : g_left
                    assign {swap_in, activation_in} = skewed[r*(GROUP+1) +: GROUP+1];
                end else begin : g_inner
                    assign swap_in       = g_row[r].g_pe[c-1].swap_out;
                    assign activation_in = g_row[r].g_pe[c-1].activation_out;
                end
                if (r == 0) begin : g_top
                    assign sum_in   = {SUM_BITS{1'b0}};
                    assign valid_in = valid[c];
                end else begin : g_below
                    assign sum_in   = g_row[r-1].g_pe[c].sum_out;
                    assign valid_in = g_row[r-1].g_pe[c].valid_out;
                end
                aw_pe #(
                    .SUM_BITS  (SUM_BITS),
                    .GROUP     (GROUP_M),
                    .INDEX_BITS(INDEX_BITS),
                    .BITS      (BITS),
                    .GATED     (GATED),
                    .PRODUCT_REGISTER(PRODUCT_REGISTER)
                ) u_pe (
                    .clk          (clk),
                    .swap_i       (swap_in),
                    .valid_i      (valid_in),
                    .activation_i (activation_in),
                    .next_weight_i(weight),
                    .next_index_i (index),
                    .sum_i        (sum_in),
                    .swap_o       (swap_out),
                    .valid_o      (valid_out),
                    .activation_o (activation_out),
                    .sum_o        (sum_out),
                    .live_o       (live_o[c*ROWS+r])
                );
                if (c == COLS - 1) begin : g_right
                    wire unused_ok = &{1'b0, swap_out, activation_out};
                end
                if (r == ROWS - 1) begin : g_bottom
                    wire unused_ok = &{1'b0, valid_out};
                end
            end
        end
    endgenerate

    // ---- deskew ----
    generate
        for (c = 0; c < COLS; c = c + 1) begin : g_deskew
            aw_delay #(.WIDTH(SUM_BITS), .CYCLES(COLS-1-c)) u_delay (
                .clk     (clk),
                .in_data (g_row[ROWS-1].g_pe[c].sum_out),
                .out_data(sums_o[c*SUM_BITS +: SUM_BITS])
            );
        end
    endgenerate
endmodule

`default_nettype wire
