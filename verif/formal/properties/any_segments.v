// Stands for aw_segments in the proof of the store unit: any bursts, as its own proof has them.
// An offered burst stays until it is taken. SPDX-License-Identifier: Apache-2.0
module aw_segments #(
    parameter BUS_BYTES     = 16,
    parameter BURST_BYTES   = 4096,
    parameter ADDRESS_BITS  = 32,
    parameter BUFFER_BITS   = 18,
    parameter RUN_BITS      = 24,
    parameter TRANSFER_BITS = ADDRESS_BITS + 3 * BUFFER_BITS + RUN_BITS + 96
) (
    input  wire                         clk,
    input  wire                         rst_n,
    input  wire                         halt_i,
    input  wire                         command_valid,
    output wire                         command_ready,
    input  wire                         tokens_ok_i,
    output wire                         start_o,
    output wire                         running_o,
    input  wire [TRANSFER_BITS-1:0]     transfer_i,
    output wire                         burst_valid,
    input  wire                         burst_ready,
    output wire [ADDRESS_BITS-1:0]      burst_address,
    output wire [BUFFER_BITS-1:0]       burst_buffer,
    output wire [$clog2(BUS_BYTES)-1:0] burst_end,
    output wire [7:0]                   burst_len,
    output wire                         burst_last
);
    localparam BITS = ADDRESS_BITS + BUFFER_BITS + $clog2(BUS_BYTES) + 9;
    (* anyseq *) wire [BITS-1:0] burst;
    (* anyseq *) wire            valid;
    (* anyseq *) wire [2:0]      others;
    assign {burst_address, burst_buffer, burst_end, burst_len, burst_last} = burst;
    assign burst_valid = valid;
    assign {command_ready, start_o, running_o} = others;
    reg            waits_q = 1'b0;
    reg [BITS-1:0] burst_q;
    always @(posedge clk) begin
        waits_q <= rst_n && valid && !burst_ready;
        burst_q <= burst;
    end
    always @* begin
        if (waits_q) assume (valid && burst == burst_q);
        if (!rst_n) assume (!valid);
        assume (burst_len < BURST_BYTES / BUS_BYTES);
    end
endmodule
