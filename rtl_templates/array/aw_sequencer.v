// Sequencer: executes COMPUTE commands, one step of the array per cycle.
//
// A command is a loop nest over output columns tiles (n), output rows (y) and columns (x), kernel
// rows (ky) and columns (kx) and the chunks (s) of a run of consecutive input bytes. broadcast
// walks  n y x | ky kx s  (reduction innermost: sums stay in the accumulator registers);
// weight_stationary walks  n | ky kx s | y x  (a weight tile stays while positions pass).
// Window bytes outside 0 <= row < rows, 0 <= column < row_bytes are the zero point: padding costs
// no memory and no bus traffic.
//
// Pipeline: nest -> request register -> (grant) -> step_* -> align, array. A step that the
// activation buffer refuses waits; the rest of the pipeline never stalls.
// Throughput: one step a cycle, one cycle between commands; weight_stationary leaves at least
// TILE_GAP cycles between the first steps of two tiles.
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_sequencer #(
    parameter ROWS              = 16,
    parameter COLS              = 16,
    parameter WEIGHT_STATIONARY = 0,
    parameter TILE_GAP          = 16,
    parameter WORD_BYTES        = 16,
    parameter LANE_BITS         = 5,     // counts 0 to ROWS
    parameter COL_COUNT_BITS    = 5,     // counts 1 to COLS
    parameter ADDR_BITS         = 18,    // activation byte address
    parameter WEIGHT_BITS       = 10,    // weight tile address
    parameter ACC_ADDR_BITS     = 9,
    parameter TILES             = 512,   // size of the weight buffer
    parameter ACC_WORDS         = 256,   // size of the accumulator buffer
    parameter FLIGHT_BITS       = 8,     // steps in the pipeline
    parameter INDEX_BITS        = 24,
    parameter TAG_BITS          = 80
) (
    input  wire                     clk,
    input  wire                     rst_n,
    input  wire                     halt_i,
    // Command at the queue head
    input  wire                     command_valid,
    output wire                     command_ready,
    input  wire                     tokens_ok_i,
    output wire                     start_o,
    input  wire [INDEX_BITS-1:0]    index_i,
    input  wire [3:0]               signal_i,
    input  wire [15:0]              layer_i,
    input  wire [ADDR_BITS-1:0]     act_start_i,
    input  wire [7:0]               zero_point_i,
    input  wire [15:0]              row_start_i,
    input  wire [15:0]              rows_i,
    input  wire [ADDR_BITS+1:0]     col_start_i,
    input  wire                     accumulate_i,
    input  wire [ADDR_BITS-1:0]     row_bytes_i,
    input  wire [LANE_BITS-1:0]     tail_i,          // lanes of the last chunk of a run
    input  wire [15:0]              count_s_i,
    input  wire [15:0]              count_n_i,
    input  wire [15:0]              count_x_i,
    input  wire [15:0]              count_y_i,
    input  wire [ADDR_BITS-1:0]     kx_step_i,
    input  wire [7:0]               count_ky_i,
    input  wire [ADDR_BITS-1:0]     ky_step_i,
    input  wire [7:0]               ky_rows_i,
    input  wire [ADDR_BITS-1:0]     x_step_i,
    input  wire [7:0]               y_rows_i,
    input  wire [ADDR_BITS-1:0]     y_step_i,
    input  wire [7:0]               count_kx_i,
    input  wire [WEIGHT_BITS-1:0]   weight_addr_i,
    input  wire [ACC_ADDR_BITS-1:0] acc_addr_i,
    input  wire [23:0]              pos_start_i,
    input  wire [15:0]              pos_pitch_i,
    input  wire [15:0]              channel_start_i,
    input  wire [23:0]              step_start_i,
    input  wire [COL_COUNT_BITS-1:0] cols_i,         // columns in use
    // Activation buffer
    output wire                     request_o,
    input  wire                     grant_i,
    output wire [ADDR_BITS-1:0]     addr_o,
    output wire                     need_lo_o,
    output wire                     need_hi_o,
    output wire                     range_error_o,   // weight or accumulator address too large
    output wire [INDEX_BITS-1:0]    request_index_o,
    // Weight buffer asks for a gap
    input  wire                     weight_starved_i,
    // Step: in the cycle in which the activation words arrive
    output wire                     step_valid_o,
    output wire [$clog2(WORD_BYTES)-1:0] step_offset_o,
    output wire [LANE_BITS-1:0]     step_first_lane_o,
    output wire [LANE_BITS-1:0]     step_end_lane_o,
    output wire [7:0]               step_zero_point_o,
    output wire                     weight_read_o,
    output wire [WEIGHT_BITS-1:0]   weight_addr_o,
    output wire                     step_first_o,    // first chunk of the command's reduction
    output wire                     step_init_o,     // ... continues from the accumulator buffer
    output wire                     step_last_o,     // last chunk of the command's reduction
    output wire [ACC_ADDR_BITS-1:0] step_acc_addr_o,
    output wire                     step_end_o,      // last step of the command
    output wire [3:0]               step_signal_o,
    output wire [COL_COUNT_BITS-1:0] step_cols_o,    // columns in use
    output wire [TAG_BITS-1:0]      step_tag_o,      // {layer, channel, position, step}
    // From the end of the pipeline
    input  wire                     retire_i,        // a step has been accumulated
    output wire                     running_o,
    output wire                     idle_o,
    output wire                     stepping_o       // a step is granted in this cycle
);
    localparam COL_BITS   = ADDR_BITS + 2;
    localparam VALUE_BITS = 24 + 16 + COL_BITS + ADDR_BITS;
    localparam OFFSET_BITS = $clog2(WORD_BYTES);

    // ---- loop nest ----
    reg active_q;
    wire advance;

    wire [VALUE_BITS-1:0] start_value = {pos_start_i, row_start_i, col_start_i, act_start_i};
    wire [VALUE_BITS-1:0] zero_value  = {VALUE_BITS{1'b0}};
    wire [VALUE_BITS-1:0] delta_s     = {24'd0, 16'd0, ROWS[COL_BITS-1:0], ROWS[ADDR_BITS-1:0]};
    wire [VALUE_BITS-1:0] delta_kx    = {24'd0, 16'd0, 2'b00, kx_step_i, kx_step_i};
    wire [VALUE_BITS-1:0] delta_ky    = {24'd0, 8'd0, ky_rows_i, {COL_BITS{1'b0}}, ky_step_i};
    wire [VALUE_BITS-1:0] delta_x     = {24'd1, 16'd0, 2'b00, x_step_i, x_step_i};
    wire [VALUE_BITS-1:0] delta_y     = {8'd0, pos_pitch_i, 8'd0, y_rows_i, {COL_BITS{1'b0}}, y_step_i};

    // Levels innermost first; level 5 is always n.
    wire [6*VALUE_BITS-1:0] delta;
    wire [6*16-1:0]         count;
    generate
        if (WEIGHT_STATIONARY != 0) begin : g_positions_inside
            assign delta = {zero_value, delta_ky, delta_kx, delta_s, delta_y, delta_x};
            assign count = {count_n_i, 8'd0, count_ky_i, 8'd0, count_kx_i, count_s_i,
                            count_y_i, count_x_i};
        end else begin : g_reduction_inside
            assign delta = {zero_value, delta_y, delta_x, delta_ky, delta_kx, delta_s};
            assign count = {count_n_i, count_y_i, count_x_i, 8'd0, count_ky_i, 8'd0, count_kx_i,
                            count_s_i};
        end
    endgenerate

    wire [6:0]              carry;
    wire [7*VALUE_BITS-1:0] next;
    wire [6*VALUE_BITS-1:0] value;
    wire [5:0]              last;
    assign carry[0] = 1'b1;
    assign next[6*VALUE_BITS +: VALUE_BITS] = zero_value;
    genvar l;
    generate
        for (l = 0; l < 6; l = l + 1) begin : g_level
            aw_nest #(
                .COUNT_BITS(16),
                .ADDR_BITS (ADDR_BITS),
                .COL_BITS  (COL_BITS),
                .ROW_BITS  (16),
                .POS_BITS  (24)
            ) u_nest (
                .clk          (clk),
                .start_i      (start_o),
                .step_i       (advance),
                .count_i      (count[l*16 +: 16]),
                .start_value_i(start_value),
                .delta_i      (delta[l*VALUE_BITS +: VALUE_BITS]),
                .carry_i      (carry[l]),
                .carry_o      (carry[l+1]),
                .outer_next_i (next[(l+1)*VALUE_BITS +: VALUE_BITS]),
                .next_o       (next[l*VALUE_BITS +: VALUE_BITS]),
                .value_o      (value[l*VALUE_BITS +: VALUE_BITS]),
                .last_o       (last[l])
            );
        end
    endgenerate

    wire inner_end = carry[(WEIGHT_STATIONARY != 0) ? 2 : 3];
    wire outer_end = (WEIGHT_STATIONARY != 0) ? last[2] && last[3] && last[4] : last[3] && last[4];
    wire k_end     = (WEIGHT_STATIONARY != 0) ? outer_end : inner_end;
    wire s_last    = (WEIGHT_STATIONARY != 0) ? last[2] : last[0];
    wire n_end     = inner_end && outer_end;
    wire nest_end  = carry[6];

    // ---- counters that follow the nest: weight tile, accumulator word, step, channel ----
    reg [WEIGHT_BITS-1:0]   weight_q, weight_n_q;
    reg [ACC_ADDR_BITS-1:0] acc_q, acc_n_q;
    reg [23:0]              k_q;
    reg [15:0]              channel_q;
    reg                     inner_first_q;        // first iteration of the inner loops
    wire [WEIGHT_BITS-1:0]   weight_inc = weight_q + {{(WEIGHT_BITS-1){1'b0}}, 1'b1};
    wire [ACC_ADDR_BITS-1:0] acc_inc    = acc_q + {{(ACC_ADDR_BITS-1){1'b0}}, 1'b1};
    wire k_first = (k_q == 24'd0);

    always @(posedge clk) begin
        if (start_o) begin
            weight_q      <= weight_addr_i;
            weight_n_q    <= weight_addr_i;
            acc_q         <= acc_addr_i;
            acc_n_q       <= acc_addr_i;
            k_q           <= 24'd0;
            channel_q     <= channel_start_i;
            inner_first_q <= 1'b1;
        end else if (advance) begin
            inner_first_q <= inner_end;
            if (n_end) begin
                channel_q  <= channel_q + COLS[15:0];
                weight_n_q <= weight_inc;
                acc_n_q    <= acc_inc;
            end
            if (WEIGHT_STATIONARY != 0) begin
                if (inner_end) begin
                    weight_q <= weight_inc;
                    k_q      <= outer_end ? 24'd0 : k_q + 24'd1;
                end
                acc_q <= (inner_end && !outer_end) ? acc_n_q : acc_inc;
            end else begin
                weight_q <= (inner_end && !outer_end) ? weight_n_q : weight_inc;
                k_q      <= inner_end ? 24'd0 : k_q + 24'd1;
                if (inner_end) acc_q <= acc_inc;
            end
        end
    end

    // ---- command start and end ----
    reg [FLIGHT_BITS-1:0] flight_q;               // steps between nest and accumulators
    wire pipeline_empty = flight_q == {FLIGHT_BITS{1'b0}};
    assign start_o = command_valid && tokens_ok_i && !active_q && !halt_i
                     && (!accumulate_i || pipeline_empty || follows);
    assign command_ready = advance && nest_end;

    always @(posedge clk) begin
        if (!rst_n) begin
            active_q <= 1'b0;
            flight_q <= {FLIGHT_BITS{1'b0}};
        end else begin
            if (start_o) active_q <= 1'b1;
            else if (command_ready) active_q <= 1'b0;
            if (advance && !retire_i) flight_q <= flight_q + {{(FLIGHT_BITS-1){1'b0}}, 1'b1};
            if (!advance && retire_i) flight_q <= flight_q - {{(FLIGHT_BITS-1){1'b0}}, 1'b1};
        end
    end

    // Sums are read from the accumulator buffer at the first step of a position. Where positions
    // take more steps than the pipeline holds, only the last word of the previous command is still
    // on its way; one idle cycle keeps its write away from the first read.
    wire follows;
    generate
        if (WEIGHT_STATIONARY != 0) begin : g_no_follow
            assign follows = 1'b0;
        end else begin : g_follow
            localparam LONG_BITS = 4;             // the pipeline holds at most 10 steps
            reg                     long_q, ended_q;
            reg [ACC_ADDR_BITS-1:0] acc_last_q;
            always @(posedge clk) begin
                ended_q <= command_ready;
                if (command_ready) begin
                    long_q     <= |k_q[23:LONG_BITS];
                    acc_last_q <= acc_q;
                end
            end
            assign follows = long_q && |count_s_i[15:LONG_BITS] && acc_addr_i != acc_last_q && !ended_q;
        end
    endgenerate
    assign running_o = active_q;
    assign idle_o = !active_q && !command_valid && pipeline_empty;

    // ---- window bounds: which lanes lie inside the input ----
    wire [ADDR_BITS-1:0]       addr = value[0 +: ADDR_BITS];
    wire signed [COL_BITS-1:0] col  = value[ADDR_BITS +: COL_BITS];
    wire [15:0]                row  = value[ADDR_BITS+COL_BITS +: 16];
    wire [23:0]                pos  = value[ADDR_BITS+COL_BITS+16 +: 24];
    wire signed [COL_BITS-1:0] row_bytes = {2'b00, row_bytes_i};
    wire signed [COL_BITS-1:0] before    = -col;
    wire signed [COL_BITS-1:0] after     = row_bytes - col;
    wire signed [COL_BITS-1:0] lanes     = ROWS[COL_BITS-1:0];
    wire [LANE_BITS-1:0]       all_lanes = ROWS[LANE_BITS-1:0];
    wire [LANE_BITS-1:0]       run_lanes = s_last ? tail_i : all_lanes;
    wire                       row_inside = row < rows_i;
    wire [LANE_BITS-1:0] first_lane = (before <= $signed({COL_BITS{1'b0}})) ? {LANE_BITS{1'b0}} :
                                      (before >= lanes) ? all_lanes : before[LANE_BITS-1:0];
    wire [LANE_BITS-1:0] left_lanes = (after <= $signed({COL_BITS{1'b0}})) ? {LANE_BITS{1'b0}} :
                                      (after >= lanes) ? all_lanes : after[LANE_BITS-1:0];
    wire [LANE_BITS-1:0] end_lane   = (left_lanes < run_lanes) ? left_lanes : run_lanes;
    wire                 any_lane   = row_inside && first_lane < end_lane;
    localparam SPAN_BITS = ((OFFSET_BITS > LANE_BITS) ? OFFSET_BITS : LANE_BITS) + 1;
    wire [SPAN_BITS-1:0] offset_wide = {{(SPAN_BITS-OFFSET_BITS){1'b0}}, addr[OFFSET_BITS-1:0]};
    wire [SPAN_BITS-1:0] from_byte   = offset_wide + {{(SPAN_BITS-LANE_BITS){1'b0}}, first_lane};
    wire [SPAN_BITS-1:0] to_byte     = offset_wide + {{(SPAN_BITS-LANE_BITS){1'b0}}, end_lane};

    // ---- request register ----
    reg                     request_valid_q, need_lo_q, need_hi_q;
    reg [ADDR_BITS-1:0]     addr_q;
    reg [LANE_BITS-1:0]     first_lane_q, end_lane_q;
    reg [7:0]               zero_point_q;
    reg                     weight_read_q, first_q, init_q, last_q, end_q;
    reg [WEIGHT_BITS-1:0]   weight_addr_q;
    reg [ACC_ADDR_BITS-1:0] acc_addr_q;
    reg [3:0]               signal_q;
    reg [COL_COUNT_BITS-1:0] cols_q;
    reg [TAG_BITS-1:0]      tag_q;
    reg [INDEX_BITS-1:0]    index_q;

    // ---- pauses between steps ----
    reg  pause_q, pausing_q;                      // this step wants an idle cycle after it
    wire pause;
    wire tile_wait;                               // too early for the next weight tile
    generate
        if (WEIGHT_STATIONARY != 0) begin : g_tile_gap
            // After an odd number of positions the last and the next accumulator word share a RAM.
            localparam GAP_BITS = $clog2(TILE_GAP + 1);
            reg [GAP_BITS-1:0] gap_q;
            always @(posedge clk) begin
                if (!rst_n) gap_q <= {GAP_BITS{1'b0}};
                else if (go && weight_read_q) gap_q <= TILE_GAP[GAP_BITS-1:0] - {{(GAP_BITS-1){1'b0}}, 1'b1};
                else if (gap_q != {GAP_BITS{1'b0}}) gap_q <= gap_q - {{(GAP_BITS-1){1'b0}}, 1'b1};
            end
            assign tile_wait = weight_read_q && gap_q != {GAP_BITS{1'b0}};
            assign pause     = inner_end && acc_q[0] == acc_n_q[0];
        end else begin : g_no_gap
            // Positions of one chunk that continue from the buffer come every second cycle.
            assign tile_wait = 1'b0;
            assign pause     = inner_end && k_first && accumulate_i;
        end
    endgenerate

    wire   free    = !halt_i && !weight_starved_i && !pausing_q && !tile_wait;
    wire   go      = request_valid_q && free && (grant_i || !(need_lo_q || need_hi_q));
    assign advance = active_q && !halt_i && (!request_valid_q || go);
    always @(posedge clk) pausing_q <= rst_n && go && pause_q;

    always @(posedge clk) begin
        if (!rst_n) request_valid_q <= 1'b0;
        else if (advance) request_valid_q <= 1'b1;
        else if (go) request_valid_q <= 1'b0;
        if (advance) begin
            addr_q        <= addr;
            need_lo_q     <= any_lane && from_byte < WORD_BYTES[SPAN_BITS-1:0];
            need_hi_q     <= any_lane && to_byte > WORD_BYTES[SPAN_BITS-1:0];
            first_lane_q  <= any_lane ? first_lane : {LANE_BITS{1'b0}};
            end_lane_q    <= any_lane ? end_lane : {LANE_BITS{1'b0}};
            zero_point_q  <= zero_point_i;
            weight_read_q <= (WEIGHT_STATIONARY != 0) ? inner_first_q : 1'b1;
            weight_addr_q <= weight_q;
            first_q       <= k_first;
            init_q        <= accumulate_i;
            last_q        <= k_end;
            acc_addr_q    <= acc_q;
            end_q         <= nest_end;
            signal_q      <= signal_i;
            cols_q        <= cols_i;
            pause_q       <= pause;
            tag_q         <= {layer_i, channel_q, pos, step_start_i + k_q};
            index_q       <= index_i;
        end
    end

    assign request_o       = request_valid_q && (need_lo_q || need_hi_q) && free;
    assign addr_o          = addr_q;
    assign need_lo_o       = need_lo_q;
    assign need_hi_o       = need_hi_q;
    assign request_index_o = index_q;
    wire [31:0] tiles     = TILES;
    wire [31:0] acc_words = ACC_WORDS;
    assign range_error_o   = go && (weight_addr_q >= tiles[WEIGHT_BITS-1:0]
                                    || acc_addr_q >= acc_words[ACC_ADDR_BITS-1:0]);
    assign stepping_o      = go;

    // ---- step register: the words of the request arrive now ----
    reg                     step_valid_q;
    reg [OFFSET_BITS-1:0]   step_offset_q;
    reg [LANE_BITS-1:0]     step_first_lane_q, step_end_lane_q;
    reg [7:0]               step_zero_point_q;
    reg                     step_weight_read_q, step_first_q, step_init_q, step_last_q, step_end_q;
    reg [WEIGHT_BITS-1:0]   step_weight_addr_q;
    reg [ACC_ADDR_BITS-1:0] step_acc_addr_q;
    reg [3:0]               step_signal_q;
    reg [COL_COUNT_BITS-1:0] step_cols_q;
    reg [TAG_BITS-1:0]      step_tag_q;

    always @(posedge clk) begin
        step_valid_q       <= rst_n && go;
        step_offset_q      <= addr_q[OFFSET_BITS-1:0];
        step_first_lane_q  <= first_lane_q;
        step_end_lane_q    <= end_lane_q;
        step_zero_point_q  <= zero_point_q;
        step_weight_read_q <= weight_read_q;
        step_weight_addr_q <= weight_addr_q;
        step_first_q       <= first_q;
        step_init_q        <= init_q;
        step_last_q        <= last_q;
        step_acc_addr_q    <= acc_addr_q;
        step_end_q         <= end_q;
        step_signal_q      <= signal_q;
        step_cols_q        <= cols_q;
        step_tag_q         <= tag_q;
    end

    assign step_valid_o      = step_valid_q;
    assign step_offset_o     = step_offset_q;
    assign step_first_lane_o = step_first_lane_q;
    assign step_end_lane_o   = step_end_lane_q;
    assign step_zero_point_o = step_zero_point_q;
    assign weight_read_o     = step_valid_q && step_weight_read_q;
    assign weight_addr_o     = step_weight_addr_q;
    assign step_first_o      = step_first_q;
    assign step_init_o       = step_init_q;
    assign step_last_o       = step_last_q;
    assign step_acc_addr_o   = step_acc_addr_q;
    assign step_end_o        = step_end_q;
    assign step_signal_o     = step_signal_q;
    assign step_cols_o       = step_cols_q;
    assign step_tag_o        = step_tag_q;

    wire unused_ok = &{1'b0, value, next, last, carry, inner_first_q, first_lane, tiles, acc_words};
endmodule

`default_nettype wire
