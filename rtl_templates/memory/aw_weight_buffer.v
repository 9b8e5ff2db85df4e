// Weight buffer: one bank per array column; a row holds one weight tile (ROWS x COLS bytes).
//
// Storage: GROUPS single-port RAMs per column, selected by the high row-address bits, so that the
// array reads one group while the load unit fills another. The array's read always wins; a write
// to a column that is being read in the same group waits. starved_o asks the array to leave a
// gap after a few refused cycles. Accesses beyond the last tile are dropped.
//
// Latency: a column's data is valid one cycle after its read and holds until its next read. With
// SKEW = 1 the read of column c happens c cycles after the request, as a systolic array wants it.
//
//   COLS         1 to 64 columns
//   COL_BITS     bits of a column of a tile
//   WRITE_COLS   columns written at once, 1 to COLS
//   GROUP_TILES  tiles of a group, power of two; the last group holds LAST_TILES
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_weight_buffer #(
    parameter COL_BITS    = 128,
    parameter COLS        = 16,
    parameter WRITE_COLS  = 1,
    parameter ADDR_BITS   = 10,
    parameter GROUPS      = 2,
    parameter GROUP_TILES = 256,
    parameter LAST_TILES  = 256,
    parameter SKEW        = 0
) (
    input  wire                         clk,
    input  wire                         rst_n,
    input  wire                         read_i,
    input  wire [ADDR_BITS-1:0]         read_addr_i,
    output wire [COLS*COL_BITS-1:0]     read_data_o,
    input  wire                         write_request_i,
    output wire                         write_grant_o,
    input  wire [ADDR_BITS-1:0]         write_addr_i,
    input  wire [COLS-1:0]              write_cols_i,    // columns to write
    input  wire [WRITE_COLS*COL_BITS-1:0] write_data_i,   // column c takes slice c % WRITE_COLS
    output wire                         starved_o,
    output wire                         write_range_error_o
);
    localparam INDEX_BITS = (GROUP_TILES > 1) ? $clog2(GROUP_TILES) : 1;
    localparam GROUP_BITS = (GROUPS > 1) ? $clog2(GROUPS) : 1;
    localparam TILES      = (GROUPS - 1) * GROUP_TILES + LAST_TILES;
    wire [31:0] tiles = TILES;

    wire read_beyond  = read_addr_i >= tiles[ADDR_BITS-1:0];
    wire write_beyond = write_addr_i >= tiles[ADDR_BITS-1:0];
    assign write_range_error_o = write_request_i && write_beyond;

    // ---- per-column read request: {enable, address}, delayed by the column index when skewed ----
    wire [COLS*(ADDR_BITS+1)-1:0] column_read;
    wire [COLS-1:0] clash;
    assign write_grant_o = write_request_i && !(|clash);

    reg [2:0] refused_q;
    always @(posedge clk) begin
        if (!rst_n || !write_request_i || write_grant_o) refused_q <= 3'd0;
        else if (!starved_o) refused_q <= refused_q + 3'd1;
    end
    assign starved_o = refused_q[2];

    genvar c, g;
    generate
        for (c = 0; c < COLS; c = c + 1) begin : g_column
            if (SKEW != 0 && c > 0) begin : g_skewed
                reg [ADDR_BITS:0] stage_q;
                always @(posedge clk) begin
                    if (!rst_n) stage_q <= {(ADDR_BITS+1){1'b0}};
                    else        stage_q <= column_read[(c-1)*(ADDR_BITS+1) +: ADDR_BITS+1];
                end
                assign column_read[c*(ADDR_BITS+1) +: ADDR_BITS+1] = stage_q;
            end else begin : g_straight
                assign column_read[c*(ADDR_BITS+1) +: ADDR_BITS+1] =
                    {read_i && !read_beyond, read_addr_i};
            end
            wire                  reading = column_read[c*(ADDR_BITS+1)+ADDR_BITS];
            wire [ADDR_BITS-1:0]  address = column_read[c*(ADDR_BITS+1) +: ADDR_BITS];
            wire [GROUP_BITS-1:0] read_group, write_group;
            if (GROUPS > 1) begin : g_select
                assign read_group  = address[INDEX_BITS +: GROUP_BITS];
                assign write_group = write_addr_i[INDEX_BITS +: GROUP_BITS];
            end else begin : g_single
                assign read_group  = 1'b0;
                assign write_group = 1'b0;
            end
            wire unused_address = &{1'b0, address};
            assign clash[c] = reading && write_cols_i[c] && read_group == write_group;

            wire [GROUPS*COL_BITS-1:0] group_data;
            for (g = 0; g < GROUPS; g = g + 1) begin : g_ram
                localparam DEPTH = (g == GROUPS - 1) ? LAST_TILES : GROUP_TILES;
                wire [31:0] group = g;
                wire read  = reading && read_group == group[GROUP_BITS-1:0];
                wire write = write_grant_o && !write_beyond && write_cols_i[c]
                             && write_group == group[GROUP_BITS-1:0];
                aw_ram #(
                    .LANES    (1),
                    .LANE_BITS(COL_BITS),
                    .DEPTH    (DEPTH),
                    .ADDR_BITS(INDEX_BITS)
                ) u_ram (
                    .clk    (clk),
                    .en_i   (read || write),
                    .we_i   (write),
                    .addr_i (write ? write_addr_i[INDEX_BITS-1:0] : address[INDEX_BITS-1:0]),
                    .wdata_i(write_data_i[(c % WRITE_COLS)*COL_BITS +: COL_BITS]),
                    .rdata_o(group_data[g*COL_BITS +: COL_BITS])
                );
                wire unused_ok = &{1'b0, group};
            end

            if (GROUPS > 1) begin : g_mux
                reg [GROUP_BITS-1:0] group_q;
                always @(posedge clk) if (reading) group_q <= read_group;
                aw_mux #(.WIDTH(COL_BITS), .INPUTS(GROUPS), .STRIDE(COL_BITS)) u_mux (
                    .select_i(group_q),
                    .data_i  (group_data),
                    .data_o  (read_data_o[c*COL_BITS +: COL_BITS])
                );
            end else begin : g_direct
                assign read_data_o[c*COL_BITS +: COL_BITS] = group_data;
            end
        end
    endgenerate

    wire unused_ok = &{1'b0, tiles, column_read};
endmodule

`default_nettype wire
