// Weight buffer of targets with two-port RAMs: one RAM per array column; a row holds one weight tile
// (ROWS x COLS bytes). Array and load unit never wait for each other. Accesses beyond the last tile
// are dropped.
//
// Latency: a column's data is valid one cycle after its read and holds until its next read. With
// SKEW = 1 the read of column c happens c cycles after the request, as a systolic array wants it.
//
//   COLS        1 to 64 columns
//   COL_BITS    bits of a column of a tile
//   WRITE_COLS  columns written at once, 1 to COLS
//   TILES       rows
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_weight_buffer #(
    parameter COL_BITS   = 128,
    parameter COLS       = 16,
    parameter WRITE_COLS = 1,
    parameter ADDR_BITS  = 10,
    parameter TILES      = 512,
    parameter SKEW       = 0
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
    wire [31:0] tiles        = TILES;
    wire        read         = read_i && read_addr_i < tiles[ADDR_BITS-1:0];
    wire        write_beyond = write_addr_i >= tiles[ADDR_BITS-1:0];
    assign write_grant_o       = write_request_i;
    assign write_range_error_o = write_request_i && write_beyond;
    assign starved_o           = 1'b0;

    genvar c;
    generate
        for (c = 0; c < COLS; c = c + 1) begin : g_column
            wire                 reading;
            wire [ADDR_BITS-1:0] address;
            if (SKEW != 0 && c > 0) begin : g_skewed
                reg                 reading_q;
                reg [ADDR_BITS-1:0] address_q;
                always @(posedge clk) begin
                    reading_q <= rst_n && g_column[c-1].reading;
                    address_q <= g_column[c-1].address;
                end
                assign {reading, address} = {reading_q, address_q};
            end else begin : g_straight
                assign {reading, address} = {read, read_addr_i};
            end
            aw_ram_two_port #(
                .BITS     (COL_BITS),
                .DEPTH    (TILES),
                .ADDR_BITS(ADDR_BITS)
            ) u_ram (
                .clk    (clk),
                .re_i   (reading),
                .raddr_i(address),
                .rdata_o(read_data_o[c*COL_BITS +: COL_BITS]),
                .we_i   (write_request_i && !write_beyond && write_cols_i[c]),
                .waddr_i(write_addr_i),
                .wdata_i(write_data_i[(c%WRITE_COLS)*COL_BITS +: COL_BITS])
            );
        end
    endgenerate

    wire unused_ok = &{1'b0, rst_n, tiles};
endmodule

`default_nettype wire
