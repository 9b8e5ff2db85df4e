// Loops of a VECTOR command, one result after the other: tiles of COLS channels, rows, columns,
// channels of a tile. Tells where the sum, the table rows and the bytes of the present result lie.
//
// Of x and y it keeps how far they are from the row's and the tile's first byte, which begins at zero
// and needs no load.
//
// Latency: sum, rows, position and channel of the next result a cycle after next_i, its byte address
// two cycles after it.
//
//   COLS  1 to 64
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_result_walk #(
    parameter COLS          = 2,
    parameter COL_BITS      = 1,               // of a column, at least 1
    parameter ACC_ADDR_BITS = 8,
    parameter ADDR_BITS     = 13,
    parameter PARAM_BITS    = 7
) (
    input  wire                     clk,
    input  wire                     first_i,   // to the first result: while no command runs
    input  wire                     next_i,
    output wire                     last_o,    // the present result is the command's last one
    // Command
    input  wire [ACC_ADDR_BITS-1:0] acc_addr_i,
    input  wire [15:0]              count_x_i, count_y_i, count_n_i,
    input  wire [7:0]               last_cols_i,
    input  wire                     raw_i,
    input  wire [ADDR_BITS-1:0]     out_addr_i, x_pitch_i, y_pitch_i, n_pitch_i,
    input  wire [PARAM_BITS-1:0]    bias_row_i, scale_row_i,
    input  wire [23:0]              pos_start_i,
    input  wire [15:0]              pos_pitch_i, channel_start_i,
    // Result
    output wire [COL_BITS-1:0]      column_o,
    output wire [ACC_ADDR_BITS-1:0] acc_addr_o,
    output wire [ADDR_BITS-1:0]     out_addr_o,
    output wire [PARAM_BITS-1:0]    bias_row_o, scale_row_o,
    output wire [23:0]              pos_o,
    output wire [15:0]              channel_o
);
    // ---- counters ----
    reg  [15:0]              n_q, y_q, x_q;
    reg  [COL_BITS-1:0]      column_q;
    reg  [ACC_ADDR_BITS-1:0] word_q;
    wire [15:0]         next_n      = n_q + 16'd1;
    wire [15:0]         next_y      = y_q + 16'd1;
    wire [15:0]         next_x      = x_q + 16'd1;
    wire [COL_BITS-1:0] next_column = column_q + {{(COL_BITS-1){1'b0}}, 1'b1};
    wire [7:0]          cols        = COLS;
    wire                last_n      = next_n == count_n_i;
    wire                last_y      = next_y == count_y_i;
    wire                last_x      = next_x == count_x_i;
    wire                last_column = next_column == (last_n ? last_cols_i[COL_BITS-1:0] : cols[COL_BITS-1:0]);
    wire                position_ends = next_i && last_column;
    wire                row_ends      = position_ends && last_x;
    wire                tile_ends     = row_ends && last_y;
    assign last_o = last_column && last_x && last_y && last_n;

    // ---- addresses: two addends at a time, of more Yosys makes larger adders ----
    wire [ADDR_BITS-1:0] bytes = {{(ADDR_BITS-COL_BITS){1'b0}}, column_q};
    reg  [ADDR_BITS-1:0] tile_addr_q, row_addr_q, row_offset_q, x_offset_q, result_offset_q;
    reg  [23:0]          row_pos_q;
    always @(posedge clk) begin
        if (first_i) begin
            n_q         <= 16'd0;
            tile_addr_q <= out_addr_i;
        end else if (tile_ends) begin
            n_q         <= next_n;
            tile_addr_q <= tile_addr_q + n_pitch_i;
        end
        if (first_i || tile_ends) begin
            y_q          <= 16'd0;
            row_offset_q <= {ADDR_BITS{1'b0}};
            row_pos_q    <= pos_start_i;
        end else if (row_ends) begin
            y_q          <= next_y;
            row_offset_q <= row_offset_q + y_pitch_i;
            row_pos_q    <= row_pos_q + {8'd0, pos_pitch_i};
        end
        if (first_i || row_ends) begin
            x_q        <= 16'd0;
            x_offset_q <= {ADDR_BITS{1'b0}};
        end else if (position_ends) begin
            x_q        <= next_x;
            x_offset_q <= x_offset_q + x_pitch_i;
        end
        if (first_i) word_q <= {ACC_ADDR_BITS{1'b0}};
        else if (position_ends) word_q <= word_q + {{(ACC_ADDR_BITS-1){1'b0}}, 1'b1};
        if (first_i || position_ends) column_q <= {COL_BITS{1'b0}};
        else if (next_i) column_q <= next_column;
        row_addr_q      <= tile_addr_q + row_offset_q;
        result_offset_q <= x_offset_q + (raw_i ? bytes << 2 : bytes);
    end
    wire [15:0] channel = n_q * COLS[15:0] + {{(16-COL_BITS){1'b0}}, column_q};
    assign column_o    = column_q;
    assign acc_addr_o  = acc_addr_i + word_q;
    assign out_addr_o  = row_addr_q + result_offset_q;
    assign bias_row_o  = bias_row_i + channel[PARAM_BITS-1:0];
    assign scale_row_o = scale_row_i + channel[PARAM_BITS-1:0];
    assign pos_o       = row_pos_q + {8'd0, x_q};
    assign channel_o   = channel_start_i + channel;

    wire unused_ok = &{1'b0, last_cols_i, cols};
endmodule

`default_nettype wire
