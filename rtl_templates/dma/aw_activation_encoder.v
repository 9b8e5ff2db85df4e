// Activation encoder: bus words to the stream that aw_activation_decoder reads, one word a cycle.
//
//   lanes -> whole word -> count what each type of frame would take -> ring of two frames
//         -> lanes that are set, their values -> [ nibbles ] -> bus words of the stream
//
// Lanes come in order, several times for a word that two commands share. A frame is written as the
// type that takes least; raw costs a nibble a frame more than the words themselves, so a tensor
// without zeros grows by 1 / (64 * BUS_BYTES). A block, and the last one, is padded to a bus word.
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_activation_encoder #(
    parameter BUS_BYTES   = 16,
    parameter FRAME       = 32,
    parameter BYTES_BITS  = 24
) (
    input  wire                       clk,
    input  wire                       rst_n,
    // A tensor begins
    input  wire                       begin_i,
    input  wire [7:0]                 zero_i,
    input  wire [15:0]                block_words_i,
    input  wire [BYTES_BITS-1:0]      bytes_i,
    // Its bytes
    input  wire                       in_valid,
    output wire                       in_ready,
    input  wire [BUS_BYTES*8-1:0]     in_data,
    input  wire [BUS_BYTES-1:0]       in_strobe,
    output wire                       in_ends_block_o, // these lanes complete a block
    // Words of the stream
    output wire                       out_valid,
    input  wire                       out_ready,
    output wire [BUS_BYTES*8-1:0]     out_data,
    output wire                       out_last,       // of a block
    output wire                       idle_o          // nothing comes out before more goes in
);
    localparam GROUPS     = BUS_BYTES / 4;
    localparam LEAD       = (GROUPS + 3) / 4;
    localparam BEAT       = 2 * BUS_BYTES;
    localparam MOST       = 1 + LEAD + GROUPS + BEAT;
    localparam CAPACITY   = MOST + BEAT;
    localparam N_BITS     = $clog2(CAPACITY + 1);
    localparam G_BITS     = $clog2(GROUPS + 1);
    localparam L_BITS     = $clog2(BUS_BYTES + 1);
    localparam FRAME_BITS = $clog2(FRAME + 1);
    localparam RING_BITS  = $clog2(2 * FRAME);           // even and odd words lie in RAMs of their own
    localparam SIZE_BITS  = $clog2(FRAME * MOST + 1);
    localparam OFFSET_BITS = $clog2(BUS_BYTES);
    localparam BEAT_BITS  = OFFSET_BITS + 1;
    localparam LAST_NIBBLE = BEAT - 1;
    localparam WORD_BITS  = BYTES_BITS - OFFSET_BITS + 1;

    // ---- tensor ----
    reg [7:0]                 zero_q;
    reg [15:0]                block_words_q, block_q;    // words of a block, left of this one
    reg [WORD_BITS-1:0]       words_q;                   // left of the tensor
    reg [OFFSET_BITS-1:0]     last_lane_q;               // of its last word

    // ---- whole words: the last lane of a word, or of the tensor, completes it ----
    wire                   last_word;
    wire                   is_whole   = in_strobe[BUS_BYTES-1] || (last_word && in_strobe[last_lane_q]);
    wire                   take_lanes = in_valid && in_ready;
    wire                   take_word  = take_lanes && is_whole;
    wire [BYTES_BITS-1:0]  bytes_last  = bytes_i - {{(BYTES_BITS-1){1'b0}}, 1'b1};
    wire [BYTES_BITS:0]    bytes_words = {1'b0, bytes_last >> OFFSET_BITS} + {{BYTES_BITS{1'b0}}, 1'b1};

    // ---- what is set in a word, and how much it takes ----
    wire [BUS_BYTES*8-1:0] word;
    wire [BUS_BYTES-1:0]   in_set;
    wire [GROUPS-1:0]      in_groups;
    genvar b;
    generate
        for (b = 0; b < BUS_BYTES; b = b + 1) begin : g_in
            reg [7:0] kept_q;                            // of the word, from before
            assign word[b*8 +: 8] = in_strobe[b] ? in_data[b*8 +: 8] : kept_q;
            always @(posedge clk) begin
                if (begin_i) kept_q <= zero_i;
                else if (take_word) kept_q <= zero_q;
                else if (take_lanes) kept_q <= word[b*8 +: 8];
            end
            assign in_set[b]      = word[b*8 +: 8] != zero_q;
        end
        for (b = 0; b < GROUPS; b = b + 1) begin : g_in_group
            assign in_groups[b] = |in_set[4*b +: 4];
        end
    endgenerate
    reg [L_BITS-1:0] in_count;
    reg [G_BITS-1:0] in_group_count;
    integer i;
    always @* begin
        in_count       = {L_BITS{1'b0}};
        in_group_count = {G_BITS{1'b0}};
        for (i = 0; i < BUS_BYTES; i = i + 1) in_count = in_count + {{(L_BITS-1){1'b0}}, in_set[i]};
        for (i = 0; i < GROUPS; i = i + 1) in_group_count = in_group_count + {{(G_BITS-1){1'b0}}, in_groups[i]};
    end

    reg  [RING_BITS-1:0] write_q;                        // place of the next word
    reg  [RING_BITS:0]   used_q;                         // words in the ring
    reg  [FRAME_BITS-1:0] index_q;                       // words of the frame
    reg  [SIZE_BITS-1:0] flat_q, group_q, runs_q;        // nibbles as bitmap, grouped, run-length
    reg  [3:0]           run_q;                          // empty words that cost nothing more
    wire [31:0]          lead_size  = LEAD;
    wire [31:0]          flat_size  = GROUPS;
    wire [31:0]          beat_size  = BEAT;
    wire                 in_empty   = in_set == {BUS_BYTES{1'b0}};
    wire [SIZE_BITS-1:0] values     = {{(SIZE_BITS-L_BITS-1){1'b0}}, in_count, 1'b0};
    wire [SIZE_BITS-1:0] flat       = flat_q + flat_size[SIZE_BITS-1:0] + values;
    wire [SIZE_BITS-1:0] of_groups  = lead_size[SIZE_BITS-1:0] + {{(SIZE_BITS-G_BITS){1'b0}}, in_group_count} + values;
    wire [SIZE_BITS-1:0] group      = group_q + of_groups;
    wire [SIZE_BITS-1:0] runs       = (in_empty && run_q != 4'd0) ? runs_q :
                                      runs_q + of_groups + {{(SIZE_BITS-1){1'b0}}, in_empty};
    wire [SIZE_BITS+5:0] raw_wide   = {{(SIZE_BITS+6-FRAME_BITS){1'b0}}, index_next} * beat_size[SIZE_BITS+5:0];
    wire [SIZE_BITS-1:0] raw        = raw_wide[SIZE_BITS-1:0];
    wire [FRAME_BITS-1:0] index_next = index_q + {{(FRAME_BITS-1){1'b0}}, 1'b1};
    assign               last_word  = words_q == {{(WORD_BITS-1){1'b0}}, 1'b1};
    wire                 ends_block = last_word || block_q == 16'd1;
    wire                 ends_frame = ends_block || index_next == FRAME[FRAME_BITS-1:0];
    wire                 grouped_is_less = group < runs;
    wire [SIZE_BITS-1:0] sparse     = grouped_is_less ? group : runs;
    wire [1:0]           best       = (raw <= flat && raw <= sparse) ? 2'd0 :
                                      (flat <= sparse) ? 2'd1 : grouped_is_less ? 2'd2 : 2'd3;
    assign in_ready        = !used_q[RING_BITS] && frames_ready && !(can_read && write_q[0] == read_q[0]);
    assign in_ends_block_o = is_whole && ends_block;

    // Frames that are whole: type, words, whether a block ends.
    wire                  frames_ready, frame_valid, frame_ends, last_read, can_read;
    wire [1:0]            frame_type;
    wire [FRAME_BITS-1:0] frame_length, advance;
    reg  [RING_BITS-1:0]  read_q;
    reg  [2*FRAME-1:0]    empty_q;                       // words of the ring without groups
    aw_fifo #(
        .WIDTH(FRAME_BITS + 3),
        .DEPTH(4)
    ) u_frames (
        .clk      (clk),
        .rst_n    (rst_n),
        .in_valid (take_word && ends_frame),
        .in_ready (frames_ready),
        .in_data  ({best, index_next, ends_block}),
        .out_valid(frame_valid),
        .out_ready(can_read && last_read),
        .out_data ({frame_type, frame_length, frame_ends})
    );
    wire [RING_BITS:0] taken = {{RING_BITS{1'b0}}, take_word};
    wire [RING_BITS:0] freed = can_read ? {{(RING_BITS+1-FRAME_BITS){1'b0}}, advance} : {(RING_BITS+1){1'b0}};

    always @(posedge clk) begin
        if (!rst_n) begin
            write_q <= {RING_BITS{1'b0}};
            used_q  <= {(RING_BITS+1){1'b0}};
            index_q <= {FRAME_BITS{1'b0}};
        end else begin
            // A tensor that did not end leaves part of a frame behind.
            if (begin_i) begin
                write_q <= read_q;
                used_q  <= {(RING_BITS+1){1'b0}};
                index_q <= {FRAME_BITS{1'b0}};
            end else begin
                write_q <= write_q + taken[RING_BITS-1:0];
                used_q  <= used_q + taken - freed;
                if (take_word) index_q <= ends_frame ? {FRAME_BITS{1'b0}} : index_next;
            end
        end
        if (begin_i) begin
            zero_q        <= zero_i;
            block_words_q <= block_words_i;
            block_q       <= block_words_i;
            words_q       <= bytes_words[WORD_BITS-1:0];
            last_lane_q   <= bytes_last[OFFSET_BITS-1:0];
        end else if (take_word) begin
            block_q <= ends_block ? block_words_q : block_q - 16'd1;
            words_q <= words_q - {{(WORD_BITS-1){1'b0}}, 1'b1};
        end
        if (begin_i || (take_word && ends_frame)) begin
            flat_q  <= {SIZE_BITS{1'b0}};
            group_q <= {SIZE_BITS{1'b0}};
            runs_q  <= {SIZE_BITS{1'b0}};
            run_q   <= 4'd0;
        end else if (take_word) begin
            flat_q  <= flat;
            group_q <= group;
            runs_q  <= runs;
            run_q   <= !in_empty ? 4'd0 : (run_q == 4'd0) ? 4'd15 : run_q - 4'd1;
        end
        if (take_word) empty_q[write_q] <= in_empty;
    end

    // ---- words of a whole frame, one a cycle; a run of empty ones is one ----
    wire                  code_free;
    reg                   read_valid_q, read_first_q, read_ends_q, read_runs_q;
    reg                   read_odd_q;
    reg  [1:0]            read_type_q;
    reg  [3:0]            read_run_q;
    reg  [FRAME_BITS-1:0] at_q;
    assign can_read = frame_valid && (!read_valid_q || code_free);
    wire [4*FRAME-1:0]    coming    = {empty_q, empty_q} >> read_q;
    wire [FRAME_BITS-1:0] left      = frame_length - at_q;
    wire                  begins_run = frame_type == 2'd3 && coming[0];
    reg  [3:0]            run_more;                      // empty words behind this one, up to 15
    reg                   open;
    integer r;
    always @* begin
        run_more = 4'd0;
        open     = begins_run;
        for (r = 1; r < 16; r = r + 1) begin
            open = open && coming[r] && r[FRAME_BITS-1:0] < left;
            if (open) run_more = r[3:0];
        end
    end
    assign advance   = {{(FRAME_BITS-4){1'b0}}, run_more} + {{(FRAME_BITS-1){1'b0}}, 1'b1};
    assign last_read = advance == left;
    wire [RING_BITS-1:0] read_next = read_q + {{(RING_BITS-FRAME_BITS){1'b0}}, advance};

    always @(posedge clk) begin
        if (!rst_n) begin
            at_q         <= {FRAME_BITS{1'b0}};
            read_q       <= {RING_BITS{1'b0}};
            read_valid_q <= 1'b0;
        end else begin
            if (can_read) read_q <= read_next;
            if (can_read) at_q <= last_read ? {FRAME_BITS{1'b0}} : at_q + advance;
            if (can_read) read_valid_q <= 1'b1;
            else if (code_free) read_valid_q <= 1'b0;
        end
        if (can_read) begin
            read_first_q <= at_q == {FRAME_BITS{1'b0}};
            read_ends_q  <= last_read && frame_ends;
            read_type_q  <= frame_type;
            read_runs_q  <= begins_run;
            read_run_q   <= run_more;
            read_odd_q   <= read_q[0];
        end
    end

    wire [2*BUS_BYTES*8-1:0] ring_data;
    generate
        for (b = 0; b < 2; b = b + 1) begin : g_ring
            wire write = take_word && write_q[0] == (b == 1);
            wire read  = can_read && read_q[0] == (b == 1);
            aw_ram #(
                .LANES    (1),
                .LANE_BITS(BUS_BYTES * 8),
                .DEPTH    (FRAME),
                .ADDR_BITS(RING_BITS - 1)
            ) u_ring (
                .clk    (clk),
                .en_i   (write || read),
                .we_i   (write),
                .addr_i (write ? write_q[RING_BITS-1:1] : read_q[RING_BITS-1:1]),
                .wdata_i(word),
                .rdata_o(ring_data[b*BUS_BYTES*8 +: BUS_BYTES*8])
            );
        end
    endgenerate
    wire [BUS_BYTES*8-1:0] ring_word = read_odd_q ? ring_data[BUS_BYTES*8 +: BUS_BYTES*8]
                                                  : ring_data[0 +: BUS_BYTES*8];

    // ---- code of a word ----
    wire [BUS_BYTES-1:0] set;
    wire [GROUPS-1:0]    groups;
    generate
        for (b = 0; b < BUS_BYTES; b = b + 1) begin : g_set
            assign set[b] = read_type_q == 2'd0 || ring_word[b*8 +: 8] != zero_q;
        end
        for (b = 0; b < GROUPS; b = b + 1) begin : g_group
            assign groups[b] = |set[4*b +: 4];
        end
    endgenerate
    reg [L_BITS-1:0]      rank;
    reg [G_BITS-1:0]      group_rank;
    reg [BUS_BYTES*8-1:0] packed_values;
    reg [4*GROUPS-1:0]    packed_masks;
    integer l;
    integer v;
    always @* begin
        rank          = {L_BITS{1'b0}};
        packed_values = {BUS_BYTES*8{1'b0}};
        for (l = 0; l < BUS_BYTES; l = l + 1) begin
            for (v = 0; v <= l; v = v + 1) begin
                if (set[l] && rank == v[L_BITS-1:0]) packed_values[v*8 +: 8] = ring_word[l*8 +: 8];
            end
            rank = rank + {{(L_BITS-1){1'b0}}, set[l]};
        end
        group_rank   = {G_BITS{1'b0}};
        packed_masks = {4*GROUPS{1'b0}};
        for (l = 0; l < GROUPS; l = l + 1) begin
            for (v = 0; v <= l; v = v + 1) begin
                if (groups[l] && group_rank == v[G_BITS-1:0]) packed_masks[v*4 +: 4] = set[4*l +: 4];
            end
            group_rank = group_rank + {{(G_BITS-1){1'b0}}, groups[l]};
        end
    end
    localparam HEAD = LEAD + GROUPS;
    reg  [HEAD*4-1:0] head;                              // in front of the values
    reg  [N_BITS-1:0] head_size;
    always @* begin
        case (read_type_q)
            2'd0: begin
                head      = {HEAD*4{1'b0}};
                head_size = {N_BITS{1'b0}};
            end
            2'd1: begin
                head      = {{LEAD*4{1'b0}}, set};
                head_size = flat_size[N_BITS-1:0];
            end
            default: begin
                head      = {(read_runs_q ? {{(4*GROUPS-4){1'b0}}, read_run_q} : packed_masks), {LEAD*4{1'b0}}};
                head[GROUPS-1:0] = groups;
                head_size = lead_size[N_BITS-1:0] + {{(N_BITS-G_BITS){1'b0}}, group_rank}
                            + {{(N_BITS-1){1'b0}}, read_runs_q};
            end
        endcase
    end
    wire [(MOST-1)*4-1:0] body = ({{HEAD*4{1'b0}}, packed_values} << {head_size, 2'b00}) | {{BEAT*4{1'b0}}, head};
    wire [MOST*4-1:0]     code = read_first_q ? {body, 2'b00, read_type_q} : {4'd0, body};

    reg                   code_valid_q, code_ends_q;
    reg  [MOST*4-1:0]     code_q;
    reg  [N_BITS-1:0]     code_size_q;
    wire                  code_taken;
    assign code_free = !code_valid_q || code_taken;
    always @(posedge clk) begin
        if (!rst_n) code_valid_q <= 1'b0;
        else if (read_valid_q && code_free) code_valid_q <= 1'b1;
        else if (code_taken) code_valid_q <= 1'b0;
        if (read_valid_q && code_free) begin
            code_q      <= code;
            code_ends_q <= read_ends_q;
            code_size_q <= {{(N_BITS-1){1'b0}}, read_first_q} + head_size
                           + {{(N_BITS-L_BITS-1){1'b0}}, rank, 1'b0};
        end
    end

    // ---- nibbles to bus words ----
    reg  [CAPACITY*4-1:0] data_q;
    reg  [N_BITS-1:0]     count_q;
    reg  [1:0]            end_q;                         // words up to the last of a block, 0: none
    wire                  whole = count_q >= BEAT[N_BITS-1:0];
    wire                  emit  = out_valid && out_ready;
    wire [N_BITS-1:0]     kept  = emit ? count_q - BEAT[N_BITS-1:0] : count_q;
    wire [N_BITS-1:0]     total = kept + code_size_q;
    // What is left of a block is padded to a bus word.
    wire [N_BITS-1:0]     words = (total + LAST_NIBBLE[N_BITS-1:0]) >> BEAT_BITS;
    wire [CAPACITY*4-1:0] rest  = emit ? data_q >> (BEAT * 4) : data_q;
    wire [CAPACITY*4-1:0] code_wide = {{BEAT*4{1'b0}}, code_q};
    assign out_valid  = whole;
    assign out_data   = data_q[BEAT*4-1:0];
    assign out_last   = end_q == 2'd1;
    assign code_taken = code_valid_q && kept < BEAT[N_BITS-1:0];
    always @(posedge clk) begin
        if (!rst_n || begin_i) begin
            data_q  <= {CAPACITY*4{1'b0}};
            count_q <= {N_BITS{1'b0}};
            end_q   <= 2'd0;
        end else begin
            data_q  <= code_taken ? rest | (code_wide << {kept, 2'b00}) : rest;
            count_q <= !code_taken ? kept : code_ends_q ? words << BEAT_BITS : total;
            if (code_taken && code_ends_q) end_q <= words[1:0];
            else if (emit && end_q != 2'd0) end_q <= end_q - 2'd1;
        end
    end

    assign idle_o = !frame_valid && !read_valid_q && !code_valid_q && !whole;

    wire unused_ok = &{1'b0, lead_size, flat_size, beat_size, raw_wide, coming, bytes_last, bytes_words};
endmodule

`default_nettype wire
