// Coded loads: stands between the load queue and the load unit. A coded load names blocks of a
// tensor's stream; when the load's tokens are there and the blocks that had come in by then are in
// memory, where they lie is read from the block table, and the load unit is given one segment of
// bus words. Other commands pass through.
//
//   load queue -> [ block table: begin, end ] -> load unit
//             \-> what the decoder must know of the loads in flight
//
// Latency: six cycles a coded load. Blocks that end before they begin are an error.
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_coded_load #(
    parameter ADDRESS_BITS = 32,
    parameter BUS_BYTES    = 16,
    parameter BUFFER_BITS  = 18,
    parameter RUN_BITS     = 24,
    parameter SLOT_BITS    = 9,
    parameter OFFSET_BITS  = 24,
    parameter TRANSFER_BITS = ADDRESS_BITS + 3 * BUFFER_BITS + RUN_BITS + 96
) (
    input  wire                     clk,
    input  wire                     rst_n,
    input  wire                     halt_i,
    // Command at the queue head
    input  wire                     in_valid,
    input  wire                     tokens_ok_i,
    input  wire                     coded_i,
    input  wire [SLOT_BITS-1:0]     slot_i,         // table entry of the first block
    input  wire [SLOT_BITS-1:0]     blocks_i,
    input  wire [15:0]              block_words_i,
    input  wire [23:0]              skip_i,
    input  wire [7:0]               zero_i,
    input  wire [TRANSFER_BITS-1:0] transfer_i,
    // Load unit
    output wire                     out_valid,
    input  wire                     out_start_i,    // it takes the tokens
    input  wire                     out_taken_i,    // it is done with the command
    output wire [TRANSFER_BITS-1:0] transfer_o,
    // Blocks that came in for a store, and that are in memory, modulo 256
    input  wire [7:0]               ended_i,
    input  wire [7:0]               stored_i,
    // Block table
    output wire                     table_request_o,
    input  wire                     table_grant_i,
    output wire [SLOT_BITS-1:0]     table_slot_o,
    input  wire [OFFSET_BITS-1:0]   table_offset_i,
    // Decoder: the oldest coded load in flight
    output wire [BUFFER_BITS-1:0]   buffer_o,
    output wire [23:0]              run_bytes_o,
    output wire [23:0]              skip_o,
    output wire [15:0]              block_words_o,
    output wire [7:0]               zero_o,
    input  wire                     done_i,
    output wire                     error_o
);
    localparam BUS_BITS = $clog2(BUS_BYTES);
    localparam [2:0] IDLE = 3'd0, BEGIN = 3'd1, BEGIN_READ = 3'd2, END = 3'd3, END_READ = 3'd4, READY = 3'd5;

    reg  [2:0]             state_q;
    reg  [OFFSET_BITS-1:0] begin_q, words_q;
    wire                   flight_ready, flight_valid;
    wire                   coded  = in_valid && coded_i;
    wire [SLOT_BITS-1:0]   last   = slot_i + blocks_i;
    wire [OFFSET_BITS-1:0] words  = table_offset_i - begin_q;
    wire                   granted = table_request_o && table_grant_i;
    reg  [7:0]             wanted_q;                // blocks to wait for
    wire [7:0]             behind  = stored_i - wanted_q;

    assign table_request_o = !halt_i && (state_q == END || (state_q == BEGIN && !behind[7]));
    assign table_slot_o    = (state_q == BEGIN) ? slot_i : last;
    assign error_o         = state_q == END_READ && table_offset_i <= begin_q && !halt_i;

    always @(posedge clk) begin
        if (!rst_n || halt_i) begin
            state_q <= IDLE;
        end else begin
            case (state_q)
                IDLE:       if (coded && tokens_ok_i && flight_ready) state_q <= BEGIN;
                BEGIN:      if (granted) state_q <= BEGIN_READ;
                BEGIN_READ: state_q <= END;
                END:        if (granted) state_q <= END_READ;
                END_READ:   state_q <= error_o ? IDLE : READY;
                default:    if (out_taken_i) state_q <= IDLE;
            endcase
        end
        if (state_q == IDLE) wanted_q <= ended_i;
        if (state_q == BEGIN_READ) begin_q <= table_offset_i;
        if (state_q == END_READ)   words_q <= words;
    end

    // One segment of the stream; a coded command has no strides.
    wire [ADDRESS_BITS-1:0] address   = transfer_i[ADDRESS_BITS-1:0];
    wire [BUFFER_BITS-1:0]  buffer    = transfer_i[ADDRESS_BITS +: BUFFER_BITS];
    wire [RUN_BITS-1:0]     run_bytes = transfer_i[ADDRESS_BITS+BUFFER_BITS +: RUN_BITS];
    wire [ADDRESS_BITS+OFFSET_BITS+BUS_BITS-1:0] from  = {{ADDRESS_BITS{1'b0}}, begin_q, {BUS_BITS{1'b0}}};
    wire [RUN_BITS+OFFSET_BITS+BUS_BITS-1:0]     bytes = {{RUN_BITS{1'b0}}, words_q, {BUS_BITS{1'b0}}};
    wire [TRANSFER_BITS-1:0] segment =
        {transfer_i[TRANSFER_BITS-1:ADDRESS_BITS+BUFFER_BITS+RUN_BITS], bytes[RUN_BITS-1:0], buffer,
         address + from[ADDRESS_BITS-1:0]};
    assign out_valid  = in_valid && (!coded_i || state_q == READY);
    assign transfer_o = coded_i ? segment : transfer_i;

    aw_fifo #(
        .WIDTH(BUFFER_BITS + 72),
        .DEPTH(4)
    ) u_flight (
        .clk      (clk),
        .rst_n    (rst_n),
        .in_valid (out_start_i && coded_i),
        .in_ready (flight_ready),
        .in_data  ({buffer, run_bytes, skip_i, block_words_i, zero_i}),
        .out_valid(flight_valid),
        .out_ready(done_i),
        .out_data ({buffer_o, run_bytes_o, skip_o, block_words_o, zero_o})
    );

    wire unused_ok = &{1'b0, flight_valid, from, bytes, behind};
endmodule

`default_nettype wire
