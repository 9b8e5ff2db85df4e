// Accumulators of the broadcast array: one register per column sums the chunks of one output
// position; the result goes to the accumulator buffer once per position.
//
// A chunk with init_i starts from the buffer (a reduction continued from an earlier command), one
// with first_i from zero. tag_i belongs to the chunk of the same cycle, early_* to the chunk of
// the next cycle, so that the buffer is read in time. The sequencer keeps a first chunk that
// continues from the buffer away from the write to the same RAM (too_early there).
//
// Latency: buffer write one cycle after the last chunk, overflow report one cycle after the chunk.
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_accumulate_broadcast #(
    parameter COLS      = 16,
    parameter SUM_BITS  = 20,
    parameter ACC_BITS  = 32,
    parameter SATURATE  = 0,
    parameter ADDR_BITS = 9,
    parameter COL_COUNT_BITS = 5,
    parameter TAG_BITS  = 80
) (
    input  wire                     clk,
    input  wire                     rst_n,
    // Announced one cycle ahead
    input  wire                     early_valid_i,
    input  wire                     early_first_i,
    input  wire                     early_init_i,
    input  wire [ADDR_BITS-1:0]     early_addr_i,
    // Chunk
    input  wire                     valid_i,
    input  wire                     first_i,
    input  wire                     init_i,
    input  wire                     last_i,
    input  wire [ADDR_BITS-1:0]     addr_i,
    input  wire [COLS*SUM_BITS-1:0] sums_i,
    input  wire [COL_COUNT_BITS-1:0] cols_i,      // columns in use: others report no overflow
    input  wire [TAG_BITS-1:0]      tag_i,
    // Accumulator buffer
    output wire                     read_o,
    output wire [ADDR_BITS-1:0]     read_addr_o,
    input  wire [COLS*ACC_BITS-1:0] read_data_i,
    output wire                     write_o,
    output wire [ADDR_BITS-1:0]     write_addr_o,
    output wire [COLS*ACC_BITS-1:0] write_data_o,
    // Overflow
    output wire [COLS-1:0]          overflow_o,
    output wire [TAG_BITS-1:0]      overflow_tag_o
);
    reg                 write_q;
    reg [ADDR_BITS-1:0] addr_q;
    reg [TAG_BITS-1:0]  tag_q;

    assign read_o         = early_valid_i && early_first_i && early_init_i;
    assign read_addr_o    = early_addr_i;
    assign write_o        = write_q;
    assign write_addr_o   = addr_q;
    assign overflow_tag_o = tag_q;

    always @(posedge clk) begin
        if (!rst_n) write_q <= 1'b0;
        else        write_q <= valid_i && last_i;
        addr_q <= addr_i;
        tag_q  <= tag_i;
    end

    genvar c;
    generate
        for (c = 0; c < COLS; c = c + 1) begin : g_column
            reg  signed [ACC_BITS-1:0] acc_q;
            reg                        overflow_q;
            wire signed [ACC_BITS-1:0] stored = read_data_i[c*ACC_BITS +: ACC_BITS];
            wire signed [ACC_BITS-1:0] base   = !first_i ? acc_q :
                                                init_i   ? stored : {ACC_BITS{1'b0}};
            wire signed [SUM_BITS-1:0] chunk  = sums_i[c*SUM_BITS +: SUM_BITS];
            wire signed [ACC_BITS-1:0] sum;
            wire                       overflow;
            wire [31:0]                column = c;
            aw_step_add #(
                .ACC_BITS  (ACC_BITS),
                .CHUNK_BITS(SUM_BITS),
                .SATURATE  (SATURATE)
            ) u_add (
                .accumulator_i(base),
                .chunk_i      (chunk),
                .sum_o        (sum),
                .overflow_o   (overflow)
            );
            always @(posedge clk) begin
                if (valid_i) acc_q <= sum;
                overflow_q <= rst_n && valid_i && overflow && column[COL_COUNT_BITS-1:0] < cols_i;
            end
            assign write_data_o[c*ACC_BITS +: ACC_BITS] = acc_q;
            assign overflow_o[c] = overflow_q;
            wire unused_ok = &{1'b0, column};
        end
    endgenerate
endmodule

`default_nettype wire
