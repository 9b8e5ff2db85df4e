// Accumulators of the weight-stationary array: every chunk is read from the accumulator buffer,
// added and written back, one position a cycle.
//
//   cycle  -2: read   -1: data register   0: add   +1: write
//
// Consecutive positions lie in RAMs of different parity and the write trails the read by three
// cycles, so both use the single-port RAMs without meeting as long as chunks come every cycle.
// After a gap a write may meet a read: it then waits in a one-word register. (Two waiting words
// cannot occur: the newer one has the other parity and is free to go. The sequencer leaves a gap
// where the parity does not alternate.) The sequencer also visits no position again within six
// cycles, so no read overtakes the write of its own position.
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_accumulate_weight_stationary #(
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
    // Announced two cycles ahead
    input  wire                     early_valid_i,
    input  wire                     early_first_i,
    input  wire                     early_init_i,
    input  wire [ADDR_BITS-1:0]     early_addr_i,
    // Chunk
    input  wire                     valid_i,
    input  wire                     first_i,      // first chunk of the command's reduction
    input  wire                     init_i,       // ... which continues an earlier one
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
    reg                     new_q, waiting_q;
    reg [ADDR_BITS-1:0]     new_addr_q, waiting_addr_q;
    reg [COLS*ACC_BITS-1:0] stored_q, waiting_data_q;
    reg [TAG_BITS-1:0]      tag_q;
    wire [COLS*ACC_BITS-1:0] new_data;

    assign read_o         = early_valid_i && !(early_first_i && !early_init_i);
    assign read_addr_o    = early_addr_i;
    assign overflow_tag_o = tag_q;

    // ---- write back: a waiting word first, unless its RAM is being read ----
    wire waiting_free = waiting_q && !(read_o && early_addr_i[0] == waiting_addr_q[0]);
    wire new_free     = new_q && !(read_o && early_addr_i[0] == new_addr_q[0]);
    wire new_goes     = new_free && !waiting_free;
    assign write_o      = waiting_free || new_free;
    assign write_addr_o = waiting_free ? waiting_addr_q : new_addr_q;
    assign write_data_o = waiting_free ? waiting_data_q : new_data;

    always @(posedge clk) begin
        if (!rst_n) begin
            new_q     <= 1'b0;
            waiting_q <= 1'b0;
        end else begin
            new_q <= valid_i;
            if (new_q && !new_goes) waiting_q <= 1'b1;
            else if (waiting_free)  waiting_q <= 1'b0;
        end
        if (new_q && !new_goes) begin
            waiting_addr_q <= new_addr_q;
            waiting_data_q <= new_data;
        end
        new_addr_q <= addr_i;
        stored_q   <= read_data_i;
        tag_q      <= tag_i;
    end

    genvar c;
    generate
        for (c = 0; c < COLS; c = c + 1) begin : g_column
            reg  signed [ACC_BITS-1:0] sum_q;
            reg                        overflow_q;
            wire signed [ACC_BITS-1:0] stored = stored_q[c*ACC_BITS +: ACC_BITS];
            wire signed [ACC_BITS-1:0] base   = (first_i && !init_i) ? {ACC_BITS{1'b0}} : stored;
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
                sum_q      <= sum;
                overflow_q <= rst_n && valid_i && overflow && column[COL_COUNT_BITS-1:0] < cols_i;
            end
            assign new_data[c*ACC_BITS +: ACC_BITS] = sum_q;
            assign overflow_o[c] = overflow_q;
            wire unused_ok = &{1'b0, column};
        end
    endgenerate
endmodule

`default_nettype wire
