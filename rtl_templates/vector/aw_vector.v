// Vector unit: executes VECTOR commands, accumulator buffer to activation buffer.
//
// For every tile of COLS channels, output row, column and group of lanes: read the sums (and the
// group's bias and scale rows), requantize, write the bytes to the activation buffer. Raw mode
// writes the 32-bit sums instead, RAW_LANES at a time.
//
//   issue -> accumulator buffer, tables -> lanes (8 stages) -> result FIFO -> activation buffer
//
// The pipeline never stalls: a group is issued only when the result FIFO has room for it.
// Throughput: one group a cycle. Latency from issue to the write request: 11 cycles.
//
//   LANES      1 to COLS
//   RAW_LANES  a divisor of LANES, at most max(1, LANES / 4); OUT_BYTES max(LANES, 4)
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_vector #(
    parameter COLS          = 16,
    parameter LANES         = 8,
    parameter RAW_LANES     = 2,
    parameter OUT_BYTES     = 8,
    parameter ACC_BITS      = 32,
    parameter SATURATE      = 0,
    parameter ACC_ADDR_BITS = 9,
    parameter ADDR_BITS     = 18,
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
    input  wire [15:0]              count_x_i,
    input  wire [15:0]              count_y_i,
    input  wire [15:0]              count_n_i,
    input  wire [7:0]               last_cols_i,      // channels of the last tile
    input  wire                     use_bias_i,
    input  wire                     per_channel_i,
    input  wire                     raw_i,
    input  wire [ADDR_BITS-1:0]     out_addr_i,
    input  wire [ADDR_BITS-1:0]     x_pitch_i,
    input  wire [ADDR_BITS-1:0]     y_pitch_i,
    input  wire [ADDR_BITS-1:0]     n_pitch_i,
    input  wire [PARAM_BITS-1:0]    bias_row_i,
    input  wire [PARAM_BITS-1:0]    scale_row_i,
    input  wire [30:0]              multiplier_i,
    input  wire [5:0]               exponent_i,
    input  wire [7:0]               zero_point_i,
    input  wire [7:0]               minimum_i,
    input  wire [7:0]               maximum_i,
    input  wire [23:0]              pos_start_i,
    input  wire [15:0]              pos_pitch_i,
    input  wire [15:0]              channel_start_i,
    input  wire [23:0]              step_i,
    // Completion
    output wire [3:0]               signal_o,
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
    // Activation buffer
    output wire                     write_request_o,
    input  wire                     write_grant_i,
    output wire [ADDR_BITS-1:0]     write_addr_o,
    output wire [OUT_BYTES-1:0]     write_mask_o,
    output wire [OUT_BYTES*8-1:0]   write_data_o,
    output wire [INDEX_BITS-1:0]    index_o,           // command that is being issued
    // Overflow of the bias addition
    output wire [LANES-1:0]         overflow_o,
    output wire [TAG_BITS-1:0]      overflow_tag_o,
    output wire [7:0]               results_o          // results written in this cycle
);
    localparam GROUPS     = (COLS + LANES - 1) / LANES;
    localparam RAW_GROUPS = (COLS + RAW_LANES - 1) / RAW_LANES;
    localparam GROUP_BITS = (RAW_GROUPS > 1) ? $clog2(RAW_GROUPS) : 1;
    localparam DEPTH      = 16;          // results in flight: pipeline and FIFO

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

    wire [7:0] group_lanes = raw_i ? RAW_LANES[7:0] : LANES[7:0];
    wire [7:0] cols        = COLS[7:0];
    wire       last_group  = left_q <= group_lanes;
    wire       last_x      = x_q == count_x_i - 16'd1;
    wire       last_y      = y_q == count_y_i - 16'd1;
    wire       last_n      = n_q == count_n_i - 16'd1;
    wire [7:0] lanes_now   = last_group ? left_q : group_lanes;
    wire       command_end = last_group && last_x && last_y && last_n;

    // All three memories answer together, or the group is repeated.
    wire ready   = active_q && credit_q != 5'd0 && !halt_i;
    wire granted = acc_grant_i && (bias_grant_i || !use_bias_i) && (scale_grant_i || !per_channel_i);
    wire issue   = ready && granted;
    assign acc_request_o   = ready;
    assign bias_request_o  = ready && use_bias_i;
    assign scale_request_o = ready && per_channel_i;
    assign acc_addr_o      = acc_q;
    assign bias_addr_o     = bias_row_i + param_q;
    assign scale_addr_o    = scale_row_i + param_q;
    assign index_o         = index_i;

    // One command at a time: raw mode and constants are shared by the whole pipeline.
    wire   pipeline_empty = credit_q == DEPTH[4:0];
    assign start_o        = command_valid && tokens_ok_i && !active_q && pipeline_empty && !halt_i
                            && !finishing_q;
    assign idle_o         = !command_valid;

    wire [15:0] first_left  = (count_n_i == 16'd1) ? {8'd0, last_cols_i} : {8'd0, cols};
    wire [7:0]  next_n_left = (n_q + 16'd2 == count_n_i) ? last_cols_i : cols;
    wire [7:0]  this_n_left = last_n ? last_cols_i : cols;
    wire [ADDR_BITS-1:0] group_pitch = raw_i ? RAW_LANES[ADDR_BITS-1:0] << 2 : LANES[ADDR_BITS-1:0];
    wire [PARAM_BITS-1:0] groups_per_tile = GROUPS[PARAM_BITS-1:0];
    wire [ADDR_BITS-1:0] next_x = out_x_q + x_pitch_i;
    wire [ADDR_BITS-1:0] next_y = out_y_q + y_pitch_i;
    wire [ADDR_BITS-1:0] next_n = out_n_q + n_pitch_i;

    always @(posedge clk) begin
        if (!rst_n) active_q <= 1'b0;
        else if (start_o) active_q <= 1'b1;
        else if (issue && command_end) active_q <= 1'b0;
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
                if (!raw_i || raw_row_end) param_q <= param_q + {{(PARAM_BITS-1){1'b0}}, 1'b1};
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

    // ---- raw groups: position of the group within a table row ----
    // LANES channels of a row serve LANES / RAW_LANES raw groups: raw_lane_q counts those used.
    reg  [7:0] raw_lane_q;
    wire [7:0] raw_lane_next = raw_lane_q + RAW_LANES[7:0];
    wire       raw_row_end   = raw_lane_next >= LANES[7:0];
    always @(posedge clk) begin
        if (start_o || (issue && last_group)) raw_lane_q <= 8'd0;
        else if (issue) raw_lane_q <= raw_row_end ? 8'd0 : raw_lane_next;
    end

    // ---- one cycle later: memories have answered ----
    localparam META_BITS = ADDR_BITS + 8 + 1;
    reg                     issued_q, command_end_q;
    reg [GROUP_BITS-1:0]    group1_q;
    reg [7:0]               lanes1_q, raw_lane1_q;
    reg [ADDR_BITS-1:0]     out1_q;
    reg [TAG_BITS-1:0]      tag1_q;
    always @(posedge clk) begin
        issued_q      <= rst_n && issue;
        command_end_q <= command_end;
        group1_q      <= group_q;
        lanes1_q      <= lanes_now;
        raw_lane1_q   <= raw_lane_q;
        out1_q        <= out_q;
        tag1_q        <= {layer_i, channel_q, pos_q, step_i};
    end

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
                .select_i(group1_q[SELECT_BITS-1:0]),
                .data_i  (sums_padded),
                .data_o  (sums)
            );
        end else begin : g_all
            assign sums = sums_padded;
        end
        if (RAW_GROUPS > 1) begin : g_raw_select
            aw_mux #(.WIDTH(RAW_LANES * ACC_BITS), .INPUTS(RAW_GROUPS),
                     .STRIDE(RAW_LANES * ACC_BITS)) u_raw_sums (
                .select_i(group1_q),
                .data_i  (raw_padded),
                .data_o  (raw_sums)
            );
        end else begin : g_raw_all
            assign raw_sums = raw_padded;
        end
        for (i = 0; i < RAW_LANES; i = i + 1) begin : g_raw_bias
            wire [LANES*32-1:0] shifted = bias_data_i >> ({raw_lane1_q, 5'd0} + 13'd32 * i[12:0]);
            assign raw_bias[i*32 +: 32] = shifted[31:0];
            wire unused_ok = &{1'b0, shifted};
        end
    endgenerate

    // ---- lanes ----
    wire [LANES*32-1:0] results;
    wire [LANES-1:0]    lane_overflow, lane_used;
    generate
        for (i = 0; i < LANES; i = i + 1) begin : g_lane
            wire signed [ACC_BITS-1:0] sum;
            wire signed [31:0]         bias;
            if (i < RAW_LANES) begin : g_raw
                assign sum  = raw_i ? raw_sums[i*ACC_BITS +: ACC_BITS] : sums[i*ACC_BITS +: ACC_BITS];
                assign bias = !use_bias_i ? 32'd0 : raw_i ? raw_bias[i*32 +: 32] : bias_data_i[i*32 +: 32];
            end else begin : g_plain
                assign sum  = sums[i*ACC_BITS +: ACC_BITS];
                assign bias = use_bias_i ? bias_data_i[i*32 +: 32] : 32'd0;
            end
            assign lane_used[i] = lanes1_q > i[7:0];
            aw_requantize #(
                .ACC_BITS(ACC_BITS),
                .SATURATE(SATURATE)
            ) u_requantize (
                .clk          (clk),
                .raw_i        (raw_i),
                .accumulator_i(sum),
                .bias_i       (bias),
                .multiplier_i (per_channel_i ? scale_data_i[i*40 +: 31] : multiplier_i),
                .exponent_i   (per_channel_i ? scale_data_i[i*40+32 +: 6] : exponent_i),
                .zero_point_i (zero_point_i),
                .minimum_i    (minimum_i),
                .maximum_i    (maximum_i),
                .result_o     (results[i*32 +: 32]),
                .overflow_o   (lane_overflow[i])
            );
        end
    endgenerate

    // ---- overflow report: two cycles after the memories ----
    wire [LANES-1:0] used3;
    wire             issued3;
    aw_delay_reset #(.CYCLES(2)) u_overflow_valid (
        .clk     (clk),
        .rst_n   (rst_n),
        .in_data (issued_q),
        .out_data(issued3)
    );
    aw_delay #(.WIDTH(LANES + TAG_BITS), .CYCLES(2)) u_overflow_tag (
        .clk     (clk),
        .in_data ({lane_used, tag1_q}),
        .out_data({used3, overflow_tag_o})
    );
    assign overflow_o = lane_overflow & used3 & {LANES{issued3 && use_bias_i}};

    // ---- results: eight cycles after the memories, into the FIFO ----
    wire                 done_valid;
    wire [META_BITS-1:0] done_meta;
    aw_delay_reset #(.CYCLES(8)) u_done_valid (
        .clk     (clk),
        .rst_n   (rst_n),
        .in_data (issued_q),
        .out_data(done_valid)
    );
    aw_delay #(.WIDTH(META_BITS), .CYCLES(8)) u_done_meta (
        .clk     (clk),
        .in_data ({out1_q, lanes1_q, command_end_q}),
        .out_data(done_meta)
    );
    wire [OUT_BYTES*8-1:0] packed_bytes;
    generate
        for (i = 0; i < OUT_BYTES; i = i + 1) begin : g_byte
            // Raw: byte i of RAW_LANES consecutive 32-bit sums. Otherwise byte 0 of lane i.
            if (i < 4 * RAW_LANES && i < LANES) begin : g_both
                assign packed_bytes[i*8 +: 8] = raw_i ? results[i*8 +: 8] : results[i*32 +: 8];
            end else if (i < 4 * RAW_LANES) begin : g_raw
                assign packed_bytes[i*8 +: 8] = results[i*8 +: 8];
            end else begin : g_plain
                assign packed_bytes[i*8 +: 8] = results[i*32 +: 8];
            end
        end
    endgenerate

    wire                     fifo_ready, fifo_valid;
    wire [META_BITS-1:0]     out_meta;
    wire [7:0]               out_lanes;
    wire                     out_end;
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
    assign {write_addr_o, out_lanes, out_end} = out_meta;
    assign write_request_o = fifo_valid && !halt_i;
    wire   written = write_request_o && write_grant_i;
    wire [OUT_BYTES-1:0] ones = {OUT_BYTES{1'b1}};
    wire [9:0] out_bytes = raw_i ? {out_lanes, 2'b00} : {2'b00, out_lanes};
    assign write_mask_o = ~(ones << out_bytes);
    assign results_o    = written ? out_lanes : 8'd0;

    always @(posedge clk) begin
        if (!rst_n) credit_q <= DEPTH[4:0];
        else if (issue && !written) credit_q <= credit_q - 5'd1;
        else if (!issue && written) credit_q <= credit_q + 5'd1;
    end

    // ---- completion: when the last result is written, the command leaves the queue ----
    reg finishing_q;
    always @(posedge clk) finishing_q <= rst_n && written && out_end;
    assign command_ready = finishing_q;
    assign signal_o      = finishing_q ? signal_i : 4'd0;

    wire unused_ok = &{1'b0, group1_q, fifo_ready, first_left, scale_data_i, results, sums, raw_padded, sums_padded};
endmodule

`default_nettype wire
