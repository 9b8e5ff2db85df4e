// Byte mask of one bus beat of a burst that starts and ends at any byte. Combinational.
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_beat_mask #(
    parameter BUS_BYTES = 16
) (
    input  wire                         first_i,
    input  wire                         last_i,
    input  wire [$clog2(BUS_BYTES)-1:0] offset_i,    // first byte of the first beat
    input  wire [$clog2(BUS_BYTES)-1:0] end_i,       // last byte of the last beat
    output wire [BUS_BYTES-1:0]         mask_o
);
    wire [BUS_BYTES-1:0] ones      = {BUS_BYTES{1'b1}};
    wire [BUS_BYTES-1:0] from      = ones << offset_i;
    wire [BUS_BYTES-1:0] up_to     = ~((ones << end_i) << 1);
    assign mask_o = (first_i ? from : ones) & (last_i ? up_to : ones);
endmodule

`default_nettype wire
