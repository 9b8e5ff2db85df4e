// Synchronous FIFO with a valid/ready stream on both sides; the head is visible before it is taken.
//
// Latency: a word written in cycle t is readable in cycle t + 1. Full throughput at any depth >= 2.
// The storage is written and read asynchronously by index: distributed RAM on FPGA, flip-flops
// in ASIC, so keep WIDTH * DEPTH small.
//
//   WIDTH  bits of a word, >= 1
//   DEPTH  words, >= 1
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_fifo #(
    parameter WIDTH = 8,
    parameter DEPTH = 4
) (
    input  wire             clk,
    input  wire             rst_n,
    input  wire             in_valid,
    output wire             in_ready,
    input  wire [WIDTH-1:0] in_data,
    output wire             out_valid,
    input  wire             out_ready,
    output wire [WIDTH-1:0] out_data
);
    localparam INDEX_BITS = (DEPTH > 1) ? $clog2(DEPTH) : 1;
    localparam COUNT_BITS = $clog2(DEPTH + 1);

    reg  [WIDTH-1:0]      mem_q [0:DEPTH-1];
    reg  [INDEX_BITS-1:0] head_q, tail_q;
    reg  [COUNT_BITS-1:0] count_q;

    wire push = in_valid && in_ready;
    wire pop  = out_valid && out_ready;

    assign in_ready  = count_q != DEPTH[COUNT_BITS-1:0];
    assign out_valid = count_q != {COUNT_BITS{1'b0}};
    assign out_data  = mem_q[head_q];

    // DEPTH need not be a power of two: the indices wrap by comparison.
    wire [31:0] last_index = DEPTH - 1;
    wire        head_last  = head_q == last_index[INDEX_BITS-1:0];
    wire        tail_last  = tail_q == last_index[INDEX_BITS-1:0];

    always @(posedge clk) if (push) mem_q[tail_q] <= in_data;

    always @(posedge clk) begin
        if (!rst_n) begin
            head_q  <= {INDEX_BITS{1'b0}};
            tail_q  <= {INDEX_BITS{1'b0}};
            count_q <= {COUNT_BITS{1'b0}};
        end else begin
            if (push) tail_q <= tail_last ? {INDEX_BITS{1'b0}} : tail_q + 1'b1;
            if (pop)  head_q <= head_last ? {INDEX_BITS{1'b0}} : head_q + 1'b1;
            if (push && !pop) count_q <= count_q + 1'b1;
            if (pop && !push) count_q <= count_q - 1'b1;
        end
    end

    wire unused_ok = &{1'b0, last_index};
endmodule

`default_nettype wire
