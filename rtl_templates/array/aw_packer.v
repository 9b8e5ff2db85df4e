// Tap packing: gathers the runs of an output position into full vectors, so that a layer with few
// input channels does not leave lanes idle, and takes the steps of the array on them.
//
//   pieces of runs -> rotate -> [ vector being filled ] -> position buffer -> array, tile by tile
//
// A piece is one read of the sequencer: lanes_i bytes from lane 0 on, of designs with structured
// weights up to 2 * ROWS where it fills no second vector before its position ends. Tap t of a
// position lies in lane t % ROWS of vector t / ROWS; behind the last tap lies anything, its weights
// are zero. Vector v of tile n meets weight tile weight_addr + n * vectors + v; its sums go to word
// acc + n * pitch. While positions are issued, later ones are gathered: a position takes
// max(pieces, tiles * vectors) cycles, with up to 4 of at most VECTORS / 2 vectors in flight, or 2
// larger ones. Each lies in single-port RAMs of its own, so that gathering and steps never meet.
//
// Steps of the sequencer pass through, one cycle after its step register; see there for step_i.
//
//   ROWS              1 to 64 lanes
//   WIDE              lanes of a vector of structured weights, in the order of aw_align; else ROWS
//   VECTORS           of a position at most, power of two
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_packer #(
    parameter ROWS           = 16,
    parameter WIDE           = 16,
    parameter GROUP_N        = 1,
    parameter GROUP_M        = 1,
    parameter LANE_BITS      = 5,
    parameter COL_COUNT_BITS = 5,
    parameter WEIGHT_BITS    = 10,
    parameter ACC_ADDR_BITS  = 9,
    parameter TILES          = 512,
    parameter ACC_WORDS      = 256,
    parameter VECTORS        = 32,
    parameter INDEX_BITS     = 24,
    parameter NEST_BITS      = 43,
    parameter STEP_BITS      = 115,
    parameter BITS           = 8      // of a lane
) (
    input  wire                      clk,
    input  wire                      rst_n,
    input  wire                      halt_i,
    input  wire                      weight_starved_i,
    // Command at the queue head and the sequencer's nest
    input  wire                      start_i,
    input  wire                      gather_i,         // it is one of packed taps
    input  wire [INDEX_BITS+COL_COUNT_BITS+WEIGHT_BITS+ACC_ADDR_BITS+84:0] command_i, // see below
    input  wire [NEST_BITS-1:0]      nest_i,
    output wire [3:0]                pack_o,
    output wire [LANE_BITS+1:0]      side_o,           // travels with the read:
    output wire                      range_error_o,    // weight or accumulator address too large
    output wire [INDEX_BITS-1:0]     index_o,
    // A read, a step (one cycle later), its vector (two)
    input  wire                      read_i,
    input  wire [LANE_BITS+1:0]      side_i,           // {lanes, position end, is a piece}
    input  wire [STEP_BITS-1:0]      step_i,
    output wire [STEP_BITS-1:0]      step_o,
    input  wire [WIDE*BITS-1:0]      vector_i,
    output wire [ROWS*BITS-1:0]      vector_o
);
    localparam V_BITS       = $clog2(VECTORS);
    localparam TURN_BITS    = (ROWS > 1) ? $clog2(ROWS) : 1;
    localparam COMMAND_BITS = INDEX_BITS + COL_COUNT_BITS + WEIGHT_BITS + ACC_ADDR_BITS + 85;

    // ---- commands and positions between the sequencer and the steps ----
    reg        big_q;                 // positions of more than VECTORS / 2 vectors
    reg  [2:0] count_q;               // positions from the sequencer's nest to their last step
    wire       big = command_i[7:0] > VECTORS[8:1];
    wire       command_ready, command_valid, command_done, position_ready, position_valid, position_done;
    wire [COMMAND_BITS-1:0] command;
    aw_fifo #(.WIDTH(COMMAND_BITS), .DEPTH(2)) u_commands (
        .clk      (clk),
        .rst_n    (rst_n),
        .in_valid (start_i && gather_i),
        .in_ready (command_ready),
        .in_data  (command_i),
        .out_valid(command_valid),
        .out_ready(command_done),
        .out_data (command)
    );
    wire [3:0]                signal;
    wire [15:0]               layer, channel_start, count_n;
    wire [23:0]               step_start;
    wire [COL_COUNT_BITS-1:0] cols;
    wire                      init;
    wire [7:0]                vectors;
    wire [WEIGHT_BITS-1:0]    weight_start;
    wire [ACC_ADDR_BITS-1:0]  pitch;
    assign {index_o, signal, layer, channel_start, step_start, cols, init, count_n, weight_start,
            pitch, vectors} = command;
    wire [7:0]                last_vector = vectors - 8'd1;

    wire                     advance, command_end, tile_end, row_end, position_end;
    wire [LANE_BITS-1:0]     nest_lanes;
    wire [ACC_ADDR_BITS-1:0] nest_acc, acc_start;
    wire [23:0]              nest_position, position;
    assign {advance, command_end, tile_end, row_end, position_end, nest_lanes, nest_acc,
            nest_position} = nest_i;
    wire                     push = gather_i && advance && position_end;
    wire                     is_last_position;
    aw_fifo #(.WIDTH(ACC_ADDR_BITS + 24 + 1), .DEPTH(4)) u_positions (
        .clk      (clk),
        .rst_n    (rst_n),
        .in_valid (push),
        .in_ready (position_ready),
        .in_data  ({nest_acc, nest_position, command_end}),
        .out_valid(position_valid),
        .out_ready(position_done),
        .out_data ({acc_start, position, is_last_position})
    );

    wire   issue;
    wire   packing = count_q != 3'd0;
    assign side_o  = {nest_lanes, position_end, gather_i};
    assign pack_o  = {issue, packing, count_q == (big_q ? 3'd2 : 3'd4),
                      command_ready && (big == big_q || !packing)};
    always @(posedge clk) begin
        if (!rst_n) count_q <= 3'd0;
        else        count_q <= count_q + {2'd0, push} - {2'd0, position_done};
        if (start_i && gather_i) big_q <= big;
    end

    // ---- fill: a vector that is full, or the last of its position, goes to the buffer ----
    reg                 piece_q, piece_qq, end_q, end_qq;
    reg [LANE_BITS-1:0] lanes_q, lanes_qq, fill_q;
    reg [V_BITS-1:0]    fill_v_q, rest_v_q;
    reg [1:0]           fill_slot_q, rest_slot_q;
    reg                 rest_q, filled_q;
    reg [ROWS*BITS-1:0] part_q;
    wire [31:0]         rows     = ROWS;
    wire [LANE_BITS:0]  total    = {1'b0, fill_q} + {1'b0, lanes_qq};
    wire                is_full  = total >= rows[LANE_BITS:0];
    wire [LANE_BITS:0]  beyond   = total - rows[LANE_BITS:0];
    wire [V_BITS-1:0]   next_v   = fill_v_q + {{(V_BITS-1){1'b0}}, 1'b1};
    wire                fill     = piece_qq && (is_full || end_qq);
    wire                piece    = read_i && side_i[0];

    // The first ROWS lanes of a piece, and those after them, turned by what is filled already.
    wire [2*ROWS*BITS-1:0] lanes;
    wire [LANE_BITS-1:0]   turn = (fill_q == {LANE_BITS{1'b0}}) ? fill_q : rows[LANE_BITS-1:0] - fill_q;
    wire [ROWS*BITS-1:0]   rotated, rotated_after;
    aw_rotate #(.UNIT(BITS), .IN(ROWS), .OUT(ROWS), .BITS(TURN_BITS)) u_rotate (
        .select_i(turn[TURN_BITS-1:0]), .data_i(lanes[0 +: ROWS*BITS]), .data_o(rotated)
    );
    generate
        if (WIDE > ROWS) begin : g_after
            aw_rotate #(.UNIT(BITS), .IN(ROWS), .OUT(ROWS), .BITS(TURN_BITS)) u_rotate (
                .select_i(turn[TURN_BITS-1:0]), .data_i(lanes[ROWS*BITS +: ROWS*BITS]),
                .data_o(rotated_after)
            );
        end else begin : g_no_after
            assign rotated_after = rotated;
        end
    endgenerate
    wire [ROWS*BITS-1:0]   filled, next_part;
    genvar i;
    generate
        for (i = 0; i < 2 * ROWS; i = i + 1) begin : g_lane
            localparam GROUP = i / GROUP_M, PLACE = i % GROUP_M;
            localparam FROM  = (WIDE == ROWS) ? i % ROWS : (PLACE < GROUP_N) ? GROUP * GROUP_N + PLACE
                             : ROWS + GROUP * (GROUP_M - GROUP_N) + PLACE - GROUP_N;
            assign lanes[i*BITS +: BITS] = vector_i[FROM*BITS +: BITS];
        end
        for (i = 0; i < ROWS; i = i + 1) begin : g_fill
            wire [31:0] lane   = i;
            wire        is_old = lane[LANE_BITS-1:0] < fill_q;
            assign filled[i*BITS +: BITS] = is_old ? part_q[i*BITS +: BITS] : rotated[i*BITS +: BITS];
            assign next_part[i*BITS +: BITS] = is_old ? rotated[i*BITS +: BITS]
                                                      : rotated_after[i*BITS +: BITS];
            wire unused_ok = &{1'b0, lane};
        end
    endgenerate

    always @(posedge clk) begin
        piece_q  <= rst_n && piece;
        piece_qq <= rst_n && piece_q;
        {lanes_q, end_q}   <= side_i[LANE_BITS+1:1];
        {lanes_qq, end_qq} <= {lanes_q, end_q};
        // What the last piece of a position has beyond a full vector is written one cycle later.
        rest_q      <= rst_n && piece_qq && end_qq && is_full && beyond != {(LANE_BITS+1){1'b0}};
        filled_q    <= rst_n && piece_qq && end_qq;
        rest_v_q    <= next_v;
        rest_slot_q <= fill_slot_q;
        if (piece_qq) part_q <= is_full ? next_part : filled;
        if (!rst_n) begin
            fill_q      <= {LANE_BITS{1'b0}};
            fill_v_q    <= {V_BITS{1'b0}};
            fill_slot_q <= 2'd0;
        end else if (piece_qq) begin
            fill_q      <= end_qq ? {LANE_BITS{1'b0}} : is_full ? beyond[LANE_BITS-1:0] : total[LANE_BITS-1:0];
            fill_v_q    <= end_qq ? {V_BITS{1'b0}} : is_full ? next_v : fill_v_q;
            fill_slot_q <= fill_slot_q + {1'b0, end_qq};
        end
    end

    // ---- steps: the tiles of the oldest position that is filled ----
    reg [2:0]               ready_q;             // positions filled, not yet done
    reg [1:0]               slot_q, pause_q;
    reg [V_BITS-1:0]        v_q;
    reg [15:0]              n_q, channel_q;      // tile, its first channel less that of tile 0
    reg [WEIGHT_BITS-1:0]   weight_q;            // tile and word likewise
    reg [ACC_ADDR_BITS-1:0] acc_q;
    wire                    is_last  = v_q == last_vector[V_BITS-1:0];
    wire [15:0]             next_n   = n_q + 16'd1;
    wire [WEIGHT_BITS-1:0]   weight  = weight_start + weight_q;
    wire [ACC_ADDR_BITS-1:0] acc     = acc_start + acc_q;
    // Words of the accumulator buffer follow one another in any order: when the sums continue
    // from there, a read must not meet the write of the word before.
    assign issue = ready_q != 3'd0 && !halt_i && !weight_starved_i && pause_q == 2'd0;
    assign position_done = issue && is_last && next_n == count_n;
    assign command_done  = position_done && is_last_position;
    always @(posedge clk) begin
        if (!rst_n) begin
            ready_q <= 3'd0;
            slot_q  <= 2'd0;
            pause_q <= 2'd0;
        end else begin
            ready_q <= ready_q + {2'd0, filled_q} - {2'd0, position_done};
            slot_q  <= slot_q + {1'b0, position_done};
            pause_q <= {pause_q[0], issue && is_last && init};
        end
        if (!rst_n || position_done) begin
            {v_q, n_q, channel_q, weight_q, acc_q} <= {(V_BITS+32+WEIGHT_BITS+ACC_ADDR_BITS){1'b0}};
        end else if (issue) begin
            v_q      <= is_last ? {V_BITS{1'b0}} : v_q + {{(V_BITS-1){1'b0}}, 1'b1};
            weight_q <= weight_q + {{(WEIGHT_BITS-1){1'b0}}, 1'b1};
            if (is_last) begin
                n_q       <= next_n;
                channel_q <= channel_q + {{(16-COL_COUNT_BITS){1'b0}}, cols};
                acc_q     <= acc_q + pitch;
            end
        end
    end
    wire [31:0] tiles = TILES;
    wire [31:0] words = ACC_WORDS;
    assign range_error_o = issue && (weight >= tiles[WEIGHT_BITS-1:0] || acc >= words[ACC_ADDR_BITS-1:0]);
    wire [23:0] step = step_start + {{(24-V_BITS){1'b0}}, v_q};
    assign step_o = !issue ? step_i :
                    {2'b11, weight, v_q == {V_BITS{1'b0}}, init, acc, is_last, command_done, signal,
                     cols, layer, channel_start + channel_q, position, step};

    // ---- position buffer: four RAMs of VECTORS / 2, two for a large position ----
    wire [1:0] fill_bank = {big_q ? fill_v_q[V_BITS-1] : fill_slot_q[1], fill_slot_q[0]};
    wire [1:0] rest_bank = {big_q ? rest_v_q[V_BITS-1] : rest_slot_q[1], rest_slot_q[0]};
    wire [1:0] step_bank = {big_q ? v_q[V_BITS-1] : slot_q[1], slot_q[0]};
    wire [5*ROWS*BITS-1:0] sources;
    reg  [2:0]          source_q;
    assign sources[4*ROWS*BITS +: ROWS*BITS] = vector_i[0 +: ROWS*BITS];
    always @(posedge clk) source_q <= issue ? {1'b0, step_bank} : 3'd4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : g_bank
            wire by_rest = rest_q && rest_bank == i[1:0];
            wire by_fill = fill && fill_bank == i[1:0];
            aw_ram #(
                .LANES    (1),
                .LANE_BITS(ROWS * BITS),
                .DEPTH    (VECTORS / 2),
                .ADDR_BITS(V_BITS - 1)
            ) u_ram (
                .clk    (clk),
                .en_i   (by_rest || by_fill || (issue && step_bank == i[1:0])),
                .we_i   (by_rest || by_fill),
                .addr_i (by_rest ? rest_v_q[V_BITS-2:0] : by_fill ? fill_v_q[V_BITS-2:0] : v_q[V_BITS-2:0]),
                .wdata_i(by_rest ? part_q : filled),
                .rdata_o(sources[i*ROWS*BITS +: ROWS*BITS])
            );
        end
    endgenerate
    aw_mux #(.WIDTH(ROWS * BITS), .INPUTS(5), .STRIDE(ROWS * BITS)) u_source (
        .select_i(source_q), .data_i(sources), .data_o(vector_o)
    );

    wire unused_ok = &{1'b0, rows, tiles, words, turn, lanes, vector_i, beyond, last_vector, tile_end, row_end,
                       command_valid, position_ready, position_valid};
endmodule

`default_nettype wire
