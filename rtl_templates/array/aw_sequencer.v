// Sequencer: executes COMPUTE commands, one step of the array per cycle.
//
// A command is a loop nest over output columns tiles (n), output rows (y) and columns (x), kernel
// rows (ky) and columns (kx) and the chunks (s) of a run of consecutive input bytes. broadcast
// walks  n y x | ky kx s  (reduction innermost: sums stay in the accumulator registers);
// weight_stationary walks  n | ky kx s | y x  (a weight tile stays while positions pass).
// Window bytes outside 0 <= row < rows, 0 <= column < row_bytes are the zero point: padding costs
// no memory and no bus traffic.
//
// mode_i 1 streams pixels through a depthwise window: one read a pixel, walked n y x, and a step of
// the array where emit_i says that a window is complete. mode_i 2 gathers the runs of a position
// for aw_packer, which walks the tiles and takes the steps. Designs without these options tie
// mode_i and pack_i to 0 and emit_i to 1.
//
// structured_i takes WIDE instead of ROWS bytes a read. listed_i walks a list of weight tiles for
// every n instead of all chunks: entry_i of the current tile names its chunk within the run and says
// where run and list end. Designs without these options tie both to 0.
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
    parameter WIDE              = 16,    // bytes of a step of structured weights
    parameter COLS              = 16,
    parameter WEIGHT_STATIONARY = 0,
    parameter STREAMS           = 0,     // 1: mode_i 1 exists
    parameter TILE_GAP          = 16,
    parameter WORD_BYTES        = 16,
    parameter LANE_BITS         = 5,     // counts 0 to WIDE
    parameter COL_COUNT_BITS    = 5,     // counts 1 to COLS
    parameter ADDR_BITS         = 18,    // activation byte address
    parameter WEIGHT_BITS       = 10,    // weight tile address
    parameter ACC_ADDR_BITS     = 9,
    parameter TILES             = 512,   // size of the weight buffer
    parameter ACC_WORDS         = 256,   // size of the accumulator buffer
    parameter FLIGHT_BITS       = 8,     // steps in the pipeline
    parameter SIDE_BITS         = 1,     // what travels with a read to window and packer
    parameter NEST_BITS         = 43,    // ACC_ADDR_BITS + LANE_BITS + 29
    parameter STEP_BITS         = 115,   // see step_o
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
    input  wire [15:0]              row_start_i, rows_i,
    input  wire [ADDR_BITS+1:0]     col_start_i,
    input  wire                     accumulate_i,
    input  wire [ADDR_BITS-1:0]     row_bytes_i,
    input  wire [LANE_BITS-1:0]     tail_i,          // lanes of the last chunk of a run, 0: all
    input  wire [15:0]              count_s_i, count_n_i, count_x_i, count_y_i,
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
    input  wire [15:0]              pos_pitch_i, channel_start_i,
    input  wire [23:0]              step_start_i,
    input  wire [COL_COUNT_BITS-1:0] cols_i,         // columns in use
    // Zeros that are not stored
    input  wire                     structured_i, listed_i,
    input  wire [15:0]              entry_i,         // {list ends, run ends, chunk}
    output wire                     entry_read_o,    // the entry of this tile comes next
    output wire [WEIGHT_BITS-1:0]   entry_addr_o,
    // Window and packer
    input  wire [1:0]               mode_i,
    input  wire [1:0]               emit_i,          // {this row, this read} makes a step
    input  wire [3:0]               pack_i,          // packer: {takes a step, has steps to take,
                                                     //  takes no position, takes a command}
    input  wire [SIDE_BITS-1:0]     side_i,
    output wire [NEST_BITS-1:0]     nest_o,          // {advances, then of now: command, tile, row,
                                                     //  position end, lanes, acc_addr, position}
    // Activation buffer
    output wire                     request_o,
    input  wire                     grant_i,
    output wire [ADDR_BITS-1:0]     addr_o,
    output wire                     need_lo_o, need_hi_o,
    output wire                     range_error_o,   // weight or accumulator address too large
    output wire [INDEX_BITS-1:0]    request_index_o,
    // Weight buffer asks for a gap
    input  wire                     weight_starved_i,
    output wire                     held_o,          // a step keeps away from the one before
    // In the cycle in which the activation words arrive
    output wire                     step_read_o,     // a vector arrives
    output wire [SIDE_BITS-1:0]     step_side_o,
    // {valid, weight_read, weight_addr, first, init, acc_addr, last, end, signal, cols, tag}:
    // first, last: chunk of the command's reduction; init: continues from the accumulator buffer;
    // end: last step of the command; cols: columns in use; tag: {layer, channel, position, step}
    output wire [STEP_BITS-1:0]     step_o,
    output wire [$clog2(WORD_BYTES):0] step_offset_o,
    output wire [LANE_BITS-1:0]     step_first_lane_o,
    output wire [LANE_BITS-1:0]     step_end_lane_o,
    output wire [7:0]               step_zero_point_o,
    output wire                     step_structured_o,
    // From the end of the pipeline
    input  wire                     retire_i,        // a step has been accumulated
    output wire                     running_o,
    output wire                     idle_o,
    output wire                     stepping_o       // a step is granted in this cycle
);
    localparam COL_BITS   = ADDR_BITS + 2;
    localparam OFFSET_BITS = $clog2(WORD_BYTES);

    // ---- loop nest ----
    reg active_q;
    wire advance;

    wire stream = mode_i == 2'd1;
    wire gather = mode_i == 2'd2;

    wire [31:0]          chunk     = structured_i ? WIDE : ROWS;
    wire [ADDR_BITS-1:0] s_step    = listed_i ? {ADDR_BITS{1'b0}} : chunk[ADDR_BITS-1:0];
    // A window's tiles are of other input channels; all other tiles read the same input.
    wire [ADDR_BITS-1:0] n_step    = stream ? kx_step_i : {ADDR_BITS{1'b0}};
    wire [23:0]          pos_pitch = {8'd0, emit_i[1] ? pos_pitch_i : 16'd0};
    // A run of a list ends where its entry says so.
    wire [15:0]           count_s     = stream ? 16'd1 : listed_i ? 16'd0 : count_s_i;
    wire [15:0]           count_kx    = (mode_i != 2'd0) ? 16'd1 : {8'd0, count_kx_i};
    wire [15:0]           count_ky    = stream ? 16'd1 : {8'd0, count_ky_i};
    wire [15:0]           count_n     = gather ? 16'd1 : count_n_i;

    // Levels innermost first; level 5 is always n.
    wire [6*16-1:0]         count;
    wire                    list_end = listed_i && entry_i[15];
    wire                    run_end  = listed_i && (entry_i[14] || entry_i[15]);
    wire [5:0]              ends = (WEIGHT_STATIONARY != 0) ? {1'b0, {2{list_end}}, run_end, 2'b00}
                                                            : {3'b000, {2{list_end}}, run_end};
    wire [6:0]              carry;
    wire [5:0]              last;
    assign carry[0] = 1'b1;
    genvar l;
    generate
        for (l = 0; l < 6; l = l + 1) begin : g_level
            reg  [15:0] left_q;                   // iterations left after this one
            wire [15:0] restart = count[l*16 +: 16] - 16'd1;
            assign last[l]    = left_q == 16'd0 || ends[l];
            assign carry[l+1] = &last[l:0];
            always @(posedge clk) begin
                if (start_o) left_q <= restart;
                else if (advance && carry[l]) left_q <= last[l] ? restart : left_q - 16'd1;
            end
        end
    endgenerate

    // Where in the buffer and in its row the step reads, of which row and for which position.
    wire [6*ADDR_BITS-1:0] addr_delta;
    wire [6*COL_BITS-1:0]  col_delta;
    wire [6*16-1:0]        row_delta;
    wire [6*24-1:0]        pos_delta;
    wire [ADDR_BITS-1:0]   nest_addr;
    wire [COL_BITS-1:0]    nest_col;
    wire [15:0]            row;
    wire [23:0]            pos;
    localparam [5:0] N_MOVES = (STREAMS != 0) ? 6'b100000 : 6'b000000;
    localparam [5:0] ADDR_MOVES = 6'b011111 | N_MOVES;
    localparam [5:0] COL_MOVES  = ((WEIGHT_STATIONARY != 0) ? 6'b001101 : 6'b001011) | N_MOVES;
    localparam [5:0] ROW_MOVES  = (WEIGHT_STATIONARY != 0) ? 6'b010010 : 6'b010100;
    localparam [5:0] POS_MOVES  = (WEIGHT_STATIONARY != 0) ? 6'b000011 : 6'b011000;
    generate
        if (WEIGHT_STATIONARY != 0) begin : g_positions_inside
            assign count      = {count_n, count_ky, count_kx, count_s, count_y_i, count_x_i};
            assign addr_delta = {n_step, ky_step_i, kx_step_i, s_step, y_step_i, x_step_i};
            assign row_delta  = {24'd0, ky_rows_i, 40'd0, y_rows_i, 16'd0};
            assign pos_delta  = {96'd0, pos_pitch, 23'd0, emit_i[0]};
        end else begin : g_reduction_inside
            assign count      = {count_n, count_y_i, count_x_i, count_ky, count_kx, count_s};
            assign addr_delta = {n_step, y_step_i, x_step_i, ky_step_i, kx_step_i, s_step};
            assign row_delta  = {24'd0, y_rows_i, 24'd0, ky_rows_i, 32'd0};
            assign pos_delta  = {24'd0, pos_pitch, 23'd0, emit_i[0], 72'd0};
        end
        for (l = 0; l < 6; l = l + 1) begin : g_col_delta
            assign col_delta[l*COL_BITS +: COL_BITS] = {2'b00, addr_delta[l*ADDR_BITS +: ADDR_BITS]};
        end
    endgenerate
    aw_nest #(.BITS(ADDR_BITS), .MOVES(ADDR_MOVES)) u_addr (
        .clk(clk), .start_i(start_o), .step_i(advance), .start_value_i(act_start_i), .delta_i(addr_delta),
        .carry_i(carry[5:0]), .last_i(last), .value_o(nest_addr)
    );
    aw_nest #(.BITS(COL_BITS), .MOVES(COL_MOVES)) u_col (
        .clk(clk), .start_i(start_o), .step_i(advance), .start_value_i(col_start_i), .delta_i(col_delta),
        .carry_i(carry[5:0]), .last_i(last), .value_o(nest_col)
    );
    aw_nest #(.BITS(16), .MOVES(ROW_MOVES)) u_row (
        .clk(clk), .start_i(start_o), .step_i(advance), .start_value_i(row_start_i), .delta_i(row_delta),
        .carry_i(carry[5:0]), .last_i(last), .value_o(row)
    );
    aw_nest #(.BITS(24), .MOVES(POS_MOVES)) u_pos (
        .clk(clk), .start_i(start_o), .step_i(advance), .start_value_i(pos_start_i), .delta_i(pos_delta),
        .carry_i(carry[5:0]), .last_i(last), .value_o(pos)
    );

    wire inner_end = carry[(WEIGHT_STATIONARY != 0) ? 2 : 3];
    wire outer_end = (WEIGHT_STATIONARY != 0) ? last[2] && last[3] && last[4] : last[3] && last[4];
    wire k_end     = (WEIGHT_STATIONARY != 0) ? outer_end : inner_end;
    wire s_last    = listed_i ? {2'b00, entry_i[13:0]} == count_s_i - 16'd1 :
                     (WEIGHT_STATIONARY != 0) ? last[2] : last[0];
    wire n_end     = inner_end && outer_end;
    wire nest_end  = carry[6];
    wire is_step   = emit_i[0] && !gather;           // this read is a step of the array

    // ---- counters that follow the nest: weight tile, accumulator word, step, channel ----
    reg [WEIGHT_BITS-1:0]   weight_q, weight_n_q;
    reg [ACC_ADDR_BITS-1:0] acc_q, acc_n_q;
    reg [23:0]              k_q;
    reg [15:0]              channel_q;
    reg                     first_of_tile_q;      // first iteration that needs the weight tile
    wire [WEIGHT_BITS-1:0]   weight_inc = weight_q + {{(WEIGHT_BITS-1){1'b0}}, 1'b1};
    wire [ACC_ADDR_BITS-1:0] acc_inc    = acc_q + {{(ACC_ADDR_BITS-1){1'b0}}, 1'b1};
    wire k_first = (k_q == 24'd0);
    wire [WEIGHT_BITS-1:0]   weight_next = start_o ? weight_addr_i :
        (WEIGHT_STATIONARY != 0) ? (inner_end ? weight_inc : weight_q) :
        (inner_end && !outer_end) ? weight_n_q : weight_inc;
    assign entry_read_o = listed_i && (start_o || advance);
    assign entry_addr_o = weight_next;

    always @(posedge clk) begin
        if (start_o || advance) weight_q <= weight_next;
        if (start_o) begin
            weight_n_q      <= weight_addr_i;
            acc_q           <= acc_addr_i;
            acc_n_q         <= acc_addr_i;
            k_q             <= 24'd0;
            channel_q       <= channel_start_i;
            first_of_tile_q <= 1'b1;
        end else if (advance) begin
            first_of_tile_q <= stream ? n_end : inner_end;
            if (n_end) begin
                channel_q  <= channel_q + {{(16-COL_COUNT_BITS){1'b0}}, stream ? cols_i : COLS[COL_COUNT_BITS-1:0]};
                weight_n_q <= weight_inc;
                acc_n_q    <= acc_inc;
            end
            if (WEIGHT_STATIONARY != 0) begin
                if (inner_end) k_q <= outer_end ? 24'd0 : k_q + 24'd1;
                acc_q <= (inner_end && !outer_end) ? acc_n_q : acc_inc;
            end else begin
                k_q <= inner_end ? 24'd0 : k_q + 24'd1;
                if (inner_end && emit_i[0]) acc_q <= acc_inc;
            end
        end
    end

    // ---- command start and end ----
    reg [FLIGHT_BITS-1:0] flight_q;               // steps between nest and accumulators
    wire pipeline_empty = flight_q == {FLIGHT_BITS{1'b0}} && !pack_i[2];
    wire flight_up = (advance && is_step) || pack_i[3];
    assign start_o = command_valid && tokens_ok_i && !active_q && !halt_i
                     && (gather ? pack_i[0] : !pack_i[2])
                     && (!accumulate_i || pipeline_empty || follows);
    assign command_ready = advance && nest_end;

    always @(posedge clk) begin
        if (!rst_n) begin
            active_q <= 1'b0;
            flight_q <= {FLIGHT_BITS{1'b0}};
        end else begin
            if (start_o) active_q <= 1'b1;
            else if (command_ready) active_q <= 1'b0;
            if (flight_up && !retire_i) flight_q <= flight_q + {{(FLIGHT_BITS-1){1'b0}}, 1'b1};
            if (!flight_up && retire_i) flight_q <= flight_q - {{(FLIGHT_BITS-1){1'b0}}, 1'b1};
        end
    end

    // Sums are read from the accumulator buffer at the first step of a position. Where positions
    // take more steps than the pipeline holds, only the last word of the previous command is still
    // on its way.
    wire follows;
    generate
        if (WEIGHT_STATIONARY != 0) begin : g_no_follow
            assign follows = 1'b0;
        end else begin : g_follow
            localparam LONG_BITS = 4;             // the pipeline holds at most 11 steps
            reg                     long_q;
            reg [ACC_ADDR_BITS-1:0] acc_last_q;
            always @(posedge clk) begin
                if (command_ready) begin
                    long_q     <= |k_q[23:LONG_BITS] && !gather;
                    acc_last_q <= acc_q;
                end
            end
            assign follows = long_q && mode_i == 2'd0 && !listed_i && |count_s_i[15:LONG_BITS]
                             && acc_addr_i != acc_last_q;
        end
    endgenerate
    assign running_o = active_q;
    assign idle_o = !active_q && !command_valid && pipeline_empty;

    // ---- window bounds: which lanes lie inside the input ----
    wire [31:0]                skipped = listed_i ? {18'd0, entry_i[13:0]} * chunk : 32'd0;
    wire [ADDR_BITS-1:0]       addr = nest_addr + skipped[ADDR_BITS-1:0];
    wire signed [COL_BITS-1:0] col  = nest_col + skipped[COL_BITS-1:0];
    wire signed [COL_BITS-1:0] row_bytes = {2'b00, row_bytes_i};
    wire signed [COL_BITS-1:0] to_start  = -col;
    wire signed [COL_BITS-1:0] to_end    = row_bytes - col;
    wire signed [COL_BITS-1:0] lanes     = chunk[COL_BITS-1:0];
    wire [LANE_BITS-1:0]       all_lanes = chunk[LANE_BITS-1:0];
    wire [LANE_BITS-1:0]       run_lanes = (s_last && (|tail_i)) ? tail_i : all_lanes;
    wire                       row_inside = row < rows_i;
    wire [LANE_BITS-1:0] first_lane = (to_start <= $signed({COL_BITS{1'b0}})) ? {LANE_BITS{1'b0}} :
                                      (to_start >= lanes) ? all_lanes : to_start[LANE_BITS-1:0];
    wire [LANE_BITS-1:0] left_lanes = (to_end <= $signed({COL_BITS{1'b0}})) ? {LANE_BITS{1'b0}} :
                                      (to_end >= lanes) ? all_lanes : to_end[LANE_BITS-1:0];
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
    reg                     is_step_q, counts_q, structured_q, beyond_q;
    reg [STEP_BITS-2:0]     request_q;            // step_o without valid
    localparam ACC_LSB    = 6 + COL_COUNT_BITS + TAG_BITS;
    localparam WEIGHT_LSB = ACC_LSB + ACC_ADDR_BITS + 2;
    wire [ACC_ADDR_BITS-1:0] acc_addr_q    = request_q[ACC_LSB +: ACC_ADDR_BITS];
    wire [WEIGHT_BITS-1:0]   weight_addr_q = request_q[WEIGHT_LSB +: WEIGHT_BITS];
    wire                     weight_read_q = request_q[STEP_BITS-2];
    reg [INDEX_BITS-1:0]    index_q;
    reg [SIDE_BITS-1:0]     side_q;

    // ---- pauses between steps ----
    wire pausing;                                 // the last step wanted an idle cycle after it
    wire too_early;                               // for this step
    generate
        if (WEIGHT_STATIONARY != 0) begin : g_tile_gap
            // After an odd number of positions the last and the next accumulator word share a RAM.
            reg pause_q, pausing_q;
            always @(posedge clk) begin
                pausing_q <= rst_n && go && pause_q;
                if (advance) pause_q <= inner_end && acc_q[0] == acc_n_q[0];
            end
            assign pausing = pausing_q;
            localparam GAP_BITS = $clog2(TILE_GAP + 1);
            reg [GAP_BITS-1:0] gap_q;
            // No accumulator word comes again within six cycles, also when steps had to wait: the
            // later in its tile a step is, the less the next tile must keep away from it.
            reg  [2:0] away_q, away_step_q;
            wire [2:0] away = weight_read_q ? 3'd5 : away_step_q - {2'd0, away_step_q != 3'd0};
            always @(posedge clk) begin
                if (!rst_n) gap_q <= {GAP_BITS{1'b0}};
                else if (go && weight_read_q) gap_q <= TILE_GAP[GAP_BITS-1:0] - {{(GAP_BITS-1){1'b0}}, 1'b1};
                else if (gap_q != {GAP_BITS{1'b0}}) gap_q <= gap_q - {{(GAP_BITS-1){1'b0}}, 1'b1};
                if (!rst_n) away_q <= 3'd0;
                else if (go) away_q <= away;
                else away_q <= away_q - {2'd0, away_q != 3'd0};
                if (go) away_step_q <= away;
            end
            assign too_early = weight_read_q && (gap_q != {GAP_BITS{1'b0}} || away_q != 3'd0);
        end else begin : g_no_gap
            // The sums of a position are written two cycles after those that a step in the cycle
            // of its last would read: such a step must not come two cycles later in the same RAM.
            reg [1:0] ended_q, odd_q;             // last step of a position, in an odd word
            wire      last_q      = request_q[ACC_LSB-1];
            wire      continues_q = &request_q[ACC_LSB+ACC_ADDR_BITS +: 2];   // first and init
            always @(posedge clk) begin
                ended_q <= {ended_q[0], rst_n && go && is_step_q && last_q};
                odd_q   <= {odd_q[0], acc_addr_q[0]};
            end
            assign too_early = is_step_q && continues_q && ended_q[1] && odd_q[1] == acc_addr_q[0];
            assign pausing   = 1'b0;
        end
    endgenerate

    assign held_o  = request_valid_q && too_early;
    wire   free    = !halt_i && !weight_starved_i && !pausing && !too_early;
    wire   go      = request_valid_q && free && (grant_i || !(need_lo_q || need_hi_q));
    assign advance = active_q && !halt_i && (!request_valid_q || go)
                     && !(gather && k_first && pack_i[1]);

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
            request_q     <= {(WEIGHT_STATIONARY != 0 || stream) ? first_of_tile_q : !gather, weight_q,
                              k_first, accumulate_i, acc_q, k_end, nest_end, signal_i, cols_i,
                              layer_i, channel_q, pos, step_start_i + k_q};
            is_step_q     <= is_step;
            counts_q      <= !gather;
            side_q        <= side_i;
            index_q       <= index_i;
            structured_q  <= structured_i || gather;     // the packer knows the order of the lanes
            // A list that leaves the run never ends otherwise.
            beyond_q      <= listed_i && {2'b00, entry_i[13:0]} >= count_s_i;
        end
    end

    assign request_o       = request_valid_q && (need_lo_q || need_hi_q) && free;
    assign addr_o          = addr_q;
    assign need_lo_o       = need_lo_q;
    assign need_hi_o       = need_hi_q;
    assign request_index_o = index_q;
    wire [31:0] tiles     = TILES;
    wire [31:0] acc_words = ACC_WORDS;
    assign range_error_o   = go && is_step_q && (beyond_q || weight_addr_q >= tiles[WEIGHT_BITS-1:0]
                                    || acc_addr_q >= acc_words[ACC_ADDR_BITS-1:0]);
    assign stepping_o      = go && counts_q;
    assign nest_o          = {advance, nest_end, n_end, carry[(WEIGHT_STATIONARY != 0) ? 1 : 4],
                              inner_end, run_lanes, acc_q, pos};

    // ---- step register: the words of the request arrive now ----
    localparam ARRIVE_BITS = 1 + STEP_BITS + SIDE_BITS + OFFSET_BITS + 2 * LANE_BITS + 10;
    reg [ARRIVE_BITS-1:0] arrive_q;
    always @(posedge clk) begin
        arrive_q <= {rst_n && go, rst_n && go && is_step_q, rst_n && go && weight_read_q,
                     request_q[STEP_BITS-3:0], side_q, addr_q[OFFSET_BITS:0], first_lane_q,
                     end_lane_q, zero_point_q, structured_q};
    end
    assign {step_read_o, step_o, step_side_o, step_offset_o, step_first_lane_o, step_end_lane_o,
            step_zero_point_o, step_structured_o} = arrive_q;

    wire unused_ok = &{1'b0, last, carry, first_of_tile_q, first_lane, tiles, acc_words, chunk,
                       skipped, entry_i};
endmodule

`default_nettype wire
