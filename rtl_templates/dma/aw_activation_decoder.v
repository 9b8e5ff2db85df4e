// Activation decoder: the stream of a coded load to words of the activation buffer, one a cycle.
//
//   beat -> [ nibbles ] -> lanes that are set, their values -> expanded word -> activation buffer
//
// A stream is read in nibbles, low one first, and holds blocks of block_words_i bus words; each
// begins on a bus word. A block is frames of FRAME words; a frame begins with its type:
//   0  raw        BUS_BYTES bytes a word
//   1  bitmap     a bit a lane, then the bytes of the lanes whose bit is set
//   2  grouped    a bit for each group of four lanes, padded to a nibble; four bits, of its lanes,
//                 for each group whose bit is set; the bytes of the lanes whose bit is set
//   3  run-length as grouped; behind a word without groups a nibble: as many such words follow
// Lanes without a byte hold the zero point.
//
// The load wants run_bytes_i bytes, from byte skip_i of its first block on; what lies around them
// is decoded and not written. Data that ends early, an unknown type, groups beyond the word and a
// buffer address that does not agree with skip_i modulo BUS_BYTES are an error; nothing is written beyond the command's bytes. Latency: three cycles. Each block costs
// one more.
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_activation_decoder #(
    parameter BUS_BYTES   = 16,
    parameter BUFFER_BITS = 18,
    parameter FRAME       = 32
) (
    input  wire                   clk,
    input  wire                   rst_n,
    input  wire                   halt_i,
    // Beat
    input  wire                   in_valid,
    output wire                   in_ready,
    input  wire [BUS_BYTES*8-1:0] in_data,
    input  wire [1:0]             ends_i,           // {last, first} beat of the command
    // Command
    input  wire [BUFFER_BITS-1:0] buffer_i,         // of the first byte wanted
    input  wire [23:0]            run_bytes_i,
    input  wire [23:0]            skip_i,
    input  wire [15:0]            block_words_i,
    input  wire [7:0]             zero_i,
    output wire                   busy_o,           // something is still to be written
    output wire                   done_o,           // the last word of the command is written
    output wire                   error_o,
    // Activation buffer
    output wire                   request_o,
    input  wire                   grant_i,
    output wire [BUFFER_BITS-1:0] addr_o,
    output wire [BUS_BYTES-1:0]   mask_o,
    output wire [BUS_BYTES*8-1:0] data_o
);
    localparam OFFSET_BITS = $clog2(BUS_BYTES);
    localparam GROUPS      = BUS_BYTES / 4;
    localparam LEAD        = (GROUPS + 3) / 4;              // nibbles
    localparam HEAD_MOST   = LEAD + GROUPS;
    localparam MOST        = 1 + HEAD_MOST + 2 * BUS_BYTES; // of a word
    localparam BEAT        = 2 * BUS_BYTES;
    localparam CAPACITY    = 3 * BEAT;                      // two beats, while the third comes in
    localparam TWO_BEATS   = 2 * BEAT;
    localparam N_BITS      = $clog2(CAPACITY + 1);
    localparam G_BITS      = $clog2(GROUPS + 1);
    localparam L_BITS      = $clog2(BUS_BYTES + 1);
    localparam FRAME_BITS  = $clog2(FRAME + 1);

    // ---- command ----
    reg                   active_q, last_seen_q, align_q;
    reg [BUFFER_BITS-1:0] addr_q;                           // of the next word
    reg [23:0]            before_q, left_q;                 // bytes to drop, to write
    reg [15:0]            block_words_q, block_q;           // words of a block, left of this one
    reg [FRAME_BITS-1:0]  frame_q;                          // words left of the frame
    reg [1:0]             type_q;
    reg [3:0]             run_q;                            // words without groups to come
    reg [7:0]             zero_q;
    wire start    = in_valid && ends_i[0] && !active_q;
    wire finished = left_q == 24'd0;

    // ---- nibbles ----
    reg  [CAPACITY*4-1:0] data_q;
    reg  [N_BITS-1:0]     count_q;
    reg  [N_BITS-1:0]     take;
    wire                  consume;
    wire [N_BITS-1:0]     kept    = consume ? count_q - take : count_q;
    wire [CAPACITY*4-1:0] rest    = consume ? data_q >> {take, 2'b00} : data_q;
    wire                  push    = in_valid && in_ready && !finished;
    wire [CAPACITY*4-1:0] in_wide = {{(CAPACITY-BEAT)*4{1'b0}}, in_data};
    assign in_ready = active_q && !last_seen_q && (finished || count_q <= TWO_BEATS[N_BITS-1:0]);

    always @(posedge clk) begin
        if (!rst_n || start) begin
            data_q  <= {CAPACITY*4{1'b0}};
            count_q <= {N_BITS{1'b0}};
        end else begin
            data_q  <= push ? rest | (in_wide << {kept, 2'b00}) : rest;
            count_q <= push ? kept + BEAT[N_BITS-1:0] : kept;
        end
    end

    // ---- one word ----
    wire                    at_frame = frame_q == {FRAME_BITS{1'b0}};
    wire [1:0]              kind     = at_frame ? data_q[1:0] : type_q;
    wire [MOST*4-1:0]       body     = at_frame ? data_q[4 +: MOST*4] : data_q[0 +: MOST*4];
    wire [LEAD*4-1:0]       lead     = body[LEAD*4-1:0];
    wire [GROUPS-1:0]       groups   = lead[GROUPS-1:0];
    wire                    in_run   = run_q != 4'd0;
    wire                    no_group = lead == {LEAD*4{1'b0}};
    wire                    run_head = kind == 2'd3 && no_group && !in_run;
    wire [4*GROUPS-1:0]     masks    = body[LEAD*4 +: 4*GROUPS];
    reg  [G_BITS-1:0]       group_count;
    reg  [BUS_BYTES-1:0]    grouped;                        // lanes that are set
    integer g;
    integer k;
    always @* begin
        group_count = {G_BITS{1'b0}};
        grouped     = {BUS_BYTES{1'b0}};
        for (g = 0; g < GROUPS; g = g + 1) begin
            for (k = 0; k <= g; k = k + 1) begin
                if (groups[g] && group_count == k[G_BITS-1:0]) grouped[4*g +: 4] = masks[4*k +: 4];
            end
            group_count = group_count + {{(G_BITS-1){1'b0}}, groups[g]};
        end
    end
    wire [BUS_BYTES-1:0] lanes = in_run       ? {BUS_BYTES{1'b0}} :
                                 kind == 2'd0 ? {BUS_BYTES{1'b1}} :
                                 kind == 2'd1 ? body[BUS_BYTES-1:0] : grouped;
    reg  [L_BITS-1:0]    lane_count;
    integer c;
    always @* begin
        lane_count = {L_BITS{1'b0}};
        for (c = 0; c < BUS_BYTES; c = c + 1) lane_count = lane_count + {{(L_BITS-1){1'b0}}, lanes[c]};
    end
    wire [31:0]             lead_size = LEAD;
    wire [31:0]             flat_size = GROUPS;
    wire [N_BITS-1:0]       head_size = (in_run || kind == 2'd0) ? {N_BITS{1'b0}} :
                                        kind == 2'd1 ? flat_size[N_BITS-1:0] :
                                        lead_size[N_BITS-1:0] + {{(N_BITS-G_BITS){1'b0}}, group_count}
                                        + {{(N_BITS-1){1'b0}}, run_head};
    wire [N_BITS-1:0]       word_size = {{(N_BITS-1){1'b0}}, at_frame} + head_size
                                        + {{(N_BITS-L_BITS-1){1'b0}}, lane_count, 1'b0};
    wire [MOST*4-1:0]       behind    = body >> {head_size, 2'b00};
    wire                    bad       = |addr_q[OFFSET_BITS-1:0] || (at_frame && data_q[3:2] != 2'd0)
                                        || (kind[1] && !in_run && |(lead >> GROUPS));
    // A block begins on a bus word.
    localparam BEAT_BITS = OFFSET_BITS + 1;
    always @* take = align_q ? {{(N_BITS-BEAT_BITS){1'b0}}, count_q[BEAT_BITS-1:0]} : word_size;

    // ---- issue: a dropped word lies before what is wanted ----
    reg                   set_valid_q, out_valid_q;
    wire   set_taken = !out_valid_q || grant_i;
    wire   dropped   = before_q >= BUS_BYTES[23:0];
    wire   work      = active_q && !finished && !halt_i;
    wire   enough    = count_q >= take;
    wire   issue     = work && !align_q && enough && !bad && (dropped || !set_valid_q || set_taken);
    assign consume   = issue || (work && align_q);
    wire [23:0] reach = before_q + left_q;                  // end of what is wanted, from this word on
    wire        ends  = reach <= BUS_BYTES[23:0];
    assign error_o = work && !align_q && (enough ? bad : last_seen_q);

    always @(posedge clk) begin
        if (!rst_n || halt_i) begin
            active_q    <= 1'b0;
            last_seen_q <= 1'b0;
            align_q     <= 1'b0;
            set_valid_q <= 1'b0;
            out_valid_q <= 1'b0;
        end else begin
            if (start) begin
                active_q    <= 1'b1;
                last_seen_q <= 1'b0;
            end else begin
                if (in_valid && in_ready && ends_i[1]) last_seen_q <= 1'b1;
                if (done_o) active_q <= 1'b0;
            end
            if (start) align_q <= 1'b0;
            else if (issue) align_q <= block_q == 16'd1;
            else if (consume) align_q <= 1'b0;
            if (issue && !dropped) set_valid_q <= 1'b1;
            else if (set_taken) set_valid_q <= 1'b0;
            if (set_valid_q && set_taken) out_valid_q <= 1'b1;
            else if (grant_i) out_valid_q <= 1'b0;
        end
        if (start) begin
            addr_q        <= buffer_i - skip_low;
            before_q      <= skip_i;
            left_q        <= run_bytes_i;
            block_words_q <= block_words_i;
            block_q       <= block_words_i;
            frame_q       <= {FRAME_BITS{1'b0}};
            run_q         <= 4'd0;
            zero_q        <= zero_i;
        end else if (issue) begin
            addr_q   <= addr_q + BUS_BYTES[BUFFER_BITS-1:0];
            before_q <= dropped ? before_q - BUS_BYTES[23:0] : 24'd0;
            left_q   <= dropped ? left_q : ends ? 24'd0 : reach - BUS_BYTES[23:0];
            type_q   <= kind;
            run_q    <= in_run ? run_q - 4'd1 : run_head ? body[LEAD*4 +: 4] : 4'd0;
            block_q  <= (block_q == 16'd1) ? block_words_q : block_q - 16'd1;
            frame_q  <= (block_q == 16'd1) ? {FRAME_BITS{1'b0}} :
                        at_frame ? FRAME[FRAME_BITS-1:0] - {{(FRAME_BITS-1){1'b0}}, 1'b1}
                                 : frame_q - {{(FRAME_BITS-1){1'b0}}, 1'b1};
            if (block_q == 16'd1 || frame_q == {{(FRAME_BITS-1){1'b0}}, 1'b1}) run_q <= 4'd0;
        end
    end
    wire [BUFFER_BITS+23:0] skip_wide = {{BUFFER_BITS{1'b0}}, skip_i};
    wire [BUFFER_BITS-1:0]  skip_low  = skip_wide[BUFFER_BITS-1:0];

    // ---- lanes and values, then the word ----
    reg [BUS_BYTES-1:0]   set_q, set_mask_q, out_mask_q;
    reg [BUS_BYTES*8-1:0] values_q, out_q, expanded;
    reg [BUFFER_BITS-1:0] set_addr_q, out_addr_q;
    genvar m;
    generate
        for (m = 0; m < BUS_BYTES; m = m + 1) begin : g_mask
            wire [31:0] lane = m;
            always @(posedge clk) if (issue && !dropped) set_mask_q[m] <= lane[23:0] >= before_q && lane[23:0] < reach;
            wire unused_lane = &{1'b0, lane};
        end
    endgenerate
    reg  [L_BITS-1:0]     rank;
    integer l;
    integer v;
    always @* begin
        rank     = {L_BITS{1'b0}};
        expanded = {BUS_BYTES{zero_q}};
        for (l = 0; l < BUS_BYTES; l = l + 1) begin
            for (v = 0; v <= l; v = v + 1) begin
                if (set_q[l] && rank == v[L_BITS-1:0]) expanded[l*8 +: 8] = values_q[v*8 +: 8];
            end
            rank = rank + {{(L_BITS-1){1'b0}}, set_q[l]};
        end
    end
    always @(posedge clk) begin
        if (issue && !dropped) begin
            set_q      <= lanes;
            values_q   <= behind[BUS_BYTES*8-1:0];
            set_addr_q <= addr_q;
        end
        if (set_valid_q && set_taken) begin
            out_q      <= expanded;
            out_mask_q <= set_mask_q;
            out_addr_q <= set_addr_q;
        end
    end
    assign request_o = out_valid_q && !halt_i;
    assign addr_o    = out_addr_q;
    assign mask_o    = out_mask_q;
    assign data_o    = out_q;

    assign busy_o = active_q && last_seen_q;
    assign done_o = active_q && last_seen_q && finished && !set_valid_q && !out_valid_q && !halt_i;

    wire unused_ok = &{1'b0, lead_size, flat_size, behind, skip_wide};
endmodule

`default_nettype wire
