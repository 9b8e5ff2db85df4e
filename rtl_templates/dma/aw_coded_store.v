// Coded stores: stands between the store unit and the write channels of the bus. Bursts of other
// stores pass through. Those of a coded store carry a tensor's bytes in order, command after
// command; they go through the encoder, and what it makes is written as bursts of its own from the
// tensor's address on.
//
//   store unit  AW -> list of coded bursts
//               W  -> encoder -> words waiting -> AW, W
//               B  <- when the words are taken
//
// Where a block begins in the stream goes into the block table; ended_o and stored_o count the
// blocks that came in and those that are in memory, modulo 256. Both kinds of bursts are never on
// the bus together, so write data keeps the order of its addresses. Bursts have up to BURST words
// and end on a multiple of as many, so they never cross 4 KiB.
//
//   OUTSTANDING  bursts in flight, 1 to 16
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_coded_store #(
    parameter ADDRESS_BITS = 32,
    parameter BUS_BYTES    = 16,
    parameter OUTSTANDING  = 4,
    parameter SLOT_BITS    = 9,
    parameter OFFSET_BITS  = 24,
    parameter FRAME        = 32,
    parameter BURST        = 16
) (
    input  wire                    clk,
    input  wire                    rst_n,
    input  wire                    halt_i,
    // Command at the queue head
    input  wire                    coded_i,
    input  wire                    begins_i,        // the tensor's first
    input  wire                    command_taken_i,
    input  wire [SLOT_BITS-1:0]    slot_i,          // table entry of the tensor's first block
    input  wire [15:0]             block_words_i,
    input  wire [23:0]             bytes_i,         // of the tensor
    input  wire [7:0]              zero_i,
    // Store unit
    input  wire                    s_aw_valid,
    output wire                    s_aw_ready,
    input  wire [ADDRESS_BITS-1:0] s_aw_address,
    input  wire [7:0]              s_aw_len,
    input  wire                    s_w_valid,
    output wire                    s_w_ready,
    input  wire [BUS_BYTES*8-1:0]  s_w_data,
    input  wire [BUS_BYTES-1:0]    s_w_strb,
    input  wire                    s_w_last,
    output wire                    s_b_valid,
    input  wire                    s_b_ready,
    output wire [1:0]              s_b_resp,
    // Bus
    output wire                    m_aw_valid,
    input  wire                    m_aw_ready,
    output wire [ADDRESS_BITS-1:0] m_aw_address,
    output wire [7:0]              m_aw_len,
    output wire                    m_w_valid,
    input  wire                    m_w_ready,
    output wire [BUS_BYTES*8-1:0]  m_w_data,
    output wire [BUS_BYTES-1:0]    m_w_strb,
    output wire                    m_w_last,
    input  wire                    m_b_valid,
    output wire                    m_b_ready,
    input  wire [1:0]              m_b_resp,
    output wire                    idle_o,          // what came in is in memory, but for a block's part
    output wire                    drained_o,       // nothing of its own outstanding on the bus
    output wire [7:0]              ended_o,
    output wire [7:0]              stored_o,
    output wire                    error_valid_o,
    output wire [3:0]              error_code_o,
    output wire [ADDRESS_BITS-1:0] error_address_o,
    // Block table
    output wire                    table_write_o,
    output wire [SLOT_BITS-1:0]    table_slot_o,
    output wire [OFFSET_BITS-1:0]  table_offset_o
);
    localparam BUS_BITS   = $clog2(BUS_BYTES);
    localparam EDGE_BITS  = $clog2(BURST);
    localparam DEPTH      = 2 * BURST;
    localparam COUNT_BITS = $clog2(DEPTH + 1);

    // ---- which kind of bursts is open ----
    reg  [4:0] raw_q;                               // plain bursts without their answer
    reg  [4:0] data_q;                              // coded bursts whose data is to come
    reg        begun_q;                             // the command at the head has begun its tensor
    wire       encoder_idle, answer_waits, own_bursts;
    wire       coded_open = data_q != 5'd0 || answer_waits || !encoder_idle || own_bursts;
    wire       begins     = begins_i && !begun_q;
    // After a halt what is still announced is taken and forgotten.
    wire       may_take   = halt_i ? coded_i || coded_open : coded_i && (!begins || !coded_open);
    wire       take_coded = s_aw_valid && raw_q == 5'd0 && may_take;
    wire       pass       = s_aw_valid && !coded_i && !coded_open;
    wire       take_pass  = pass && m_aw_ready;
    wire       begin_tensor = take_coded && begins && !halt_i;
    wire       data_coded = data_q != 5'd0;
    wire       data_done  = s_w_valid && s_w_ready && s_w_last;
    wire       answer     = s_b_valid && s_b_ready;
    assign s_aw_ready = take_coded || take_pass;

    always @(posedge clk) begin
        if (!rst_n) begin
            raw_q   <= 5'd0;
            data_q  <= 5'd0;
            begun_q <= 1'b0;
        end else begin
            raw_q  <= raw_q + {4'd0, take_pass} - {4'd0, answer && raw_q != 5'd0};
            data_q <= data_q + {4'd0, take_coded} - {4'd0, data_done && data_coded};
            if (command_taken_i) begun_q <= 1'b0;
            else if (begin_tensor) begun_q <= 1'b1;
        end
    end

    // ---- encoder ----
    wire                   word_ready, ends_block, made_valid, made_ready, made_last;
    wire [BUS_BYTES*8-1:0] made;
    wire                   take_word = s_w_valid && data_coded && word_ready && !halt_i;

    aw_activation_encoder #(
        .BUS_BYTES (BUS_BYTES),
        .FRAME     (FRAME),
        .BYTES_BITS(24)
    ) u_encoder (
        .clk            (clk),
        .rst_n          (rst_n),
        .begin_i        (begin_tensor),
        .zero_i         (zero_i),
        .block_words_i  (block_words_i),
        .bytes_i        (bytes_i),
        .in_valid       (s_w_valid && data_coded && !halt_i),
        .in_ready       (word_ready),
        .in_data        (s_w_data),
        .in_strobe      (s_w_strb),
        .in_ends_block_o(ends_block),
        .out_valid      (made_valid),
        .out_ready      (made_ready),
        .out_data       (made),
        .out_last       (made_last),
        .idle_o         (encoder_idle)
    );

    // ---- words waiting for their burst ----
    wire waiting_ready, waiting_valid, send;
    wire [BUS_BYTES*8-1:0] m_w_data_own;
    wire put = made_valid && made_ready;
    assign made_ready = waiting_ready && !halt_i;

    aw_fifo #(
        .WIDTH(BUS_BYTES * 8),
        .DEPTH(DEPTH)
    ) u_waiting (
        .clk      (clk),
        .rst_n    (rst_n && !begin_tensor),         // nothing of a tensor before that did not end
        .in_valid (made_valid && !halt_i),
        .in_ready (waiting_ready),
        .in_data  (made),
        .out_valid(waiting_valid),
        .out_ready(send),
        .out_data (m_w_data_own)
    );

    // ---- bursts: up to the next multiple of BURST words, or what there is when a block ends ----
    reg  [COUNT_BITS-1:0]   unsent_q;               // words without a burst
    reg  [7:0]              unsent_blocks_q;        // blocks that end in them
    reg                     aw_valid_q;
    reg  [ADDRESS_BITS-1:0] next_q, aw_address_q;
    reg  [EDGE_BITS:0]      aw_words_q;
    reg  [7:0]              made_q, answered_q;     // bursts, modulo 256
    wire [EDGE_BITS:0]      edge_words = BURST[EDGE_BITS:0] - {1'b0, next_q[BUS_BITS +: EDGE_BITS]};
    wire [COUNT_BITS-1:0]   to_edge  = {{(COUNT_BITS-EDGE_BITS-1){1'b0}}, edge_words};
    wire                    fills    = unsent_q >= to_edge;
    wire [COUNT_BITS-1:0]   words    = fills ? to_edge : unsent_q;
    wire [7:0]              in_flight = made_q - answered_q;
    wire                    make     = (fills || unsent_blocks_q != 8'd0)
                                       && (!aw_valid_q || m_aw_ready)
                                       && in_flight < OUTSTANDING[7:0] && !halt_i;
    wire                    lengths_ready, lengths_valid;
    wire [EDGE_BITS:0]      length;
    reg  [EDGE_BITS:0]      sent_q;
    wire                    last_send = sent_q + {{EDGE_BITS{1'b0}}, 1'b1} == length;
    assign own_bursts = aw_valid_q || made_q != answered_q || fills || unsent_blocks_q != 8'd0;

    aw_fifo #(
        .WIDTH(EDGE_BITS + 1),
        .DEPTH(OUTSTANDING)
    ) u_lengths (
        .clk      (clk),
        .rst_n    (rst_n),
        .in_valid (aw_valid_q && m_aw_ready),
        .in_ready (lengths_ready),                  // always: no more are in flight
        .in_data  (aw_words_q),
        .out_valid(lengths_valid),
        .out_ready(send && last_send),
        .out_data (length)
    );

    wire own_answer = m_b_valid && m_b_ready && raw_q == 5'd0;
    always @(posedge clk) begin
        if (!rst_n) begin
            unsent_q   <= {COUNT_BITS{1'b0}};
            aw_valid_q <= 1'b0;
            made_q     <= 8'd0;
            answered_q <= 8'd0;
            sent_q     <= {(EDGE_BITS+1){1'b0}};
        end else begin
            if (begin_tensor) unsent_q <= {COUNT_BITS{1'b0}};
            else unsent_q <= unsent_q + {{(COUNT_BITS-1){1'b0}}, put} - (make ? words : {COUNT_BITS{1'b0}});
            if (make) aw_valid_q <= 1'b1;
            else if (m_aw_ready) aw_valid_q <= 1'b0;
            if (make) made_q <= made_q + 8'd1;
            if (own_answer) answered_q <= answered_q + 8'd1;
            if (send) sent_q <= last_send ? {(EDGE_BITS+1){1'b0}} : sent_q + {{EDGE_BITS{1'b0}}, 1'b1};
        end
        if (begin_tensor) begin
            next_q <= s_aw_address;
        end else if (make) begin
            next_q <= next_q + {{(ADDRESS_BITS-COUNT_BITS-BUS_BITS){1'b0}}, words, {BUS_BITS{1'b0}}};
        end
        if (make) begin
            aw_address_q <= next_q;
            aw_words_q   <= words[EDGE_BITS:0];
        end
    end
    wire own = aw_valid_q;
    wire [EDGE_BITS:0] aw_beats = aw_words_q - {{EDGE_BITS{1'b0}}, 1'b1};
    assign m_aw_valid   = own || pass;
    assign m_aw_address = own ? aw_address_q : s_aw_address;
    assign m_aw_len     = own ? {{(7-EDGE_BITS){1'b0}}, aw_beats} : s_aw_len;
    wire   own_data     = lengths_valid;
    assign send         = own_data && waiting_valid && m_w_ready;
    assign m_w_valid    = own_data ? waiting_valid : s_w_valid && !data_coded;
    assign m_w_data     = own_data ? m_w_data_own : s_w_data;
    assign m_w_strb     = own_data ? {BUS_BYTES{1'b1}} : s_w_strb;
    assign m_w_last     = own_data ? last_send : s_w_last;
    assign s_w_ready    = data_coded ? word_ready || halt_i : m_w_ready && !own_data;

    // ---- blocks: into the table with their last word, done when its burst is answered ----
    reg  [SLOT_BITS-1:0]   slot_q;
    reg  [OFFSET_BITS-1:0] offset_q;                // words made so far
    reg  [7:0]             ended_q, stored_q;       // blocks whose words came in, that are in memory
    wire                   block_ends = put && made_last;
    wire                   covers     = make && words == unsent_q && unsent_blocks_q != 8'd0;
    wire [OFFSET_BITS-1:0] offset     = offset_q + {{(OFFSET_BITS-1){1'b0}}, 1'b1};
    wire marks_ready, marks_valid;
    wire [7:0] mark, mark_blocks;
    wire [7:0] behind_mark = answered_q - mark;
    wire       stored = marks_valid && !behind_mark[7];

    aw_fifo #(
        .WIDTH(16),
        .DEPTH(OUTSTANDING + 1)                     // a mark goes a cycle behind its answer
    ) u_marks (
        .clk      (clk),
        .rst_n    (rst_n),
        .in_valid (covers),
        .in_ready (marks_ready),                    // always
        .in_data  ({made_q + 8'd1, unsent_blocks_q}),
        .out_valid(marks_valid),
        .out_ready(stored),
        .out_data ({mark, mark_blocks})
    );

    always @(posedge clk) begin
        if (!rst_n) begin
            ended_q         <= 8'd0;
            stored_q        <= 8'd0;
            unsent_blocks_q <= 8'd0;
        end else begin
            if (take_word && ends_block) ended_q <= ended_q + 8'd1;
            if (stored) stored_q <= stored_q + mark_blocks;
            unsent_blocks_q <= (covers ? 8'd0 : unsent_blocks_q) + {7'd0, block_ends};
        end
        if (begin_tensor) begin
            slot_q   <= slot_i + {{(SLOT_BITS-1){1'b0}}, 1'b1};
            offset_q <= {OFFSET_BITS{1'b0}};
        end else begin
            if (put) offset_q <= offset;
            if (block_ends) slot_q <= slot_q + {{(SLOT_BITS-1){1'b0}}, 1'b1};
        end
    end
    assign table_write_o  = begin_tensor || block_ends;
    assign table_slot_o   = begin_tensor ? slot_i : slot_q;
    assign table_offset_o = begin_tensor ? {OFFSET_BITS{1'b0}} : offset;

    // ---- answers to the store unit: its words are taken; a load waits for what it needs ----
    reg  [4:0] taken_q;                             // coded bursts to answer
    wire       own_answer_error = own_answer && m_b_resp[1];
    wire       flight_ready, flight_valid;
    assign answer_waits = taken_q != 5'd0;

    aw_fifo #(
        .WIDTH(ADDRESS_BITS),
        .DEPTH(OUTSTANDING)
    ) u_flight (
        .clk      (clk),
        .rst_n    (rst_n),
        .in_valid (aw_valid_q && m_aw_ready),
        .in_ready (flight_ready),                   // always, like lengths
        .in_data  (aw_address_q),
        .out_valid(flight_valid),
        .out_ready(own_answer),
        .out_data (error_address_o)
    );

    always @(posedge clk) begin
        if (!rst_n) taken_q <= 5'd0;
        else taken_q <= taken_q + {4'd0, data_done && data_coded} - {4'd0, answer && raw_q == 5'd0};
    end
    assign m_b_ready     = (raw_q == 5'd0) || s_b_ready;
    assign s_b_valid     = (raw_q == 5'd0) ? answer_waits : m_b_valid;
    assign s_b_resp      = (raw_q == 5'd0) ? 2'b00 : m_b_resp;
    assign error_valid_o = own_answer_error;
    assign error_code_o  = m_b_resp[0] ? 4'd10 : 4'd9;   // STORE_DECERR, STORE_SLVERR
    assign ended_o       = ended_q;
    assign stored_o      = stored_q;
    assign idle_o        = !coded_open;
    assign drained_o     = !aw_valid_q && !lengths_valid && made_q == answered_q;

    wire unused_ok = &{1'b0, lengths_ready, marks_ready, flight_ready, flight_valid, behind_mark, m_b_resp};
endmodule

`default_nettype wire
