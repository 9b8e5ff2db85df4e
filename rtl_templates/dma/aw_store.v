// Store unit: executes STORE commands, activation buffer to DRAM.
//
// Bursts are announced on AW and their beats read from the activation buffer in the same order,
// several in flight. A command signals its tokens when the bus has answered its last burst.
// Bus and buffer address of a segment must agree modulo BUS_BYTES, else BAD_FIELD.
//
//   queue -> segments -> AW
//                    \-> beats -> activation buffer -> beat FIFO -> W
//                    \-> answers <- B
//
//   OUTSTANDING  bursts in flight, 1 to 16
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_store #(
    parameter ADDRESS_BITS = 32,
    parameter BUS_BYTES    = 16,
    parameter OUTSTANDING  = 4,
    parameter BUFFER_BITS  = 18,
    parameter INDEX_BITS   = 24
) (
    input  wire                    clk,
    input  wire                    rst_n, halt_i,
    // Command at the queue head
    input  wire                    command_valid,
    input  wire                    running_i,
    input  wire [3:0]              signal_i,
    input  wire [INDEX_BITS-1:0]   index_i,
    // Bursts of the command, from aw_segments
    input  wire                    burst_valid,
    output wire                    burst_ready,
    input  wire [ADDRESS_BITS-1:0] burst_address,
    input  wire [BUFFER_BITS-1:0]  burst_buffer,
    input  wire [$clog2(BUS_BYTES)-1:0] burst_end,
    input  wire [7:0]              burst_len,
    input  wire                    burst_last,
    // Completion
    output wire [3:0]              signal_o,
    output wire                    idle_o, drained_o,
    // AXI write
    output wire                    aw_valid,
    input  wire                    aw_ready,
    output wire [ADDRESS_BITS-1:0] aw_address,
    output wire [7:0]              aw_len,
    output wire                    w_valid,
    input  wire                    w_ready,
    output wire [BUS_BYTES*8-1:0]  w_data,
    output wire [BUS_BYTES-1:0]    w_strb,
    output wire                    w_last,
    input  wire                    b_valid,
    output wire                    b_ready,
    input  wire [1:0]              b_resp,
    // Activation buffer
    output wire                    read_request_o,
    input  wire                    read_grant_i,
    output wire [BUFFER_BITS-1:0]  read_addr_o,
    input  wire [BUS_BYTES*8-1:0]  read_data_i,
    // Errors
    output wire                    error_valid_o,
    output wire [3:0]              error_code_o,
    output wire [ADDRESS_BITS-1:0] error_address_o,
    output wire                    field_error_o,
    output wire [INDEX_BITS-1:0]   read_index_o
);
    localparam OFFSET_BITS = $clog2(BUS_BYTES);

    // ---- a burst goes to AW, to the beat reader and to the answer list at once ----
    localparam BEATS_BITS  = BUFFER_BITS + 2 * OFFSET_BITS + 8 + INDEX_BITS;
    localparam ANSWER_BITS = ADDRESS_BITS + 4 + 1;
    wire beats_in_ready, answers_in_ready, beats_valid, answers_valid;
    wire room = beats_in_ready && answers_in_ready;

    assign aw_valid    = burst_valid && room;
    assign aw_len      = burst_len;
    assign aw_address  = {burst_address[ADDRESS_BITS-1:OFFSET_BITS], {OFFSET_BITS{1'b0}}};
    assign burst_ready = aw_ready && room;
    wire accept = burst_valid && burst_ready;

    wire [BEATS_BITS-1:0]  beats_data;
    wire [BUFFER_BITS-1:0] beats_buffer;
    wire [OFFSET_BITS-1:0] beats_offset, beats_end;
    wire [7:0]             beats_len;
    wire                   beats_ready;
    assign {beats_buffer, beats_offset, beats_end, beats_len, read_index_o} = beats_data;

    aw_fifo #(
        .WIDTH(BEATS_BITS),
        .DEPTH(OUTSTANDING)
    ) u_beats (
        .clk      (clk),
        .rst_n    (rst_n),
        .in_valid (accept),
        .in_ready (beats_in_ready),
        .in_data  ({burst_buffer, burst_address[OFFSET_BITS-1:0], burst_end, aw_len, index_i}),
        .out_valid(beats_valid),
        .out_ready(beats_ready),
        .out_data (beats_data)
    );

    wire [ANSWER_BITS-1:0] answer_data;
    wire [3:0]             answer_signal;
    wire                   answer_last;
    assign {error_address_o, answer_signal, answer_last} = answer_data;

    aw_fifo #(
        .WIDTH(ANSWER_BITS),
        .DEPTH(OUTSTANDING)
    ) u_answers (
        .clk      (clk),
        .rst_n    (rst_n),
        .in_valid (accept),
        .in_ready (answers_in_ready),
        .in_data  ({burst_address, signal_i, burst_last}),
        .out_valid(answers_valid),
        .out_ready(b_valid),
        .out_data (answer_data)
    );

    // ---- beat reader: one buffer read a beat, at most as many as the beat FIFO can hold ----
    localparam FIFO_DEPTH = 4;
    reg  [7:0] beat_q;
    reg  [2:0] free_q;
    wire       last_beat = beat_q == beats_len;
    wire [BUFFER_BITS-1:0] beat_offset = {{(BUFFER_BITS-8){1'b0}}, beat_q} << OFFSET_BITS;
    wire       read = read_request_o && read_grant_i;
    wire [BUS_BYTES-1:0] mask;

    assign read_request_o = beats_valid && free_q != 3'd0;
    assign read_addr_o    = {beats_buffer[BUFFER_BITS-1:OFFSET_BITS], {OFFSET_BITS{1'b0}}} + beat_offset;
    assign beats_ready    = read && last_beat;

    aw_beat_mask #(.BUS_BYTES(BUS_BYTES)) u_mask (
        .first_i (beat_q == 8'd0),
        .last_i  (last_beat),
        .offset_i(beats_offset),
        .end_i   (beats_end),
        .mask_o  (mask)
    );

    reg                 read_q, last_q;
    reg [BUS_BYTES-1:0] mask_q;
    always @(posedge clk) begin
        if (!rst_n) begin
            beat_q <= 8'd0;
            read_q <= 1'b0;
            free_q <= FIFO_DEPTH[2:0];
        end else begin
            read_q <= read;
            if (read) beat_q <= last_beat ? 8'd0 : beat_q + 8'd1;
            if (read && !(w_valid && w_ready)) free_q <= free_q - 3'd1;
            if (!read && w_valid && w_ready)   free_q <= free_q + 3'd1;
        end
        if (read) begin
            mask_q <= mask;
            last_q <= last_beat;
        end
    end

    wire beat_fifo_ready;
    aw_fifo #(
        .WIDTH(BUS_BYTES * 9 + 1),
        .DEPTH(FIFO_DEPTH)
    ) u_beat_fifo (
        .clk      (clk),
        .rst_n    (rst_n),
        .in_valid (read_q),
        .in_ready (beat_fifo_ready),
        .in_data  ({read_data_i, mask_q, last_q}),
        .out_valid(w_valid),
        .out_ready(w_ready),
        .out_data ({w_data, w_strb, w_last})
    );

    // ---- answers ----
    assign b_ready       = answers_valid;
    wire   answer        = b_valid && b_ready;
    assign signal_o      = (answer && answer_last && !halt_i) ? answer_signal : 4'd0;
    assign error_valid_o = answer && b_resp[1];
    assign error_code_o  = b_resp[0] ? 4'd10 : 4'd9;       // STORE_DECERR, STORE_SLVERR
    assign idle_o        = !running_i && !command_valid && !answers_valid;
    assign drained_o     = !burst_valid && !answers_valid;
    assign field_error_o = accept
        && burst_address[OFFSET_BITS-1:0] != burst_buffer[OFFSET_BITS-1:0];

    wire unused_ok = &{1'b0, beats_buffer, beat_fifo_ready, b_resp};
endmodule

`default_nettype wire
