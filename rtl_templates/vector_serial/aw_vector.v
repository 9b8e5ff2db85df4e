// Vector unit for small FPGAs: executes VECTOR commands, accumulator buffer to activation buffer, one
// result at a time with one adder.
//
//   IDLE -> READ sum, bias and scale row -> TAKE sum + bias -> SCALE bit by bit -> WRITE -> DONE
//             ^                               \---- raw: the sum as it is ----^      |
//             \----------------------------------- next result --------------------/
//
// The command stays at the head of its queue until its last result is written, and the parameter
// tables hold what they read: nothing of either is kept here. The accumulator buffer, which the
// array reads too, has one cycle.
// Throughput: a result in 74 cycles, in 3 when raw, one cycle to start and one to end a command.
// Latency from READ to WRITE: 73 cycles, 2 when raw.
//
//   COLS      1 to 64
//   ACC_BITS  20 to 32
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_vector #(
    parameter COLS          = 2,
    parameter ACC_BITS      = 32,
    parameter SATURATE      = 0,
    parameter ACC_ADDR_BITS = 8,
    parameter ADDR_BITS     = 13,
    parameter PARAM_BITS    = 7,
    parameter INDEX_BITS    = 24,
    parameter TAG_BITS      = 80
) (
    input  wire                     clk,
    input  wire                     rst_n,
    input  wire                     halt_i,
    // Command at the queue head
    input  wire                     command_valid,
    output wire                     command_ready,
    input  wire                     tokens_ok_i,
    output wire                     start_o,
    input  wire [3:0]               signal_i,
    input  wire [INDEX_BITS-1:0]    index_i,
    input  wire [15:0]              layer_i,
    input  wire [ACC_ADDR_BITS-1:0] acc_addr_i,
    input  wire [15:0]              count_x_i, count_y_i, count_n_i,
    input  wire [7:0]               last_cols_i,      // channels of the last tile
    input  wire                     use_bias_i, per_channel_i, raw_i,
    input  wire [ADDR_BITS-1:0]     out_addr_i, x_pitch_i, y_pitch_i, n_pitch_i,
    input  wire [PARAM_BITS-1:0]    bias_row_i, scale_row_i,
    input  wire [30:0]              multiplier_i,
    input  wire [5:0]               exponent_i,
    input  wire [7:0]               zero_point_i, minimum_i, maximum_i,
    input  wire [23:0]              pos_start_i,
    input  wire [15:0]              pos_pitch_i, channel_start_i,
    input  wire [23:0]              step_i,
    // Completion
    output wire [3:0]               signal_o,
    output wire                     done_o,            // a command is complete,
    output wire [15:0]              done_layer_o,      // ... of this layer
    output wire                     idle_o,
    // Accumulator buffer
    output wire                     acc_request_o,
    input  wire                     acc_grant_i,
    output wire [ACC_ADDR_BITS-1:0] acc_addr_o,
    input  wire [COLS*ACC_BITS-1:0] acc_data_i,
    // Parameter tables
    output wire                     bias_request_o,
    input  wire                     bias_grant_i,
    output wire [PARAM_BITS-1:0]    bias_addr_o,
    input  wire [31:0]              bias_data_i,
    output wire                     scale_request_o,
    input  wire                     scale_grant_i,
    output wire [PARAM_BITS-1:0]    scale_addr_o,
    input  wire [39:0]              scale_data_i,      // {exponent, multiplier}
    // Activation buffer: results
    output wire                     write_request_o,
    input  wire                     write_grant_i,
    output wire [ADDR_BITS-1:0]     write_addr_o,
    output wire [3:0]               write_mask_o,
    output wire [31:0]              write_data_o,
    output wire [INDEX_BITS-1:0]    index_o,           // command that reads or writes
    // Overflow of the bias addition
    output wire                     overflow_o,
    output wire [TAG_BITS-1:0]      overflow_tag_o,
    output wire [7:0]               results_o          // results written in this cycle
);
    localparam COL_BITS = (COLS > 1) ? $clog2(COLS) : 1;

    localparam [2:0] IDLE = 3'd0, READ = 3'd1, TAKE = 3'd2, SCALE = 3'd3, WRITE = 3'd4, DONE = 3'd5;
    reg [2:0] state_q;

    // ---- requests: all memories answer together, or all are asked again ----
    wire reads   = state_q == READ && !halt_i;
    wire granted = acc_grant_i && (bias_grant_i || !use_bias_i) && (scale_grant_i || !per_channel_i);
    wire written = write_request_o && write_grant_i;
    assign acc_request_o   = reads;
    assign bias_request_o  = reads && use_bias_i;
    assign scale_request_o = reads && per_channel_i;
    assign write_request_o = state_q == WRITE && !halt_i;

    // ---- command ----
    wire last_result, last_step;
    assign start_o       = state_q == IDLE && command_valid && tokens_ok_i && !halt_i;
    assign done_o        = state_q == DONE;
    assign done_layer_o  = layer_i;
    assign signal_o      = done_o ? signal_i : 4'd0;
    assign command_ready = done_o;
    assign idle_o        = state_q == IDLE && !command_valid;
    assign index_o       = index_i;
    assign results_o     = {7'd0, written};
    always @(posedge clk) begin
        if (!rst_n) state_q <= IDLE;
        else case (state_q)
            IDLE:    if (start_o) state_q <= READ;
            READ:    if (reads && granted) state_q <= TAKE;
            TAKE:    state_q <= raw_i ? WRITE : SCALE;
            SCALE:   if (last_step) state_q <= WRITE;
            WRITE:   if (written) state_q <= last_result ? DONE : READ;
            default: state_q <= IDLE;
        endcase
    end

    // ---- loops ----
    wire [COL_BITS-1:0] column;
    wire [23:0]         pos;
    wire [15:0]         channel;
    aw_result_walk #(
        .COLS         (COLS),
        .COL_BITS     (COL_BITS),
        .ACC_ADDR_BITS(ACC_ADDR_BITS),
        .ADDR_BITS    (ADDR_BITS),
        .PARAM_BITS   (PARAM_BITS)
    ) u_walk (
        .clk            (clk),
        .first_i        (state_q == IDLE),
        .next_i         (written),
        .last_o         (last_result),
        .acc_addr_i     (acc_addr_i),
        .count_x_i      (count_x_i),
        .count_y_i      (count_y_i),
        .count_n_i      (count_n_i),
        .last_cols_i    (last_cols_i),
        .raw_i          (raw_i),
        .out_addr_i     (out_addr_i),
        .x_pitch_i      (x_pitch_i),
        .y_pitch_i      (y_pitch_i),
        .n_pitch_i      (n_pitch_i),
        .bias_row_i     (bias_row_i),
        .scale_row_i    (scale_row_i),
        .pos_start_i    (pos_start_i),
        .pos_pitch_i    (pos_pitch_i),
        .channel_start_i(channel_start_i),
        .column_o       (column),
        .acc_addr_o     (acc_addr_o),
        .out_addr_o     (write_addr_o),
        .bias_row_o     (bias_addr_o),
        .scale_row_o    (scale_addr_o),
        .pos_o          (pos),
        .channel_o      (channel)
    );

    // ---- TAKE: sum + bias, and in the next cycle whether that overflowed ----
    wire        [ACC_BITS-1:0] stored;
    wire signed [ACC_BITS-1:0] biased;
    wire                       overflow;
    generate
        if (COLS > 1) begin : g_column
            aw_mux #(.WIDTH(ACC_BITS), .INPUTS(COLS), .STRIDE(ACC_BITS)) u_column (
                .select_i(column), .data_i(acc_data_i), .data_o(stored)
            );
        end else begin : g_single
            assign stored = acc_data_i;
            wire unused_ok = &{1'b0, column};
        end
    endgenerate
    aw_step_add #(
        .ACC_BITS  (ACC_BITS),
        .CHUNK_BITS(32),
        .SATURATE  (SATURATE)
    ) u_bias (
        .accumulator_i(stored),
        .chunk_i      (bias_data_i),
        .sum_o        (biased),
        .overflow_o   (overflow)
    );
    reg signed [ACC_BITS-1:0] sum_q;
    reg                       overflow_q;
    always @(posedge clk) begin
        if (state_q == TAKE) sum_q <= use_bias_i ? biased : stored;
        overflow_q <= rst_n && state_q == TAKE && use_bias_i && overflow;
    end
    assign overflow_o     = overflow_q;
    assign overflow_tag_o = {layer_i, channel, pos, step_i};

    // ---- SCALE ----
    wire [4:0]  multiplier_bit;
    wire [31:0] multiplier = {per_channel_i ? scale_data_i[30:0] : multiplier_i, 1'b0};
    wire [7:0]  result;
    aw_requantize_serial #(.SUM_BITS(ACC_BITS)) u_requantize (
        .clk             (clk),
        .start_i         (state_q == TAKE),
        .step_i          (state_q == SCALE),
        .last_o          (last_step),
        .multiplier_bit_o(multiplier_bit),
        .multiplier_i    (multiplier[multiplier_bit]),
        .sum_i           (sum_q),
        .exponent_i      (per_channel_i ? scale_data_i[37:32] : exponent_i),
        .zero_point_i    (zero_point_i),
        .minimum_i       (minimum_i),
        .maximum_i       (maximum_i),
        .raw_i           (raw_i),
        .result_o        (result)
    );

    // ---- WRITE ----
    wire [31:0] raw_result;
    generate
        if (ACC_BITS < 32) begin : g_extend
            assign raw_result = {{(32-ACC_BITS){sum_q[ACC_BITS-1]}}, sum_q};
        end else begin : g_whole
            assign raw_result = sum_q;
        end
    endgenerate
    assign write_mask_o = raw_i ? 4'b1111 : 4'b0001;
    assign write_data_o = {raw_result[31:8], result};

    wire unused_ok = &{1'b0, scale_data_i, raw_result};
endmodule

`default_nettype wire
