// Vector unit: executes VECTOR commands, accumulator buffer to activation buffer, and COMBINE
// commands, activation buffer to activation buffer.
//
// For every tile of COLS channels, output row, column and group of lanes: read the sums (and the
// group's bias and scale rows), requantize, write the bytes to the activation buffer. Raw mode
// writes the 32-bit sums instead, RAW_LANES at a time. COMBINE reads the taps of a group from the
// activation buffer, one a cycle, and requantizes what aw_operand makes of them.
//
//   issue -> accumulator buffer, tables ---------------> lanes (8 stages) -> table -> result FIFO
//     \--> taps -> activation buffer -> aw_operand (7) -/                                |
//                        activation buffer <--------------------------------------------/
//
// The pipeline never stalls: a group is issued only when the result FIFO has room for it. A VECTOR
// command starts while results of the one before are on their way; before and after a COMBINE,
// whose operands may be such results, the pipeline drains.
// Throughput: one group a cycle, two cycles between commands; COMBINE one tap a cycle. Latency from
// issue to the write request: 11 cycles (COMBINE: 18 from the last tap), one more with TABLES.
//
//   LANES        1 to COLS
//   RAW_LANES    a divisor of LANES, at most max(1, LANES / 4); OUT_BYTES max(LANES, 4)
//   ELEMENTWISE  1: COMBINE exists; needs ACC_BITS = 32
//   TABLES       1: results may go through a lookup table
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_vector #(
    parameter COLS          = 16,
    parameter LANES         = 8,
    parameter RAW_LANES     = 2,
    parameter OUT_BYTES     = 8,
    parameter WORD_BYTES    = 16,
    parameter BUS_BYTES     = 16,
    parameter ELEMENTWISE   = 0,
    parameter TABLES        = 0,
    parameter ACC_BITS      = 32,
    parameter SATURATE      = 0,
    parameter ACC_ADDR_BITS = 9,
    parameter ADDR_BITS     = 18,
    parameter PARAM_BITS    = 7,
    parameter INDEX_BITS    = 24,
    parameter TAG_BITS      = 80,
    parameter BYTES         = 131072           // of the activation buffer
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
    input  wire                     table_i,
    // COMBINE: the same loops over results, and these
    input  wire                     combine_i,
    input  wire [1:0]               op_i,
    input  wire                     two_operands_i,
    input  wire [ADDR_BITS-1:0]     in_addr_i, in_x_pitch_i, in_y_pitch_i,
    input  wire [7:0]               count_kx_i, count_ky_i,
    input  wire [ADDR_BITS-1:0]     kx_pitch_i, ky_pitch_i,
    input  wire [7:0]               zero_a_i, zero_b_i,
    input  wire [30:0]              multiplier_a_i, multiplier_b_i,
    input  wire [4:0]               shift_a_i, shift_b_i,
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
    input  wire [LANES*32-1:0]      bias_data_i,
    output wire                     scale_request_o,
    input  wire                     scale_grant_i,
    output wire [PARAM_BITS-1:0]    scale_addr_o,
    input  wire [LANES*40-1:0]      scale_data_i,      // lane: {exponent, multiplier}
    // Activation buffer: operands
    output wire                     operand_request_o,
    input  wire                     operand_grant_i,
    output wire [ADDR_BITS-1:0]     operand_addr_o,
    output wire                     operand_need_hi_o,
    input  wire [2*WORD_BYTES*8-1:0] operand_data_i,
    // Lookup table: four bytes of a bus word a cycle, granted with the last ones
    input  wire                     table_write_i,
    output wire                     table_grant_o,
    input  wire [7:0]               table_addr_i,
    input  wire [BUS_BYTES*8-1:0]   table_data_i,
    // Activation buffer: results
    output wire                     write_request_o,
    input  wire                     write_grant_i,
    output wire [ADDR_BITS-1:0]     write_addr_o,
    output wire [OUT_BYTES-1:0]     write_mask_o,
    output wire [OUT_BYTES*8-1:0]   write_data_o,
    output wire [INDEX_BITS-1:0]    index_o,           // command that is being issued,
    output wire                     write_beyond_o,    // ... with a result beyond the buffer
    // Overflow of the bias addition
    output wire [LANES-1:0]         overflow_o,
    output wire [TAG_BITS-1:0]      overflow_tag_o,
    output wire [7:0]               results_o          // results written in this cycle
);
    localparam GROUPS     = (COLS + LANES - 1) / LANES;
    localparam RAW_GROUPS = (COLS + RAW_LANES - 1) / RAW_LANES;
    localparam GROUP_BITS = (RAW_GROUPS > 1) ? $clog2(RAW_GROUPS) : 1;
    localparam DEPTH      = (ELEMENTWISE != 0) ? 24 : 16;  // results in flight: pipeline and FIFO
    localparam OPERAND_CYCLES = 7;       // from stage 1 of a VECTOR group to that of a COMBINE group

    // ---- issue loops: n, y, x, group ----
    reg                     active_q;
    reg [15:0]              n_q, y_q, x_q;
    reg [GROUP_BITS-1:0]    group_q;
    reg [7:0]               left_q;      // channels of the tile from this group on
    reg [ACC_ADDR_BITS-1:0] acc_q;
    reg [ADDR_BITS-1:0]     out_q, out_x_q, out_y_q, out_n_q;
    reg [PARAM_BITS-1:0]    param_q, param_n_q;        // row offset from bias_row and scale_row
    reg [23:0]              pos_q, pos_y_q;
    reg [15:0]              channel_q, channel_n_q;
    reg [4:0]               credit_q;

    wire [7:0] group_lanes = raw ? RAW_LANES[7:0] : LANES[7:0];
    wire [7:0] cols        = COLS[7:0];
    wire       last_group  = left_q <= group_lanes;
    wire       last_x      = x_q == count_x_i - 16'd1;
    wire       last_y      = y_q == count_y_i - 16'd1;
    wire       last_n      = n_q == count_n_i - 16'd1;
    wire [7:0] lanes_now   = last_group ? left_q : group_lanes;
    wire       command_end = last_group && last_x && last_y && last_n;

    wire combine     = ELEMENTWISE != 0 && combine_i;
    wire raw         = raw_i && !combine;
    wire use_bias    = use_bias_i && !combine;
    wire per_channel = per_channel_i && !combine;

    // All three memories answer together, or the group is repeated.
    wire ready   = active_q && credit_q != 5'd0 && !halt_i;
    wire granted = acc_grant_i && (bias_grant_i || !use_bias) && (scale_grant_i || !per_channel);
    wire tap, last_tap;                  // a tap is being read, the last one of its group
    wire issue   = combine ? tap && last_tap : ready && granted;
    assign acc_request_o   = ready && !combine;
    assign bias_request_o  = ready && use_bias;
    assign scale_request_o = ready && per_channel;
    assign acc_addr_o      = acc_q;
    assign bias_addr_o     = bias_row_i + param_q;
    assign scale_addr_o    = scale_row_i + param_q;
    assign index_o         = index_i;
    wire [31:0]          size        = BYTES;
    wire [ADDR_BITS:0]   results_end = {1'b0, out_q} + {{(ADDR_BITS-9){1'b0}}, raw ? {lanes_now, 2'b00} : {2'b00, lanes_now}};
    assign write_beyond_o  = issue && results_end > size[ADDR_BITS:0];

    reg    combined_q;                   // the last command was a COMBINE
    wire   pipeline_empty = credit_q == DEPTH[4:0];
    wire   may_overlap    = !combine && !combined_q;
    assign start_o        = command_valid && tokens_ok_i && !active_q && !halt_i
                            && (pipeline_empty || may_overlap);
    assign command_ready  = issue && command_end;
    assign idle_o         = !command_valid && pipeline_empty && !finishing_q;

    wire [15:0] first_left  = (count_n_i == 16'd1) ? {8'd0, last_cols_i} : {8'd0, cols};
    wire [7:0]  next_n_left = (n_q + 16'd2 == count_n_i) ? last_cols_i : cols;
    wire [7:0]  this_n_left = last_n ? last_cols_i : cols;
    wire [ADDR_BITS-1:0] group_pitch = raw ? RAW_LANES[ADDR_BITS-1:0] << 2 : LANES[ADDR_BITS-1:0];
    wire [PARAM_BITS-1:0] groups_per_tile = GROUPS[PARAM_BITS-1:0];
    wire [ADDR_BITS-1:0] next_x = out_x_q + x_pitch_i;
    wire [ADDR_BITS-1:0] next_y = out_y_q + y_pitch_i;
    wire [ADDR_BITS-1:0] next_n = out_n_q + n_pitch_i;

    always @(posedge clk) begin
        if (!rst_n) active_q <= 1'b0;
        else if (start_o) active_q <= 1'b1;
        else if (command_ready) active_q <= 1'b0;
        if (!rst_n) combined_q <= 1'b0;
        else if (start_o) combined_q <= combine;
    end

    // Constants of the command whose groups are in stage 1.
    reg        raw_q, use_bias_q, per_channel_q, table_q;
    reg [30:0] multiplier_q;
    reg [5:0]  exponent_q;
    reg [7:0]  zero_point_q, minimum_q, maximum_q;
    always @(posedge clk) begin
        if (start_o) begin
            {raw_q, use_bias_q, per_channel_q} <= {raw, use_bias, per_channel};
            {table_q, multiplier_q, exponent_q} <= {table_i, multiplier_i, exponent_i};
            {zero_point_q, minimum_q, maximum_q} <= {zero_point_i, minimum_i, maximum_i};
        end
    end

    always @(posedge clk) begin
        if (start_o) begin
            n_q         <= 16'd0;
            y_q         <= 16'd0;
            x_q         <= 16'd0;
            group_q     <= {GROUP_BITS{1'b0}};
            left_q      <= first_left[7:0];
            acc_q       <= acc_addr_i;
            out_q       <= out_addr_i;
            out_x_q     <= out_addr_i;
            out_y_q     <= out_addr_i;
            out_n_q     <= out_addr_i;
            param_q     <= {PARAM_BITS{1'b0}};
            param_n_q   <= {PARAM_BITS{1'b0}};
            pos_q       <= pos_start_i;
            pos_y_q     <= pos_start_i;
            channel_q   <= channel_start_i;
            channel_n_q <= channel_start_i;
        end else if (issue) begin
            if (!last_group) begin
                group_q   <= group_q + {{(GROUP_BITS-1){1'b0}}, 1'b1};
                left_q    <= left_q - group_lanes;
                out_q     <= out_q + group_pitch;
                channel_q <= channel_q + {8'd0, group_lanes};
                // A table row holds LANES channels; raw groups share rows (see raw_row).
                if (!raw || raw_row_end) param_q <= param_q + {{(PARAM_BITS-1){1'b0}}, 1'b1};
            end else begin
                group_q   <= {GROUP_BITS{1'b0}};
                acc_q     <= acc_q + {{(ACC_ADDR_BITS-1){1'b0}}, 1'b1};
                param_q   <= param_n_q;
                channel_q <= channel_n_q;
                left_q    <= this_n_left;
                if (!last_x) begin
                    x_q     <= x_q + 16'd1;
                    out_q   <= next_x;
                    out_x_q <= next_x;
                    pos_q   <= pos_q + 24'd1;
                end else if (!last_y) begin
                    x_q     <= 16'd0;
                    y_q     <= y_q + 16'd1;
                    out_q   <= next_y;
                    out_x_q <= next_y;
                    out_y_q <= next_y;
                    pos_q   <= pos_y_q + {8'd0, pos_pitch_i};
                    pos_y_q <= pos_y_q + {8'd0, pos_pitch_i};
                end else begin
                    x_q         <= 16'd0;
                    y_q         <= 16'd0;
                    n_q         <= n_q + 16'd1;
                    left_q      <= next_n_left;
                    out_q       <= next_n;
                    out_x_q     <= next_n;
                    out_y_q     <= next_n;
                    out_n_q     <= next_n;
                    param_q     <= param_n_q + groups_per_tile;
                    param_n_q   <= param_n_q + groups_per_tile;
                    channel_q   <= channel_n_q + COLS[15:0];
                    channel_n_q <= channel_n_q + COLS[15:0];
                    pos_q       <= pos_start_i;
                    pos_y_q     <= pos_start_i;
                end
            end
        end
    end

    // ---- raw groups: LANES / RAW_LANES of them share a table row ----
    localparam RAW_PARTS = LANES / RAW_LANES;
    localparam PART_BITS = (RAW_PARTS > 1) ? $clog2(RAW_PARTS) : 1;
    reg  [PART_BITS-1:0] raw_part_q;
    wire [31:0]          last_part   = RAW_PARTS - 1;
    wire                 raw_row_end = raw_part_q == last_part[PART_BITS-1:0];
    always @(posedge clk) begin
        if (start_o || (issue && last_group)) raw_part_q <= {PART_BITS{1'b0}};
        else if (issue) raw_part_q <= raw_row_end ? {PART_BITS{1'b0}}
                                                  : raw_part_q + {{(PART_BITS-1){1'b0}}, 1'b1};
    end

    // ---- one cycle later: memories have answered ----
    // What goes with a group to its write: address, lanes, raw, and at the end of a command whom to
    // signal and the layer.
    localparam META_BITS = ADDR_BITS + 8 + 1 + 1 + 4 + 16;
    reg                     issued_q;
    reg [META_BITS-1:0]     issued_meta_q;
    reg [GROUP_BITS-1:0]    group1_q;
    reg [PART_BITS-1:0]     raw_part1_q;
    reg [TAG_BITS-1:0]      tag1_q;
    always @(posedge clk) begin
        issued_q      <= rst_n && issue;
        issued_meta_q <= {out_q, lanes_now, raw, command_end, signal_i, layer_i};
        group1_q      <= group_q;
        raw_part1_q   <= raw_part_q;
        tag1_q        <= {layer_i, channel_q, pos_q, step_i};
    end
    wire [7:0] issued_lanes = issued_meta_q[22 +: 8];

    wire [GROUPS*LANES*ACC_BITS-1:0]         sums_padded;
    wire [RAW_GROUPS*RAW_LANES*ACC_BITS-1:0] raw_padded;
    wire [LANES*ACC_BITS-1:0]                sums;
    wire [RAW_LANES*ACC_BITS-1:0]            raw_sums;
    wire [RAW_LANES*32-1:0]                  raw_bias;
    genvar i;
    generate
        if (GROUPS * LANES > COLS) begin : g_pad
            assign sums_padded = {{(GROUPS*LANES-COLS)*ACC_BITS{1'b0}}, acc_data_i};
        end else begin : g_exact
            assign sums_padded = acc_data_i;
        end
        if (RAW_GROUPS * RAW_LANES > COLS) begin : g_raw_pad
            assign raw_padded = {{(RAW_GROUPS*RAW_LANES-COLS)*ACC_BITS{1'b0}}, acc_data_i};
        end else begin : g_raw_exact
            assign raw_padded = acc_data_i;
        end
        if (GROUPS > 1) begin : g_select
            localparam SELECT_BITS = $clog2(GROUPS);
            aw_mux #(.WIDTH(LANES * ACC_BITS), .INPUTS(GROUPS), .STRIDE(LANES * ACC_BITS)) u_sums (
                .select_i(group1_q[SELECT_BITS-1:0]), .data_i(sums_padded), .data_o(sums)
            );
        end else begin : g_all
            assign sums = sums_padded;
        end
        if (RAW_GROUPS > 1) begin : g_raw_select
            aw_mux #(.WIDTH(RAW_LANES * ACC_BITS), .INPUTS(RAW_GROUPS),
                     .STRIDE(RAW_LANES * ACC_BITS)) u_raw_sums (
                .select_i(group1_q), .data_i(raw_padded), .data_o(raw_sums)
            );
        end else begin : g_raw_all
            assign raw_sums = raw_padded;
        end
        if (LANES > RAW_LANES) begin : g_raw_bias
            aw_mux #(.WIDTH(RAW_LANES * 32), .INPUTS(LANES / RAW_LANES), .STRIDE(RAW_LANES * 32)) u_raw_bias (
                .select_i(raw_part1_q), .data_i(bias_data_i), .data_o(raw_bias)
            );
        end else begin : g_raw_bias_all
            assign raw_bias = bias_data_i;
        end
    endgenerate

    // ---- operands of COMBINE ----
    wire                operands_valid;
    wire [META_BITS-1:0] operands_meta;
    wire [LANES*32-1:0] combined_sums;
    generate
        if (ELEMENTWISE != 0) begin : g_combine
            localparam OFFSET_BITS = $clog2(WORD_BYTES);
            wire first_tap, odd_tap;
            aw_taps #(.ADDR_BITS(ADDR_BITS)) u_taps (
                .clk          (clk),
                .start_i      (start_o),
                .in_addr_i    (in_addr_i),
                .group_pitch_i(LANES[ADDR_BITS-1:0]),
                .x_pitch_i    (in_x_pitch_i),
                .y_pitch_i    (in_y_pitch_i),
                .n_pitch_i    (n_pitch_i),
                .kx_pitch_i   (kx_pitch_i),
                .ky_pitch_i   (ky_pitch_i),
                .count_kx_i   (count_kx_i),
                .count_ky_i   (count_ky_i),
                .tap_i        (tap),
                .next_group_i (!last_group),
                .next_x_i     (!last_x),
                .next_y_i     (!last_y),
                .addr_o       (operand_addr_o),
                .first_o      (first_tap),
                .odd_o        (odd_tap),
                .last_o       (last_tap)
            );
            wire [8:0] end_byte = {{(9-OFFSET_BITS){1'b0}}, operand_addr_o[OFFSET_BITS-1:0]} + {1'b0, lanes_now};
            assign operand_request_o = ready && combine;
            assign operand_need_hi_o = end_byte > WORD_BYTES[8:0];
            assign tap               = operand_request_o && operand_grant_i;

            reg [OFFSET_BITS:0] offset_q;
            reg                 tap_q, first_q, odd_q;
            always @(posedge clk) begin
                offset_q <= operand_addr_o[OFFSET_BITS:0];
                tap_q    <= rst_n && tap;
                first_q  <= first_tap;
                odd_q    <= odd_tap;
            end
            wire [LANES*8-1:0] tap_bytes;
            aw_rotate #(.IN(2 * WORD_BYTES), .OUT(LANES), .BITS(OFFSET_BITS + 1)) u_rotate (
                .select_i(offset_q), .data_i(operand_data_i), .data_o(tap_bytes)
            );
            reg [1:0]  op_q;
            reg        two_operands_q;
            reg [7:0]  zero_a_q, zero_b_q;
            reg [30:0] multiplier_a_q, multiplier_b_q;
            reg [4:0]  shift_a_q, shift_b_q;
            always @(posedge clk) begin
                if (start_o) begin
                    {op_q, two_operands_q}             <= {op_i, two_operands_i};
                    {zero_a_q, multiplier_a_q, shift_a_q} <= {zero_a_i, multiplier_a_i, shift_a_i};
                    {zero_b_q, multiplier_b_q, shift_b_q} <= {zero_b_i, multiplier_b_i, shift_b_i};
                end
            end
            // The tap's bytes are here in cycle 0; bit k: k cycles ago.
            wire       value_valid;
            reg  [6:1] first_line_q, odd_line_q;
            aw_delay_reset #(.CYCLES(6)) u_tap_valid (
                .clk(clk), .rst_n(rst_n), .in_data(tap_q), .out_data(value_valid)
            );
            always @(posedge clk) begin
                first_line_q <= {first_line_q[5:1], first_q};
                odd_line_q   <= {odd_line_q[5:1], odd_q && two_operands_q};
            end
            wire       is_product = op_q == 2'd2;
            reg [30:0] tap_multiplier_q;
            reg [4:0]  tap_shift_q;
            always @(posedge clk) begin
                tap_multiplier_q <= odd_line_q[1] ? multiplier_b_q : multiplier_a_q;
                tap_shift_q      <= is_product ? 5'd0 : odd_line_q[4] ? shift_b_q : shift_a_q;
            end
            for (i = 0; i < LANES; i = i + 1) begin : g_operand
                aw_operand u_operand (
                    .clk         (clk),
                    .byte_i      (tap_bytes[i*8 +: 8]),
                    .is_product_i(is_product),
                    .is_largest_i(op_q == 2'd3),
                    .zero_point_i(odd_line_q[1] ? zero_b_q : zero_a_q),
                    .first_i     (first_line_q[2]),
                    .multiplier_i(tap_multiplier_q),
                    .shift_i     (tap_shift_q),
                    .valid_i     (value_valid),
                    .last_first_i(first_line_q[6]),
                    .subtract_i  (op_q == 2'd1 && odd_line_q[6]),
                    .sum_o       (combined_sums[i*32 +: 32])
                );
            end
            aw_delay_reset #(.CYCLES(OPERAND_CYCLES)) u_operands_valid (
                .clk(clk), .rst_n(rst_n), .in_data(issued_q && combined_q), .out_data(operands_valid)
            );
            aw_delay #(.WIDTH(META_BITS), .CYCLES(OPERAND_CYCLES)) u_operands_meta (
                .clk(clk), .in_data(issued_meta_q), .out_data(operands_meta)
            );
        end else begin : g_no_combine
            assign operand_request_o = 1'b0;
            assign operand_need_hi_o = 1'b0;
            assign operand_addr_o    = {ADDR_BITS{1'b0}};
            assign tap               = 1'b0;
            assign last_tap          = 1'b0;
            assign operands_valid    = 1'b0;
            assign operands_meta     = {META_BITS{1'b0}};
            assign combined_sums     = {LANES*32{1'b0}};
            wire unused_ok = &{1'b0, operand_grant_i, operand_data_i, op_i, two_operands_i,
                               in_addr_i, in_x_pitch_i, in_y_pitch_i, count_kx_i, count_ky_i,
                               kx_pitch_i, ky_pitch_i, zero_a_i, zero_b_i, multiplier_a_i,
                               multiplier_b_i, shift_a_i, shift_b_i, combine_i, combined_sums};
        end
    endgenerate
    wire                 entering      = operands_valid || (issued_q && !combined_q);
    wire [META_BITS-1:0] entering_meta = operands_valid ? operands_meta : issued_meta_q;

    // ---- lanes ----
    // Constants of the last stages travel with the data: a later command may have begun.
    wire [7:0] late_zero_point, late_minimum, late_maximum;
    aw_delay #(.WIDTH(24), .CYCLES(7)) u_late_constants (
        .clk(clk), .in_data({zero_point_q, minimum_q, maximum_q}),
        .out_data({late_zero_point, late_minimum, late_maximum})
    );
    wire [LANES*8-1:0]      results;
    wire [RAW_LANES*32-1:0] raw_results;
    wire [LANES-1:0]        lane_overflow, lane_used;
    generate
        for (i = 0; i < LANES; i = i + 1) begin : g_lane
            wire signed [ACC_BITS-1:0] stored, sum;
            wire signed [31:0]         bias;
            wire        [31:0]         raw_result;
            if (i < RAW_LANES) begin : g_raw
                assign stored = raw_q ? raw_sums[i*ACC_BITS +: ACC_BITS] : sums[i*ACC_BITS +: ACC_BITS];
                assign bias   = raw_q ? raw_bias[i*32 +: 32] : bias_data_i[i*32 +: 32];
                assign raw_results[i*32 +: 32] = raw_result;
            end else begin : g_plain
                assign stored = sums[i*ACC_BITS +: ACC_BITS];
                assign bias   = bias_data_i[i*32 +: 32];
                wire unused_ok = &{1'b0, raw_result};
            end
            if (ELEMENTWISE != 0) begin : g_combined
                assign sum = combined_q ? combined_sums[i*32 +: 32] : stored;
            end else begin : g_stored
                assign sum = stored;
            end
            assign lane_used[i] = issued_lanes > i[7:0];
            aw_requantize #(
                .ACC_BITS(ACC_BITS),
                .SATURATE(SATURATE),
                .RAW     (i < RAW_LANES)
            ) u_requantize (
                .clk          (clk),
                .accumulator_i(sum),
                .use_bias_i   (use_bias_q),
                .bias_i       (bias),
                .multiplier_i (per_channel_q ? scale_data_i[i*40 +: 31] : multiplier_q),
                .exponent_i   (per_channel_q ? scale_data_i[i*40+32 +: 6] : exponent_q),
                .zero_point_i (late_zero_point),
                .minimum_i    (late_minimum),
                .maximum_i    (late_maximum),
                .result_o     (results[i*8 +: 8]),
                .raw_o        (raw_result),
                .overflow_o   (lane_overflow[i])
            );
        end
    endgenerate

    // ---- overflow report: two cycles after the memories ----
    wire [LANES-1:0] used3;
    wire             issued3;
    aw_delay_reset #(.CYCLES(2)) u_overflow_valid (
        .clk(clk), .rst_n(rst_n), .in_data(issued_q && use_bias_q), .out_data(issued3)
    );
    aw_delay #(.WIDTH(LANES + TAG_BITS), .CYCLES(2)) u_overflow_tag (
        .clk(clk), .in_data({lane_used, tag1_q}), .out_data({used3, overflow_tag_o})
    );
    assign overflow_o = lane_overflow & used3 & {LANES{issued3}};

    // ---- results: eight cycles after the sums (and one for the table) into the FIFO ----
    localparam LANE_CYCLES = (TABLES != 0) ? 9 : 8;
    wire                 done_valid;
    wire [META_BITS-1:0] done_meta;
    aw_delay_reset #(.CYCLES(LANE_CYCLES)) u_done_valid (
        .clk(clk), .rst_n(rst_n), .in_data(entering), .out_data(done_valid)
    );
    aw_delay #(.WIDTH(META_BITS), .CYCLES(LANE_CYCLES)) u_done_meta (
        .clk(clk), .in_data(entering_meta), .out_data(done_meta)
    );
    wire done_raw = done_meta[21];
    wire [LANES*8-1:0]      final_results;
    wire [RAW_LANES*32-1:0] final_raw;
    generate
        if (TABLES != 0) begin : g_tables
            wire use_table;
            aw_delay #(.WIDTH(1), .CYCLES(8)) u_use_table (
                .clk(clk), .in_data(table_q), .out_data(use_table)
            );
            aw_delay #(.WIDTH(RAW_LANES * 32), .CYCLES(1)) u_raw (
                .clk(clk), .in_data(raw_results), .out_data(final_raw)
            );
            for (i = 0; i < LANES; i = i + 1) begin : g_lookup
                aw_lookup u_lookup (
                    .clk         (clk),
                    .use_i       (use_table),
                    .byte_i      (results[i*8 +: 8]),
                    .byte_o      (final_results[i*8 +: 8]),
                    .write_i     (table_write_i),
                    .write_addr_i(table_row[5:0]),
                    .write_data_i(table_word)
                );
            end
            localparam WORDS     = BUS_BYTES / 4;
            localparam WORD_BITS = (WORDS > 1) ? $clog2(WORDS) : 1;
            wire [8+WORD_BITS-1:0] table_row;
            wire [31:0]            table_word;
            if (WORDS > 1) begin : g_words
                reg [WORD_BITS-1:0] word_q;
                always @(posedge clk) begin
                    if (!rst_n || !table_write_i) word_q <= {WORD_BITS{1'b0}};
                    else word_q <= word_q + {{(WORD_BITS-1){1'b0}}, 1'b1};
                end
                aw_mux #(.WIDTH(32), .INPUTS(WORDS), .STRIDE(32)) u_word (
                    .select_i(word_q), .data_i(table_data_i), .data_o(table_word)
                );
                assign table_row     = {table_addr_i, word_q};
                assign table_grant_o = table_write_i && (&word_q);
            end else begin : g_word
                assign table_row     = {1'b0, table_addr_i};
                assign table_word    = table_data_i;
                assign table_grant_o = table_write_i;
            end
            wire unused_row = &{1'b0, table_row};
        end else begin : g_no_tables
            assign final_results = results;
            assign final_raw     = raw_results;
            assign table_grant_o = 1'b0;
            wire unused_ok = &{1'b0, table_q, table_write_i, table_addr_i, table_data_i};
        end
    endgenerate
    wire [OUT_BYTES*8-1:0] packed_bytes;
    generate
        for (i = 0; i < OUT_BYTES; i = i + 1) begin : g_byte
            // Raw: byte i of RAW_LANES consecutive 32-bit sums. Otherwise the byte of lane i.
            if (i < 4 * RAW_LANES && i < LANES) begin : g_both
                assign packed_bytes[i*8 +: 8] = done_raw ? final_raw[i*8 +: 8] : final_results[i*8 +: 8];
            end else if (i < 4 * RAW_LANES) begin : g_raw
                assign packed_bytes[i*8 +: 8] = final_raw[i*8 +: 8];
            end else begin : g_plain
                assign packed_bytes[i*8 +: 8] = final_results[i*8 +: 8];
            end
        end
    endgenerate

    wire                     fifo_ready, fifo_valid;
    wire [META_BITS-1:0]     out_meta;
    wire [7:0]               out_lanes;
    wire                     out_end, out_raw;
    wire [3:0]               out_signal;
    wire [15:0]              out_layer;
    aw_fifo #(
        .WIDTH(META_BITS + OUT_BYTES * 8),
        .DEPTH(DEPTH)
    ) u_results (
        .clk      (clk),
        .rst_n    (rst_n),
        .in_valid (done_valid),
        .in_ready (fifo_ready),
        .in_data  ({done_meta, packed_bytes}),
        .out_valid(fifo_valid),
        .out_ready(write_grant_i),
        .out_data ({out_meta, write_data_o})
    );
    assign {write_addr_o, out_lanes, out_raw, out_end, out_signal, out_layer} = out_meta;
    assign write_request_o = fifo_valid && !halt_i;
    wire   written = write_request_o && write_grant_i;
    wire [OUT_BYTES-1:0] ones = {OUT_BYTES{1'b1}};
    wire [9:0] out_bytes = out_raw ? {out_lanes, 2'b00} : {2'b00, out_lanes};
    assign write_mask_o = ~(ones << out_bytes);
    assign results_o    = written ? out_lanes : 8'd0;

    always @(posedge clk) begin
        if (!rst_n) credit_q <= DEPTH[4:0];
        else if (issue && !written) credit_q <= credit_q - 5'd1;
        else if (!issue && written) credit_q <= credit_q + 5'd1;
    end

    // ---- completion: when the last result of a command is written ----
    reg        finishing_q;
    reg [3:0]  done_signal_q;
    reg [15:0] done_layer_q;
    always @(posedge clk) begin
        finishing_q   <= rst_n && written && out_end;
        done_signal_q <= out_signal;
        done_layer_q  <= out_layer;
    end
    assign signal_o     = finishing_q ? done_signal_q : 4'd0;
    assign done_o       = finishing_q;
    assign done_layer_o = done_layer_q;

    wire unused_ok = &{1'b0, size, group1_q, raw_part1_q, fifo_ready, first_left, scale_data_i, sums, raw_padded, sums_padded, last_part};
endmodule

`default_nettype wire
