// Layer log: for every layer the cycle, since the doorbell, in which its last VECTOR or COMBINE
// command was complete. The host reads it after the run, one layer at a time.
//
// A single-port memory: a read waits for a cycle without a write, which the slow register access
// leaves plenty of time for. Layers beyond DEPTH - 1 are not logged.
//
//   DEPTH  layers, power of two
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_layer_log #(
    parameter DEPTH = 256
) (
    input  wire        clk,
    input  wire        done_i,          // a command of layer_i is complete
    input  wire [15:0] layer_i,
    input  wire [31:0] cycle_i,
    input  wire [31:0] read_layer_i,
    output wire [31:0] read_cycle_o
);
    localparam INDEX_BITS = $clog2(DEPTH);
    wire write = done_i && layer_i < DEPTH[15:0];
    aw_ram #(
        .LANES    (1),
        .LANE_BITS(32),
        .DEPTH    (DEPTH),
        .ADDR_BITS(INDEX_BITS)
    ) u_log (
        .clk    (clk),
        .en_i   (1'b1),
        .we_i   (write),
        .addr_i (write ? layer_i[INDEX_BITS-1:0] : read_layer_i[INDEX_BITS-1:0]),
        .wdata_i(cycle_i),
        .rdata_o(read_cycle_o)
    );

    wire unused_ok = &{1'b0, read_layer_i};
endmodule

`default_nettype wire
