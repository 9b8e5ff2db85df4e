// Parameter table: per-channel constants of the vector unit, one row for all lanes.
//
// A row of ROW_BYTES arrives as ceil(ROW_BYTES / BUS_BYTES) bus words; the vector unit reads a
// whole row. One single-port RAM, several side by side where a row takes more than 8 bus words; a
// refused side repeats its request and then goes first.
// Latency: read data one cycle after the grant, held until the next read.
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_parameter_table #(
    parameter ROW_BYTES = 32,
    parameter DEPTH     = 64,
    parameter ADDR_BITS = 7,
    parameter BUS_BYTES = 16,
    parameter BEAT_BITS = 1
) (
    input  wire                   clk,
    input  wire                   rst_n,
    input  wire                   read_request_i,
    output wire                   read_grant_o,
    input  wire [ADDR_BITS-1:0]   read_addr_i,
    output wire [ROW_BYTES*8-1:0] read_data_o,
    input  wire                   write_request_i,
    output wire                   write_grant_o,
    input  wire [ADDR_BITS-1:0]   write_addr_i,
    input  wire [BEAT_BITS-1:0]   write_beat_i,      // bus word within the row
    input  wire [BUS_BYTES*8-1:0] write_data_i,
    output wire                   read_range_error_o,
    output wire                   write_range_error_o
);
    localparam INDEX_BITS = (DEPTH > 1) ? $clog2(DEPTH) : 1;
    wire [31:0] depth = DEPTH;
    wire read_beyond  = read_addr_i >= depth[ADDR_BITS-1:0];
    wire write_beyond = write_addr_i >= depth[ADDR_BITS-1:0];
    assign read_range_error_o  = read_request_i && read_beyond;
    assign write_range_error_o = write_request_i && write_beyond;

    aw_arbiter #(
        .PORTS(2),
        .BANKS(1)
    ) u_arbiter (
        .clk      (clk),
        .rst_n    (rst_n),
        .request_i({write_request_i, read_request_i}),
        .banks_i  (2'b11),
        .grant_o  ({write_grant_o, read_grant_o})
    );

    // A row is stored in whole bus words; the bytes behind ROW_BYTES are never read.
    localparam BEATS     = (ROW_BYTES + BUS_BYTES - 1) / BUS_BYTES;
    localparam RAM_BEATS = 8;
    wire [BEATS-1:0]             beat_enable;
    wire [BEATS*BUS_BYTES*8-1:0] row;
    genvar i;
    generate
        for (i = 0; i < BEATS; i = i + 1) begin : g_beat
            wire [31:0] beat = i;
            assign beat_enable[i] = write_grant_o && !write_beyond && write_beat_i == beat[BEAT_BITS-1:0];
            wire unused_ok = &{1'b0, beat};
        end
    endgenerate

    generate
        for (i = 0; i < BEATS; i = i + RAM_BEATS) begin : g_ram
            localparam LANES = (BEATS - i < RAM_BEATS) ? BEATS - i : RAM_BEATS;
            wire read = read_grant_o && !read_beyond;
            aw_ram #(
                .LANES    (LANES),
                .LANE_BITS(BUS_BYTES * 8),
                .DEPTH    (DEPTH),
                .ADDR_BITS(INDEX_BITS)
            ) u_ram (
                .clk    (clk),
                .en_i   (read || (|beat_enable[i +: LANES])),
                .we_i   (beat_enable[i +: LANES]),
                .addr_i (write_grant_o ? write_addr_i[INDEX_BITS-1:0] : read_addr_i[INDEX_BITS-1:0]),
                .wdata_i({LANES{write_data_i}}),
                .rdata_o(row[i*BUS_BYTES*8 +: LANES*BUS_BYTES*8])
            );
        end
    endgenerate
    assign read_data_o = row[ROW_BYTES*8-1:0];

    wire unused_ok = &{1'b0, depth, row, write_data_i, read_addr_i, write_addr_i};
endmodule

`default_nettype wire
