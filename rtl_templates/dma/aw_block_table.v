// Block table: where each block of a coded tensor begins in its stream, in bus words. Written as
// blocks are stored, read when they are loaded; a write goes first. Latency of a read: one cycle.
//
//   DEPTH  entries; a tensor takes one more than it has blocks
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_block_table #(
    parameter DEPTH       = 512,
    parameter SLOT_BITS   = 9,
    parameter OFFSET_BITS = 24
) (
    input  wire                   clk,
    input  wire                   write_i,
    input  wire [SLOT_BITS-1:0]   write_slot_i,
    input  wire [OFFSET_BITS-1:0] write_offset_i,
    input  wire                   read_request_i,
    output wire                   read_grant_o,
    input  wire [SLOT_BITS-1:0]   read_slot_i,
    output wire [OFFSET_BITS-1:0] read_offset_o
);
    assign read_grant_o = !write_i;

    aw_ram #(
        .LANES    (1),
        .LANE_BITS(OFFSET_BITS),
        .DEPTH    (DEPTH),
        .ADDR_BITS(SLOT_BITS)
    ) u_offsets (
        .clk    (clk),
        .en_i   (write_i || read_request_i),
        .we_i   (write_i),
        .addr_i (write_i ? write_slot_i : read_slot_i),
        .wdata_i(write_offset_i),
        .rdata_o(read_offset_o)
    );
endmodule

`default_nettype wire
