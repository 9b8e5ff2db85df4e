// Weight writer: beats of a weight load to columns of weight tiles, column by column, tile by tile.
//
//   beat -> gearbox -> WRITE_COLS columns -> weight buffer
//
// The first beat of a command waits until the tile counter is loaded. Latency: the gearbox's.
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_weight_writer #(
    parameter ROWS        = 16,
    parameter COLS        = 16,
    parameter WRITE_COLS  = 1,
    parameter BUS_BYTES   = 16,
    parameter BUFFER_BITS = 18,
    parameter COL_BITS    = 5         // counts 1 to COLS
) (
    input  wire                       clk,
    input  wire                       rst_n,
    input  wire                       halt_i,
    // Beat
    input  wire                       in_valid,
    output wire                       in_ready,
    input  wire [BUS_BYTES*8-1:0]     in_data,
    input  wire [1:0]                 ends_i,        // {last, first} beat of the command
    input  wire [$clog2(BUS_BYTES):0] bytes_i,       // of the beat, if it starts at 0
    input  wire [BUFFER_BITS-1:0]     tile_i,        // first tile of the command
    input  wire [COL_BITS-1:0]        cols_i,        // columns of its tiles
    output wire                       busy_o,        // words are still to come behind the last beat
    output wire                       done_o,        // the last word of the command is written
    // Weight buffer
    output wire                       request_o,
    input  wire                       grant_i,
    output wire [BUFFER_BITS-1:0]     addr_o,
    output wire [COLS-1:0]            cols_o,
    output wire [WRITE_COLS*ROWS*8-1:0] data_o
);
    localparam TAKE_BITS = $clog2(WRITE_COLS + 1);
    reg  [COL_BITS-1:0]    cols_q;           // columns of a tile
    reg  [COL_BITS-1:0]    col_q;            // first column of the next word
    reg  [BUFFER_BITS-1:0] tile_q;
    reg                    loaded_q;         // the tile counter is that of this command
    reg                    unpacking_q;
    wire [COL_BITS-1:0]    cols_left     = cols_q - col_q;
    wire                   at_last_group;
    wire [TAKE_BITS-1:0]   take_cols     = at_last_group ? cols_left[TAKE_BITS-1:0]
                                                         : WRITE_COLS[TAKE_BITS-1:0];
    generate
        if (COLS == WRITE_COLS) begin : g_whole_tile
            assign at_last_group = 1'b1;
        end else begin : g_part_tile
            assign at_last_group = cols_left <= WRITE_COLS[COL_BITS-1:0];
        end
    endgenerate
    wire                   gear_in_ready, gear_out_valid;
    wire                   load_tile = in_valid && ends_i[0] && !loaded_q && !unpacking_q;
    wire                   gear_push = in_valid && (!ends_i[0] || loaded_q) && !unpacking_q;
    wire                   pushed    = gear_push && gear_in_ready;
    assign in_ready = (!ends_i[0] || loaded_q) && !unpacking_q && gear_in_ready;

    aw_gearbox #(
        .IN_BYTES  (BUS_BYTES),
        .UNIT_BYTES(ROWS),
        .OUT_UNITS (WRITE_COLS),
        .TAKE_BITS (TAKE_BITS)
    ) u_gearbox (
        .clk         (clk),
        .rst_n       (rst_n),
        .flush_i     (load_tile),
        .take_units_i(take_cols),
        .in_valid    (gear_push),
        .in_ready    (gear_in_ready),
        .in_data     (in_data),
        .in_bytes_i  (bytes_i),
        .out_valid   (gear_out_valid),
        .out_ready   (grant_i || halt_i),
        .out_data    (data_o)
    );

    assign request_o = gear_out_valid && !halt_i;
    assign addr_o    = tile_q;
    genvar c;
    generate
        for (c = 0; c < COLS; c = c + 1) begin : g_column
            // A word holds the columns col_q .. col_q + WRITE_COLS - 1, col_q a multiple of it.
            wire [31:0] first = c - c % WRITE_COLS;
            wire [31:0] column = c;
            assign cols_o[c] = col_q == first[COL_BITS-1:0] && column[COL_BITS-1:0] < cols_q;
            wire unused_ok = &{1'b0, first, column};
        end
    endgenerate

    // A wire gearbox empties with the beat itself; a repacking one afterwards.
    localparam REPACKS = (BUS_BYTES != ROWS) || (WRITE_COLS != 1);
    wire unpacking_ends = unpacking_q && !gear_out_valid;
    assign busy_o = unpacking_q;
    assign done_o = unpacking_ends || (!REPACKS && pushed && ends_i[1]);

    always @(posedge clk) begin
        if (!rst_n) begin
            loaded_q    <= 1'b0;
            unpacking_q <= 1'b0;
        end else begin
            if (load_tile) loaded_q <= 1'b1;
            else if (pushed) loaded_q <= 1'b0;
            if (REPACKS && pushed && ends_i[1]) unpacking_q <= 1'b1;
            else if (unpacking_ends || halt_i) unpacking_q <= 1'b0;
        end
        if (load_tile) begin
            tile_q <= tile_i;
            col_q  <= {COL_BITS{1'b0}};
            cols_q <= cols_i;
        end else if (request_o && grant_i) begin
            col_q <= at_last_group ? {COL_BITS{1'b0}} : col_q + WRITE_COLS[COL_BITS-1:0];
            if (at_last_group) tile_q <= tile_q + {{(BUFFER_BITS-1){1'b0}}, 1'b1};
        end
    end

    wire unused_ok = &{1'b0, cols_left};
endmodule

`default_nettype wire
