// Load unit: executes LOAD commands, DRAM to activation buffer, weight buffer or parameter tables.
//
// aw_segments turns the command at the queue head into bursts; the back end writes arriving
// beats, so several bursts, also of different commands, are in flight. A command signals its
// tokens when its last byte is written. Beats are never shifted: bus and activation address of a
// segment must agree modulo BUS_BYTES (the compiler places tensors so), else BAD_FIELD.
//
//   queue -> segments -> AR        R -> beat register -> activation buffer
//                    \-> bursts in flight ->/         -> writer or decoder -> weight buffer
//                                                     -> parameter tables
//
//   OUTSTANDING  bursts in flight, 1 to 16
//
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

module aw_load #(
    parameter ADDRESS_BITS = 32,
    parameter BUS_BYTES    = 16,
    parameter OUTSTANDING  = 4,
    parameter BUFFER_BITS  = 18,     // widest buffer address
    parameter INDEX_BITS   = 24,     // command index
    parameter STREAM_BITS  = 5,      // what weights are: columns of a tile, format
    parameter BIAS_BYTES   = 32,     // bytes of a row of the bias table
    parameter SCALE_BYTES  = 40,     // bytes of a row of the scale table
    parameter BEAT_BITS    = 2       // bus word within a parameter row
) (
    input  wire                    clk,
    input  wire                    rst_n, halt_i,
    // Command at the queue head
    input  wire                    command_valid,
    input  wire                    start_i, running_i,
    input  wire [3:0]              signal_i,
    input  wire [INDEX_BITS-1:0]   index_i,
    input  wire [2:0]              target_i,         // 0 activation, 1 weight, 2 bias, 3 scale, 4 table,
                                                     // 5 codebook
    input  wire [STREAM_BITS-1:0]  stream_i,
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
    output wire                    idle_o,
    output wire                    drained_o,        // nothing outstanding on the bus
    output wire                    weights_o,        // what comes next is weights
    // AXI read
    output wire                    ar_valid,
    input  wire                    ar_ready,
    output wire [ADDRESS_BITS-1:0] ar_address,
    output wire [7:0]              ar_len,
    input  wire                    r_valid,
    output wire                    r_ready,
    input  wire [BUS_BYTES*8-1:0]  r_data,
    input  wire [1:0]              r_resp,
    input  wire                    r_last,
    // Activation buffer
    output wire                    activation_request_o,
    input  wire                    activation_grant_i,
    output wire [BUFFER_BITS-1:0]  write_addr_o,     // shared by the activation and bias/scale ports
    output wire [BUS_BYTES-1:0]    activation_mask_o,
    output wire [BUS_BYTES*8-1:0]  write_data_o,
    // Weights and codebook, to their writer
    output wire                    weight_valid_o,
    input  wire                    weight_ready_i,
    output wire                    weight_codebook_o,
    output wire [1:0]              weight_ends_o,    // {last, first} beat of the command
    output wire [$clog2(BUS_BYTES):0] weight_bytes_o, // of the beat
    output wire [BUFFER_BITS-1:0]  weight_tile_o,    // of the command, like
    output wire [STREAM_BITS-1:0]  weight_stream_o,
    input  wire                    weight_busy_i,    // words are still to come behind the last beat
    input  wire                    weight_done_i,    // the last word is written
    // Parameter tables: {scale, bias}
    output wire [2:0]              parameter_request_o,   // lookup, scale, bias table
    input  wire [2:0]              parameter_grant_i,
    output wire [BEAT_BITS-1:0]    parameter_beat_o,
    // Errors
    output wire                    error_valid_o,
    output wire [3:0]              error_code_o,
    output wire [ADDRESS_BITS-1:0] error_address_o,
    output wire                    field_error_o,
    output wire [INDEX_BITS-1:0]   write_index_o     // command whose data is being written
);
    localparam OFFSET_BITS = $clog2(BUS_BYTES);

    // ---- bursts in flight ----
    localparam FLIGHT_BITS = ADDRESS_BITS + BUFFER_BITS + OFFSET_BITS + 3 + STREAM_BITS + 4 + INDEX_BITS + 2;
    reg                   first_burst_q;                 // next burst is the first of its command
    wire                  flight_in_ready, flight_valid, flight_ready;
    wire [FLIGHT_BITS-1:0] flight_data;
    wire [ADDRESS_BITS-1:0] flight_address;
    wire [BUFFER_BITS-1:0]  flight_buffer;
    wire [OFFSET_BITS-1:0]  flight_end;
    wire [2:0]              flight_target;
    wire [STREAM_BITS-1:0]  flight_stream;
    wire [3:0]              flight_signal;
    wire [INDEX_BITS-1:0]   flight_index;
    wire                    flight_first, flight_last;
    assign {flight_address, flight_buffer, flight_end, flight_target, flight_stream, flight_signal, flight_index,
            flight_first, flight_last} = flight_data;

    assign ar_valid    = burst_valid && flight_in_ready;
    assign ar_len      = burst_len;
    assign ar_address  = {burst_address[ADDRESS_BITS-1:OFFSET_BITS], {OFFSET_BITS{1'b0}}};
    assign burst_ready = ar_ready && flight_in_ready;

    always @(posedge clk) begin
        if (!rst_n || start_i) first_burst_q <= 1'b1;
        else if (ar_valid && ar_ready) first_burst_q <= 1'b0;
    end

    aw_fifo #(
        .WIDTH(FLIGHT_BITS),
        .DEPTH(OUTSTANDING)
    ) u_flight (
        .clk      (clk),
        .rst_n    (rst_n),
        .in_valid (burst_valid && ar_ready),
        .in_ready (flight_in_ready),
        .in_data  ({burst_address, burst_buffer, burst_end, target_i, stream_i, signal_i, index_i,
                    first_burst_q, burst_last}),
        .out_valid(flight_valid),
        .out_ready(flight_ready),
        .out_data (flight_data)
    );

    // ---- back end: beat register ----
    reg                    beat_valid_q, first_beat_q;
    reg [BUS_BYTES*8-1:0]  data_q;
    reg [BUS_BYTES-1:0]    mask_q;
    reg [BUFFER_BITS-1:0]  addr_q;
    reg [2:0]              target_q;
    reg [3:0]              signal_q;
    reg [INDEX_BITS-1:0]   index_q;
    reg [OFFSET_BITS:0]    bytes_q;                        // bytes of the beat, if it starts at 0
    reg                    command_first_q, command_last_q;   // first, last beat of a command
    wire                   beat_done;
    wire [BUS_BYTES-1:0]   mask;

    assign r_ready      = flight_valid && (!beat_valid_q || beat_done);
    wire   take_beat    = r_valid && r_ready;
    assign flight_ready = take_beat && r_last;

    aw_beat_mask #(.BUS_BYTES(BUS_BYTES)) u_mask (
        .first_i (first_beat_q),
        .last_i  (r_last),
        .offset_i(flight_address[OFFSET_BITS-1:0]),
        .end_i   (flight_end),
        .mask_o  (mask)
    );

    always @(posedge clk) begin
        if (!rst_n) begin
            beat_valid_q <= 1'b0;
            first_beat_q <= 1'b1;
        end else begin
            if (take_beat) begin
                beat_valid_q <= 1'b1;
                first_beat_q <= r_last;
            end else if (beat_done) begin
                beat_valid_q <= 1'b0;
            end
        end
    end

    always @(posedge clk) begin
        if (take_beat) begin
            data_q          <= r_data;
            bytes_q         <= r_last ? {1'b0, flight_end} + {{OFFSET_BITS{1'b0}}, 1'b1}
                                      : BUS_BYTES[OFFSET_BITS:0];
            mask_q          <= mask;
            addr_q          <= first_beat_q
                               ? {flight_buffer[BUFFER_BITS-1:OFFSET_BITS], {OFFSET_BITS{1'b0}}}
                               : addr_q + BUS_BYTES[BUFFER_BITS-1:0];
            target_q        <= flight_target;
            signal_q        <= flight_signal;
            index_q         <= flight_index;
            command_first_q <= flight_first && first_beat_q;
            command_last_q  <= flight_last && r_last;
        end
    end

    wire   for_weights = target_q[0] && !target_q[1];
    wire   for_table   = target_q[1] || (target_q[2] && !target_q[0]);
    assign write_addr_o         = for_table ? row_q : addr_q;
    assign write_data_o         = data_q;
    assign write_index_o        = weight_busy_i ? weight_index_q : index_q;
    assign activation_request_o = beat_valid_q && target_q == 3'd0 && !weight_busy_i && !halt_i;
    assign activation_mask_o    = mask_q;

    // ---- weights and codebook ----
    reg  [BUFFER_BITS-1:0]  tile_q;                 // buffer address of the command, not aligned
    reg  [STREAM_BITS-1:0]  stream_q;
    reg  [3:0]              weight_signal_q;
    reg  [INDEX_BITS-1:0]   weight_index_q;
    wire weight_pushed       = weight_valid_o && weight_ready_i;
    assign weight_valid_o    = beat_valid_q && for_weights && !halt_i;
    assign weight_codebook_o = target_q[2];
    assign weight_ends_o     = {command_last_q, command_first_q};
    assign weight_bytes_o    = bytes_q;
    assign weight_tile_o     = tile_q;
    assign weight_stream_o   = stream_q;
    always @(posedge clk) if (weight_pushed) {weight_signal_q, weight_index_q} <= {signal_q, index_q};

    // ---- parameters: bus word within the row, row after row ----
    localparam BIAS_BEATS  = (BIAS_BYTES + BUS_BYTES - 1) / BUS_BYTES;
    localparam SCALE_BEATS = (SCALE_BYTES + BUS_BYTES - 1) / BUS_BYTES;
    wire [31:0] last_bias  = BIAS_BEATS - 1;
    wire [31:0] last_scale = SCALE_BEATS - 1;
    reg  [BUFFER_BITS-1:0] row_q;
    reg  [BEAT_BITS-1:0]   beat_q;
    // A row of the lookup table is one bus word.
    wire row_end = target_q[2] || beat_q == (target_q[0] ? last_scale[BEAT_BITS-1:0] : last_bias[BEAT_BITS-1:0]);
    wire parameter_beat = beat_valid_q && for_table && !weight_busy_i && !halt_i;
    wire parameter_done = |(parameter_request_o & parameter_grant_i);

    assign parameter_request_o = {parameter_beat && target_q[2],
                                  parameter_beat && !target_q[2] && target_q[0],
                                  parameter_beat && !target_q[2] && !target_q[0]};
    assign parameter_beat_o    = beat_q;

    always @(posedge clk) begin
        if (take_beat && flight_first && first_beat_q) begin
            row_q    <= flight_buffer;
            tile_q   <= flight_buffer;
            stream_q <= flight_stream;
            beat_q   <= {BEAT_BITS{1'b0}};
        end else if (parameter_done) begin
            beat_q <= row_end ? {BEAT_BITS{1'b0}} : beat_q + 1'b1;
            if (row_end) row_q <= row_q + {{(BUFFER_BITS-1){1'b0}}, 1'b1};
        end
    end

    // ---- completion and errors ----
    assign beat_done = halt_i || (activation_request_o && activation_grant_i) || weight_pushed
                       || parameter_done;
    wire   command_done = beat_done && beat_valid_q && command_last_q && !for_weights;
    assign signal_o  = halt_i        ? 4'd0 :
                       command_done  ? signal_q :
                       weight_done_i ? (weight_busy_i ? weight_signal_q : signal_q) : 4'd0;
    assign idle_o    = !running_i && !command_valid && !flight_valid && !beat_valid_q && !weight_busy_i;
    assign drained_o = !burst_valid && !flight_valid;
    assign weights_o = flight_valid ? flight_target == 3'd1 : command_valid && target_i == 3'd1;

    assign error_valid_o   = take_beat && r_resp[1];
    assign error_code_o    = r_resp[0] ? 4'd8 : 4'd7;      // LOAD_DECERR, LOAD_SLVERR
    assign error_address_o = flight_address;

    // Parameters and weights start on a bus word; activations agree with the bus modulo its width.
    wire misplaced = (target_i == 3'd0)
        ? burst_address[OFFSET_BITS-1:0] != burst_buffer[OFFSET_BITS-1:0]
        : burst_address[OFFSET_BITS-1:0] != {OFFSET_BITS{1'b0}};
    assign field_error_o = ar_valid && ar_ready && misplaced;

    wire unused_ok = &{1'b0, last_bias, last_scale, r_resp};
endmodule

`default_nettype wire
